import type { RawFinding } from '../rule/finding/engine-finding';
import { incompleteFinding, shortfallReason, type Shortfall } from '../rule/finding/incomplete';
import type { Part } from '../families/family/part';
import type { Range } from '../base/text/range';

/** Gathers what was not checked: one finding for each reason, where it first applies. */
export interface Shortfalls {
  /** `null`: it is about the file as a whole. */
  add(shortfall: Shortfall, part: Part | null, range?: Range): void;
  findings(parts: readonly Part[]): readonly { readonly part: Part; readonly raw: RawFinding }[];
  /** The first of them in words; `null` where there is none. */
  reason(): string | null;
}

/** Gathers the shortfalls of one file. */
export function createShortfalls(): Shortfalls {
  const byId = new Map<Shortfall['id'], { readonly shortfall: Shortfall; readonly part: Part | null; readonly range: Range }>();
  return {
    add: (shortfall, part, range = { start: 0, end: 0 }) => {
      const known = byId.get(shortfall.id);
      const count = (known && 'count' in known.shortfall ? known.shortfall.count : 0) + ('count' in shortfall ? shortfall.count : 0);
      const sum = 'count' in shortfall ? { ...shortfall, count } : shortfall;
      byId.set(shortfall.id, known ? { ...known, shortfall: sum } : { shortfall, part, range });
    },
    reason: () => [...byId.values()].map(({ shortfall }) => shortfallReason(shortfall))[0] ?? null,
    findings: parts =>
      [...byId.values()].flatMap(({ shortfall, part, range }) => {
        const place = part ?? parts[0];
        return place ? [{ part: place, raw: incompleteFinding(shortfall, range) }] : [];
      }),
  };
}
