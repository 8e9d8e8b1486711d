import type { Range } from '../../base/text/range';
import { severities, type Severity } from '../../base/terms/types';
import { isFunction, namespaces } from '../../syntax/cel/functions';
import { macroOf, namesOf } from '../../syntax/cel/macros';
import { parseCel } from '../../syntax/cel/parse';
import { placeInScalar } from '../../syntax/cel/place';
import { isTypeName } from '../../syntax/cel/evaluate';
import type { Cel, CelProblem } from '../../syntax/cel/types';
import { celNodes } from '../../syntax/cel/walk';
import type { Path, YamlDocument, YamlNode } from '../../syntax/yaml/types';
import { customFamilies, customNames, rulesOfCustom } from './custom-rule';
import { createReader, keyRange, mapOf, scalarOf, sequenceOf, type Handler, type Reader } from './read';
import type { ConfigProblem, CustomRule, CustomTest } from './types';

/** Bounds of what a configuration may bring. */
const most = { rules: 100, cel: 10_000, message: 200, tests: 50, test: 50_000 } as const;

const problemTexts: Readonly<Record<CelProblem['id'], string>> = {
  empty: 'The expression is empty',
  unexpected: '"{found}" is not expected here',
  text: 'The text is not closed, or has an escape that does not exist',
  close: '"{found}" is missing to this bracket',
  operator: '"{found}" is not an operator of CEL, {instead} is',
  reserved: '"{found}" is a word of the language',
  macro: '{found}() has other arguments',
};

function problemText({ id, found, instead }: CelProblem): string {
  if (id === 'unexpected' && found === '') return 'The expression ends in the middle';
  return problemTexts[id].replace('{found}', () => found.slice(0, 40)).replace('{instead}', () => instead ?? '');
}

/** What of an expression nothing here can evaluate, each with its place. */
function unknownIn(tree: Cel): readonly { readonly range: Range; readonly message: string }[] {
  const nodes = celNodes(tree);
  const bound = new Set(
    nodes.flatMap(node => (node.is === 'call' && macroOf(node) ? node.args.slice(0, namesOf(node)) : [])).map(arg => nameOf(arg)),
  );
  const known = (name: string): boolean => bound.has(name) || customNames.includes(name) || namespaces.has(name) || isTypeName(name);
  return nodes.flatMap(node => {
    if (node.is === 'name' && !known(node.name))
      return [{ range: node.range, message: `Unknown name "${node.name.slice(0, 40)}": known names are ${customNames.join(', ')}` }];
    if (node.is !== 'call' || macroOf(node) || (node.of === null && node.name === 'has')) return [];
    const space = node.of?.is === 'name' && namespaces.has(node.of.name) ? `${node.of.name}.` : '';
    if (isFunction(space + node.name) || isFunction(node.name)) return [];
    return [{ range: node.nameRange, message: `Unknown function ${(space + node.name).slice(0, 60)}()` }];
  });
}

const nameOf = (node: Cel): string => (node.is === 'name' ? node.name : '');

/** The expression of a rule; notes what is wrong with it, at its place. */
function readCel(node: YamlNode | null, at: Range, document: YamlDocument, reader: Reader): Cel | null {
  const scalar = scalarOf(node);
  const text = reader.text(node, at, 'cel');
  if (text === null || !scalar) return null;
  if (text.length > most.cel) {
    reader.problem(at, `cel must be at most ${most.cel} characters long`);
    return null;
  }
  const { tree, problem } = parseCel(text);
  const wrong = tree
    ? unknownIn(tree)
    : [
        {
          range: problem?.range ?? { start: 0, end: text.length },
          message: problem ? problemText(problem) : 'The expression is nested too deeply',
        },
      ];
  for (const { range, message } of wrong) reader.problem(placeInScalar(document, scalar, range), message);
  return wrong.length === 0 ? tree : null;
}

function readAt(text: string): Path | null {
  const steps = text.split('.');
  const isPath = text.length <= 200 && steps.every(step => /^[\w/-]+$/.test(step));
  return isPath ? steps.map(step => (/^\d+$/.test(step) ? Number(step) : step)) : null;
}

