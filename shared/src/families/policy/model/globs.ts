import type { PatternEngine } from './types';

/** What a pattern is made of. `run` and `name` stand for any number of characters, of `name` none is a slash; `one` for exactly one. */
type Token =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'run' }
  | { readonly is: 'name' }
  | { readonly is: 'one' }
  | { readonly is: 'class'; readonly not: boolean; readonly ranges: readonly (readonly [from: string, to: string])[] }
  | { readonly is: 'any-of'; readonly ways: readonly (readonly Token[])[] };

/** Patterns and images that are longer are none: names of images end at 255 characters, tags and digests at 140. */
const longest = 500;

/** How many patterns are compared with how many images, or with each other: a comparison may cost the product of both lengths. */
const mostPairs = 20_000;

/** Whether so many comparisons are too many for a file that is being typed. */
export function areTooMany(patterns: number, texts: number): boolean {
  return patterns * texts > mostPairs;
}

/** Alternatives within alternatives; gobwas/glob has no limit, people use one level. */
const deepest = 5;

/** Reads a pattern as an engine reads it; `null`: the engine refuses it. */
function readPattern(engine: PatternEngine, pattern: string): readonly Token[] | null {
  if (pattern.length > longest) return null;
  if (engine === 'kyverno') return readWildcard(pattern);
  if (engine === 'sigstore') return readSigstore(pattern);
  return readGobwas(pattern);
}

/** go-wildcard: nothing is special but `*` and `?`. */
function readWildcard(pattern: string): readonly Token[] {
  return pattern
    .split(/([*?])/)
    .map((part): Token => (part === '*' ? { is: 'run' } : part === '?' ? { is: 'one' } : { is: 'text', text: part }));
}

/** policy-controller: `**` crosses slashes, `*` does not, and only what may stand in a reference is allowed beside them. */
function readSigstore(pattern: string): readonly Token[] | null {
  if (!/^[\w\-:/*.@]+$/.test(pattern)) return null;
  const whole = pattern === '*' ? 'index.docker.io/library/*' : pattern === '*/*' ? 'index.docker.io/*/*' : pattern;
  return whole
    .split(/(\*\*|\*)/)
    .map((part): Token => (part === '**' ? { is: 'run' } : part === '*' ? { is: 'name' } : { is: 'text', text: part }));
}

/** gobwas/glob without separators: `*`, `?`, `[ab]`, `[a-z]`, `[!a]`, `{a,b}`, and `\` before what is meant as it is. */
function readGobwas(pattern: string): readonly Token[] | null {
  let at = 0;
  const readClass = (): Token | null => {
    const not = pattern[at] === '!';
    if (not) at++;
    const ranges: [string, string][] = [];
    for (; at < pattern.length && pattern[at] !== ']'; at++) {
      const from = pattern[at]!;
      if (pattern[at + 1] === '-' && pattern[at + 2] !== undefined && pattern[at + 2] !== ']') ranges.push([from, pattern[(at += 2)]!]);
      else ranges.push([from, from]);
    }
    if (at >= pattern.length || ranges.length === 0) return null;
    at++;
    return { is: 'class', not, ranges };
  };
  const read = (depth: number): readonly Token[] | null => {
    const tokens: Token[] = [];
    const add = (text: string): void => void tokens.push({ is: 'text', text });
    while (at < pattern.length) {
      const char = pattern[at]!;
      if (depth > 0 && (char === ',' || char === '}')) break;
      at++;
      if (char === '\\') {
        if (at >= pattern.length) return null;
        add(pattern[at++]!);
      } else if (char === '*') tokens.push({ is: 'run' });
      else if (char === '?') tokens.push({ is: 'one' });
      else if (char === '[') {
        const found = readClass();
        if (!found) return null;
        tokens.push(found);
      } else if (char === '{') {
        const ways: (readonly Token[])[] = [];
        if (depth >= deepest) return null;
        do {
          const way = read(depth + 1);
          if (!way) return null;
          ways.push(way);
        } while (pattern[at++] === ',');
        if (pattern[at - 1] !== '}') return null;
        tokens.push({ is: 'any-of', ways });
      } else add(char);
    }
    return tokens;
  };
  return read(0);
}

function fits(token: Extract<Token, { is: 'one' | 'class' }>, char: string): boolean {
  return token.is === 'one' || token.not !== token.ranges.some(([from, to]) => from <= char && char <= to);
}

/** Where one may be behind tokens, for each place that one may be in front of them. */
function follow(tokens: readonly Token[], text: string, starts: ReadonlySet<number>): ReadonlySet<number> {
  let places = starts;
  for (const token of tokens) {
    const next = new Set<number>();
    if (token.is === 'run' || token.is === 'name') {
      let open = false;
      for (let at = 0; at <= text.length; at++) {
        open = places.has(at) || (open && !(token.is === 'name' && text[at - 1] === '/'));
        if (open) next.add(at);
      }
    } else if (token.is === 'any-of') for (const way of token.ways) for (const end of follow(way, text, places)) next.add(end);
    else
      for (const at of places) {
        if (token.is === 'text') {
          if (text.startsWith(token.text, at)) next.add(at + token.text.length);
        } else if (at < text.length && fits(token, text[at]!)) next.add(at + 1);
      }
    places = next;
    if (places.size === 0) break;
  }
  return places;
}

/** Whether an engine can read a pattern at all. */
export function isPattern(engine: PatternEngine, pattern: string): boolean {
  return readPattern(engine, pattern) !== null;
}

/** Whether a pattern matches a text as it is, from its beginning to its end. Costs at most the product of their lengths. */
export function matchesText(engine: PatternEngine, pattern: string, text: string): boolean {
  const tokens = text.length > longest ? null : readPattern(engine, pattern);
  return tokens !== null && follow(tokens, text, new Set([0])).has(text.length);
}
