import type { Proposal, Remedy } from '../fix/remedy';
import type { Edit } from './types';

/** Several edits as one: all of them, or the reason why the first that cannot be made cannot. */
export function joined(edits: readonly Edit[]): Edit {
  const refused = edits.find(edit => typeof edit !== 'function');
  if (refused !== undefined) return refused;
  return () => edits.flatMap(edit => (typeof edit === 'function' ? edit() : []));
}

/** An edit as what `report.remedy` takes. */
export function remedyOf(edit: Edit, extras: Omit<Proposal, 'operations'> = {}): Remedy {
  return typeof edit === 'function' ? { fix: { operations: edit, ...extras }, noFix: null } : { fix: null, noFix: edit };
}
