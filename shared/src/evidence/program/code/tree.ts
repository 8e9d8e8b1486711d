import type { SyntaxNode } from '@lezer/common';

/** A part of a program: its node, the scope that gives its names their meaning, and under which condition it is reached. */
export interface Part {
  readonly node: SyntaxNode;
  readonly scope: Scope;
  readonly when: Condition | null;
}

/** What a name is given. */
export type Source =
  | Part
  /** One of what something holds: the one at a place, or any. */
  | { readonly k: 'element'; readonly of: Source; readonly at: number | null }
  | { readonly k: 'member'; readonly of: Source; readonly name: string }
  | Imported
  | { readonly k: 'unit'; readonly unit: Unit }
  /** The object whose method it is. */
  | { readonly k: 'this'; readonly unit: Unit }
  | { readonly k: 'nothing' }
  | { readonly k: 'unknown' };

/** A module, or with a name what it exports. */
interface Imported {
  readonly k: 'import';
  readonly from: string;
  readonly name: string | null;
  readonly unit: Unit;
}

/** Under which condition something is done: `test` is `null` where that is not looked at. */
export interface Condition {
  readonly test: Part | null;
  readonly is: boolean;
  readonly outer: Condition | null;
}

/** A value that a name is given, and the offset from which on it holds. */
export interface Binding {
  readonly value: Source;
  readonly when: Condition | null;
  readonly at: number;
  readonly unit: Unit;
}

/** The names of a unit, or of a block in it. */
export interface Scope {
  readonly parent: Scope | null;
  readonly unit: Unit;
  readonly names: Map<string, Binding[]>;
}

/** A module, a class, or a function. */
export interface Unit {
  readonly kind: 'module' | 'class' | 'function';
  readonly name: string | null;
  readonly code: Code;
  readonly outer: Unit | null;
  readonly scope: Scope;
  readonly when: Condition | null;
  /** Of a function that is a method: its class. */
  readonly owner: Unit | null;
  /** Whether something else than its name hands it on: a decorator, the place where it is written. */
  readonly isGiven: boolean;
  /** Whether it is a class that grows on another one. */
  hasBases: boolean;
  /** What methods set of their object. */
  readonly fields: Map<string, Binding[]>;
  readonly calls: Part[];
  readonly returns: Part[];
  /** The names that it mentions, those of members too. */
  readonly mentions: Set<string>;
  readonly imports: Imported[];
  /** Constants and entries that are set by a name, and the object that they are entries of. */
  readonly sets: { readonly name: string; readonly value: Part; readonly object: SyntaxNode | null }[];
  readonly inner: Unit[];
}

/** A program as it is read. */
export interface Code {
  readonly language: 'python' | 'script';
  readonly text: string;
  /** All units of it, the module first. */
  readonly units: Unit[];
  /** Those that are values, by where they are written. */
  readonly written: Map<number, Unit>;
}

/** The scope that gives a name its meaning; `null`: the language does, or nobody. The names of a class are no names of its methods. */
export function scopeOf(name: string, scope: Scope | null): Scope | null {
  for (let at = scope; at !== null; at = at.parent) if (at.names.has(name) && (at === scope || at.unit.kind !== 'class')) return at;
  return null;
}
