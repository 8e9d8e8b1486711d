import type { Part } from '../family/part';
import type { Range } from '../text/range';
import { firstIndex } from '../text/search';

/** What holds for findings in some place. */
export interface Placed {
  readonly part: Part;
  /** In the part's text: findings that start elsewhere are not meant. `null`: those anywhere may be. */
  readonly near: Range | null;
}

/**
 * Finds, among things that hold in places, those that may hold for a finding that starts at `start` (an offset in the part's text), in the
 * order in which they were given. Costs what is around there, not what is in the file.
 */
export function createPlaces<T extends Placed>(all: readonly T[]): (part: Part, start: number) => readonly T[] {
  /** `reach`: the last end of this place and of all that begin before it. */
  interface Item {
    readonly order: number;
    readonly near: Range;
    reach: number;
  }
  const anywhere: number[] = [];
  const byPart = new Map<Part, Item[]>();
  all.forEach(({ part, near }, order) => {
    if (near === null) return void anywhere.push(order);
    const item = { order, near, reach: near.end };
    const items = byPart.get(part);
    if (items) items.push(item);
    else byPart.set(part, [item]);
  });
  for (const items of byPart.values()) {
    items.sort((a, b) => a.near.start - b.near.start);
    items.forEach((item, i) => (item.reach = Math.max(item.reach, items[i - 1]?.reach ?? 0)));
  }
  return (part, start) => {
    const items = byPart.get(part) ?? [];
    const found = [...anywhere];
    for (let i = firstIndex(items.length, at => items[at]!.near.start > start) - 1; i >= 0 && items[i]!.reach >= start; i--)
      if (items[i]!.near.end >= start) found.push(items[i]!.order);
    return found.sort((a, b) => a - b).map(order => all[order]!);
  };
}
