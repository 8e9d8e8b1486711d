import { range } from '../base/text/range';
import { writtenArguments } from './build-arguments';
import type { Build } from './build';

const longestCommand = 4000;
const start =
  /\b(?:docker(?:[ \t]+buildx|[ \t]+image)?[ \t]+build|(?:podman|nerdctl|buildah)[ \t]+(?:build|bud))(?=[ \t\\])|\bdocker_build[ \t]*\(/g;

/** Flags of `docker build` without a value. */
const bare = /^--(?:no-cache|pull|push|load|quiet|rm|force-rm|squash|compress|check|debug|provenance|sbom)$|^-[qDN]$/;

/** The images that the commands of a script or Makefile, or the calls of a Tiltfile, build. */
export function commandBuilds(text: string, tiltfile: boolean): readonly Build[] {
  const found: Build[] = [];
  if (!text.includes('build')) return found;
  const variables = tiltfile ? null : readVariables(text);
  const isComment = commentFinder(text);
  start.lastIndex = 0;
  for (let match = start.exec(text); match; match = start.exec(text)) {
    const call = match[0].endsWith('(');
    if (call !== tiltfile || isComment(match.index)) continue;
    const rest = text.slice(match.index + match[0].length, match.index + match[0].length + longestCommand);
    const at = range(match.index, match.index + match[0].length - (call ? 1 : 0));
    found.push(...(call ? readCall(rest, at) : readCommand(rest, at, variables ?? new Map<string, string>())));
  }
  return found;
}

/** Says of places in a text, in order, whether they are in a comment or behind `echo`. Each line is looked at once. */
function commentFinder(text: string): (at: number) => boolean {
  const word = /\becho\b/g;
  let start = -1;
  let next = -1;
  let isComment = false;
  let echo = -1;
  return at => {
    while (start < 0 || (next >= 0 && next < at)) {
      start = next + 1;
      next = text.indexOf('\n', start);
      isComment = text
        .slice(start, next < 0 ? undefined : next)
        .trimStart()
        .startsWith('#');
    }
    if (echo < start) {
      word.lastIndex = start;
      echo = word.exec(text)?.index ?? Infinity;
    }
    return isComment || echo < at;
  };
}

/** `NAME = value` of a Makefile, `NAME=value` of a script and `NAME: value` or `- NAME=value` of a pipeline; a name that is set twice is not known. */
function readVariables(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name, value] of text.matchAll(
    /^[ \t]*(?:-[ \t]+)?(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*(?:[:?]?=|:[ \t])[ \t]*([^\n#;]*)/gm,
  )) {
    const plain = value!.trim().replace(/^(?:"(.*)"|'(.*)')$/, '$1$2');
    found.set(name!, found.has(name!) && found.get(name!) !== plain ? '$' : plain);
  }
  return found;
}

function expand(word: string, variables: ReadonlyMap<string, string>): string {
  let text = word;
  for (let pass = 0; pass < 3 && text.includes('$') && text.length < 1000; pass++) {
    text = text.replace(
      /\$(?:\$?\{(\w+)(?::?-([^{}]*))?\}|\((\w+)\)|\$?([A-Za-z_]\w*))/g,
      (whole, a?: string, standard?: string, b?: string, c?: string) => {
        const value = variables.get(a ?? b ?? c ?? '') ?? standard;
        return value === undefined || value === '$' ? whole : value;
      },
    );
  }
  return text;
}

/** The words of one command: up to the end of its line (continuations go on) or an operator. */
function readWords(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quote !== '') {
      if (c === quote) quote = '';
      else word += c;
    } else if (c === '\\') {
      const newline = /^\\\r?\n/.exec(text.slice(i, i + 3));
      if (newline) i += newline[0].length - 1;
      else word = (word ?? '') + (text[++i] ?? '');
    } else if (c === '"' || c === "'") {
      quote = c;
      word ??= '';
    } else if (c === ' ' || c === '\t' || '\r\n;&|<>'.includes(c)) {
      if (word !== null) words.push(word);
      word = null;
      if (c !== ' ' && c !== '\t') return words;
    } else word = (word ?? '') + c;
  }
  if (word !== null) words.push(word);
  return words;
}

function readCommand(text: string, at: Build['range'], variables: ReadonlyMap<string, string>): readonly Build[] {
  const words = readWords(text).map(word => expand(word, variables));
  const images: string[] = [];
  const given: string[] = [];
  let dockerfile: string | null = null;
  let target: string | null = null;
  let context: string | null = null;
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (!word.startsWith('-') || word === '-') {
      context = word;
      continue;
    }
    const equals = word.indexOf('=');
    const flag = equals < 0 ? word : word.slice(0, equals);
    if (equals < 0 && bare.test(flag)) continue;
    const value = (equals < 0 ? words[++i] : word.slice(equals + 1)) ?? '';
    if (flag === '-t' || flag === '--tag') images.push(value);
    else if (flag === '-f' || flag === '--file') dockerfile = value;
    else if (flag === '--target') target = value;
    else if (flag === '--build-arg') given.push(value);
  }
  if (context === null || context === '-') return [];
  const args = writtenArguments(given);
  return images.map(image => ({ image, dockerfile, context, target, args, range: at, inContext: false }));
}

/** An argument that is a string, with its name and what ends it. */
const literal = /[ \t\r\n]*(?:#[^\n]*\n[ \t\r\n]*)*(?:(\w+)[ \t]*=[ \t]*)?(?:'([^'\n]*)'|"([^"\n]*)")[ \t\r\n]*[,)]/y;
const other = /[ \t\r\n]*\w+[ \t]*=/y;
const separator = /[ \t\r\n]*[,)]/y;

/** The arguments of `docker_build('image', 'context', dockerfile='x', target='y')`. */
function readCall(text: string, place: Build['range']): readonly Build[] {
  const positional: string[] = [];
  const named = new Map<string, string>();
  let at = 0;
  do {
    literal.lastIndex = other.lastIndex = at;
    const match = literal.exec(text);
    const value = match?.[2] ?? match?.[3];
    if (value !== undefined && match![1] !== undefined) named.set(match![1], value);
    else if (value !== undefined) positional.push(value);
    at = match ? literal.lastIndex : other.test(text) ? behindValue(text, other.lastIndex) : -1;
  } while (text[at - 1] === ',');
  const image = named.get('ref') ?? positional[0];
  const context = named.get('context') ?? positional[1];
  if (image === undefined || context === undefined || named.has('dockerfile_contents')) return [];
  return [
    { image, dockerfile: named.get('dockerfile') ?? null, context, target: named.get('target') ?? null, range: place, inContext: false },
  ];
}

/** The offset after the comma or bracket that ends a value of any kind; -1 where it cannot be determined. */
function behindValue(text: string, start: number): number {
  const behind = (at: number): number => {
    separator.lastIndex = at;
    return separator.test(text) ? separator.lastIndex : -1;
  };
  let stop = start;
  while (stop < text.length && !',()\n'.includes(text[stop]!)) stop++;
  let found = behind(stop);
  // A list or map may hold what divides arguments: the last one that opens here, up to what closes it first.
  const closes = { '[': text.indexOf(']', stop), '{': text.indexOf('}', stop) };
  const tried = new Set([-1]);
  for (let i = stop - 1; found < 0 && i >= start; i--) {
    const character = text[i]!;
    if (character === ']') closes['['] = i;
    else if (character === '}') closes['{'] = i;
    else if ((character === '[' || character === '{') && !tried.has(closes[character])) {
      tried.add(closes[character]);
      found = behind(closes[character] + 1);
    }
  }
  return found;
}
