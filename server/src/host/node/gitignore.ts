/*
 * The patterns of .gitignore files, as git reads them (gitignore(5), wildmatch.c). No pattern is turned into a regular expression: `*` and `**` are matched by going back to
 * the last one alone, which is enough, so that no pattern takes more than (its length) x (length of the path) steps. Steps are counted, so that many patterns have an end too.
 */

/** How many steps matching may still take; goes below zero where it is used up. */
export interface Effort {
  left: number;
}

/** The patterns of one ignore file. */
export interface IgnoreRules {
  readonly patterns: readonly Pattern[];
  /** Characters of the file that they come from. */
  readonly size: number;
}

/** A character, one that a class takes, any (`?`), or any number of them (`*`). */
type Token = string | ((char: string) => boolean) | typeof any | typeof star;
const any = Symbol('any');
const star = Symbol('star');
/** A part of a pattern between slashes: a literal name, tokens, or any number of folders (`**`). */
type Part = string | readonly Token[] | typeof folders;
const folders = Symbol('folders');

interface Pattern {
  readonly negated: boolean;
  readonly folderOnly: boolean;
  /** Compared with the name alone, in whatever folder it is. */
  readonly nameOnly: boolean;
  readonly parts: readonly Part[];
}

/** Reads the text of an ignore file. Lines that git takes for broken match nothing. */
export function parseIgnoreRules(text: string, ignoreCase: boolean): IgnoreRules {
  const patterns: Pattern[] = [];
  for (const line of text.replace(/^\ufeff/, '').split('\n')) {
    const pattern = parsePattern(line.endsWith('\r') ? line.slice(0, -1) : line, ignoreCase);
    if (pattern) patterns.push(pattern);
  }
  return { patterns, size: text.length };
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
  const parts = splitParts(ignoreCase ? source.toLowerCase() : source);
  return parts && { negated, folderOnly, nameOnly, parts };
}

/** Spaces at the end do not count, unless a backslash stands before one. */
function trimSpaces(line: string): string {
  let end = line.length;
  while (end > 0 && line[end - 1] === ' ') end--;
  let slashes = 0;
  while (line[end - 1 - slashes] === '\\') slashes++;
  return end < line.length && slashes % 2 === 1 ? line.slice(0, end + 1) : line.slice(0, end);
}

