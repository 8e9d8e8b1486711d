import { readFileSync, readdirSync } from 'node:fs';
import ts from 'typescript';
import { phraseKey } from '../../shared/src/base/text/phrases';
import { root } from '../rules/files';

/** Where rules, and what they know, make values of messages: what a thing is called, why it is so. */
const folders = ['families', 'rule', 'knowledge', 'evidence', 'workspace'].map(name => `shared/src/${name}`);

/** Words that only a text for people has: names, commands and paths of files have none. */
const functionWords =
  /(?:^|[\s"(;,])(?:a|an|the|of|and|or|which|not|is|are|in|with|for|to|it|its|more|every|each|one|no|must|by|on|without|cannot|when)(?=[\s")]|$)/;

/** Members whose texts have keys of their own, or are of other tools. */
const keyed: ReadonlySet<string> = new Set([
  ...['title', 'text', 'messages', 'fixes', 'assumptions', 'summary', 'when', 'severities', 'changes', 'references', 'peers'],
  ...['exceptions', 'source', 'note', 'description', 'reason'],
]);
/** Files that are about other things: the schema of Compose, why a fix is refused in a test, generated lists. */
const others =
  /\/generated\/|families\/compose\/model\/|\/fix\/(?:render|verify|swap-base|snippets|places)\.ts$|\/judge\/|root-steps|peer-settings|package-(?:manager|pins)/;
/** The moves of stories are looked up by their texts. */
const stories = 'shared/src/rule/attack/moves.ts';

/** How things are called that have a name. */
const things = [
  ...['Container "{0}"', 'container "{0}"', '{0} and {1}', '{0} and {1} more', '{0} is not {1}', 'a policy ({0})', '{0} and {1} ({2})'],
  ...['{0} of CPU', '{0} of memory', '{0} of CPU and {1} of memory', 'too much work for one check'],
];

/** Single words that are values of these places. A word alone is not known to be ours. */
const wordsByPlace: Readonly<Record<string, readonly string[]>> = {
  machine: ['node', 'host'],
  kind: ['stage', 'service', 'command', 'job', 'network', 'volume', 'secret', 'model'],
  use: ['extracted', 'run', 'installed', 'made executable'],
  wanted: ['text', 'upper', 'lower'],
  level: ['claimed', 'served', 'verified'],
};

/** Whether a text is prose that a rule puts into a message. */
export function isValue(key: string): boolean {
  const rest = key.replace(/\{\w+\}/g, ' 0 ').replace(/"[^"]*"/g, ' ');
  const ofPeer = /^[A-Z]\w+ (?:[A-Z(']|Instead|Using)|^Use /.test(key);
  return (
    key.length < 250 &&
    functionWords.test(rest) &&
    /[a-z]{3}/.test(rest) &&
    /\s/.test(rest.trim()) &&
    !/[\\^$]|=>|:\/\/|\[\[|\n|\w in \(/.test(rest) &&
    !ofPeer
  );
}

/** How the kind of a secret is called. */
const isTitle = (node: ts.Node): boolean => ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) && node.name.text === 'title';

function valuesOf(path: string, source: string): readonly string[] {
  const values: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node)) return;
    if (
      path !== stories &&
      !(path.includes('/secrets/') && isTitle(node)) &&
      ts.isPropertyAssignment(node) &&
      ts.isIdentifier(node.name) &&
      keyed.has(node.name.text)
    )
      return;
    // why a severity changed is shown in docs
    if (path.includes('/families/') && ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) && node.name.text === 'why') return;
    if (ts.isStringLiteralLike(node)) values.push(node.text.trim());
    else if (ts.isTemplateExpression(node))
      values.push(phraseKey([node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)]));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, source, ts.ScriptTarget.Latest, false));
  return values.filter(value => (path === stories ? value.includes(' ') : isValue(value)));
}

/** Reasons and risks of the data that is known. */
function valuesOfData(): readonly string[] {
  const values: string[] = [];
  const visit = (value: unknown, name: string): void => {
    if (typeof value === 'string' && ['why', 'risk', 'use', 'runtime'].includes(name) && value.includes(' ')) values.push(value);
    if (typeof value === 'object' && value !== null)
      for (const [key, member] of Object.entries(value)) visit(member, Array.isArray(value) ? name : key);
  };
  for (const file of ['security', 'image-profiles'])
    visit(JSON.parse(readFileSync(`${root}shared/src/knowledge/data/${file}.json`, 'utf8')), '');
  return values;
}

/** The texts that rules put into messages, and `=place/word` for single words, in the order of the files. */
export function valuesInMessages(): readonly string[] {
  const found = folders.flatMap(folder =>
    readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
      .map(name => `${folder}/${name.replace(/\\/g, '/')}`)
      .filter(path => path.endsWith('.ts') && !others.test(path))
      .sort()
      .flatMap(path => valuesOf(path, readFileSync(root + path, 'utf8'))),
  );
  return [...found, ...valuesOfData(), ...things];
}

/** The words of `wordsByPlace`, by the keys under which they are looked up. */
export const placedWords: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(wordsByPlace).flatMap(([place, words]) => words.map(word => [`=${place}/${word}`, word] as const)),
);
