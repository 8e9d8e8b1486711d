import { defineRule, type Report } from '../../../rule/define-rule';
import { editText } from '../../../syntax/yaml/operations';
import { textRange } from '../../../syntax/yaml/text-range';
import type { Path, YamlSequence } from '../../../syntax/yaml/types';
import { mapOf, scalarOf, sequenceOf, stringOf } from '../../../syntax/yaml/values';
import type { GitlabView, OptionalNode } from '../model/types';

/** The words of a condition without patterns: texts in quotes, operators, brackets, and all else. */
const words = /"[^"]*"?|'[^']*'?|\|\||&&|[()]|[^\s"'()|&]+/g;
const isText = (word: string | undefined): boolean => /^["'][^"']/.test(word ?? '');

interface Word {
  readonly text: string;
  readonly index: number;
}

/** What `||` joins; none where brackets say what belongs together. */
function operandsOf(condition: string): readonly (readonly Word[])[] {
  const operands: Word[][] = [[]];
  for (const { 0: text, index } of condition.matchAll(words)) {
    if (text === '(' || text === ')') return [];
    if (text === '||') operands.push([]);
    else operands.at(-1)!.push({ text, index });
  }
  return operands;
}

/** A variable that is compared with a text. */
function comparisonOf(operand: readonly Word[]): { readonly name: string; readonly operator: string; readonly value: string } | null {
  const [name, operator, value] = operand.map(({ text }) => text);
  if (operand.length !== 3 || !name!.startsWith('$') || !/^[!=]=$/.test(operator!) || !/^["']/.test(value!)) return null;
  return { name: name!, operator: operator!, value: value!.slice(1, -1) };
}

/** The variable of which one comparison or another always holds: it is not two texts at once. */
function alwaysCompared(operands: readonly (readonly Word[])[]): string | null {
  const compared = operands.flatMap(operand => comparisonOf(operand) ?? []);
  const holds = compared.find(({ name, operator, value }) =>
    compared.some(
      other => operator === '!=' && other.name === name && (other.operator === '!=' ? other.value !== value : other.value === value),
    ),
  );
  return holds?.name ?? null;
}

/** Whether an operand compares two texts that are there as they are, and is true. */
function isConstant([left, operator, right, more]: readonly Word[]): boolean {
  if (more || !isText(left?.text) || !isText(right?.text) || `${left!.text}${right!.text}`.includes('$')) return false;
  const same = left!.text.slice(1, -1) === right!.text.slice(1, -1);
  return operator!.text === '==' ? same : operator!.text === '!=' && !same;
}

function check(file: GitlabView, { items }: YamlSequence, path: Path, report: Report<'either' | 'operand', 'compare'>): void {
  for (const [i, item] of items.entries()) {
    const node = scalarOf(mapOf(item)?.get('if'));
    const condition = stringOf(node) ?? '';
    if (!node || !/\|\||[!=]=/.test(condition) || condition.includes('~')) continue;
    const place = textRange(file.document, node);
    const operands = operandsOf(condition);
    const name = alwaysCompared(operands);
    if (name !== null) report(node.range, 'either', { name });
    operands.forEach((operand, n) => {
      const [word] = operand;
      const [text, last] = isConstant(operand) ? [operand.map(one => one.text).join(' '), operand[2]!] : [word?.text ?? '', word!];
      if (last === word && (operand.length !== 1 || operands.length === 1 || !isText(text))) return;
      const start = place.range.start + word!.index;
      const before = n > 0 ? comparisonOf(operands[n - 1]!) : null;
      const range = { start, end: place.range.start + last.index + last.text.length };
      const fix =
        before?.operator === '==' &&
        last === word &&
        place.exact &&
        report.fix('compare', () => [editText([...path, i, 'if'], [{ range, text: `${before.name} == ${word.text}` }])], {
          data: { name: before.name },
        });
      report(place.exact ? range : node.range, 'operand', { operand: text }, fix);
    });
  }
}

export const rule = defineRule({
  id: 'gitlab/always-true-condition',
  title: 'GitLab job condition that is always true',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  references: { cwe: ['CWE-571'], links: ['https://docs.gitlab.com/ci/jobs/job_rules/#cicd-variable-expressions'] },
  messages: {
    either: { text: 'Always true: {name} cannot equal both values at once, so one of the comparisons is true' },
    operand: { text: 'Always true: {operand} alone makes the condition true' },
  },
  fixes: { compare: { title: 'Compare {name} with this value, too', class: 'review' } },
  on: {
    pipeline(file, report) {
      const lists: (readonly [OptionalNode, Path])[] = [[mapOf(file.root.get('workflow'))?.get('rules'), ['workflow', 'rules']]];
      for (const { node, path } of file.jobs) lists.push([node.get('rules'), [...path, 'rules']]);
      // a list that several have by an alias is written once
      const seen = new Set<number>();
      for (const [rules, path] of lists) {
        const list = sequenceOf(rules);
        if (!list || seen.has(list.range.start)) continue;
        seen.add(list.range.start);
        check(file, list, path, report);
      }
    },
  },
});
