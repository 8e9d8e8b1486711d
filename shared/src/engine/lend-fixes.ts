import type { Borrows, RawFinding } from '../rule/finding/engine-finding';
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

/** The fewest fixes that answer a finding together, as one; none where not even all of them do. */
function lentTo({ concerns, names, satisfies, together }: Borrows, offers: readonly Offer[]): readonly Fix[] {
  const suffice = (some: readonly Offer[]): boolean => some.length > 0 && satisfies(some.map(({ operations }) => operations));
  const near = offers.filter(({ operations }) => concerns(operations));
  const named = near.filter(({ operations }) => names(operations));
  const enough = [named, near].find(suffice);
  if (!enough) return [];
  const needed = enough.reduceRight((kept, offer) => {
    const fewer = kept.filter(other => other !== offer);
    return suffice(fewer) ? fewer : kept;
  }, enough);
  return [lent(needed, together)];
}

/** All fixes of a finding that borrows; none where they cannot be worked out. */
function fixesOf(borrows: Borrows, offers: () => readonly Offer[]): readonly Fix[] {
  try {
    const wanted = borrows.own();
    return [...lentTo(borrows, offers()), ...(wanted ? [wanted] : [])];
  } catch {
    return [];
  }
}

/**
 * Gives findings that borrow fixes those of other rules, before what they offer themselves: worked out when somebody asks for them, not with each edit.
 * @param asked a fix as it is offered in the file
 */
export function lendFixes(findings: readonly RawFinding[], asked: (fix: Fix) => Fix): readonly RawFinding[] {
  if (!findings.some(({ borrows }) => borrows)) return findings;
  let offers: readonly Offer[] | null = null;
  return findings.map(finding => {
    const { borrows } = finding;
    if (!borrows) return finding;
    let known: readonly Fix[] | null = null;
    const fixes = (): readonly Fix[] => (known ??= fixesOf(borrows, () => (offers ??= offersOf(findings))).map(asked));
    return Object.defineProperty({ ...finding, isAttended: true as const }, 'fixes', { get: fixes, enumerable: true });
  });
}
