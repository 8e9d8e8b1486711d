import type { Part } from '../../families/family/part';
import type { Range } from '../../base/text/range';
import { firstIndex } from '../../base/text/search';

/** What holds for findings in some place. */
export interface Placed {
  readonly part: Part;
  /** In the part's text: findings that start elsewhere are not meant. `null`: those anywhere may be. */
  readonly near: Range | null;
  /** JSON pointer: findings about another object, and not about something in this one, are not meant. Absent: all may be. */
  readonly pointer?: string;
}

/** Finds what may hold for a finding that starts at `start` (an offset in the part's text) and is about the object at `pointer`. */
export type FindPlaced<T> = (part: Part, start: number, pointer: string | null) => readonly T[];

/** A place in its part's text. `reach`: the last end of this place and of all that begin before it. */
interface Item {
  readonly order: number;
  readonly near: Range;
  reach: number;
}

/**
 * Finds, among things that hold in places, those that may hold for a finding, in the order in which they were given. Costs what is around
 * there, not what is in the file.
 */
export function createPlaces<T extends Placed>(all: readonly T[]): FindPlaced<T> {
  const anywhere: number[] = [];
  const byPart = new Map<Part, Item[]>();
  const byObject = new Map<Part, Map<string, number[]>>();
  all.forEach(({ part, near, pointer }, order) => {
    if (pointer !== undefined) {
      let objects = byObject.get(part);
      if (!objects) byObject.set(part, (objects = new Map<string, number[]>()));
      const orders = objects.get(pointer);
      if (orders) orders.push(order);
      else objects.set(pointer, [order]);
    } else if (near === null) anywhere.push(order);
    else {
      const item = { order, near, reach: near.end };
      const items = byPart.get(part);
      if (items) items.push(item);
      else byPart.set(part, [item]);
    }
  });
  for (const items of byPart.values()) {
    items.sort((a, b) => a.near.start - b.near.start);
    items.forEach((item, i) => (item.reach = Math.max(item.reach, items[i - 1]?.reach ?? 0)));
  }
  return (part, start, pointer) => {
    const found = [...anywhere];
    for (const items of [byPart.get(part) ?? [], (part.host && byPart.get(part.host)) ?? []])
      for (let i = firstIndex(items.length, at => items[at]!.near.start > start) - 1; i >= 0 && items[i]!.reach >= start; i--)
        if (items[i]!.near.end >= start) found.push(items[i]!.order);
    const objects = pointer === null ? undefined : byObject.get(part);
    if (objects) for (const outer of pointersAbove(pointer!)) found.push(...(objects.get(outer) ?? []));
    return found.sort((a, b) => a - b).map(order => all[order]!);
  };
}

/** A JSON pointer and those of all that it stands in. */
function pointersAbove(pointer: string): readonly string[] {
  const found = [pointer];
  for (let at = pointer.lastIndexOf('/'); at >= 0; at = at === 0 ? -1 : pointer.lastIndexOf('/', at - 1)) found.push(pointer.slice(0, at));
  return found;
}
