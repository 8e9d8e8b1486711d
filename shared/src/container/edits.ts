import type { Proposal, Remedy } from '../fix/remedy';
import type { Edit } from './types';

/** An edit as what `report.remedy` takes. */
export function remedyOf(edit: Edit, extras: Omit<Proposal, 'operations'> = {}): Remedy {
  return typeof edit === 'function' ? { fix: { operations: edit, ...extras }, noFix: null } : { fix: null, noFix: edit };
}
