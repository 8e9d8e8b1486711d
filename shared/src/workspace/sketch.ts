import { budgets } from '../base/limits/budgets';
import { baseName, kindOfName } from './source/names';
import { headsOf } from './source/head';
import { groupOf } from './source/document-head';
import { copied } from '../base/limits/copy';
import { ofLastText } from '../base/text/last-text';
import { hasOtherBreaks } from '../syntax/yaml/parse';

/** What a text may have beside objects of kinds. `odd`: it is written so that its words do not tell; `many`: there may be more objects than are checked. */
type Trait = 'odd' | 'many' | 'pods' | 'kustomization';

/** Which objects a text may hold, by its words alone: always more than it has, never less. It costs a hundredth of a parse. */
export interface ObjectSketch {
  /** Kinds, without their groups. */
  readonly kinds: ReadonlySet<string>;
  readonly traits: ReadonlySet<Trait>;
  /** The values of keys that end in `name`, `''` where one is filled in later; `null`: there may be others, or nobody has looked. */
  readonly names: ReadonlySet<string> | null;
}

/**
 * What a text may tell of builds: that there are any, the stages that they ask for, the volumes that they mount, the services that start what they build; and of
 * Compose files: that other files are named as such (`heirs`), that a command or a variable loads several together (`sets`); of workflows: that strangers may fill
 * the cache (`caches`), that they run by the clock (`scans`); that a command writes files (`outputs`).
 */
export type BuildTrait = (typeof buildTraits)[number];

/** All of them. */
export const buildTraits = ['builds', 'targets', 'mounts', 'services', 'heirs', 'sets', 'caches', 'scans', 'outputs'] as const;

/** All that a text may tell of these. */
export type BuildSketch = ReadonlySet<BuildTrait>;

/** More keys `kind` may be more objects than are checked: the parse then says. */
const manyKinds = budgets.views / 2;

const noBuilds: BuildSketch = new Set();
const nothing: ObjectSketch = { kinds: new Set(), traits: new Set(), names: new Set() };

/** Sketches the objects of a file, or of a piece of one; a piece is looked at more closely. Linear. */
export function sketchObjects(path: string, text: string, isPiece: boolean): ObjectSketch {
  const name = baseName(path);
  const { kind } = kindOfName(name);
  if (kind !== 'yaml' && kind !== 'json' && kind !== 'unknown') return nothing;
  const kinds = new Set<string>();
  const traits = new Set<Trait>();
  if (readKinds(text, kinds, traits) > manyKinds) traits.add('many');
  if (isSpelledOut(text)) traits.add('odd');
  if (kinds.size > 0 && (kinds.has('Pod') || hasAny(text, ['container', 'template', 'knative']))) traits.add('pods');
  if (/^kustomization\./i.test(name) || (mayKustomize(text, kinds) && (!isPiece || isKustomization(text)))) traits.add('kustomization');
  return { kinds, traits, names: [...kinds].some(isAskedByName) ? copiedNames(readNames(text)) : null };
}

/** Events of workflows that strangers cause and that run with the cache of the default branch. */
const defaultBranchEvents = ['pull_request_target', 'workflow_run', 'issue_comment', 'issues', 'discussion'];

