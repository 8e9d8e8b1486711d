import { automatonOf, NotModelled, type Automaton } from './automaton';

/**
 * Proves that a pattern costs at most so many steps for each character of a text. A backtracking matcher takes each path of the automaton at
 * most once, and the number of paths grows only where two loops can share a text (one reads `v` and stays, `v` leads from it to the other,
 * which reads `v` and stays: quadratic), or one loop can read a text in two ways (exponential). See Weideman et al., "Analyzing Matching
 * Time Behavior of Backtracking Regular Expression Matchers by Using Ambiguity of NFA". Since a match may be found before all paths are
 * taken, what is not proven may be harmless still.
 */
export type Proof = { readonly linear: true; readonly factor: number } | { readonly linear: false; readonly why: string };

/** More steps for each character than this are too many. */
const largestFactor = 500;

/** The states of a loop, and how often it runs at most. */
interface Loop {
  readonly states: ReadonlySet<number>;
  readonly turns: number;
}

/** Judges a pattern. */
export function prove(source: string, flags: string): Proof {
  try {
    const automaton = automatonOf(source, flags);
    const loops = loopsOf(automaton);
    const ambiguous = loops.find(loop => isAmbiguous(automaton, loop));
    if (ambiguous) return { linear: false, why: `can read a text in two ways: the loop of ${nameOf(automaton, ambiguous)}` };
    const { factor, pair } = worstFactor(automaton, loops);
    const steps = factor * (1 + automaton.behind);
    if (steps <= largestFactor) return { linear: true, factor: steps };
    const shared = pair.map(loop => nameOf(automaton, loop)).join(', ');
    return {
      linear: false,
      why: steps === Infinity ? `can share a text: the loops of ${shared}` : `takes ${steps} steps for each character`,
    };
  } catch (error) {
    if (error instanceof NotModelled) return { linear: false, why: error.message };
    throw error;
  }
}

/** A loop by what it reads. */
const nameOf = ({ names }: Automaton, { states }: Loop): string =>
  [...states]
    .sort((a, b) => a - b)
    .map(state => names[state])
    .join(' ');

/** The states that a set of states leads to, itself not included unless it loops. */
function reach(edges: readonly (readonly number[])[], from: number): ReadonlySet<number> {
  const seen = new Set<number>();
  const todo = [...edges[from]!];
  for (let state = todo.pop(); state !== undefined; state = todo.pop()) {
    if (seen.has(state)) continue;
    seen.add(state);
    todo.push(...edges[state]!);
  }
  return seen;
}

/** Loops that lie in each other are one, which runs as often as their counts say together. */
function loopsOf({ next, size, loops }: Automaton): readonly Loop[] {
  const reached = next.map((_, state) => reach(next, state));
  const found: Loop[] = [];
  const done = new Set<number>();
  for (let state = 0; state < size; state++) {
    if (done.has(state) || !reached[state]!.has(state)) continue;
    const states = new Set([...reached[state]!].filter(other => reached[other]!.has(state)));
    for (const each of states) done.add(each);
    const counts = new Map<number, number>();
    for (const [edge, max] of loops) if (states.has(Math.floor(edge / size)) && states.has(edge % size)) counts.set(edge % size, max);
    const turns = state === 0 ? Infinity : [...counts.values()].reduce((product, max) => product * max, 1);
    found.push({ states, turns });
  }
  return found;
}

/** Whether there are two ways round a loop with one text. */
function isAmbiguous({ next, reads, size, classes }: Automaton, { states }: Loop): boolean {
  const within = next.map(followers => followers.filter(state => states.has(state)));
  for (const state of states) if (new Set(within[state]).size < within[state]!.length) return true;
  const share = (a: number, b: number): boolean => {
    for (let c = 0; c < classes; c++) if (reads[a]![c] && reads[b]![c]) return true;
    return false;
  };
  const pairs: number[][] = [];
  const back: number[][] = [];
  const todo = [...states].map(state => state * size + state);
  const seen = new Set(todo);
  for (let pair = todo.pop(); pair !== undefined; pair = todo.pop()) {
    for (const a of within[Math.floor(pair / size)]!)
      for (const b of within[pair % size]!) {
        const to = a * size + b;
        if (!share(a, b)) continue;
        (pairs[pair] ??= []).push(to);
        (back[to] ??= []).push(pair);
        if (seen.has(to)) continue;
        seen.add(to);
        todo.push(to);
      }
  }
  // Two ways that parted and meet again.
  const meeting = [...states].map(state => state * size + state);
  const returns = new Set(meeting);
  for (let pair = meeting.pop(); pair !== undefined; pair = meeting.pop())
    for (const from of back[pair] ?? []) {
      if (returns.has(from)) continue;
      returns.add(from);
      meeting.push(from);
    }
  return [...returns].some(pair => seen.has(pair) && Math.floor(pair / size) !== pair % size);
}

/** Whether a text exists that one loop reads and stays, that leads from it to the other, and that the other reads and stays. */
function shareText({ next, reads, size, classes }: Automaton, one: Loop, other: Loop, reached: readonly ReadonlySet<number>[]): boolean {
  const between = next.map(followers =>
    followers.filter(state => one.states.has(state) || other.states.has(state) || [...other.states].some(q => reached[state]!.has(q))),
  );
  const stay = (loop: Loop) => next.map(followers => followers.filter(state => loop.states.has(state)));
  const [first, last] = [stay(one), stay(other)];
  for (const p of one.states)
    for (const q of other.states) {
      const goal = (p * size + q) * size + q;
      const seen = new Set<number>();
      const todo: (readonly [number, number, number])[] = [[p, p, q]];
      for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
        for (const a of first[at[0]]!)
          for (const b of between[at[1]]!)
            for (const c of last[at[2]]!) {
              const key = (a * size + b) * size + c;
              if (seen.has(key)) continue;
              let common = false;
              for (let i = 0; i < classes && !common; i++) common = reads[a]![i]! && reads[b]![i]! && reads[c]![i]!;
              if (!common) continue;
              if (key === goal) return true;
              seen.add(key);
              todo.push([a, b, c]);
            }
      }
    }
  return false;
}

/** The most steps for each character: along a chain of loops that share texts one may run freely, the others multiply. And two of those that make it so. */
function worstFactor(automaton: Automaton, loops: readonly Loop[]): { readonly factor: number; readonly pair: readonly Loop[] } {
  const reached = automaton.next.map((_, state) => reach(automaton.next, state));
  const known = new Map<Loop, { all: number; free: number }>();
  let factor = 1;
  let pair: readonly Loop[] = [];
  /** Over chains that start with a loop: the product of all, and of all but the freest. */
  const measure = (loop: Loop): { all: number; free: number } => {
    const before = known.get(loop);
    if (before) return before;
    let worst = { all: loop.turns, free: 1 };
    const [some] = loop.states;
    for (const other of loops) {
      const [target] = other.states;
      if (other === loop || !reached[some!]!.has(target!) || !shareText(automaton, loop, other, reached)) continue;
      const { all, free } = measure(other);
      const both = Math.min(all, loop.turns * free);
      if (both > factor) [factor, pair] = [both, [loop, other]];
      worst = { all: Math.max(worst.all, loop.turns * all), free: Math.max(worst.free, both) };
    }
    known.set(loop, worst);
    return worst;
  };
  for (const loop of loops) measure(loop);
  return { factor, pair };
}