function readTests(node: YamlNode | null, at: Range, reader: Reader): readonly CustomTest[] {
  const tests: CustomTest[] = [];
  reader.list(node, at, 'tests', (item, range) => {
    let [text, reports] = [null as string | null, null as boolean | null];
    reader.map(item, range, 'the test', {
      text: (value, place) => (text = reader.text(value, place, 'text')),
      reports: (value, place) => {
        const on = scalarOf(value)?.value;
        if (typeof on === 'boolean') reports = on;
        else reader.problem(place, '"reports" must be true or false');
      },
    });
    if (text === null || reports === null) {
      if (mapOf(item) && !mapOf(item)?.get(text === null ? 'text' : 'reports')) reader.problem(range, 'A test needs "text" and "reports"');
    } else if (text.length > most.test || tests.length >= most.tests)
      reader.problem(range, `At most ${most.tests} tests of ${most.test} characters each`);
    else tests.push({ text, reports, range });
  });
  return tests;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A text, or a list of them. */
function textsOf(node: YamlNode | null, at: Range, what: string, reader: Reader): readonly string[] | null {
  if (sequenceOf(node)) return reader.texts(node, at, what);
  const text = reader.text(node, at, what);
  return text === null ? null : [text];
}

const line = (text: string): string => text.replace(/\s+/g, ' ').trim().replace(/\.$/, '');

function readRule(node: YamlNode | null, at: Range, document: YamlDocument, reader: Reader, taken: ReadonlySet<string>): CustomRule | null {
  const rule: Partial<Mutable<CustomRule>> = {};
  const text =
    (what: string, take: (value: string, range: Range) => void): Handler =>
    (value, range) => {
      const found = reader.text(value, range, what);
      if (found !== null) take(found, range);
    };
  reader.map(node, at, 'the rule', {
    id: text('id', (id, range) => {
      if (!/^custom\/[a-z0-9]+(?:-[a-z0-9]+)*$/.test(id) || id.length > 80)
        reader.problem(range, `id must be "custom/" followed by lowercase letters, digits and hyphens, not "${id.slice(0, 40)}"`);
      else if (taken.has(id)) reader.problem(range, `"${id}" is already defined`);
      else Object.assign(rule, { id, range });
    }),
    files: (value, range) => (rule.files = textsOf(value, range, 'files', reader)),
    family: text('family', (family, range) => {
      if (customFamilies.includes(family)) rule.family = family;
      else reader.problem(range, `family must be one of ${customFamilies.join(', ')}, not "${family.slice(0, 40)}"`);
    }),
    kind: (value, range) => (rule.kinds = textsOf(value, range, 'kind', reader) ?? []),
    cel: (value, range) => {
      const tree = readCel(value, range, document, reader);
      if (tree) Object.assign(rule, { tree, cel: String(scalarOf(value)?.value) });
    },
    message: text('message', (message, range) => {
      if (line(message).length > most.message) reader.problem(range, `message must be at most ${most.message} characters long`);
      else rule.message = line(message);
    }),
    severity: (value, range) => {
      const severity = reader.word<Severity>(value, range, 'severity', severities);
      if (severity) rule.severity = severity;
    },
    at: text('at', (written, range) => {
      const path = readAt(written);
      if (path) rule.at = path;
      else reader.problem(range, `"at" must be names joined by dots, such as "spec.replicas", not "${written.slice(0, 40)}"`);
    }),
    tests: (value, range) => (rule.tests = readTests(value, range, reader)),
  });
  const map = mapOf(node);
  const missing = (['id', 'cel', 'message'] as const).find(key => !map?.entry(key));
  const place = map?.entries[0] ? keyRange(map.entries[0]) : at;
  if (map && missing) reader.problem(place, `A rule needs "${missing}"`);
  else if (map && !(['kind', 'family', 'files'] as const).some(key => map.entry(key)))
    reader.problem(place, 'A rule needs "kind", "family" or "files" to select what it checks');
  const { id, range, tree, cel, message } = rule;
  if (id === undefined || !range || !tree || cel === undefined || message === undefined) return null;
  const usual = { files: null, family: null, kinds: [], severity: 'warning', at: null, tests: [] } as const;
  const read = { ...usual, ...rule, id, range, tree, cel, message };
  return { ...read, rules: rulesOfCustom(read) };
}

/** The rules of its own that a configuration has. `taken`: ids that are there already. */
export function readCustomRules(
  node: YamlNode | null,
  at: Range,
  document: YamlDocument,
  reader: Reader,
  taken: ReadonlySet<string>,
): readonly CustomRule[] {
  const rules: CustomRule[] = [];
  const ids = new Set(taken);
  reader.list(node, at, 'customRules', (item, range) => {
    if (rules.length === most.rules) return reader.problem(range, `At most ${most.rules} custom rules are allowed`);
    const problems: ConfigProblem[] = [];
    const rule = readRule(item, range, document, createReader(problems), ids);
    for (const problem of problems) reader.problem(problem.range, problem.message);
    // a rule of which a part could not be read would say something else than was meant
    if (!rule || problems.length > 0) return;
    ids.add(rule.id);
    rules.push(rule);
  });
  return rules;
}
