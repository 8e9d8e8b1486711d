/*
 * What the readers of patterns have in common: globs of the configuration, of .gitignore, .dockerignore, policies and the shell. Each reads its dialect into steps; the steps
 * become a set of states that goes over a text once, so that no pattern, however it is written, takes more than (length of pattern) x (length of text).
 */

/** Part of a pattern: one character, any number of them, or one of several ways to go on. */
export type Step =
  | { readonly is: 'one'; readonly takes: Takes; readonly literal?: string }
  | { readonly is: 'many'; readonly takes: Takes }
  | { readonly is: 'any-of'; readonly ways: readonly (readonly Step[])[] };

/** Whether a character may be here. */
export type Takes = (char: string) => boolean;

export const anything: Takes = () => true;
export const notSlash: Takes = char => char !== '/';

/** Steps that take a text as it is written. */
export function literally(text: string): readonly Step[] {
  return [...text].map(char => ({ is: 'one', takes: other => other === char, literal: char }));
}

/** Any number of whole folders, none among them: a `**` that a slash follows. */
export const folders: Step = { is: 'any-of', ways: [[], [{ is: 'many', takes: anything }, ...literally('/')]] };

/** How many steps matching may still take; goes below zero where it is used up. */
export interface Effort {
  left: number;
}

/** A state reads one character that it takes, or, without `takes`, none. `next` holds the states to go on with. */
interface State {
  readonly takes: Takes | null;
  readonly next: number[];
}

/** A pattern, ready to be matched. */
export interface Automaton {
  readonly states: readonly State[];
  readonly end: number;
  /** What every text that matches begins and ends with. */
  readonly prefix: string;
  readonly suffix: string;
  /** Whether `prefix` is all of it. */
  readonly isLiteral: boolean;
}

/** Makes an automaton of the steps of a pattern, which has to match from the first character to the last. */
export function automatonOf(steps: readonly Step[]): Automaton {
  const states: State[] = [];
  const add = (takes: Takes | null = null): number => states.push({ takes, next: [] }) - 1;
  const link = (from: number, to: number): void => void states[from]!.next.push(to);
  /** Adds a state behind another, and gives it. */
  const after = (from: number, takes: Takes | null = null): number => {
    const state = add(takes);
    link(from, state);
    return state;
  };
  const build = (all: readonly Step[], start: number): number =>
    all.reduce((from, step) => {
      if (step.is === 'one') return after(after(from, step.takes));
      // a place of its own: a loop must not lead back into what stands before it
      const place = after(from);
      if (step.is === 'many') {
        link(after(place, step.takes), place);
        return place;
      }
      const end = add();
      for (const way of step.ways) link(build(way, after(place)), end);
      return end;
    }, start);
  const end = build(steps, add());
  const literals = steps.map(step => (step.is === 'one' ? (step.literal ?? null) : null));
  const first = literals.indexOf(null);
  return {
    states,
    end,
    prefix: literals.slice(0, first < 0 ? literals.length : first).join(''),
    suffix: literals.slice(literals.lastIndexOf(null) + 1).join(''),
    isLiteral: first < 0,
  };
}

/** Where the pattern may end that begins at `from`, from the nearest place to the farthest, and whether it could go on behind the text. */
export function endsOf(
  { states, end }: Automaton,
  text: string,
  from = 0,
  effort?: Effort,
): { readonly ends: readonly number[]; readonly open: boolean } {
  const ends: number[] = [];
  /** Where each state was entered last, so that it is entered once a character. */
  const entered = new Int32Array(states.length).fill(-1);
  const stack: number[] = [];
  let current: number[] = [];
  let next: number[] = [];
  const enter = (state: number, at: number): void => {
    stack.push(state);
    while (stack.length > 0) {
      const top = stack.pop()!;
      if (entered[top] === at) continue;
      entered[top] = at;
      if (top === end) ends.push(at);
      if (states[top]!.takes !== null) next.push(top);
      else for (const other of states[top]!.next) stack.push(other);
    }
  };
  const read = (char: string, at: number): void => {
    next = [];
    for (const state of current) {
      if (effort && effort.left-- < 0) break;
      if (states[state]!.takes!(char)) for (const to of states[state]!.next) enter(to, at);
    }
    current = next;
  };
  enter(0, from);
  current = next;
  for (let at = from; at < text.length && current.length > 0;) {
    const char = String.fromCodePoint(text.codePointAt(at)!);
    at += char.length;
    read(char, at);
    if (effort && effort.left < 0) return { ends: [], open: false };
  }
  return { ends, open: current.length > 0 };
}

