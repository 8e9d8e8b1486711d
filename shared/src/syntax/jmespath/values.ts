import type { Effort } from '../../base/text/automaton';
import { NotKnown, unfilled, type Data, type DataKey } from '../yaml/data';
import type { JmesPath } from './parse';

/** A value of JSON, or an expression that a function is handed (`&name`). */
export type Json = Data | readonly Json[] | ReadonlyMap<DataKey, Json> | JmesExpression;

/** `&expression`. */
export interface JmesExpression {
  readonly is: 'expression';
  readonly of: JmesPath;
}

/** What an evaluation has: the whole that `$` means, and a budget. */
export interface JmesRun {
  readonly root: Json;
  readonly effort: Effort;
  /** How deep the evaluation is in its tree. */
  depth: number;
  /** The evaluator, for functions that are handed expressions. */
  readonly evaluate: (node: JmesPath, of: Json, run: JmesRun) => Json;
}

/** An error of an expression. */
export class JmesError extends Error {}

/** A key that is not there; much that is asked of it is `null` then. */
export class NotFound extends JmesError {}

/** What is thrown for a text that is not an expression: no engine takes a policy with it. */
export class NoExpression extends JmesError {}

export const isArray = (value: Json): value is readonly Json[] => Array.isArray(value);
export const isObject = (value: Json): value is ReadonlyMap<DataKey, Json> => value instanceof Map;
export const isExpression = (value: Json): value is JmesExpression =>
  typeof value === 'object' && value !== null && !isArray(value) && !isObject(value) && value.is === 'expression';

/** A value that is known. */
export function certain(value: Json): Json {
  if (value === unfilled) throw new NotKnown(null);
  return value;
}

/** What JMESPath takes for false. */
export function isFalse(value: Json): boolean {
  certain(value);
  if (value === null || value === false || value === '') return true;
  return isArray(value) ? value.length === 0 : isObject(value) && value.size === 0;
}

/** Whether two values are the same. */
export function isSame(a: Json, b: Json): boolean {
  certain(a);
  certain(b);
  if (isArray(a)) return isArray(b) && a.length === b.length && a.every((item, i) => isSame(item, b[i]!));
  if (isObject(a)) return isObject(b) && a.size === b.size && [...a].every(([key, value]) => b.has(key) && isSame(value, b.get(key)!));
  return a === b;
}

/** A value as compact JSON, keys sorted, as Go writes it. */
export function jsonText(value: Json): string {
  certain(value);
  if (isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (isObject(value)) {
    const keys = [...value.keys()].map(String).sort();
    return `{${keys.map(key => `${JSON.stringify(key)}:${jsonText(value.get(key)!)}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

/** JSON as values; throws `SyntaxError` where it is none. */
export function fromJson(text: string): Json {
  const convert = (value: unknown): Json => {
    if (Array.isArray(value)) return value.map(convert);
    if (typeof value !== 'object' || value === null) return value as Json;
    return new Map(Object.entries(value).map(([key, item]) => [key, convert(item)]));
  };
  return convert(JSON.parse(text));
}
