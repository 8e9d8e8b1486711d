import type { Code, Part, Source, Unit } from './tree';

/** What a part of a program may stand for. */
export type Value =
  /** `isOpen`: more follows that is not known. */
  | { readonly k: 'text'; readonly text: string; readonly isOpen: boolean }
  | { readonly k: 'const'; readonly value: number | boolean }
  /** `None`, `null`, `undefined`, a variable that nobody sets. */
  | { readonly k: 'nothing' }
  /** What a library or the language has, by its name with dots. */
  | { readonly k: 'library'; readonly name: string }
  | { readonly k: 'module'; readonly module: Module }
  /** What a module of JavaScript knows of itself. */
  | { readonly k: 'meta'; readonly module: Module }
  | { readonly k: 'unit'; readonly unit: Unit }
  /** What a class made. */
  | { readonly k: 'made'; readonly unit: Unit }
  | { readonly k: 'entries'; readonly entries: readonly Entry[] }
  | { readonly k: 'list'; readonly items: readonly Source[] }
  /** A method of something that is none of the program's objects. */
  | { readonly k: 'method'; readonly of: Value; readonly name: string }
  | { readonly k: 'unknown' };

/** An entry of an object; `key` is `null` for what takes in another object. */
export interface Entry {
  readonly key: string | null;
  readonly value: Source;
}

/** A file of a program. */
export interface Module {
  readonly code: Code;
  readonly source: string;
  /** Where the image has it. */
  readonly image: string;
  /** Whether it is what starts, rather than what that imports. */
  readonly isMain: boolean;
}

/** An argument of a call. */
export interface Argument extends Part {
  /** Its keyword; `null`: it counts by its place. */
  readonly name: string | null;
  /** Whether it is spread into any number of arguments. */
  readonly isSpread: boolean;
}

export const unknown: Value = { k: 'unknown' };
export const nothing: Value = { k: 'nothing' };
export const textValue = (text: string, isOpen = false): Value => ({ k: 'text', text, isOpen });

/** More values of one part are not followed. */
export const mostValues = 12;

const isSame = (one: Value, other: Value): boolean =>
  one === other ||
  (one.k === other.k &&
    (one.k === 'nothing' ||
      one.k === 'unknown' ||
      (one.k === 'text' && other.k === 'text' && one.text === other.text && one.isOpen === other.isOpen)));

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

/** Whether a value counts as true; `null`: that is not known. */
export function isTrue(value: Value): boolean | null {
  if (value.k === 'text') return value.text !== '' || (value.isOpen ? null : false);
  if (value.k === 'const') return Boolean(value.value);
  if (value.k === 'nothing') return false;
  return value.k === 'unknown' || value.k === 'method' || value.k === 'library' ? null : true;
}

/** A path put behind another one; what is absolute counts alone unless `isBelow`. */
export function joined(left: Value, right: Value, isBelow: boolean): Value {
  if (!isBelow && right.k === 'text' && right.text.startsWith('/')) return right;
  if (left.k !== 'text') return unknown;
  if (left.isOpen) return left;
  const base = left.text === '' ? '' : `${left.text.replace(/\/$/, '')}/`;
  return right.k === 'text' ? textValue(base + right.text.replace(/^\/|^\.\//, ''), right.isOpen) : textValue(base, true);
}

/** A text behind another one. */
export function concatenated(left: Value, right: Value): Value {
  if (left.k !== 'text') return unknown;
  if (left.isOpen) return left;
  if (right.k === 'text') return textValue(left.text + right.text, right.isOpen);
  return right.k === 'const' ? textValue(left.text + String(right.value)) : textValue(left.text, true);
}

/** The folder that a path is in. */
export function folderAround(value: Value): Value {
  if (value.k !== 'text') return unknown;
  const path = value.isOpen ? value.text : value.text.replace(/\/$/, '');
  const at = path.lastIndexOf('/');
  if (at < 0 && value.isOpen) return unknown;
  return textValue(at < 0 ? (path === '.' || path === '' ? '..' : '.') : path.slice(0, at) || '/');
}