/** Sketches what a file, or a piece of one, tells of builds. Linear. */
export function sketchBuilds(path: string, text: string): BuildSketch {
  const name = baseName(path);
  if (name === '.bulkhead.yaml') return new Set(['builds', 'targets']);
  const { kind, generator } = kindOfName(name);
  // it says what one image is made of, not what is built; a template for one may be anything
  if (kind === 'dockerfile' && !generator) return noBuilds;
  const isYaml = kind === 'yaml';
  if (isYaml && isSpelledOut(text)) return new Set(buildTraits);
  const found = new Set<BuildTrait>();
  if (isYaml && !hasBuilds(text)) return found;
  const extending = (text.includes('extends') && text.includes('file')) || text.includes('include');
  const loading = (text.includes('compose') && text.includes('-f')) || text.includes('COMPOSE_FILE');
  // a bake file does nothing else, and need not say so
  const building = text.includes('build') || name.endsWith('.hcl');
  const caching = text.includes('jobs') && hasAny(text, defaultBranchEvents) && hasAny(text, ['head', 'pull/', 'checkout']);
  if (text.includes('>') && hasAny(text, ['.yaml', '.yml', 'ockerfile'])) found.add('outputs');
  if (extending) found.add('heirs');
  if (loading) found.add('sets');
  if (caching) found.add('caches');
  if (text.includes('jobs') && text.includes('schedule')) found.add('scans');
  if (!building) return found;
  found.add('builds');
  if (text.includes('target')) found.add('targets');
  if (text.includes('volumes')) found.add('mounts');
  if (text.includes('services')) found.add('services');
  return found;
}

function hasAny(text: string, words: readonly string[]): boolean {
  return words.some(word => text.includes(word));
}

/** Keys of documents that tell of builds, or of Compose files. */
const buildKeys = ['services', 'jobs', 'include'];

/** Whether a document is of a kind that tells what images are built from. */
function hasBuilds(text: string): boolean {
  if (!buildKeys.some(key => mayHaveTopKey(text, key)) && !text.includes('skaffold/')) return false;
  for (const { head } of headsOf(text))
    if (buildKeys.some(key => head.keys.includes(key)) || head.apiVersion?.startsWith('skaffold/')) return true;
  return false;
}

/** Whether a kustomization may be among the documents of a text, or may be spoken of. */
function mayKustomize(text: string, kinds: ReadonlySet<string>): boolean {
  return kinds.has('Kustomization') || text.includes('kustomize.config.k8s.io');
}

/** Whether one is: its `apiVersion` says so, or it has none of a tool that calls its own objects that. */
function isKustomization(text: string): boolean {
  for (const { head } of headsOf(text)) {
    const group = groupOf(head);
    if (group === 'kustomize.config.k8s.io' || group === '') return true;
  }
  return false;
}

const isBlank = (code: number): boolean => code === 32 || code === 9;
const isBreak = (code: number): boolean => code === 10 || code === 13;
const isWord = (code: number): boolean =>
  (code >= 48 && code <= 57) ||
  (code >= 65 && code <= 90) ||
  (code >= 97 && code <= 122) ||
  code === 45 ||
  code === 46 ||
  code === 47 ||
  code === 58 ||
  code === 95;

function afterBlanks(text: string, at: number): number {
  while (isBlank(text.charCodeAt(at))) at++;
  return at;
}

/** Where the value of a key begins whose name ends at `end`; -1 where that is no key. */
function valueBehind(text: string, end: number): number {
  let at = end;
  if (text.charCodeAt(at) === 34 || text.charCodeAt(at) === 39) at++;
  // in a flow map, and of a key that is written in full (`? kind`), the colon may stand on another line
  for (const most = at + 1000; at < most; at++) {
    const code = text.charCodeAt(at);
    if (code === 58) return afterBlanks(text, at + 1);
    if (code === 35 && at > end) at = Math.max(at, text.indexOf('\n', at) - 1);
    else if (!isBlank(code) && !isBreak(code)) return -1;
  }
  return -1;
}

/** Whether a word may be a key at the top level of a document. */
function mayHaveTopKey(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (valueBehind(text, at + word.length) < 0) continue;
    const before = text.charAt(at - 1);
    const start = before === '"' || before === "'" ? at - 1 : at;
    if (start === 0 || text.charCodeAt(start - 1) === 10 || !isAtMargin(text)) return true;
  }
  return false;
}

