import type { Reason } from '../../base/terms/evidence';
import type { ReasonId } from '../../base/terms/reasons';
import type { FixClass } from '../../base/terms/types';
import type { Assumption, FixPlace, Operation } from './types';

/** Why harden leaves something to a person. */
export interface NoFix {
  readonly reason: ReasonId;
  readonly detail?: string | Reason | undefined;
}

/** A fix as a builder gives it, without the words of a rule. */
export interface Proposal {
  readonly operations: () => readonly Operation[];
  /** Absent: the class that the rule declares. */
  readonly class?: FixClass | undefined;
  readonly assumes?: readonly Assumption[] | undefined;
  readonly group?: string | undefined;
  readonly places?: readonly FixPlace[] | undefined;
}

/** What a builder has to say about a defect: a fix, or why harden leaves it, or both (a fix for a person who knows better). */
export interface Remedy {
  readonly fix: Proposal | null;
  readonly noFix: NoFix | null;
}

/** The class of a fix of `usual` class that assumes something: attended as soon as there is evidence against one of its assumptions. */
export function classUnder(usual: FixClass, assumes: readonly Assumption[]): FixClass {
  return usual === 'review' && evidenceIn(assumes).length > 0 ? 'attended' : usual;
}

/** What was seen that speaks against a fix: the assumptions that are in doubt. */
export function evidenceIn(assumes: readonly Assumption[]): readonly Assumption[] {
  return assumes.filter(({ evidence }) => evidence);
}

/** Nothing can be done, for a reason. */
export function leave(reason: ReasonId, detail?: string | Reason): Remedy {
  return { fix: null, noFix: { reason, detail } };
}