/** Whether a pattern matches a whole text. */
export function matches(automaton: Automaton, text: string, effort?: Effort): boolean {
  if (effort) effort.left--;
  if (automaton.isLiteral) return text === automaton.prefix;
  if (!text.startsWith(automaton.prefix) || !text.endsWith(automaton.suffix)) return false;
  return endsOf(automaton, text, 0, effort).ends.at(-1) === text.length;
}

/** Whether a pattern matches a whole path, or a folder on the way to it. */
export function matchesAbove(automaton: Automaton, path: string): boolean {
  if (!path.startsWith(automaton.prefix)) return false;
  return endsOf(automaton, path).ends.some(end => end === path.length || path[end] === '/');
}

/** How a dialect writes classes of characters: `[a-z]`. */
export interface ClassStyle {
  /** What turns a class into its opposite, at its beginning. */
  readonly not: string;
  /** Whether a class may take a slash. */
  readonly slash: boolean;
  /** Whether `\` stands before a character that is meant as it is. */
  readonly escapes: boolean;
  /** Names of classes in a class, `[:alpha:]`, as POSIX has them. */
  readonly named?: Readonly<Record<string, RegExp>>;
  /** Whether a class may be empty; elsewhere a `]` at its beginning is one of its characters. */
  readonly closesAtOnce?: boolean;
}

/** Reads the class that opens at `open`: what it takes, `null` for nothing at all, and where it ends. Gives `null` where it does not close. */
export function readClass(
  chars: readonly string[],
  open: number,
  style: ClassStyle,
): { readonly takes: Takes; readonly at: number } | null {
  // looked for first: a pattern may be brackets that stay open, and nothing else
  if (!chars.includes(']', open + 1)) return null;
  let at = open + 1;
  const isOpposite = style.not.includes(chars[at] ?? ' ');
  if (isOpposite) at++;
  const tests: Takes[] = [];
  const read = (): string | undefined => {
    if (style.escapes && chars[at] === '\\') at++;
    return chars[at++];
  };
  const first = at;
  while (chars[at] !== ']' || (at === first && !style.closesAtOnce)) {
    const name = style.named && chars[at] === '[' && chars[at + 1] === ':' ? className(chars, at) : null;
    if (name !== null) {
      const known = Object.hasOwn(style.named!, name.text) ? style.named![name.text] : undefined;
      if (!known) return null;
      tests.push(char => known.test(char));
      at = name.at;
      continue;
    }
    const low = read();
    let high = low;
    if (chars[at] === '-' && chars[at + 1] !== undefined && chars[at + 1] !== ']') {
      at++;
      high = read();
    }
    if (low === undefined || high === undefined) return null;
    tests.push(char => low <= char && char <= high);
    // to git the lower end is taken even where the range runs backwards
    if (style.named) tests.push(char => char === low);
  }
  if (tests.length === 0) return null;
  return { takes: char => (style.slash || char !== '/') && tests.some(test => test(char)) !== isOpposite, at: at + 1 };
}

/** The name in `[:alpha:]`, and what is behind it; `null`: it is a bracket as any other. */
function className(chars: readonly string[], open: number): { readonly text: string; readonly at: number } | null {
  const close = chars.indexOf(']', open + 2);
  return close - 1 > open + 1 && chars[close - 1] === ':' ? { text: chars.slice(open + 2, close - 1).join(''), at: close + 1 } : null;
}

/** A reader of patterns that keeps what it has read: patterns come from few files, and are matched with many texts. */
export function keeping<T>(read: (pattern: string) => T): (pattern: string) => T {
  const known = new Map<string, T>();
  return pattern => {
    if (known.has(pattern)) return known.get(pattern)!;
    // the bound is for a server that sees patterns being typed
    if (known.size > 500) known.clear();
    const made = read(pattern);
    known.set(pattern, made);
    return made;
  };
}
