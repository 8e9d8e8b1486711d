/* Globs of the configuration, the command line and the files that pipelines name. */

import {
  anything,
  automatonOf,
  folders,
  keeping,
  literally,
  matches,
  matchesAbove,
  notSlash,
  readClass,
  type ClassStyle,
  type Step,
} from './automaton';

/** Braces nested deeper are taken as plain characters: nobody writes them, and the parser calls itself for each level. */
const maxDepth = 8;

const style: ClassStyle = { not: '!^', slash: false, escapes: false };

/** Reads from `at` up to the end, or to a `,` or `}` of the braces that it stands in. */
function readSteps(chars: readonly string[], from: number, depth: number): { readonly steps: readonly Step[]; readonly at: number } {
  const steps: Step[] = [];
  let at = from;
  while (at < chars.length) {
    const char = chars[at]!;
    if (depth > 0 && (char === ',' || char === '}')) break;
    if (char === '*') {
      let stars = at;
      while (chars[stars] === '*') stars++;
      const isPart = stars - at > 1 && (at === 0 || chars[at - 1] === '/') && (stars === chars.length || chars[stars] === '/');
      if (isPart && chars[stars] === '/') steps.push(folders);
      else steps.push({ is: 'many', takes: isPart ? anything : notSlash });
      at = isPart ? stars + 1 : stars;
      continue;
    }
    const set = char === '[' ? readClass(chars, at, style) : null;
    const ways = char === '{' && depth < maxDepth && closing(chars, at) >= 0 ? readWays(chars, at, depth) : null;
    if (set) steps.push({ is: 'one', takes: set.takes });
    else if (ways) steps.push({ is: 'any-of', ways: ways.ways });
    else if (char === '?') steps.push({ is: 'one', takes: notSlash });
    else steps.push(...literally(char === '\\' && at + 1 < chars.length ? chars[++at]! : char));
    at = (set ?? ways)?.at ?? at + 1;
  }
  return { steps, at };
}

/** Reads `{a,b}`, which closes. */
function readWays(
  chars: readonly string[],
  open: number,
  depth: number,
): { readonly ways: readonly (readonly Step[])[]; readonly at: number } {
  const ways: (readonly Step[])[] = [];
  let at = open;
  do {
    const way = readSteps(chars, at + 1, depth + 1);
    ways.push(way.steps);
    at = way.at;
  } while (chars[at] === ',');
  return { ways, at: at + 1 };
}

/** Index of the brace that closes the one at `open`, or -1. */
function closing(chars: readonly string[], open: number): number {
  let depth = 0;
  for (let at = open; at < chars.length; at++) {
    if (chars[at] === '\\') at++;
    else if (chars[at] === '{') depth++;
    else if (chars[at] === '}' && --depth === 0) return at;
  }
  return -1;
}

const compiled = keeping((pattern: string): ((path: string) => boolean) => {
  let glob = pattern.startsWith('./') ? pattern.slice(1) : pattern;
  const folderOnly = glob.endsWith('/');
  if (folderOnly) glob = glob.slice(0, -1);
  const anchored = glob.includes('/');
  if (glob.startsWith('/')) glob = glob.slice(1);
  const automaton = automatonOf(readSteps([...glob], 0, 0).steps);
  return path => {
    if (path === '') return false;
    const last = path.lastIndexOf('/');
    const above = last < 0 ? '' : path.slice(0, last);
    if (anchored) return folderOnly ? last >= 0 && matchesAbove(automaton, above) : matchesAbove(automaton, path);
    return (folderOnly ? (last < 0 ? [] : above.split('/')) : path.split('/')).some(part => matches(automaton, part));
  };
});

/**
 * Whether a path, relative and with `/`, matches a glob: `*` and `?` within one part of the path, `**` over any number of parts, `[a-z]`, `[!a]`,
 * `{a,b}`, `\` before a character that is meant as it stands. A glob without a slash matches in every folder; one that names a folder
 * matches everything in it; one that starts with `/` or `./` is anchored, as is every glob with a slash inside.
 */
export function matchGlob(pattern: string, path: string): boolean {
  return compiled(pattern)(path);
}

/** Whether a path matches a list of globs: the last one that matches decides, and one with `!` in front takes the path out again. */
export function matchGlobs(patterns: readonly string[], path: string): boolean {
  for (let i = patterns.length - 1; i >= 0; i--) {
    const pattern = patterns[i]!;
    const negated = pattern.startsWith('!');
    if (matchGlob(negated ? pattern.slice(1) : pattern, path)) return !negated;
  }
  return false;
}

/** Whether a string holds a character with a meaning in globs. */
export function isGlob(text: string): boolean {
  return /[*?[{]/.test(text);
}

/** The glob that matches one path and no other: anchored, without wildcards. The path is relative, with `/`. */
export function globOf(path: string): string {
  const literal = literalGlob(path);
  // without a slash, or after `!`, it would mean something else
  return literal.includes('/') && !literal.startsWith('!') ? literal : `/${literal}`;
}

/** The glob that matches one text. */
export function literalGlob(text: string): string {
  return text.replace(/[*?[{\\]/g, '\\$&');
}
