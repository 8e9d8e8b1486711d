import type { Effort } from '../../base/text/automaton';
import { NotKnown, tooMuch } from '../yaml/data';
import type { Path } from '../yaml/types';
import type { Cel } from './types';
import type { CelValue } from './values';

/** A field of an object that an expression has asked for; `found`: whether it is there. */
export interface Read {
  readonly path: Path;
  readonly found: boolean;
}

/** The names that an expression may use. */
export interface Scope {
  /** The value of a name; `undefined`: there is none of that name. */
  get(name: string): CelValue | undefined;
}

/** What one evaluation, of whatever depth, shares: a budget, and who wants to know what was read. */
export interface Run {
  readonly effort: Effort;
  reads: Read[] | null;
  /** How deep the evaluation is in its tree. */
  depth: number;
  /** The evaluator, for those that it calls. */
  readonly evaluate: (node: Cel, scope: Scope, run: Run) => CelValue;
}

/** Counts work; throws where it is more than is done for one expression. */
export function spend(run: Run, steps = 1): void {
  run.effort.left -= steps;
  if (run.effort.left < 0) throw new NotKnown(tooMuch);
}

/** A scope with one name more, or two. */
export function withNames(outer: Scope, names: Readonly<Record<string, CelValue>>): Scope {
  return { get: name => (Object.hasOwn(names, name) ? names[name] : outer.get(name)) };
}
