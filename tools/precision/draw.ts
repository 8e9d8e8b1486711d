import { createHash } from 'node:crypto';

/** How a sample is drawn: how many of all, how many at most of one group. */
export interface Draw {
  readonly seed: string;
  readonly count: number;
  readonly most: number;
}

/** Items in an order that the seed gives. Each has its number from its own name: one finding more leaves the order of the others. */
function shuffled<T>(items: readonly T[], name: (item: T) => string, seed: string): readonly T[] {
  return items
    .map(item => ({
      item,
      number: createHash('sha256')
        .update(`${seed} ${name(item)}`)
        .digest('hex'),
    }))
    .sort((a, b) => (a.number < b.number ? -1 : 1))
    .map(({ item }) => item);
}

/** Draws a sample by group (the rule, say): one of each, then a second one of each, until there are enough. */
export function draw<T>(items: readonly T[], group: (item: T) => string, name: (item: T) => string, of: Draw): readonly T[] {
  const ids = shuffled([...new Set(items.map(group))], id => id, of.seed);
  const sorted = ids.map(id => items.filter(item => group(item) === id)).sort((a, b) => a.length - b.length);
  // rare groups first, each followed by a frequent one: a rare rule errs unseen, a frequent one often
  const order = sorted.map((_, i) => sorted[i % 2 === 0 ? i / 2 : sorted.length - (i + 1) / 2]!).map(all => shuffled(all, name, of.seed));
  const rounds = Array.from({ length: of.most }, (_, round) => order.flatMap(all => all.slice(round, round + 1)));
  return rounds.flat().slice(0, of.count);
}

/** Draws a sample of all items alike, but at most so many of one group: the share of what is drawn is the share of what there is. */
export function drawEvenly<T>(items: readonly T[], group: (item: T) => string, name: (item: T) => string, of: Draw): readonly T[] {
  const drawn = new Map<string, number>();
  const kept = shuffled(items, name, of.seed).filter(item => {
    const before = drawn.get(group(item)) ?? 0;
    drawn.set(group(item), before + 1);
    return before < of.most;
  });
  return kept.slice(0, of.count);
}
