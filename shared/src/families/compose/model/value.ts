import type { Range } from '../../../base/text/range';
import type { YamlDocument, YamlNode, YamlScalar } from '../../../syntax/yaml/types';

/** A Compose file that takes part in a project: its path as the project names it, and the document that was read. */
export interface ComposeFile {
  /** With `/`; only compared and joined, never read from here. */
  readonly path: string;
  readonly document: YamlDocument;
}

/** Where a value was written. Values that a default or a short form stands for have the place of what they came from. */
export interface Origin {
  readonly node: YamlNode | null;
  readonly file: ComposeFile;
}

/** A scalar after interpolation, with its type as the loader casts it. */
export interface ScalarValue extends Origin {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** Whether the number is a floating-point one, which no port, limit of processes, ... may be. */
  readonly float?: true;
  /** Whether a variable that nobody set decides it: what it will be is not known, and no rule may judge it. */
  readonly unknown?: true;
}

/** A map: keys in the order of the text, each with the scalar that names it. */
export interface MapValue extends Origin {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, MapEntry>;
}

/** One key of a map and its value. */
export interface MapEntry {
  /** `null` where no text names it: a default, a part of a short form. */
  readonly key: YamlScalar | null;
  readonly value: Value;
}

/** A list. */
export interface ListValue extends Origin {
  readonly kind: 'list';
  readonly items: readonly Value[];
}

/** What a Compose file says somewhere, after aliases, merge keys and interpolation, with its place. */
export type Value = ScalarValue | MapValue | ListValue;

/** A value's place in a project: keys and indexes from the root. */
export type Steps = readonly (string | number)[];

/** What is wrong with a project. */
export type ProblemCode =
  /** YAML: syntax, equal keys, cycles of aliases, what a merge key may not hold, keys that are no text. */
  | 'yaml'
  /** A `${...}` that cannot be read. */
  | 'template'
  /** A variable that has to be set and is not. */
  | 'required'
  /** Text that is no boolean or number where one is wanted. */
  | 'cast'
  /** A key that the schema does not know. */
  | 'unknown-field'
  /** A value of a type that the schema refuses. */
  | 'type'
  /** Another refusal of the schema: a missing key, a value out of its list or bounds, equal items. */
  | 'value'
  | 'equal-items'
  /** A short form that cannot be read. */
  | 'short-form'
  /** A base of `extends` or a file of `include` that is not there, or a cycle of them. */
  | 'extends'
  | 'include'
  /** Values of two files, or of a service and its base, that cannot be joined. */
  | 'merge'
  /** What `docker compose` finds inconsistent at the end. */
  | 'limits'
  | 'mounted-twice'
  | 'network-mode'
  | 'container-name'
  | 'undefined'
  | 'no-image'
  | 'inconsistent';

/** Something for which the loader refuses a project. */
export interface Problem {
  readonly code: ProblemCode;
  /** What the loader says, in our words; for tests and logs. */
  readonly message: string;
  readonly steps: Steps;
  readonly file: ComposeFile;
  /** `null`: nothing of the text stands for it. */
  readonly range: Range | null;
  readonly data?: ProblemData;
}

/** What rules need of a problem beside its place. */
export interface ProblemData {
  /** The type that the schema wants. */
  readonly wanted?: readonly string[];
  /** What it contradicts: where the other one stands. */
  readonly other?: Origin | null;
  readonly kind?: string;
  readonly name?: string;
}

/** Takes a problem down. */
export type Complain = (
  code: ProblemCode,
  message: string,
  steps: Steps,
  at: Origin,
  extra?: ProblemData & { readonly range?: Range | null },
) => void;

/** A map with the place of what was written. */
export function withEntries({ node, file }: Origin, entries: ReadonlyMap<string, MapEntry>): MapValue {
  return { kind: 'map', entries, node, file };
}

/** A list with the place of what was written. */
export function withItems({ node, file }: Origin, items: readonly Value[]): ListValue {
  return { kind: 'list', items, node, file };
}

/** A scalar that stands for (a part of) what was written at `at`. */
export function scalarAt(at: Origin, value: ScalarValue['value']): ScalarValue {
  return { kind: 'scalar', value, node: at.node, file: at.file };
}

/** A map that stands for what was written at `at`; members that are `undefined` do not exist. */
export function mapAt(at: Origin, members: Readonly<Record<string, Value | ScalarValue['value'] | undefined>>): MapValue {
  const entries = new Map<string, MapEntry>();
  for (const [name, member] of Object.entries(members)) {
    if (member === undefined) continue;
    const value = member !== null && typeof member === 'object' ? member : scalarAt(at, member);
    entries.set(name, { key: null, value });
  }
  return withEntries(at, entries);
}

/** The value of a key; `undefined` where the map lacks it or `value` is no map. */
export function member(value: Value | null | undefined, name: string): Value | undefined {
  return value?.kind === 'map' ? value.entries.get(name)?.value : undefined;
}

/** The value below a chain of keys. */
export function memberAt(value: Value | null | undefined, ...names: readonly string[]): Value | undefined {
  let at: Value | null | undefined = value;
  for (const name of names) at = member(at, name);
  return at ?? undefined;
}

/** The items of a list; none for anything else. */
export function itemsOfValue(value: Value | null | undefined): readonly Value[] {
  return value?.kind === 'list' ? value.items : [];
}

/** The entries of a map; none for anything else. */
export function entriesOfValue(value: Value | null | undefined): readonly (readonly [string, MapEntry])[] {
  return value?.kind === 'map' ? [...value.entries] : [];
}

/** The text of a scalar, numbers and booleans as they are printed; `null` where there is none, or where it is not known. */
export function textOf(value: Value | null | undefined): string | null {
  if (value?.kind !== 'scalar' || value.value === null || value.unknown) return null;
  return String(value.value);
}

/** The text of a scalar that is text for the loader; `null` for anything else. */
export function stringValue(value: Value | null | undefined): string | null {
  return value?.kind === 'scalar' && typeof value.value === 'string' && !value.unknown ? value.value : null;
}

/** Whether nothing is there: no value, or an empty one. */
export function isNull(value: Value | null | undefined): boolean {
  return !value || (value.kind === 'scalar' && value.value === null);
}

/** Whether two values are equal, wherever they stand. */
export function isEqualValue(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a.kind === 'scalar') return b.kind === 'scalar' && a.value === b.value && a.unknown === b.unknown && a.float === b.float;
  if (a.kind === 'list')
    return b.kind === 'list' && a.items.length === b.items.length && a.items.every((item, i) => isEqualValue(item, b.items[i]!));
  if (b.kind !== 'map' || a.entries.size !== b.entries.size) return false;
  for (const [name, { value }] of a.entries) {
    const other = b.entries.get(name);
    if (!other || !isEqualValue(value, other.value)) return false;
  }
  return true;
}
