import { defineRule, noFix, type Report } from '../../../rule/define-rule';
import { editText } from '../../../syntax/yaml/operations';
import { isConditionKey } from '../model/conditions';
import { allExpressions, type FoundExpression } from '../model/expression/all';
import type { Binary, Expression } from '../model/expression/types';
import { literalValue, negated, operandsOf, walk } from '../model/expression/walk';
import type { ActionView, WorkflowView } from '../model/types';

type OwnReport = Report<'lost', 'swap'>;

/** Whether an operand is a constant: such a chain is a switch that somebody has turned. */
const isConstant = (expression: Expression): boolean => literalValue(expression) !== undefined;

/** `A && V || B` as `!A && B || V`, which comes to V where A holds; `null` where B may count as false as well, or there is more than that. */
function swapped(whole: Binary, chain: Binary, text: string): string | null {
  const slice = ({ range }: Expression): string => text.slice(range.start, range.end);
  const fallback = literalValue(whole.right);
  if (whole.left !== chain || fallback === undefined || !fallback || (chain.left.kind === 'binary' && chain.left.operator === '&&'))
    return null;
  return `${negated(chain.left, text)} && ${slice(whole.right)} || ${slice(chain.right)}`;
}

function check({ placed, node, path }: FoundExpression, text: string, report: OwnReport): void {
  // a condition is yes or no, and `&& false` switches it off
  if (!placed.expression || isConditionKey(path)) return;
  walk(placed.expression, inner => {
    if (inner.kind !== 'binary' || inner.operator !== '||') return;
    const chain = operandsOf(inner.left, '||').at(-1)!;
    if (chain.kind !== 'binary' || chain.operator !== '&&' || isConstant(chain.left)) return;
    const value = literalValue(chain.right);
    if (value === undefined || value) return;
    const better = inner === placed.expression ? swapped(inner, chain, text) : null;
    const isPlain = node.style === 'plain' || node.style === 'literal' || node.style === 'folded';
    const fix =
      better !== null && isPlain && !text.slice(inner.range.start, inner.range.end).includes('\n')
        ? report.fix('swap', () => [editText(path, [{ range: inner.range, text: better }])])
        : noFix('manual');
    report(chain.right.range, 'lost', {}, fix);
  });
}

function checkAll({ document }: WorkflowView | ActionView, report: OwnReport): void {
  if (document.text.includes('||')) for (const found of allExpressions(document)) check(found, document.text, report);
}

export const rule = defineRule({
  id: 'workflow/unsound-ternary',
  title: 'Value that an expression never returns',
  severity: 'warning',
  category: 'correctness',
  profile: 'recommended',
  references: { links: ['https://docs.github.com/actions/reference/workflows-and-actions/expressions#operators'] },
  peers: { zizmor: ['unsound-ternary'] },
  messages: { lost: { text: 'Never used: this value counts as false, so || uses the next value' } },
  fixes: { swap: { title: 'Invert the condition so that both values are used', class: 'review' } },
  on: {
    workflow: checkAll,
    action: checkAll,
  },
});
