import type { Call, Condition, Expr, Scope, Unit } from './tree';
import { concatenated, textValue, unknown, type Frame, type Module, type Value } from './values';

/** What surrounds the modules of a program. */
export interface Surroundings {
  /** The value of a variable; `null` is not known, `undefined` is set by nobody. */
  readonly variable: (name: string) => string | null | undefined;
  /** The folder that relative paths count from. */
  readonly workdir: string;
  readonly moduleOf: (unit: Unit) => Module;
  /** A file of the program that a module imports; `null`: it is none, or not here. */
  readonly imported: (from: string, importer: Module) => Module | null;
  /** Where a function or class is called; each tells what it is called on. */
  readonly callsOf: (unit: Unit) => readonly Call[];
  /** What an option of the command line stands for where nobody gives it. */
  readonly option: (name: string) => Expr | string | undefined;
  /** What a constant of the settings is given that a framework hands on by its name: `settings.MEDIA_ROOT`, `app.config['INBOX']`. */
  readonly setting: (name: string) => readonly Expr[];
}

/** Where a name is used. */
export interface Use {
  readonly scope: Scope;
  readonly at: number;
  readonly when: Condition | null;
}

/** An evaluation of expressions of a program, which is not run: what each of its parts asks the others. */
export interface Evaluation {
  readonly around: Surroundings;
  /** Whether names stand for all that they are ever given. */
  isEver: boolean;
  /** What is being evaluated, in which frames. */
  readonly open: Map<Expr, Set<Frame | null>>;
  /** The conditions that are known not to hold, or to hold, in the frame that was asked for last. */
  readonly dead: Map<Condition, { readonly frame: Frame | null; readonly isDead: boolean }>;
  /** What an expression may stand for. */
  readonly of: (expr: Expr, frame: Frame | null) => readonly Value[];
  /** Whether something holds; `null`: that is not known. */
  readonly truth: (expr: Expr, frame: Frame | null) => boolean | null;
  /** Whether a condition cannot hold. */
  readonly isDead: (when: Condition | null, frame: Frame | null) => boolean;
  /** What a name of a scope stands for where it is used: what it was given last, and whatever it may be given else. */
  readonly bound: (scope: Scope, name: string, use: Use | null, frame: Frame | null) => readonly Value[];
  /** What a file has by a name for those that import it; empty: nothing that is known. */
  readonly exported: (module: Module, name: string) => readonly Value[];
  readonly member: (value: Value, name: string) => readonly Value[];
  readonly entry: (value: Value & { readonly k: 'entries' }, name: string) => readonly Value[];
  readonly element: (value: Value, place: number | null) => readonly Value[];
  readonly variable: (name: string) => Value;
  /** What a call gives. */
  readonly called: (call: Call, frame: Frame | null) => readonly Value[];
  /** What a function gives. */
  readonly returned: (value: Value & { readonly k: 'unit' }, frame: Frame) => readonly Value[];
}

/** More values of one expression are not followed. */
export const mostValues = 12;

const isSame = (one: Value, other: Value): boolean =>
  one === other ||
  (one.k === other.k &&
    ((one.k === 'text' && other.k === 'text' && one.text === other.text && one.isOpen === other.isOpen) ||
      one.k === 'nothing' ||
      one.k === 'unknown'));

/** Each value once; of too many the rest is not known. */
export function distinct(values: readonly Value[]): readonly Value[] {
  if (values.length < 2) return values;
  const kept: Value[] = [];
  for (const value of values) if (!kept.some(one => isSame(one, value))) kept.push(value);
  return kept.length > mostValues ? [...kept.slice(0, mostValues), unknown] : kept;
}

/** What two lists of values give together. */
export const cross = (left: readonly Value[], right: readonly Value[], make: (one: Value, other: Value) => Value): readonly Value[] =>
  distinct(left.flatMap(one => right.map(other => make(one, other))));

/** The value of what has one. */
export const single = (values: readonly Value[]): Value => (values.length === 1 ? values[0]! : unknown);

/** A pattern with its marks filled in. */
export function formatted(pattern: Value & { k: 'text' }, mark: RegExp, value: (name: string | undefined, place: number) => Value): Value {
  let result = textValue('');
  let last = 0;
  let place = 0;
  for (const match of pattern.text.matchAll(mark)) {
    result = concatenated(result, textValue(pattern.text.slice(last, match.index)));
    result = match[0].endsWith('%')
      ? concatenated(result, textValue('%'))
      : concatenated(result, value(match[1], match[1] !== undefined && /^\d+$/.test(match[1]) ? Number(match[1]) : place++));
    last = match.index + match[0].length;
  }
  return concatenated(result, textValue(pattern.text.slice(last), pattern.isOpen));
}
