import { defineRule, noFix, type Report } from '../../../rule/define-rule';
import { editText } from '../../../syntax/yaml/operations';
import { allExpressions, type FoundExpression } from '../model/expression/all';
import type { Call, Reference } from '../model/expression/types';
import { nameOf, walk } from '../model/expression/walk';
import type { ActionView, WorkflowView } from '../model/types';

type OwnReport = Report<'substring', 'list'>;

/** What somebody else can give a value that is part of a word. */
const shaped = /^github\.(?:ref|ref_name|head_ref|base_ref|actor|triggering_actor|event\..+)$/;

function check({ placed, node, path }: FoundExpression, report: OwnReport): void {
  if (!placed.expression) return;
  walk(placed.expression, inner => {
    if (inner.kind !== 'call' || inner.name !== 'contains' || inner.args.length !== 2) return;
    const [list, context] = inner.args as [Call['args'][number], Call['args'][number]];
    if (list.kind !== 'literal' || typeof list.value !== 'string' || context.kind !== 'reference') return;
    if (!shaped.test(nameOf(context satisfies Reference))) return;
    const words = list.value.split(/[\s,]+/).filter(word => word !== '');
    const text = `fromJSON('${JSON.stringify(words).replaceAll("'", "''")}')`;
    const isPlain = node.style === 'plain' || node.style === 'literal' || node.style === 'folded';
    const fix =
      isPlain && words.length > 0
        ? report.fix('list', () => [editText(path, [{ range: list.range, text }])])
        : noFix('no-fix', 'the expression is in a quoted string');
    report(list.range, 'substring', { context: nameOf(context), example: (words[0] ?? '').slice(0, -1) || 'a' }, fix);
  });
}

function checkAll({ document }: WorkflowView | ActionView, report: OwnReport): void {
  if (document.text.includes('contains')) for (const found of allExpressions(document)) check(found, report);
}

export const rule = defineRule({
  id: 'workflow/substring-check',
  title: 'contains() that matches substrings',
  severity: 'error',
  category: 'correctness',
  profile: 'recommended',
  references: { links: ['https://docs.github.com/actions/reference/workflows-and-actions/expressions#contains'] },
  peers: { zizmor: ['unsound-contains'] },
  messages: { substring: { text: 'Any substring of this text, such as "{example}", passes as {context}' } },
  fixes: { list: { title: 'Compare with a list of exact values', class: 'review' } },
  on: {
    workflow: checkAll,
    action: checkAll,
  },
});
