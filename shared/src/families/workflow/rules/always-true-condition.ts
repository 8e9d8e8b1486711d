import { defineRule, type Report } from '../../../rule/define-rule';
import type { Operation } from '../../../rule/fix/types';
import { editText, removeNode, setValue } from '../../../syntax/yaml/operations';
import type { YamlDocument } from '../../../syntax/yaml/types';
import { mapOf, stringOf } from '../../../syntax/yaml/values';
import { conditionsOf, type Condition } from '../model/conditions';
import { conditionIn, expressionsIn, type Placed } from '../model/expression/find';
import { parseExpression } from '../model/expression/parse';
import type { Expression } from '../model/expression/types';
import { nameOf, referencesIn } from '../model/expression/walk';
import type { ActionView, JobView, WorkflowView } from '../model/types';

type OwnReport = Report<'around' | 'operand' | 'constant', 'strip' | 'join' | 'remove'>;

/** Whether an expression names an output that no job declares: nobody has noticed, since nobody was asked, and what depends on it would never run. */
function asksForNothing(expression: Expression, job: JobView | null): boolean {
  return referencesIn(expression).some(reference => {
    const [root, id, outputs, name] = nameOf(reference).split('.');
    const needed = root === 'needs' && outputs === 'outputs' ? job?.workflow.jobs.find(other => other.id.toLowerCase() === id) : undefined;
    const declared = needed && !needed.uses ? mapOf(needed.node.get('outputs')) : null;
    return declared !== null && name !== undefined && name !== '*' && !declared.entries.some(entry => entry.name.toLowerCase() === name);
  });
}

/** Takes the marks of expressions away, with a blank on their inner side, so that the whole is one expression. */
function withoutMarks(
  { node, path, job }: Condition,
  placed: readonly Placed[],
  document: YamlDocument,
): (() => readonly Operation[]) | null {
  const value = stringOf(node) ?? '';
  const joined = value.replaceAll(/\$\{\{\s?|\s?\}\}/g, '').trim();
  const expression = parseExpression(joined, 0);
  if (!expression || asksForNothing(expression, job)) return null;
  if (!joined.includes('\n') && node.style !== 'literal' && node.style !== 'folded') return () => [setValue(path, joined)];
  const { text } = document;
  return () => [
    editText(
      path,
      placed.flatMap(({ range: { start, end } }) => [
        { range: { start, end: text[start + 3] === ' ' ? start + 4 : start + 3 }, text: '' },
        { range: { start: text[end - 3] === ' ' ? end - 3 : end - 2, end }, text: '' },
      ]),
    ),
  ];
}

/** What GitHub takes for true: all but `false`, `0`, an empty text and null. */
const truthy = (value: unknown): boolean => Boolean(value);

/** The operand of `||` that is true by itself. */
function trueOperand(expression: Expression): Expression | null {
  if (expression.kind === 'literal') return typeof expression.value === 'string' && expression.value !== '' ? expression : null;
  if (expression.kind !== 'binary' || expression.operator !== '||') return null;
  return trueOperand(expression.left) ?? trueOperand(expression.right);
}

function check(condition: Condition, document: YamlDocument, report: OwnReport): void {
  const { node, path } = condition;
  const value = stringOf(node) ?? '';
  const placed = expressionsIn(document, node);
  const [only, other] = placed;
  const isWhole = only && !other && value.startsWith('${{') && value.endsWith('}}');
  if (only && !isWhole) {
    const isBlock = node.style === 'literal' || node.style === 'folded';
    const trimmed = value.trim();
    if (!other && isBlock && trimmed.startsWith('${{') && trimmed.endsWith('}}')) {
      const header = { start: node.range.start, end: node.range.start + 1 };
      const text = `${node.style === 'literal' ? '|' : '>'}-`;
      const fix = report.fix('strip', () => [editText(path, [{ range: header, text }])]);
      report(node.range, 'around', {}, fix);
      return;
    }
    const operations = withoutMarks(condition, placed, document);
    report(node.range, 'around', {}, operations && report.fix('join', operations));
    return;
  }
  const expression = conditionIn(document, node)?.expression;
  // what is switched off by `false` is so on purpose
  if (expression?.kind === 'literal' && truthy(expression.value)) {
    const fix = report.fix('remove', () => [removeNode(path)]);
    report(node.range, 'constant', {}, fix);
    return;
  }
  const operand = expression?.kind === 'binary' ? trueOperand(expression) : null;
  if (operand) report(operand.range, 'operand', { operand: document.text.slice(operand.range.start, operand.range.end) });
}

function checkAll(file: WorkflowView | ActionView, report: OwnReport): void {
  for (const condition of conditionsOf(file)) check(condition, file.document, report);
}

export const rule = defineRule({
  id: 'workflow/always-true-condition',
  title: 'Condition that is always true',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  references: { cwe: ['CWE-571'], links: ['https://docs.github.com/actions/reference/workflows-and-actions/expressions'] },
  peers: { zizmor: ['unsound-condition'], actionlint: ['if-cond'], poutine: ['if_always_true'] },
  messages: {
    around: { text: 'Always true: with text around ${{ }}, a line break too, the condition is a text that is not empty' },
    operand: { text: 'Always true: {operand} is true by itself' },
    constant: { text: 'Always true: nothing is asked here', severity: 'hint', profile: 'strict' },
  },
  fixes: {
    strip: { title: 'Take the line break off the condition', class: 'review' },
    join: { title: 'Write the condition as one expression', class: 'review' },
    remove: { title: 'Remove the condition', class: 'safe' },
  },
  on: {
    workflow: checkAll,
    action: checkAll,
  },
});
