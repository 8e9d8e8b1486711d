import { lazily } from '../../../base/lazily';

/** A table of values by patterns of paths (`services.*.environment`), walked step by step beside a tree. */
export interface PathTable<T> {
  /** What is said of this very place. */
  readonly found: T | undefined;
  /** The tables of the steps that have one of their own. */
  readonly named: ReadonlyMap<string, PathTable<T>> | null;
  /** The table of every other step. */
  readonly any: PathTable<T> | null;
}

interface Draft<T> {
  found: T | undefined;
  named: Map<string, Draft<T>> | null;
  any: Draft<T> | null;
}

/** The patterns of some names, divided by blanks, below each of some places. */
export function under(places: readonly string[], names: string): readonly string[] {
  return places.flatMap(place => names.split(' ').map(name => `${place}.${name}`));
}

/** A table, made when it is first walked, of the patterns for each value; in one `*` stands for any step, and braces for alternatives of a step: `{services,jobs}.*.tmpfs`. */
export function pathTable<T extends string>(patterns: () => Readonly<Record<T, readonly string[]>>): PathTable<T> {
  const made = lazily(() => makeTable(patterns()));
  return {
    get found() {
      return made().found;
    },
    get named() {
      return made().named;
    },
    get any() {
      return made().any;
    },
  };
}

function makeTable<T extends string>(patterns: Readonly<Record<T, readonly string[]>>): PathTable<T> {
  const root: Draft<T> = { found: undefined, named: null, any: null };
  const pairs = (Object.entries(patterns) as [T, readonly string[]][]).flatMap(([value, all]) =>
    all.map(pattern => [pattern, value] as const),
  );
  for (const [pattern, value] of pairs) {
    let at = [root];
    for (const step of pattern.split('.')) {
      const names = step.startsWith('{') ? step.slice(1, -1).split(',') : [step];
      at = at.flatMap(table => names.map(name => next(table, name)));
    }
    for (const table of at) table.found = value;
  }
  return root;
}

function next<T>(table: Draft<T>, step: string): Draft<T> {
  const empty = (): Draft<T> => ({ found: undefined, named: null, any: null });
  if (step === '*') return (table.any ??= empty());
  const named = (table.named ??= new Map<string, Draft<T>>());
  let found = named.get(step);
  if (!found) named.set(step, (found = empty()));
  return found;
}

/** The table below a step; `null` where no pattern goes there. Of a step with a table of its own the general one does not count. */
export function below<T>(table: PathTable<T> | null, step: string | number): PathTable<T> | null {
  if (!table) return null;
  return (typeof step === 'string' ? table.named?.get(step) : undefined) ?? table.any;
}
