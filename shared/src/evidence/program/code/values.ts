import type { Call, Code, Entry, Expr, Unit } from './tree';

/** What an expression may stand for. */
export type Value =
  /** `isOpen`: more follows that is not known. */
  | { readonly k: 'text'; readonly text: string; readonly isOpen: boolean }
  | { readonly k: 'const'; readonly value: number | boolean }
  /** `None`, `null`, `undefined`, a variable that nobody sets. */
  | { readonly k: 'nothing' }
  /** What a library or the language has, by its name with dots. */
  | { readonly k: 'library'; readonly name: string }
  | { readonly k: 'environment' }
  | { readonly k: 'module'; readonly module: Module }
  /** A function or class; `self`: the object whose method it is. */
  | { readonly k: 'unit'; readonly unit: Unit; readonly frame: Frame | null; readonly self: Value | null }
  /** What a class made: by which call, where that is known. */
  | { readonly k: 'made'; readonly unit: Unit; readonly call: Call | undefined; readonly frame: Frame | null }
  | { readonly k: 'entries'; readonly entries: readonly Entry[]; readonly frame: Frame | null }
  | { readonly k: 'list'; readonly items: readonly Expr[]; readonly frame: Frame | null }
  /** A collection of which any member may be one of these. */
  | { readonly k: 'many'; readonly of: readonly Value[] }
  /** A method of something that is none of the program's objects. */
  | { readonly k: 'method'; readonly of: Value; readonly name: string }
  | { readonly k: 'unknown' };

/** A function while it is called: `call` is `null` where a library calls it, and `undefined` where any of its calls may. */
export interface Frame {
  readonly unit: Unit;
  readonly call: Call | null | undefined;
  readonly caller: Frame | null;
  readonly self: Value | null;
  /** The frame of the function that it was made in. */
  readonly outer: Frame | null;
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

export const unknown: Value = { k: 'unknown' };
export const nothing: Value = { k: 'nothing' };
export const textValue = (text: string, isOpen = false): Value => ({ k: 'text', text, isOpen });

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
