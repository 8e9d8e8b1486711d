/*
 * Globs of the configuration, the command line and the files that pipelines name. They are matched with a set of states that walks the path once, so that no pattern, however
 * it is written, takes more than (length of pattern) x (length of path) steps.
 */

/** A state: eats one character that `test` takes, or, without `test`, none. `next` holds the places to go on. */
interface State {
  readonly test: ((char: string) => boolean) | null;
  readonly next: number[];
}

interface Automaton {
  readonly states: readonly State[];
  readonly start: number;
  readonly end: number;
}

/** Braces nested deeper are taken as plain characters: nobody writes them, and the parser calls itself for each level. */
const maxDepth = 8;

const notSlash = (char: string): boolean => char !== '/';
const any = (): boolean => true;

/** Builds the automaton of one pattern, which is anchored at both ends. */
function compile(pattern: string): Automaton {
  const states: State[] = [];
  const add = (test: State['test'] = null): number => states.push({ test, next: [] }) - 1;
  const link = (from: number, to: number): void => void states[from]!.next.push(to);
  const chars = [...pattern];

  /** Adds a state that eats a character, behind `from`, and gives the place behind it. */
  const eat = (from: number, test: (char: string) => boolean): number => {
    const state = add(test);
    const behind = add();
    link(from, state);
    link(state, behind);
    return behind;
  };
  /** Any number of characters that `test` takes. */
  const loop = (from: number, test: (char: string) => boolean): number => {
    const place = add();
    const state = add(test);
    link(from, place);
    link(place, state);
    link(state, place);
    return place;
  };

  /** Reads from `at` up to the end, or to a `,` or `}` of the braces that it stands in. */
  const sequence = (from: number, at: number, depth: number): { place: number; at: number } => {
    let place = from;
    while (at < chars.length) {
      const char = chars[at]!;
      if (depth > 0 && (char === ',' || char === '}')) break;
      if (char === '*') {
        let stars = at;
        while (chars[stars] === '*') stars++;
        const wholeSegment = (at === 0 || chars[at - 1] === '/') && (stars === chars.length || chars[stars] === '/');
        if (stars - at > 1 && wholeSegment && chars[stars] === '/') {
          // any folders, none among them
          const start = place;
          const folders = loop(add2(place), any);
          const slash = eat(folders, c => c === '/');
          place = add();
          link(slash, place);
          link(start, place);
          at = stars + 1;
        } else {
          place = loop(place, stars - at > 1 && wholeSegment ? any : notSlash);
          at = stars;
        }
      } else if (char === '?') {
        place = eat(place, notSlash);
        at++;
      } else if (char === '[') {
        const set = characterClass(chars, at);
        place = eat(place, set ? set.test : c => c === '[');
        at = set ? set.at : at + 1;
      } else if (char === '{' && depth < maxDepth) {
        const alternatives = braces(place, at, depth);
        if (alternatives) ({ place, at } = alternatives);
        else {
          place = eat(place, c => c === '{');
          at++;
        }
      } else {
        const literal = char === '\\' && at + 1 < chars.length ? chars[++at]! : char;
        place = eat(place, c => c === literal);
        at++;
      }
    }
    return { place, at };
  };
  /** A fresh place reached from `from` without a character, so that a loop at it does not leak into `from`. */
  const add2 = (from: number): number => {
    const place = add();
    link(from, place);
    return place;
  };
  const braces = (from: number, open: number, depth: number): { place: number; at: number } | null => {
    if (closing(chars, open) < 0) return null;
    const end = add();
    let at = open;
    do {
      const branch = sequence(add2(from), at + 1, depth + 1);
      link(branch.place, end);
      at = branch.at;
    } while (chars[at] === ',');
    return { place: end, at: at + 1 };
  };

  const start = add();
  const { place } = sequence(start, 0, 0);
  return { states, start, end: place };
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

/** Reads `[abc]`, `[a-z]`, `[!a]`; `null` where the bracket is not closed. A class never takes a slash. */
function characterClass(chars: readonly string[], open: number): { test: (char: string) => boolean; at: number } | null {
  const negated = chars[open + 1] === '!' || chars[open + 1] === '^';
  const first = open + (negated ? 2 : 1);
  const close = chars.indexOf(']', first + 1);
  if (close < 0) return null;
  const ranges: [string, string][] = [];
  for (let at = first; at < close; at++) {
    if (chars[at + 1] === '-' && at + 2 < close) {
      ranges.push([chars[at]!, chars[at + 2]!]);
      at += 2;
    } else ranges.push([chars[at]!, chars[at]!]);
  }
  return { test: char => char !== '/' && ranges.some(([low, high]) => char >= low && char <= high) !== negated, at: close + 1 };
}

/** Walks the path once. Gives whether the whole path matched, and whether a folder on the way to it did. */
function run({ states, start, end }: Automaton, path: string): { whole: boolean; folder: boolean } {
  /** The step in which a state was entered last, so that it is entered once a step. */
  const entered = new Int32Array(states.length).fill(-1);
  const stack: number[] = [];
  let step = 0;
  const enter = (into: number[], from: number): void => {
    stack.push(from);
    while (stack.length > 0) {
      const state = stack.pop()!;
      if (entered[state] === step) continue;
      entered[state] = step;
      if (states[state]!.test === null) {
        if (state === end) into.push(state);
        for (const next of states[state]!.next) stack.push(next);
      } else into.push(state);
    }
  };
  let current: number[] = [];
  let folder = false;
  enter(current, start);
  for (const char of path) {
    if (char === '/') folder ||= current.includes(end);
    step++;
    const next: number[] = [];
    for (const state of current) if (states[state]!.test?.(char)) for (const to of states[state]!.next) enter(next, to);
    current = next;
    if (current.length === 0) break;
  }
  return { whole: current.includes(end), folder };
}

const compiled = new Map<string, (path: string) => boolean>();

/**
 * Whether a path, relative and with `/`, matches a glob: `*` and `?` within one part of the path, `**` over any number of parts, `[a-z]`, `[!a]`,
 * `{a,b}`, `\` before a character that is meant as it stands. A glob without a slash matches in every folder; one that names a folder
 * matches everything in it; one that starts with `/` or `./` is anchored, as is every glob with a slash inside.
 */
export function matchGlob(pattern: string, path: string): boolean {
  let match = compiled.get(pattern);
  if (!match) {
    // patterns come from one configuration; the bound is for a server that sees it being typed
    if (compiled.size > 500) compiled.clear();
    compiled.set(pattern, (match = compileGlob(pattern)));
  }
  return match(path);
}

function compileGlob(pattern: string): (path: string) => boolean {
  let glob = pattern.startsWith('./') ? pattern.slice(1) : pattern;
  const folderOnly = glob.endsWith('/');
  if (folderOnly) glob = glob.slice(0, -1);
  const anchored = glob.includes('/');
  if (glob.startsWith('/')) glob = glob.slice(1);
  const automaton = compile(glob);
  return path => {
    if (path === '') return false;
    if (anchored) {
      const { whole, folder } = run(automaton, path);
      return folder || (whole && !folderOnly);
    }
    const parts = path.split('/');
    if (folderOnly) parts.pop();
    return parts.some(part => run(automaton, part).whole);
  };
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
