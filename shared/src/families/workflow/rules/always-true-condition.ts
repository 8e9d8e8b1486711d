import { defineRule, type Report } from '../../../rule/define-rule';
import type { Assumption, Operation } from '../../../rule/fix/types';
import { editText, removeNode, setValue } from '../../../syntax/yaml/operations';
import type { YamlDocument } from '../../../syntax/yaml/types';
import { mapOf, stringOf } from '../../../syntax/yaml/values';
import { conditionsOf, type Condition } from '../model/conditions';
import { eventWithout } from '../model/events';
import { conditionIn, expressionsIn, type Placed } from '../model/expression/find';
import { parseExpression } from '../model/expression/parse';
import type { Expression } from '../model/expression/types';
import { nameOf, operandsOf, referencesIn } from '../model/expression/walk';
import type { ActionView, JobView, WorkflowView } from '../model/types';

type OwnReport = Report<'around' | 'operand' | 'constant' | 'either' | 'precedence', 'strip' | 'join' | 'remove' | 'negate'>;

/** Whether an expression names an output that no job declares: nobody has noticed, since nobody was asked, and what depends on it would never run. */
function asksForNothing(expression: Expression, job: JobView | null): boolean {
  return referencesIn(expression).some(reference => {
    const [root, id, outputs, name] = nameOf(reference).split('.');
    const needed = root === 'needs' && outputs === 'outputs' ? job?.workflow.jobs.find(other => other.id.toLowerCase() === id) : undefined;
    const declared = needed && !needed.uses ? mapOf(needed.node.get('outputs')) : null;
    return declared !== null && name !== undefined && name !== '*' && !declared.entries.some(entry => entry.name.toLowerCase() === name);
  });
}

/**
 * What a fix takes for granted where the event may not bring what is asked for: what ran always would then run no more. A condition that asks for the event by
 * its name means it.
 */
function takenFor(expression: Expression, file: WorkflowView | ActionView): readonly Assumption[] {
  const names = referencesIn(expression).map(nameOf);
  if (names.includes('github.event_name')) return [];
  for (const name of names) {
    const [root, event, key] = name.split('.');
    const without = root === 'github' && event === 'event' && key !== undefined ? eventWithout(key, file) : null;
    if (without === null) continue;
    const data = { name: `github.event.${key}`, event: without };
    return [{ id: without === 'any' ? 'no-event' : 'other-event', data, evidence: true }];
  }
  return [];
}

/** The whole as one expression, as written. */
const joinedOf = (value: string): string => value.replaceAll(/\$\{\{\s?|\s?\}\}/g, '').trim();

