import type { Quantity } from '../scalars/quantity';
import type { Address, Network } from '../scalars/network';
import type { Version } from '../scalars/semver';
import { compareQuantities } from '../scalars/quantity';
import { compareVersions } from '../scalars/semver';
import { NotKnown, unfilled, type Data, type DataKey } from '../yaml/data';
import type { ImageReference } from '../image/reference';

/** An error of an expression, as its engine would have it: it fails, unless `&&` or `||` needs no more. */
export class CelError extends Error {}

/** An unsigned number, an optional value, and values of libraries. */
export type CelObject =
  | { readonly is: 'uint'; readonly value: bigint }
  | { readonly is: 'optional'; readonly value: CelValue | undefined }
  | { readonly is: 'duration'; readonly value: bigint }
  | { readonly is: 'timestamp'; readonly value: bigint }
  | { readonly is: 'type'; readonly value: string }
  | { readonly is: 'quantity'; readonly value: Quantity }
  | { readonly is: 'ip'; readonly value: Address }
  | { readonly is: 'cidr'; readonly value: Network }
  | { readonly is: 'semver'; readonly value: Version }
  | { readonly is: 'url'; readonly value: true; readonly text: string }
  | { readonly is: 'image'; readonly value: ImageReference; readonly text: string };

/** What an expression may come to. */
export type CelValue = Data | CelObject | CelList | CelMap;
/** A list; those of an object know where they are. */
export type CelList = readonly CelValue[];
/** A map, by keys: whole numbers of any kind are one key. */
export type CelMap = ReadonlyMap<CelKey, CelValue>;
/** A key of a map. */
export type CelKey = DataKey;

export const isList = (value: CelValue): value is CelList => Array.isArray(value);
export const isMap = (value: CelValue): value is CelMap => value instanceof Map;

/** A value of a library, by what it is; `null`: it is something else. */
export function objectOf<K extends CelObject['is']>(value: CelValue, is: K): Extract<CelObject, { readonly is: K }> | null {
  return typeof value === 'object' && value !== null && !isList(value) && !isMap(value) && value.is === is
    ? (value as Extract<CelObject, { readonly is: K }>)
    : null;
}

/** A value that is known. */
export function known(value: CelValue): CelValue {
  if (value === unfilled) throw new NotKnown(null);
  return value;
}

/** What the language calls the type of a value. */
export function typeName(value: CelValue): string {
  known(value);
  if (value === null) return 'null_type';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'double';
  if (typeof value === 'string') return 'string';
  if (isList(value)) return 'list';
  if (isMap(value)) return 'map';
  const { is } = value as CelObject;
  return is === 'duration' || is === 'timestamp' ? `google.protobuf.${is === 'duration' ? 'Duration' : 'Timestamp'}` : is;
}

/** A number of any kind; `null`: it is none. */
export function numeric(value: CelValue): number | bigint | null {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  return objectOf(value, 'uint')?.value ?? null;
}

/** A value as a key; `null`: it can be none. */
export function keyOf(value: CelValue): CelKey | null {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  const number = numeric(value);
  return typeof number === 'number' && Number.isInteger(number) ? BigInt(number) : number;
}

/** Whether two values are equal: numbers of any kind by what they are, values of different types never. */
export function isEqual(a: CelValue, b: CelValue): boolean {
  known(a);
  known(b);
  const [m, n] = [numeric(a), numeric(b)];
  if (m !== null && n !== null) return m <= n && m >= n;
  if (isList(a)) return isList(b) && a.length === b.length && a.every((item, i) => isEqual(item, b[i]!));
  if (isMap(a)) return isMap(b) && a.size === b.size && [...a].every(([key, value]) => b.has(key) && isEqual(value, b.get(key)!));
  if (typeof a === 'object' && a !== null && typeof b === 'object' && b !== null && !isList(b) && !isMap(b)) {
    const [x, y] = [a as CelObject, b as CelObject];
    if (x.is === 'optional' && y.is === 'optional')
      return x.value === undefined || y.value === undefined ? x.value === y.value : isEqual(x.value, y.value);
    if (x.is !== y.is) return false;
    if (x.is === 'url') return x.text === (y as typeof x).text;
    if (x.is === 'ip') return x.value.bits === (y as typeof x).value.bits && x.value.value === (y as typeof x).value.value;
    if (x.is === 'cidr') {
      const other = (y as typeof x).value;
      return (
        x.value.prefix === other.prefix && x.value.address.value === other.address.value && x.value.address.bits === other.address.bits
      );
    }
    return x.is === 'duration' || x.is === 'timestamp' || x.is === 'type' ? x.value === y.value : compare(x, y) === 0;
  }
  return a === b;
}

/** A value as a boolean; nothing else is one. */
export function asBoolean(value: CelValue): boolean {
  if (typeof known(value) !== 'boolean') throw new CelError(`no such overload: ${typeName(value)} is not a bool`);
  return value as boolean;
}

/** A whole number that fits into 64 bits. */
export function whole(value: bigint): bigint {
  if (BigInt.asIntN(64, value) !== value) throw new CelError('integer overflow');
  return value;
}

/** Below, at or above 0; throws where two values have no order. */
export function compare(a: CelValue, b: CelValue): number {
  known(a);
  known(b);
  const [m, n] = [numeric(a), numeric(b)];
  const order = (x: string | number | bigint | boolean, y: typeof x): number => (x < y ? -1 : x > y ? 1 : 0);
  if (m !== null && n !== null) return order(m, n);
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(a, b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return order(a, b);
  for (const is of ['duration', 'timestamp'] as const) {
    const [x, y] = [objectOf(a, is), objectOf(b, is)];
    if (x && y) return order(x.value, y.value);
  }
  const [q, r] = [objectOf(a, 'quantity'), objectOf(b, 'quantity')];
  if (q && r) return compareQuantities(q.value, r.value);
  const [v, w] = [objectOf(a, 'semver'), objectOf(b, 'semver')];
  if (v && w) return compareVersions(v.value, w.value);
  throw new CelError(`no such overload: ${typeName(a)} and ${typeName(b)}`);
}

/** Texts in the order of their characters, as Go compares bytes of UTF-8. */
function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return (a.codePointAt(at) ?? -1) < (b.codePointAt(at) ?? -1) ? -1 : 1;
}
