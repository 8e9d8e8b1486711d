/* The patterns of .gitignore files, as git reads them (gitignore(5), wildmatch.c). Steps are counted, so that many patterns have an end too. */

import {
  anything,
  automatonOf,
  folders,
  literally,
  matches,
  notSlash,
  readClass,
  type Automaton,
  type ClassStyle,
  type Effort,
  type Step,
} from '../../../../shared/src/index';

/** The patterns of one ignore file. */
export interface IgnoreRules {
  readonly patterns: readonly Pattern[];
  /** Characters of the file that they come from. */
  readonly size: number;
  /** Whether the file has more patterns than anybody writes: `patterns` is then empty. */
  readonly tooMany: boolean;
}

/** So many different patterns of one file are made ready. The longest that are known have a few thousand. */
const mostPatterns = 20_000;

interface Pattern {
  readonly negated: boolean;
  readonly folderOnly: boolean;
  /** Compared with the name alone, in whatever folder it is. */
  readonly nameOnly: boolean;
  readonly automaton: Automaton;
}

/** Reads the text of an ignore file. Lines that git takes for broken match nothing. */
export function parseIgnoreRules(text: string, ignoreCase: boolean): IgnoreRules {
  const patterns: Pattern[] = [];
  const known = new Map<string, Pattern | null>();
  for (const line of text.replace(/^\ufeff/, '').split('\n')) {
    const source = line.endsWith('\r') ? line.slice(0, -1) : line;
    let pattern = known.get(source);
    if (pattern === undefined) known.set(source, (pattern = parsePattern(source, ignoreCase)));
    if (pattern) patterns.push(pattern);
    if (known.size > mostPatterns) return { patterns: [], size: text.length, tooMany: true };
  }
  return { patterns, size: text.length, tooMany: false };
}

function parsePattern(line: string, ignoreCase: boolean): Pattern | null {
  if (line.startsWith('#')) return null;
  let source = trimSpaces(line);
  const negated = source.startsWith('!');
  if (negated) source = source.slice(1);
  const folderOnly = source.endsWith('/');
  if (folderOnly) source = source.slice(0, -1);
  if (source === '') return null;
  const nameOnly = !source.includes('/');
  if (source.startsWith('/')) source = source.slice(1);
  const steps = readSteps([...(ignoreCase ? source.toLowerCase() : source)]);
  return steps && { negated, folderOnly, nameOnly, automaton: automatonOf(steps) };
}

/** Spaces at the end do not count, unless a backslash stands before one. */
function trimSpaces(line: string): string {
  let end = line.length;
  while (end > 0 && line[end - 1] === ' ') end--;
  let slashes = 0;
  while (line[end - 1 - slashes] === '\\') slashes++;
  return end < line.length && slashes % 2 === 1 ? line.slice(0, end + 1) : line.slice(0, end);
}

const named: Readonly<Record<string, RegExp>> = {
  alnum: /^[a-z0-9]$/i,
  alpha: /^[a-z]$/i,
  blank: /^[ \t]$/,
  // eslint-disable-next-line no-control-regex
  cntrl: /^[\u0000-\u001f\u007f]$/,
  digit: /^[0-9]$/,
  graph: /^[!-~]$/,
  lower: /^[a-z]$/,
  print: /^[ -~]$/,
  punct: /^[!-/:-@[-`{-~]$/,
  space: /^[ \t\n\v\f\r]$/,
  upper: /^[A-Z]$/,
  xdigit: /^[0-9a-f]$/i,
};

const style: ClassStyle = { not: '!^', slash: false, escapes: true, named };

/** `null` for a pattern that matches nothing: a bracket that is left open, a backslash at the end. */
function readSteps(chars: readonly string[]): readonly Step[] | null {
  const steps: Step[] = [];
  /** Where the part between slashes begins, to tell `**` from `a**`. */
  let part = 0;
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at]!;
    if (char === '*') {
      const first = at;
      while (chars[at + 1] === '*') at++;
      const isPart = at > first && first === part && (at + 1 === chars.length || chars[at + 1] === '/');
      if (isPart && at + 1 < chars.length) {
        steps.push(folders);
        part = ++at + 1;
      } else steps.push({ is: 'many', takes: isPart ? anything : notSlash });
    } else if (char === '?') steps.push({ is: 'one', takes: notSlash });
    else if (char === '[') {
      const set = readClass(chars, at, style);
      if (!set) return null;
      steps.push({ is: 'one', takes: set.takes });
      at = set.at - 1;
    } else {
      if (char === '\\' && ++at >= chars.length) return null;
      if (chars[at] === '/') part = at + 1;
      steps.push(...literally(chars[at]!));
    }
  }
  return steps;
}

/**
 * What the patterns say of a path: the last one that matches decides; `null` where none does. Folders above the path are not looked at: who walks down has asked for them.
 * @param path the parts of the path, in the case that the rules were parsed with
 * @param from how many parts lead to the folder that the ignore file stands in
 */
export function ignoreVerdict(rules: IgnoreRules, path: readonly string[], from: number, folder: boolean, effort: Effort): boolean | null {
  const { patterns } = rules;
  const name = path.at(-1)!;
  const whole = path.slice(from).join('/');
  for (let i = patterns.length - 1; i >= 0; i--) {
    const { negated, folderOnly, nameOnly, automaton } = patterns[i]!;
    effort.left--;
    if (folderOnly && !folder) continue;
    if (matches(automaton, nameOnly ? name : whole, effort)) return !negated;
    if (effort.left < 0) return null;
  }
  return null;
}
