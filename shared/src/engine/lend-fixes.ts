import type { RawFinding } from '../rule/finding/engine-finding';
import type { Fix, Operation } from '../rule/fix/types';

/** A fix that a rule offers for its own finding. */
interface Offer {
  readonly rule: string;
  readonly fix: Fix;
  readonly operations: readonly Operation[];
}

/** Whether a fix changes this document and asks nothing. */
function isLendable({ class: kind, needsDigest, elsewhere, places, alone }: Fix): boolean {
  return kind !== 'manual' && needsDigest === undefined && elsewhere === undefined && places === undefined && !alone;
}

function offersOf(findings: readonly RawFinding[]): readonly Offer[] {
  return findings.flatMap(({ rule, fixes, borrows }): readonly Offer[] => {
    const fix = borrows ? undefined : fixes.find(isLendable);
    if (!fix) return [];
    try {
      return [{ rule, fix, operations: fix.operations() }];
    } catch {
      // that is said where its own finding is asked for it
      return [];
    }
  });
}

/** Offers as one fix: what is lent has the words of its own rule, and is for a click on this finding alone. */
function lent(offers: readonly Offer[], together: Fix): Fix {
  const [first] = offers;
  const words = offers.length === 1 ? { id: `${first!.rule}/${first!.fix.id}`, data: first!.fix.data } : together;
  return {
    ...together,
    ...words,
    class: 'attended',
    assumes: offers.flatMap(({ rule, fix }) => fix.assumes.map(each => ({ ...each, id: `${rule}/${each.id}` }))),
    alone: true,
    careful: true,
    operations: () => offers.flatMap(({ operations }) => operations),
  };
}

/** Gives findings that borrow fixes the fewest of other rules that answer them together, before what they offer themselves. */
export function lendFixes(findings: readonly RawFinding[]): readonly RawFinding[] {
  if (!findings.some(({ borrows }) => borrows)) return findings;
  const offers = offersOf(findings);
  return findings.map(finding => {
    if (!finding.borrows) return finding;
    const { concerns, satisfies, together } = finding.borrows;
    const suffice = (some: readonly Offer[]): boolean => some.length > 0 && satisfies(some.flatMap(({ operations }) => operations));
    const near = offers.filter(({ operations }) => concerns(operations));
    if (!suffice(near)) return finding;
    const needed = near.reduceRight((kept, offer) => {
      const fewer = kept.filter(other => other !== offer);
      return suffice(fewer) ? fewer : kept;
    }, near);
    return { ...finding, fixes: [lent(needed, together), ...finding.fixes] };
  });
}
