import type { Rule } from '../../rule/define-rule';
import { applyEdits, type TextEdit } from '../../base/text/edits';
import { detectEol } from '../../base/text/eol';
import { shift } from '../../base/text/range';
import { appendItem, type YamlOperation, type YamlValue } from '../../syntax/yaml/operations';
import { renderYaml } from '../../syntax/yaml/fix/render/render-yaml';
import { verifyYaml } from '../../syntax/yaml/fix/verify/verify-yaml';
import { parseDocument, parseStream } from '../../syntax/yaml/parse';
import { parseConfig } from './parse';
import { mapOf, scalarOf, sequenceOf } from './read';
import type { Answered, Config, ConfigException } from './types';

/**
 * The edits that add exceptions to a configuration: last in its list, which is made where there is none. Every other byte stays.
 * `null` where the text is no configuration that it could be added to, or would not mean the same afterwards.
 * @param text of the configuration; may be empty
 */
export function addExceptions(text: string, exceptions: readonly ConfigException[], rules: readonly Rule[]): readonly TextEdit[] | null {
  const items = exceptions.map(({ rule, path, kind, name, container, reason, until }) => {
    const set = Object.entries({ rule, path, kind, name, container, reason, until }).filter(([, value]) => value !== undefined);
    return Object.fromEntries(set) as Record<string, string>;
  });
  const holds = (config: Config): boolean => JSON.stringify(config.exceptions.slice(-items.length)) === JSON.stringify(items);
  return write(text, rules, 'exceptions', items, [], holds);
}

/** The edits that keep answers, as `addExceptions` adds exceptions. */
export function addAnswers(text: string, answers: readonly Answered[], rules: readonly Rule[]): readonly TextEdit[] | null {
  const items = answers.map((answer): Record<string, YamlValue> => {
    const { question, where, image, answer: word, reason, date } = answer;
    const set = { question: question.length === 1 ? question[0]! : question, where, image, answer: word, reason, date };
    return Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined)) as unknown as Record<string, YamlValue>;
  });
  const said = ({ question, where, image, answer, reason, date }: Answered): string =>
    JSON.stringify([question, where, image, answer, reason, date]);
  const holds = ({ answers: all = [] }: Config): boolean =>
    all.length >= answers.length && answers.every((answer, i) => said(all.at(i - answers.length)!) === said(answer));
  return write(text, rules, 'answers', items, [], holds);
}

/**
 * The edits that have a file checked at the profile `baseline`: its glob joins an override that says nothing else, or gets one of its own, behind
 * the others, so that it wins. `null` as in `addException`.
 * @param glob of the file, relative to the folder of the configuration; see `globOf`
 */
export function addBaselineOverride(text: string, glob: string, rules: readonly Rule[]): readonly TextEdit[] | null {
  const overrides = sequenceOf(mapOf(parseDocument(text).root)?.entry('overrides')?.value ?? null);
  const last = (overrides?.items.length ?? 0) - 1;
  const map = mapOf(overrides?.items[last] ?? null);
  const isOurs = map?.entries.length === 2 && scalarOf(map.get('profile') ?? null)?.value === 'baseline';
  const joins = isOurs && sequenceOf(map.get('files') ?? null) !== null;
  const holds = ({ overrides: all }: Config): boolean => all.at(-1)?.profile === 'baseline' && all.at(-1)!.files.at(-1) === glob;
  if (joins) return write(text, rules, 'overrides', [glob], [last, 'files'], holds);
  return write(text, rules, 'overrides', [{ files: [glob], profile: 'baseline' }], [], holds);
}

/** Adds items to the list at `key`, or to the one at `below` in it, and checks that the configuration then says so, and nothing less than before. */
function write(
  text: string,
  rules: readonly Rule[],
  key: string,
  items: readonly YamlValue[],
  below: readonly (string | number)[],
  holds: (config: Config) => boolean,
): readonly TextEdit[] | null {
  const edits = render(
    text,
    items.map(item => appendItem([key, ...below], item)),
  );
  if (!edits) return null;
  const [before, after] = [parseConfig(text, rules), parseConfig(applyEdits(text, edits), rules)];
  return after.config && holds(after.config) && after.problems.length <= before.problems.length ? edits : null;
}

function render(text: string, operations: readonly YamlOperation[]): readonly TextEdit[] | null {
  const [first, ...more] = parseStream(text, new Map());
  if (more.length > 0) return null;
  if (!first || first.document.root === null) {
    // nothing but comments, and what is written below them belongs to none of them
    const eol = detectEol(text);
    const list = renderYaml(parseDocument('x: 1\n'), operations);
    if (!list.ok) return null;
    const body = applyEdits('x: 1\n', list.edits).replace('x: 1\n', '').replaceAll('\n', eol);
    const gap = text.trim() === '' ? '' : /\n$/.test(text) ? eol : eol + eol;
    return [{ range: { start: text.length, end: text.length }, newText: gap + body }];
  }
  const { document, base } = first;
  if (document.problems.length > 0) return null;
  const rendered = renderYaml(document, operations);
  if (!rendered.ok) return null;
  const after = parseDocument(applyEdits(document.text, rendered.edits));
  if (verifyYaml(document, after, operations) !== null) return null;
  return rendered.edits.map(edit => ({ ...edit, range: shift(edit.range, base) }));
}
