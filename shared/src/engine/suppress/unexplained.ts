import type { Part } from '../../families/family/part';
import { engineFinding, type RawFinding, unexplainedRule } from '../../rule/finding/engine-finding';
import type { Range } from '../../base/text/range';
import type { DirectiveRule } from './parse';

/** How many rules of one directive its finding names. */
const maxNamed = 3;

/** A finding and the part that its range is in. */
interface PartFinding {
  readonly part: Part;
  readonly finding: RawFinding;
}

/** Collects the suppressions that give no reason: one finding for each comment or annotation. */
export interface Unexplained {
  /** One of ours, which names these rules. */
  add(part: Part, range: Range, rules: readonly DirectiveRule[]): void;
  /** One of another tool, of which something of ours takes notice. */
  addPeer(part: Part, range: Range, peer: string): void;
  found(): readonly PartFinding[];
}

/** Creates a collection; it stays empty where no reason is required. Rules that are not known suppress nothing: those are findings of another kind. */
export function createUnexplained({
  requireReason,
  known,
}: {
  readonly requireReason: boolean;
  readonly known: ReadonlySet<string>;
}): Unexplained {
  const all: PartFinding[] = [];
  const peers = new Set<string>();
  return {
    add: (part, range, rules) => {
      const names = requireReason ? [...new Set(rules.map(({ id }) => id).filter(id => known.has(id)))] : [];
      if (names.length === 0) return;
      const more = names.length > maxNamed ? ` and ${names.length - maxNamed} more` : '';
      const data = { rule: `${names.slice(0, maxNamed).join(', ')}${more}` };
      all.push({ part, finding: engineFinding(unexplainedRule, 'directive', data, { severity: 'warning', range }) });
    },
    addPeer: (part, range, peer) => {
      // one comment may name several ids
      const key = `${part.index} ${range.start}`;
      if (!requireReason || peers.has(key)) return;
      peers.add(key);
      all.push({ part, finding: engineFinding(unexplainedRule, 'peer', { peer }, { severity: 'warning', range }) });
    },
    found: () => all,
  };
}
