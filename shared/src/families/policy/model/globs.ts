import {
  anything,
  automatonOf,
  keeping,
  literally,
  matches,
  notSlash,
  readClass,
  type Automaton,
  type ClassStyle,
  type Step,
} from '../../../base/text/automaton';
import type { PatternEngine } from './types';

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

const run: Step = { is: 'many', takes: anything };
const name: Step = { is: 'many', takes: notSlash };
const one: Step = { is: 'one', takes: anything };

/** go-wildcard: nothing is special but `*` and `?`. */
function readWildcard(pattern: string): readonly Step[] {
  return pattern.split(/([*?])/).flatMap(part => (part === '*' ? run : part === '?' ? one : literally(part)));
}

/** policy-controller: `**` crosses slashes, `*` does not, and only what may stand in a reference is allowed beside them. */
function readSigstore(pattern: string): readonly Step[] | null {
  if (!/^[\w\-:/*.@]+$/.test(pattern)) return null;
  const whole = pattern === '*' ? 'index.docker.io/library/*' : pattern === '*/*' ? 'index.docker.io/*/*' : pattern;
  return whole.split(/(\*\*|\*)/).flatMap(part => (part === '**' ? run : part === '*' ? name : literally(part)));
}

const style: ClassStyle = { not: '!', slash: true, escapes: false, closesAtOnce: true };

/** gobwas/glob without separators: `*`, `?`, `[ab]`, `[a-z]`, `[!a]`, `{a,b}`, and `\` before what is meant as it is. */
function readGobwas(pattern: string): readonly Step[] | null {
  const chars = [...pattern];
  let at = 0;
  const readWays = (depth: number): Step | null => {
    const ways: (readonly Step[])[] = [];
    do {
      const way = read(depth);
      if (!way) return null;
      ways.push(way);
    } while (chars[at++] === ',');
    return chars[at - 1] === '}' ? { is: 'any-of', ways } : null;
  };
  const read = (depth: number): readonly Step[] | null => {
    if (depth > deepest) return null;
    const steps: Step[] = [];
    while (at < chars.length) {
      const char = chars[at]!;
      if (depth > 0 && (char === ',' || char === '}')) break;
      at++;
      if (char === '*') steps.push(run);
      else if (char === '?') steps.push(one);
      else if (char === '[') {
        const set = readClass(chars, at - 1, style);
        if (!set) return null;
        steps.push({ is: 'one', takes: set.takes });
        at = set.at;
      } else if (char === '{') {
        const ways = readWays(depth + 1);
        if (!ways) return null;
        steps.push(ways);
      } else if (char !== '\\') steps.push(...literally(char));
      else if (at < chars.length) steps.push(...literally(chars[at++]!));
      else return null;
    }
    return steps;
  };
  return read(0);
}

/** Reads patterns as an engine reads them; `null`: the engine refuses it. */
const reader = (read: (pattern: string) => readonly Step[] | null): ((pattern: string) => Automaton | null) =>
  keeping(pattern => {
    const steps = pattern.length > longest ? null : read(pattern);
    return steps && automatonOf(steps);
  });
const readers: Readonly<Record<PatternEngine, (pattern: string) => Automaton | null>> = {
  kyverno: reader(readWildcard),
  'kyverno-cel': reader(readGobwas),
  sigstore: reader(readSigstore),
};

/** Whether an engine can read a pattern at all. */
export function isPattern(engine: PatternEngine, pattern: string): boolean {
  return readers[engine](pattern) !== null;
}

/** Whether a pattern matches a text as it is, from its beginning to its end. Costs at most the product of their lengths. */
export function matchesText(engine: PatternEngine, pattern: string, text: string): boolean {
  const automaton = text.length > longest ? null : readers[engine](pattern);
  return automaton !== null && matches(automaton, text);
}
