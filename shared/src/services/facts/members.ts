/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Something that no image has, or that programs read in more than one way. The message names the member. */
export class Malformed extends Error {}

/** Whether a value is a JSON object. */
export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** As container engines compare the names of members: they are written in Go, whose decoder ignores case, that of the Kelvin sign and the long s as well. */
const folded = (name: string): string => name.toUpperCase().toLowerCase();

/**
 * A member of an object. Throws `Malformed` where another name differs from it by case alone: an engine would take that one, or the one that comes last, so that an
 * image could say one thing to us and another to what runs it.
 */
export function memberOf(object: JsonObject, name: string): unknown {
  const wanted = folded(name);
  for (const other of Object.keys(object))
    if (other !== name && other.length === name.length && folded(other) === wanted)
      throw new Malformed(`"${name}" is there in another spelling`);
  return object[name] ?? null;
}

/** More characters of a text are not read. */
const longestText = 16_384;
/** More items of a list are not read. */
const mostItems = 1000;

// eslint-disable-next-line no-control-regex
const control = /[\x00-\x1f\x7f-\x9f]/;

/** A text; empty where there is none. `plain`: without control characters, which no name, path or port has. */
export function textOf(object: JsonObject, name: string, plain = true): string {
  return checkedText(memberOf(object, name) ?? '', name, plain);
}

function checkedText(value: unknown, name: string, plain: boolean): string {
  if (typeof value !== 'string') throw new Malformed(`"${name}" is not a text`);
  if (value.length > longestText) throw new Malformed(`"${name}" is too long`);
  if (plain && control.test(value)) throw new Malformed(`"${name}" has control characters`);
  return value;
}

/** An object; empty where there is none. */
export function objectOf(object: JsonObject, name: string): JsonObject {
  const value = memberOf(object, name) ?? {};
  if (!isObject(value)) throw new Malformed(`"${name}" is not an object`);
  return value;
}

/** A list; empty where there is none. */
export function listOf(object: JsonObject, name: string): readonly unknown[] {
  const value = memberOf(object, name) ?? [];
  if (!Array.isArray(value)) throw new Malformed(`"${name}" is not a list`);
  if (value.length > mostItems) throw new Malformed(`"${name}" has more than ${mostItems} items`);
  return value;
}

/** A list of texts; `null` where there is none. Words of commands may have line breaks. */
export function textsOf(object: JsonObject, name: string): readonly string[] | null {
  if (memberOf(object, name) === null) return null;
  return listOf(object, name).map(item => checkedText(item, name, false));
}

/** The keys of an object whose values say nothing: ports and volumes are written so. Sorted. */
export function keysOf(object: JsonObject, name: string): readonly string[] {
  const keys = Object.keys(objectOf(object, name));
  if (keys.length > mostItems) throw new Malformed(`"${name}" has more than ${mostItems} items`);
  return keys.map(key => checkedText(key, name, true)).sort();
}