/** Whether every document is a map whose first key begins its line, so that the others of the top level do, too. */
const isAtMargin = ofLastText((text: string): boolean => {
  if (text.includes('\n...')) return false;
  for (let at = 0; at < text.length;) {
    const content = afterBlanks(text, at);
    const first = text.charCodeAt(content);
    const isSeparator = content === at && text.startsWith('---', at);
    const rest = isSeparator ? text.charCodeAt(afterBlanks(text, at + 3)) : first;
    const end = text.indexOf('\n', at);
    if (Number.isNaN(rest) || isBreak(rest) || rest === 35) {
      if (end < 0) return true;
      at = end + 1;
      continue;
    }
    if (isSeparator || content > at || !(isWord(first) || first === 34 || first === 39) || first === 45) return false;
    const next = end < 0 ? -1 : text.indexOf('\n---', end);
    if (next < 0) return true;
    at = next + 1;
  }
  return true;
});

/** Gathers the values of all keys `kind`, wherever they stand; gives how many there are. */
function readKinds(text: string, kinds: Set<string>, traits: Set<Trait>): number {
  let count = 0;
  for (let found = text.indexOf('kind'); found >= 0; found = text.indexOf('kind', found + 4)) {
    const at = valueBehind(text, found + 4);
    if (at < 0) continue;
    count++;
    const value = readWord(text, at);
    if (value === null) traits.add('odd');
    else if (value !== '') {
      kinds.add(value);
      // the items of a list need not say again what they are
      if (value.endsWith('List')) kinds.add(value.slice(0, -'List'.length));
    }
  }
  return count;
}

/** More names of a text are not told apart. */
const mostNames = 5000;

/** Whether rules ask for single objects of a kind: a longer list would cost more than it saves. */
function isAskedByName(kind: string): boolean {
  return (
    kind.endsWith('Binding') || kind.endsWith('Role') || ['ServiceAccount', 'ConfigMap', 'Secret', 'HorizontalPodAutoscaler'].includes(kind)
  );
}

/** Sketches outlive the texts. */
function copiedNames(names: ReadonlySet<string> | null): ReadonlySet<string> | null {
  return names && new Set(copied([...names]));
}

function readNames(text: string): ReadonlySet<string> | null {
  const names = new Set<string>();
  for (let found = text.indexOf('ame'); found >= 0; found = text.indexOf('ame', found + 3)) {
    const first = text.charCodeAt(found - 1);
    const at = first === 110 || first === 78 ? valueBehind(text, found + 3) : -1;
    if (at < 0) continue;
    const value = readWord(text, at);
    if (value === null && !isFilledIn(text, at)) return null;
    names.add(value ?? '');
    if (names.size > mostNames) return null;
  }
  return names;
}

/** Whether a line has a template action or a variable in it: the value is not known, whatever else stands there. */
function isFilledIn(text: string, start: number): boolean {
  const end = text.indexOf('\n', start);
  const line = text.slice(start, end < 0 ? undefined : end);
  return !line.startsWith('*') && (line.includes('{{') || line.includes('{%') || line.includes('$'));
}

/** A plain or quoted word; `''` where a map, a sequence or nothing follows; `null`: something else, so that it may be any. */
function readWord(text: string, start: number): string | null {
  let at = start;
  const first = text.charCodeAt(at);
  if (first === 34 || first === 39) {
    for (let code = text.charCodeAt(++at); code !== first; code = text.charCodeAt(++at))
      if (Number.isNaN(code) || code < 32 || code === 92) return null;
    const value = text.slice(start + 1, at);
    // a template, and two quotes that stand for one
    return value.includes('{') || text.charCodeAt(at + 1) === first ? null : value;
  }
  if (isWord(first)) {
    while (isWord(text.charCodeAt(at))) at++;
    const value = text.slice(start, at);
    at = afterBlanks(text, at);
    const next = text.charAt(at);
    return next === '' || '\r\n,}]#'.includes(next) ? value : null;
  }
  if (at < text.length && !isBreak(first) && first !== 35) return null;
  return isValueBelow(text, at) ? null : '';
}

