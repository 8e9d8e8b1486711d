/**
 * The small tree that the languages that are read have in common: expressions, the scopes that give names their meaning, and units, which are modules,
 * classes and functions.
 */

/** A part of a program's text, from one offset up to another. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** An argument of a call. */
export interface Argument extends Span {
  readonly value: Expr;
  /** Its keyword; `null`: it counts by its place. */
  readonly name: string | null;
  /** Whether it stands for any number of arguments. */
  readonly isSpread: boolean;
}

/** A call, or what is made by `new`. */
export interface Call extends Span {
  readonly k: 'call';
  readonly callee: Expr;
  readonly args: readonly Argument[];
  readonly when: Condition | null;
  readonly unit: Unit;
}

/** An entry of an object; `key` is `null` for what takes in another object. */
export interface Entry {
  readonly key: Expr | null;
  readonly value: Expr;
}

/** An expression. What no evaluation needs is `other`. */
export type Expr =
  | { readonly k: 'text'; readonly text: string }
  | { readonly k: 'const'; readonly value: number | boolean | null }
  | { readonly k: 'name'; readonly name: string; readonly at: number; readonly scope: Scope; readonly when: Condition | null }
  | { readonly k: 'member'; readonly of: Expr; readonly name: string }
  | { readonly k: 'index'; readonly of: Expr; readonly key: Expr }
  | Call
  /** Texts behind each other. */
  | { readonly k: 'join'; readonly parts: readonly Expr[] }
  | { readonly k: 'binary'; readonly sign: string; readonly left: Expr; readonly right: Expr }
  /** The first one that is there (`or`, `??`), or that is not (`and`). */
  | { readonly k: 'either'; readonly sign: 'or' | 'and' | '??'; readonly left: Expr; readonly right: Expr }
  | { readonly k: 'choice'; readonly test: Expr; readonly yes: Expr; readonly no: Expr }
  | { readonly k: 'not'; readonly of: Expr }
  | { readonly k: 'object'; readonly entries: readonly Entry[] }
  | { readonly k: 'list'; readonly items: readonly Expr[] }
  | { readonly k: 'unit'; readonly unit: Unit }
  /** The object whose method it is. */
  | { readonly k: 'this'; readonly unit: Unit }
  /** One of what something holds: the one at a place, or any. */
  | { readonly k: 'element'; readonly of: Expr; readonly at: number | null }
  | { readonly k: 'parameter'; readonly unit: Unit; readonly at: number }
  /** A module, or with a name what it exports. */
  | { readonly k: 'import'; readonly from: string; readonly name: string | null; readonly unit: Unit }
  | { readonly k: 'other' };

/** Under which condition something is done: `test` is `null` where that is not looked at. */
export interface Condition {
  readonly test: Expr | null;
  readonly is: boolean;
  readonly outer: Condition | null;
}

/** What a name is given. */
export interface Binding {
  readonly value: Expr;
  readonly when: Condition | null;
  /** The offset from which on it holds. */
  readonly at: number;
  readonly unit: Unit;
}

/** The names of a unit, or of a block in it. */
export interface Scope {
  readonly kind: 'unit' | 'block';
  readonly parent: Scope | null;
  readonly unit: Unit;
  readonly names: Map<string, Binding[]>;
}

/** A parameter of a function, by its name where it has one. */
export interface Parameter {
  readonly name: string | null;
  readonly standard: Expr | null;
  /** Whether it takes any number of arguments. */
  readonly isRest: boolean;
}

/** Something that is set by a name: a constant, an entry of a configuration, an option. */
export interface SetName {
  readonly name: string;
  readonly value: Expr;
  readonly when: Condition | null;
  /** The object that it is an entry of; empty: it is none. */
  readonly beside: readonly Entry[];
}

/** A module, a class, or a function. */
export interface Unit {
  readonly kind: 'module' | 'class' | 'function';
  readonly name: string | null;
  readonly outer: Unit | null;
  readonly scope: Scope;
  readonly when: Condition | null;
  /** Of a function that is a method: its class. */
  readonly owner: Unit | null;
  /** Whether something else than its name hands it on: a decorator, the place where it is written. */
  readonly isGiven: boolean;
  readonly parameters: Parameter[];
  readonly bases: Expr[];
  readonly methods: Map<string, Unit>;
  /** What methods set of their object. */
  readonly fields: Map<string, Binding[]>;
  readonly calls: Call[];
  readonly returns: { readonly value: Expr; readonly when: Condition | null }[];
  /** The names that it mentions, those of members too. */
  readonly mentions: Set<string>;
  readonly imports: { readonly from: string; readonly when: Condition | null }[];
  readonly sets: SetName[];
  readonly inner: Unit[];
}

/** A program as it is read. */
export interface Code {
  readonly language: 'python' | 'script';
  readonly module: Unit;
  readonly text: string;
  /** All units of it, the module first. */
  readonly units: readonly Unit[];
}

/** The scope that gives a name its meaning; `null`: the language does, or nobody. The names of a class are no names of its methods. */
export function scopeOf(name: string, scope: Scope): Scope | null {
  for (let at: Scope | null = scope; at !== null; at = at.parent)
    if (at.names.has(name) && (at === scope || at.unit.kind !== 'class')) return at;
  return null;
}
