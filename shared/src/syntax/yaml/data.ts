import { budgets } from '../../base/limits/budgets';
import { mayChange, mayGain } from './certainty';
import type { MaybeNode } from './lookup';
import type { Path, YamlDocument } from './types';
import { booleanOf, numberOf, resolve } from './values';

/** What means a value that a template fills in. */
interface Unfilled {
  readonly is: 'filled in later';
}

/** A value that is filled in later: whatever asks for it cannot be answered. */
export const unfilled: Unfilled = { is: 'filled in later' };

/** A key of a map; those of YAML are texts. */
export type DataKey = string | bigint | boolean | number;

/** Content of YAML as evaluators of policies read it. */
export type Data = null | boolean | number | bigint | string | Unfilled | readonly Data[] | ReadonlyMap<DataKey, Data>;

/** What is thrown where an answer depends on what is not known; `reason`: what is missing, for people; `null`: a value is filled in later. */
export class NotKnown extends Error {
  constructor(readonly reason: string | null) {
    super(reason ?? 'filled in later');
  }
}

/** Why nothing is said of what would cost more than its bounds. */
export const tooMuch = 'too much work for one check';
/** Why nothing is said of an expression that would need more of the stack than there may be, or is longer than those that are read. */
export const tooDeep = 'an expression that is long or nests deep';

/** What data counts for where all of it is read: its values, and long texts for more. */
export function weightOf(data: unknown): number {
  if (typeof data === 'string') return 1 + (data.length >> 8);
  let sum = 1;
  if (Array.isArray(data)) for (const item of data as readonly unknown[]) sum += weightOf(item);
  else if (data instanceof Map) for (const item of (data as ReadonlyMap<unknown, unknown>).values()) sum += weightOf(item);
  return sum;
}

/** Where each map and list of data is in its document. */
const places = new WeakMap<object, Path>();

/** Maps and lists to which a template may add. */
const open = new WeakSet<object>();

/** Where a map or list of data is; `undefined`: it was made by an expression. */
export function placeOf(data: unknown): Path | undefined {
  return typeof data === 'object' && data !== null ? places.get(data) : undefined;
}

/** Whether a template may add to a map or a list of data. */
export function isOpenData(data: unknown): boolean {
  return typeof data === 'object' && data !== null && open.has(data);
}

/** Marks a map of which more may be there than is known. */
export function asOpen<T extends object>(data: T): T {
  open.add(data);
  return data;
}

/** Marks a map or a list that is made of something else than YAML with its place. */
export function asPlaced<T extends object>(data: T, path: Path): T {
  places.set(data, path);
  return data;
}

/** How nodes are read as data. */
export interface DataForm {
  /** Whether whole numbers are `bigint`, so that `1` and `1.0` are different; else all numbers are `number`, as in JSON. */
  readonly whole: boolean;
  /** Whether `{{ }}` is text like any other. */
  readonly literal?: boolean;
  /** Whether a text is filled in by what reads the file. */
  readonly isOpen?: (text: string) => boolean;
}

/** A node as data, aliases and merge keys followed. */
export function dataOf(document: YamlDocument, node: MaybeNode, path: Path, as: DataForm, depth = 0): Data {
  const at = resolve(node);
  if (at === null) return node ? unfilled : null;
  if (depth > budgets.yamlDepth) return unfilled;
  if (at.kind === 'scalar') {
    if ((!as.literal && mayChange(at)) || (typeof at.value === 'string' && as.isOpen?.(at.value))) return unfilled;
    if (at.style === 'plain' && at.tag === undefined) {
      const truth = booleanOf(at);
      if (truth !== null) return truth;
      const number = numberOf(at);
      if (number !== null) return as.whole && Number.isSafeInteger(number) && !/[.eE]/.test(at.source) ? BigInt(number) : number;
    }
    return typeof at.value === 'number' ? at.source : at.value;
  }
  const made: Map<DataKey, Data> | Data[] =
    at.kind === 'map'
      ? new Map(at.members().map(({ name, value }) => [name, dataOf(document, value, [...path, name], as, depth + 1)]))
      : at.items.map((item, index) => dataOf(document, item, [...path, index], as, depth + 1));
  places.set(made, path);
  if (!as.literal && mayGain(document, at)) open.add(made);
  return made;
}
