import type { SyntaxNode } from '@lezer/common';
import { commaParts, found, partsOf } from './nodes';
import type { Condition, Part, Scope, Source, Unit } from './tree';
import { unknown, type Argument, type Module, type Value } from './values';

/** What surrounds the modules of a program. */
export interface Surroundings {
  /** The value of a variable; `null` is not known, `undefined` is set by nobody. */
  readonly variable: (name: string) => string | null | undefined;
  /** The folder that relative paths count from. */
  readonly workdir: string;
  readonly moduleOf: (unit: Unit) => Module;
  /** A file of the program that a module imports; `null`: it is none, or not here. */
  readonly imported: (from: string, importer: Module) => Module | null;
  /** What a constant of the settings is given that a framework hands on by its name: `settings.MEDIA_ROOT`, `app.config['INBOX']`. */
  readonly setting: (name: string) => readonly Part[];
}

/** Says what the parts of a program may stand for, which is not run. */
export interface Evaluator {
  readonly around: Surroundings;
  /** Whether names stand for all that they are ever given. */
  isEver: boolean;
  /** What a part may stand for. */
  readonly of: (source: Source) => readonly Value[];
  /** Whether a condition cannot hold. */
  readonly isDead: (when: Condition | null) => boolean;
  /** Whether something holds; `null`: that is not known. */
  readonly truth: (at: Part) => boolean | null;
  /** What a name of a scope stands for where it is used: what it was given last, and whatever it may be given else. */
  readonly bound: (scope: Scope, name: string, use: Part | null) => readonly Value[];
  /** What a file has by a name for those that import it; empty: nothing that is known. */
  readonly exported: (module: Module, name: string) => readonly Value[];
  readonly member: (value: Value, name: string) => readonly Value[];
  readonly variable: (name: string) => Value;
  /** What stands for the functions, classes and methods that a call calls. */
  readonly callees: (call: Part) => readonly Value[];
  /** Whether the program took more steps than are taken: then it is not known. */
  readonly isSpent: () => boolean;
}

/** The arguments of a call. */
export function argumentsOf({ node, scope, when }: Part): readonly Argument[] {
  const parts = partsOf(found(partsOf(node), 'ArgList') ?? node);
  const of = (each: SyntaxNode, name: string | null, isSpread: boolean): Argument => ({ node: each, scope, when, name, isSpread });
  if (found(parts, 'for')) return [of(found(partsOf(node), 'ArgList')!, null, false)];
  return commaParts(parts).map(group => {
    const name = group[1]?.name === 'AssignOp' ? scope.unit.code.text.slice(group[0]!.from, group[0]!.to) : null;
    return of(group.at(-1)!, name, /^(?:\*{1,2}|Spread)$/.test(group[0]!.name));
  });
}

/** The one value of what has one. */
export const single = (values: readonly Value[]): Value => (values.length === 1 ? values[0]! : unknown);

/** The last part of the name of what a call calls. */
export function calledName({ node, scope }: Part): string {
  const callee = partsOf(node).find(({ name }) => name !== 'new');
  const last = callee?.name === 'MemberExpression' ? partsOf(callee).at(-1) : callee;
  return last && /Name$/.test(last.name) ? scope.unit.code.text.slice(last.from, last.to) : '';
}
