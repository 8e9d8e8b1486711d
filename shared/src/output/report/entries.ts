import { severities } from '../../base/terms/types';
import { groupOf, groups } from '../../families/registry';
import type { Finding } from '../../rule/finding/types';
import type { FindingGroup } from '../../rule/finding/group';

/** What people are shown as one: a finding, or several of one kind at one token. */
export interface Entry {
  /** The one that the entry is about first: the most severe, of those the hardest. */
  readonly finding: Finding;
  /** All of them, in that order. */
  readonly members: readonly Finding[];
  /** What they have in common, where they are several. */
  readonly group: FindingGroup | null;
}

/** How hard a rule is among those of its group; 0: the hardest. */
const ranks = new Map(groups.flatMap(({ rules }) => Object.keys(rules).map((rule, rank) => [rule, rank] as const)));

/** Findings as people are shown them, in the order of the first of each entry. Severities, suppressions and counts stay those of single findings. */
export function entriesOf(findings: readonly Finding[]): readonly Entry[] {
  const entries: { readonly group: FindingGroup | null; readonly members: Finding[] }[] = [];
  const byPlace = new Map<string, Finding[]>();
  for (const finding of findings) {
    const group = groupOf(finding.rule);
    const key = group && placeOf(group, finding);
    const others = key === null ? undefined : byPlace.get(key);
    if (others) others.push(finding);
    else {
      const members = [finding];
      if (key !== null) byPlace.set(key, members);
      entries.push({ group, members });
    }
  }
  return entries.map(({ group, members }) => {
    if (group === null || members.length === 1) return { finding: members[0]!, members, group: null };
    members.sort((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity) || ranks.get(a.rule)! - ranks.get(b.rule)!);
    return { finding: members[0]!, members, group };
  });
}

/** What the findings of an entry have in common. Where text is shared, one token may be said of several containers. */
function placeOf({ id }: FindingGroup, { range: { start, end }, object }: Finding): string {
  return `${id} ${start} ${end} ${object?.name} ${object?.container}`;
}