/** Takes the marks of expressions away, with a blank on their inner side, so that the whole is one expression. */
function withoutMarks({ node, path }: Condition, placed: readonly Placed[], document: YamlDocument): () => readonly Operation[] {
  const joined = joinedOf(stringOf(node) ?? '');
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

/** `!x == 'a'` as `x != 'a'`, which is what it says when it is read aloud. */
function negate({ path }: Condition, { range }: Expression, { text }: YamlDocument): readonly Operation[] {
  const old = text.slice(range.start, range.end);
  const turned = old.replace(/^!\s*/, '').replace(/[=!]=/, operator => (operator === '==' ? '!=' : '=='));
  return [editText(path, [{ range, text: turned }])];
}

/** What GitHub takes for true: all but `false`, `0`, an empty text and null. */
const truthy = (value: unknown): boolean => Boolean(value);

/** What `x != 'a' || x != 'b'` compares, where one of both always holds: no value is two texts at once. */
function eitherHolds(expression: Expression): string | null {
  const seen = new Map<string, string>();
  for (const operand of operandsOf(expression, '||')) {
    if (operand.kind !== 'binary' || operand.operator !== '!=') continue;
    const { left, right } = operand;
    if (left.kind !== 'reference' || right.kind !== 'literal' || typeof right.value !== 'string') continue;
    const [name, value] = [nameOf(left), right.value.toLowerCase()];
    if (!name.includes('*') && (seen.get(name) ?? value) !== value) return name;
    seen.set(name, value);
  }
  return null;
}

/** The operand of a comparison with a text that `!` turns into yes or no before it is compared: `!x == 'a'` never holds, `!x != 'a'` always does. */
function boundByNot(expression: Expression): { readonly of: Expression; readonly outcome: 'always' | 'never' } | null {
  for (const operand of operandsOf(expression, '||').flatMap(one => operandsOf(one, '&&'))) {
    if (operand.kind !== 'binary' || (operand.operator !== '==' && operand.operator !== '!=')) continue;
    const { left, right, operator } = operand;
    // as numbers: a text that does not read as a number equals neither 0 nor 1
    if (left.kind !== 'not' || left.of.kind !== 'reference' || right.kind !== 'literal' || typeof right.value !== 'string') continue;
    if (Number.isNaN(Number(right.value))) return { of: operand, outcome: operator === '==' ? 'never' : 'always' };
  }
  return null;
}

/** The operand of `||` that is true by itself. */
function trueOperand(expression: Expression): Expression | null {
  if (expression.kind === 'literal') return typeof expression.value === 'string' && expression.value !== '' ? expression : null;
  if (expression.kind !== 'binary' || expression.operator !== '||') return null;
  return trueOperand(expression.left) ?? trueOperand(expression.right);
}

function check(condition: Condition, file: WorkflowView | ActionView, report: OwnReport): void {
  const { node, path } = condition;
  const { document } = file;
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
      const inner = parseExpression(joinedOf(value), 0);
      const assumes = inner ? takenFor(inner, file) : [];
      const fix = report.fix('strip', () => [editText(path, [{ range: header, text }])], { assumes });
      report(node.range, 'around', {}, fix);
      return;
    }
    const whole = parseExpression(joinedOf(value), 0);
    const fix =
      whole !== null &&
      !asksForNothing(whole, condition.job) &&
      report.fix('join', withoutMarks(condition, placed, document), { assumes: takenFor(whole, file) });
    report(node.range, 'around', {}, fix);
    return;
  }
  const expression = conditionIn(document, node)?.expression;
  // what is switched off by `false` is so on purpose
  if (expression?.kind === 'literal' && truthy(expression.value)) {
    const fix = report.fix('remove', () => [removeNode(path)]);
    report(node.range, 'constant', {}, fix);
    return;
  }
  if (!expression) return;
  const operand = expression.kind === 'binary' ? trueOperand(expression) : null;
  if (operand) report(operand.range, 'operand', { operand: document.text.slice(operand.range.start, operand.range.end) });
  const either = eitherHolds(expression);
  if (either !== null) report(expression.range, 'either', { name: either });
  const bound = boundByNot(expression);
  if (!bound) return;
  const isBare = document.text[bound.of.range.start] === '!';
  const fix = isBare && report.fix('negate', () => negate(condition, bound.of, document));
  report(bound.of.range, 'precedence', { outcome: bound.outcome }, fix);
}

function checkAll(file: WorkflowView | ActionView, report: OwnReport): void {
  for (const condition of conditionsOf(file)) check(condition, file, report);
}

export const rule = defineRule({
  id: 'workflow/always-true-condition',
  title: 'Condition that always has the same result',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  references: { cwe: ['CWE-571'], links: ['https://docs.github.com/actions/reference/workflows-and-actions/expressions'] },
  peers: { zizmor: ['unsound-condition'], actionlint: ['if-cond'], poutine: ['if_always_true'] },
  messages: {
    around: { text: 'Always true: text around ${{ }}, even a line break, makes the condition a non-empty string' },
    operand: { text: 'Always true: {operand} alone makes the condition true' },
    either: { text: 'Always true: {name} cannot equal both values at once, so one of the comparisons is true' },
    precedence: { text: 'This is {outcome} true: "!" turns the value after it into true or false before the comparison' },
    constant: { text: 'Always true: the condition is a constant', severity: 'hint', profile: 'strict' },
  },
  fixes: {
    strip: { title: 'Remove the line break at the end of the condition', class: 'review' },
    join: { title: 'Write the condition as one expression', class: 'review' },
    remove: { title: 'Remove the condition', class: 'safe' },
    negate: { title: 'Negate the comparison instead of the value', class: 'review' },
  },
  assumptions: {
    'other-event': 'Nothing here needs to run on {event}, which does not provide {name}',
    'no-event': 'Nothing relies on {name}, which no event provides: workflow inputs are in the "inputs" context',
  },
  on: {
    workflow: checkAll,
    action: checkAll,
  },
});
