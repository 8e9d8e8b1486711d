import { budgets } from '../../base/limits/budgets';
import { mayChange, mayGain } from './certainty';
import type { MaybeNode } from './lookup';
import type { Path, YamlDocument, YamlNode } from './types';
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

/** Where a map or a list of data is: a step from what holds it. */
interface Place {
  readonly outer: Place | null;
  readonly step: string | number;
}

/**
 * What maps and lists of data know of themselves: where they are in their document, and whether a template may add to them. They say so themselves, since a
 * WeakMap of so many costs more than they do.
 */
interface Marked {
  place?: Place | null;
  open?: true;
}

/** A way as a place. */
const placeAt = (path: Path): Place | null => path.reduce<Place | null>((outer, step) => ({ outer, step }), null);

/** Where a map or list of data is; `undefined`: it was made by an expression. */
export function placeOf(data: unknown): Path | undefined {
  const place = typeof data === 'object' && data !== null ? (data as Marked).place : undefined;
  if (place === undefined) return undefined;
  const path: (string | number)[] = [];
  for (let at = place; at !== null; at = at.outer) path.push(at.step);
  return path.reverse();
}

/** Whether a template may add to a map or a list of data. */
export function isOpenData(data: unknown): boolean {
  return typeof data === 'object' && data !== null && (data as Marked).open === true;
}

/** Marks a map of which more may be there than is known. */
export function asOpen<T extends object>(data: T): T {
  (data as Marked).open = true;
  return data;
}

/** Marks a map or a list that is made of something else than YAML with its place. */
export function asPlaced<T extends object>(data: T, path: Path): T {
  (data as Marked).place = placeAt(path);
  return data;
}

/** Marks a copy of a map or a list as that is. */
export function asCopyOf<T extends object>(copy: T, data: object): T {
  const { place, open } = data as Marked;
  if (place !== undefined) (copy as Marked).place = place;
  if (open) (copy as Marked).open = true;
  return copy;
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

/** A map whose maps and lists are read when they are asked for: of most of an object no policy asks. */
class Deferred extends Map<DataKey, Data> {
  private waiting: Map<DataKey, YamlNode> | null = null;

  constructor(private readonly read: (node: YamlNode, key: string) => Data) {
    super();
  }

  defer(key: string, node: YamlNode): void {
    super.set(key, unfilled);
    (this.waiting ??= new Map()).set(key, node);
  }

  override get(key: DataKey): Data | undefined {
    const node = this.waiting?.get(key);
    if (node) this.set(key, this.read(node, String(key)));
    return super.get(key);
  }

  override set(key: DataKey, value: Data): this {
    this.waiting?.delete(key);
    return super.set(key, value);
  }

  override delete(key: DataKey): boolean {
    this.waiting?.delete(key);
    return super.delete(key);
  }

  private whole(): Map<DataKey, Data> {
    for (const key of this.waiting?.keys() ?? []) this.get(key);
    this.waiting = null;
    return this;
  }

  override values(): MapIterator<Data> {
    return Map.prototype.values.call(this.whole()) as MapIterator<Data>;
  }

  override entries(): MapIterator<[DataKey, Data]> {
    return Map.prototype.entries.call(this.whole()) as MapIterator<[DataKey, Data]>;
  }

  override [Symbol.iterator](): MapIterator<[DataKey, Data]> {
    return this.entries();
  }

  override forEach(each: (value: Data, key: DataKey, map: Map<DataKey, Data>) => void): void {
    for (const [key, value] of this) each(value, key, this);
  }
}

/** A node as data, aliases and merge keys followed. */
export function dataOf(document: YamlDocument, node: MaybeNode, path: Path, as: DataForm): Data {
  return read(document, node, placeAt(path), as, 0);
}

function read(document: YamlDocument, node: MaybeNode, place: Place | null, as: DataForm, depth: number): Data {
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
  const inner = (value: MaybeNode, step: string | number): Data =>
    read(document, value, value && value.kind !== 'scalar' ? { outer: place, step } : null, as, depth + 1);
  let made: Map<DataKey, Data> | readonly Data[];
  if (at.kind === 'map') {
    const map = new Deferred(inner);
    // what is literal is a policy, which is read whole
    for (const { name, value } of at.members()) {
      if (as.literal || !value || value.kind === 'scalar') map.set(name, inner(value, name));
      else map.defer(name, value);
    }
    made = map;
  } else made = at.items.map(inner);
  // what is literal is in no object
  if (as.literal) return made;
  (made as Marked).place = place;
  if (mayGain(document, at)) (made as Marked).open = true;
  return made;
}