/** Whether the line below an empty value may be that value: what is a key, an item or nothing is not. */
function isValueBelow(text: string, start: number): boolean {
  const line = text.indexOf('\n', start);
  if (line < 0) return false;
  const at = afterBlanks(text, line + 1);
  const end = text.indexOf('\n', at);
  const below = text.slice(at, end < 0 ? undefined : end).trimEnd();
  if (below === '' || below.startsWith('#')) return true;
  return !below.startsWith('- ') && !/^["']?[\w$./-]+["']?[ \t]*:(?:[ \t]|$)/.test(below);
}

/** Base64, a key that an alias stands for, and one in quotes over several lines: what each begins with is looked for first, which costs a tenth. */
const binary = /![^\s]{0,80}binary/;
const spelledOut = [
  { sign: '*', pattern: /\*[^\s,[\]{}]{1,80}[ \t]+:/y },
  { sign: '?', pattern: /\?[ \t]+"[^"\n]*\\\r?\n/y },
];

/** Whether words are written in another way than by their letters, or keys by an alias: the words of such a text are not all there. */
const isSpelledOut = ofLastText((text: string): boolean => {
  if (hasOtherBreaks(text) || (text.includes('binary') && binary.test(text))) return true;
  for (const { sign, pattern } of spelledOut)
    for (let at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) {
      pattern.lastIndex = at;
      if (pattern.test(text)) return true;
    }
  for (let at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', at + 2)) {
    const digits = { x: 2, u: 4, U: 8 }[text.charAt(at + 1)];
    if (digits !== undefined && isWord(parseInt(text.slice(at + 2, at + 2 + digits), 16))) return true;
  }
  return false;
});

/** Whether a flow collection may begin at a bracket: after what it can be the value or item of, with an anchor or a tag between them at most. */
function mayOpen(text: string, bracket: number): boolean {
  let before = bracket - 1;
  while (isBlank(text.charCodeAt(before))) before--;
  if (before < 0 || '\r\n:-,[{?'.includes(text.charAt(before))) return true;
  const most = before - 100;
  while (before > most && text.charCodeAt(before) > 32) before--;
  return before === most || '&!'.includes(text.charAt(before + 1));
}

/** Whether part of a text may not be read, by what the parse has budgets for: its length, the aliases that it follows, and how deep it nests. */
export function mayHaveGaps(text: string): boolean {
  if (text.length > budgets.textLength || text.includes('\0')) return true;
  return (text.includes('&') && followsAliases(text)) || 2 * (deepestLine(text) + deepestBracket(text)) >= budgets.yamlDepth;
}

/** Whether an alias has an anchor. */
function followsAliases(text: string): boolean {
  const known = new Set<string>();
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', at + 1)) known.add(nameAt(text, at + 1));
  known.delete('');
  if (known.size === 0) return false;
  for (let at = text.indexOf('*'); at >= 0; at = text.indexOf('*', at + 1)) if (known.has(nameAt(text, at + 1))) return true;
  return false;
}

/** The name of an anchor or alias: what follows up to a blank or a sign of a flow collection. */
function nameAt(text: string, start: number): string {
  let at = start;
  while (at < text.length && text.charCodeAt(at) > 32 && !',[]{}'.includes(text.charAt(at))) at++;
  return text.slice(start, at);
}

/** The columns that blanks and dashes take at the start of a line: a map in a sequence takes one, so that each stands for two levels at most. */
function deepestLine(text: string): number {
  let deepest = 0;
  for (let at = 0; at >= 0 && at < text.length;) {
    let column = at;
    for (let code = text.charCodeAt(column); isBlank(code) || code === 45; code = text.charCodeAt(++column));
    deepest = Math.max(deepest, column - at);
    const line = text.indexOf('\n', column);
    at = line < 0 ? -1 : line + 1;
  }
  return deepest;
}

/** How deep brackets nest that may begin a flow collection. */
function deepestBracket(text: string): number {
  let open = 0;
  let deepest = 0;
  const bracket = /[{}[\]]/g;
  for (let found = bracket.exec(text); found; found = bracket.exec(text)) {
    if (found[0] === '}' || found[0] === ']') open = Math.max(0, open - 1);
    else if (mayOpen(text, found.index)) deepest = Math.max(deepest, ++open);
  }
  return deepest;
}
