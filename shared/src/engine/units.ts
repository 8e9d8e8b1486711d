import type { Part } from '../families/family/part';
import type { Finding } from '../rule/finding/types';
import type { Fix, Operation } from '../rule/fix/types';
import type { Refusal } from '../base/terms/reasons';
import type { FixFilter } from './engine';
import type { PartFinding } from './lint';

/** Fixes that are applied together or not at all. */
export interface Unit {
  readonly part: Part;
  readonly members: readonly { readonly finding: PartFinding; readonly fix: Fix }[];
  readonly operations: readonly Operation[];
}

/** Why a fix was not taken. */
export interface Drop extends Refusal {
  /** The finding that the changed text would have: the one that the fix answers, or another. */
  readonly brings?: Finding;
}

/** Why a finding's fix was not taken, by the finding's key. */
export type Dropped = Map<string, Drop>;

/** Whether a fix changes this file without asking a registry or a person. */
function isOwn({ needsDigest, elsewhere, places }: Fix): boolean {
  return needsDigest === undefined && elsewhere === undefined && places === undefined;
}

/** The units that the findings of a text ask for, by part. */
export function collectUnits(findings: readonly PartFinding[], select: FixFilter, dropped: Dropped): Map<Part, Unit[]> {
  const groups = new Map<string, { part: Part; members: { finding: PartFinding; fix: Fix }[] }>();
  const groupOf = ({ part }: PartFinding, { group }: Fix): string | null => (group === undefined ? null : `${part.index} ${group}`);
  const wanted = findings.map(({ finding, key }) =>
    finding.suppression ? undefined : finding.fixes.find(f => isOwn(f) && select(finding, f, key)),
  );
  // who agrees to one attended fix of a group agrees to those that go with it
  const agreed = new Set(wanted.map((fix, place) => (fix?.class === 'attended' ? groupOf(findings[place]!, fix) : null)));
  const goesWith = (finding: PartFinding, fix: Fix): boolean => {
    const group = fix.class === 'attended' && isOwn(fix) ? groupOf(finding, fix) : null;
    return group !== null && agreed.has(group);
  };
  findings.forEach((finding, place) => {
    if (finding.finding.suppression) return;
    const fix = wanted[place] ?? finding.finding.fixes.find(f => goesWith(finding, f));
    if (!fix) return;
    const id = groupOf(finding, fix) ?? `${place}`;
    const group = groups.get(id);
    if (group) group.members.push({ finding, fix });
    else groups.set(id, { part: finding.part, members: [{ finding, fix }] });
  });
  const units = new Map<Part, Unit[]>();
  for (const { part, members } of groups.values()) {
    try {
      const unit = { part, members, operations: members.flatMap(m => m.fix.operations()) };
      const list = units.get(part);
      if (list) list.push(unit);
      else units.set(part, [unit]);
    } catch (error) {
      drop(dropped, members, { reason: 'unverified', detail: String(error) });
    }
  }
  return units;
}

/** Notes why the fixes of a unit were not taken. */
export function drop(dropped: Dropped, members: Unit['members'], refusal: Drop): void {
  for (const { finding } of members) dropped.set(finding.key, refusal);
}