/** `null` for a pattern that matches nothing: a bracket that is left open, a backslash at the end. */
function splitParts(source: string): readonly Part[] | null {
  const parts: Part[] = [];
  let tokens: Token[] = [];
  /** Where the part begins, to tell `**` from `a**`. */
  let from = 0;
  const end = (at: number): void => {
    const raw = source.slice(from, at);
    if (/^\*{2,}$/.test(raw)) parts.push(folders);
    else parts.push(tokens.every(token => typeof token === 'string') ? tokens.join('') : tokens);
    tokens = [];
    from = at + 1;
  };
  for (let at = 0; at < source.length; at++) {
    const char = source[at]!;
    if (char === '/') end(at);
    else if (char === '*') {
      if (tokens.at(-1) !== star) tokens.push(star);
    } else if (char === '?') tokens.push(any);
    else if (char === '[') {
      const set = readClass(source, at);
      if (!set) return null;
      tokens.push(set.test);
      at = set.end;
    } else if (char === '\\') {
      if (++at >= source.length) return null;
      if (source[at] === '/') end(at);
      else tokens.push(source[at]!);
    } else tokens.push(char);
  }
  end(source.length);
  return parts;
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

/** Reads `[abc]`, `[!a-z]`, `[[:alpha:]]`; `null` where the bracket is not closed, or names a class that does not exist. */
function readClass(source: string, open: number): { readonly test: (char: string) => boolean; readonly end: number } | null {
  let at = open + 1;
  const negated = source[at] === '!' || source[at] === '^';
  if (negated) at++;
  const ranges: [string, string][] = [];
  const classes: RegExp[] = [];
  /** The character that a range may begin with; none behind a range or a class. */
  let before: string | null = null;
  for (let first = true; ; first = false, at++) {
    let char = source[at];
    if (char === undefined) return null;
    if (char === ']' && !first) break;
    if (char === '\\') {
      char = source[++at];
      if (char === undefined) return null;
      ranges.push([char, char]);
      before = char;
    } else if (char === '-' && before !== null && source[at + 1] !== undefined && source[at + 1] !== ']') {
      let high = source[++at]!;
      if (high === '\\') {
        if (source[at + 1] === undefined) return null;
        high = source[++at]!;
      }
      ranges.push([before, high]);
      before = null;
    } else if (char === '[' && source[at + 1] === ':') {
      const close = source.indexOf(']', at + 2);
      if (close < 0) return null;
      const name = source[close - 1] === ':' && close - 1 > at + 1 ? source.slice(at + 2, close - 1) : null;
      if (name === null) {
        // no name of a class after all: a plain bracket
        ranges.push(['[', '[']);
        before = '[';
      } else {
        const known = Object.hasOwn(named, name) ? named[name] : undefined;
        if (!known) return null;
        classes.push(known);
        before = null;
        at = close;
      }
    } else {
      ranges.push([char, char]);
      before = char;
    }
  }
  const takes = (char: string): boolean =>
    ranges.some(([low, high]) => char >= low && char <= high) || classes.some(known => known.test(char));
  return { test: char => char !== '/' && takes(char) !== negated, end: at };
}

/**
 * What the patterns say of a path: the last one that matches decides; `null` where none does. Folders above the path are not looked at: who walks down has asked for them.
 * @param path the parts of the path, in the case that the rules were parsed with
 * @param from how many parts lead to the folder that the ignore file stands in
 */
export function ignoreVerdict(rules: IgnoreRules, path: readonly string[], from: number, folder: boolean, effort: Effort): boolean | null {
  const { patterns } = rules;
  const name = path.at(-1)!;
  for (let i = patterns.length - 1; i >= 0; i--) {
    const { negated, folderOnly, nameOnly, parts } = patterns[i]!;
    effort.left--;
    if (folderOnly && !folder) continue;
    if (nameOnly ? matchesPart(parts[0]!, name, effort) : matchesParts(parts, path, from, effort)) return !negated;
    if (effort.left < 0) return null;
  }
  return null;
}

/** Matches parts greedily; at a mismatch the last `**` takes one folder more. */
function matchesParts(parts: readonly Part[], path: readonly string[], from: number, effort: Effort): boolean {
  let part = 0;
  let at = from;
  let back = -1;
  let backAt = 0;
  while (at < path.length) {
    effort.left--;
    const wanted = parts[part];
    if (wanted === folders) {
      // at the end it takes everything below a folder, the folder itself not
      if (part === parts.length - 1) return true;
      back = part++;
      backAt = at;
    } else if (wanted !== undefined && matchesPart(wanted, path[at]!, effort)) {
      part++;
      at++;
    } else if (back >= 0) {
      part = back + 1;
      at = ++backAt;
    } else return false;
    if (effort.left < 0) return false;
  }
  return part === parts.length;
}

function matchesPart(part: Part, name: string, effort: Effort): boolean {
  if (part === folders) return true;
  if (typeof part === 'string') return part === name;
  let token = 0;
  let at = 0;
  let back = -1;
  let backAt = 0;
  while (at < name.length) {
    effort.left--;
    const wanted = part[token];
    if (wanted === star) {
      if (token === part.length - 1) return true;
      back = token++;
      backAt = at;
    } else if (wanted !== undefined && takes(wanted, name[at]!)) {
      token++;
      at++;
    } else if (back >= 0) {
      token = back + 1;
      at = ++backAt;
    } else return false;
    if (effort.left < 0) return false;
  }
  while (part[token] === star) token++;
  return token === part.length;
}

function takes(token: Token, char: string): boolean {
  return token === any || (typeof token === 'string' ? token === char : typeof token === 'function' && token(char));
}
