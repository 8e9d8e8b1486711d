import { NotKnown, weightOf } from '../../../syntax/yaml/data';
import { compareQuantities, parseQuantity } from '../../../syntax/scalars/quantity';
import { compareVersions, parseVersion } from '../../../syntax/scalars/semver';
import { parseDuration } from '../../../syntax/scalars/time';
import { certain, fromJson, isArray, isObject, isSame, JmesError, jsonText, type Json } from '../../../syntax/jmespath/values';
import { matchesLeaf, rangeOf } from './leaf';
import type { Context } from './context';
import { matchesGlob } from './types';

// Conditions of preconditions and `deny`: pkg/engine/variables/operator of kyverno/kyverno 1.19.

/** A value as Go prints it. */
function printed(value: Json): string {
  certain(value);
  if (typeof value === 'string') return value;
  if (value === null) return '<nil>';
  if (isArray(value)) return `[${value.map(printed).join(' ')}]`;
  return isObject(value) ? `map[${jsonText(value)}]` : jsonText(value);
}

const second = 1_000_000_000n;

/** Both as durations, where one of them is one; `null`: none is. */
function durations(key: Json, value: Json): readonly [bigint, bigint] | null {
  const local = (each: Json): bigint | null => (typeof each === 'string' && each !== '0' ? parseDuration(each) : null);
  const [a, b] = [local(key), local(value)];
  if (a === null && b === null) return null;
  const as = (duration: bigint | null, each: Json): bigint | null =>
    duration ?? (typeof each === 'number' ? BigInt(Math.trunc(each)) * second : null);
  const [x, y] = [as(a, key), as(b, value)];
  return x === null || y === null ? null : [x, y];
}

function isEqualTo(key: Json, value: Json): boolean {
  if (typeof key === 'boolean') return key === value;
  if (typeof key === 'number') return typeof value === 'string' ? value !== '' && Number(value) === key : key === value;
  if (isArray(key) || isObject(key)) return isSame(key, value);
  if (typeof key !== 'string') return false;
  const both = durations(key, value);
  if (both) return both[0] === both[1];
  const local = parseQuantity(key);
  if (local && typeof value === 'string') {
    const other = parseQuantity(value);
    return other !== null && compareQuantities(local, other) === 0;
  }
  return typeof value === 'string' && matchesGlob(value, key);
}

function isNotEqualTo(key: Json, value: Json): boolean {
  if (key === null) return false;
  if (typeof key === 'string' && value === '' && parseQuantity(key)) return true;
  return !isEqualTo(key, value);
}

const alike = (a: string, b: string): boolean => matchesGlob(a, b) || matchesGlob(b, a);

/** The texts that a value lists; `null`: it is not a list that counts. */
function listed(value: Json): readonly string[] | null {
  if (isArray(value)) return value.map(printed);
  if (typeof value !== 'string') return null;
  let parsed: Json;
  try {
    parsed = fromJson(value);
  } catch {
    return [value];
  }
  return isArray(parsed) && parsed.every(item => typeof item === 'string') ? (parsed as readonly string[]) : null;
}

type Quantifier = 'any' | 'all';

/** `AnyIn`, `AllIn`, `AnyNotIn`, `AllNotIn`. */
function isIn(key: Json, value: Json, quantifier: Quantifier, negated: boolean): boolean {
  if (isObject(key) || key === null) return false;
  if (!isArray(key)) {
    const text = printed(key);
    if (typeof value === 'string') {
      if (matchesGlob(value, text)) return !negated;
      if (rangeOf(value) && !rangeOf(value)!.outside) return matchesLeaf(text, value) !== negated;
      const list = listed(value);
      return list !== null && list.includes(text) !== negated;
    }
    return isArray(value) && value.some(item => alike(printed(item), text)) !== negated;
  }
  const keys = key.map(printed);
  const quantified = (test: (key: string) => boolean): boolean => (quantifier === 'any' ? keys.some(test) : keys.every(test));
  if (typeof value === 'string') {
    if (keys.length === 1 && keys[0] === value) return !negated;
    const range = rangeOf(value);
    if (range && !range.outside) return quantified(each => matchesLeaf(each, value) !== negated);
  }
  const list = quantifier === 'any' && (typeof value === 'number' || typeof value === 'boolean') ? [printed(value)] : listed(value);
  return list !== null && quantified(each => list.some(item => alike(each, item)) !== negated);
}

/** `In` and `NotIn`, which are older and compare lists without wildcards. */
function isInOld(key: Json, value: Json, negated: boolean): boolean {
  if (!isArray(key)) {
    if (isObject(key) || key === null) return false;
    const text = printed(key);
    if (isArray(value)) return value.some(item => alike(printed(item), text)) !== negated;
    if (typeof value !== 'string') return false;
    if (matchesGlob(value, text)) return !negated;
    const list = value.trim().startsWith('[') ? listed(value) : null;
    return list !== null && list.includes(text) !== negated;
  }
  const keys = key.map(printed);
  if (typeof value === 'string' && keys.length === 1 && keys[0] === value) return true;
  if (isArray(value) && value.some(item => typeof item !== 'string')) return false;
  const list = isArray(value) || (typeof value === 'string' && value.trim().startsWith('[')) ? listed(value) : null;
  return list !== null && (negated ? keys.some(each => !list.includes(each)) : keys.every(each => list.includes(each)));
}

function inOrder(operator: string, order: number): boolean {
  return operator === 'greaterthan'
    ? order > 0
    : operator === 'greaterthanorequals'
      ? order >= 0
      : operator === 'lessthan'
        ? order < 0
        : order <= 0;
}

function compareNumbers(key: Json, value: Json, operator: string): boolean {
  if (typeof key !== 'number' && typeof key !== 'string') return false;
  const both = durations(key, value);
  if (both) return inOrder(operator, both[0] < both[1] ? -1 : both[0] > both[1] ? 1 : 0);
  if (typeof key === 'string' && typeof value === 'string') {
    const [a, b] = [parseQuantity(key), parseQuantity(value)];
    if (a && b) return inOrder(operator, compareQuantities(a, b));
  }
  const numberOf = (each: Json): number => (typeof each === 'number' ? each : typeof each === 'string' && each !== '' ? Number(each) : NaN);
  const local = numberOf(key);
  if (!Number.isNaN(local)) return !Number.isNaN(numberOf(value)) && inOrder(operator, local - numberOf(value));
  const [v, w] = [parseVersion(String(key)), typeof value === 'string' ? parseVersion(value) : null];
  return v !== null && w !== null && inOrder(operator, compareVersions(v, w));
}

function compareDurations(key: Json, value: Json, operator: string): boolean {
  const of = (each: Json): bigint | null =>
    typeof each === 'number' ? BigInt(Math.trunc(each)) * second : typeof each === 'string' ? parseDuration(each) : null;
  const [a, b] = [of(key), of(value)];
  return a !== null && b !== null && inOrder(operator, a < b ? -1 : a > b ? 1 : 0);
}

function holds(operator: string, key: Json, value: Json): boolean {
  switch (operator) {
    case 'equal':
    case 'equals':
      return isEqualTo(key, value);
    case 'notequal':
    case 'notequals':
      return isNotEqualTo(key, value);
    case 'in':
    case 'notin':
      return isInOld(key, value, operator === 'notin');
    case 'anyin':
    case 'anynotin':
      return isIn(key, value, 'any', operator === 'anynotin');
    case 'allin':
    case 'allnotin':
      return isIn(key, value, 'all', operator === 'allnotin');
    case 'greaterthan':
    case 'greaterthanorequals':
    case 'lessthan':
    case 'lessthanorequals':
      return compareNumbers(key, value, operator);
    case 'durationgreaterthan':
    case 'durationgreaterthanorequals':
    case 'durationlessthan':
    case 'durationlessthanorequals':
      return compareDurations(key, value, operator.slice('duration'.length));
    default:
      throw new JmesError('failed to create handler for condition operator');
  }
}

/** What conditions come to, and what the one that decided says. */
export interface Decided {
  readonly holds: boolean;
  readonly message: string;
  /** The condition that made them hold, as it is written. */
  readonly by: Json;
}

function evaluateOne(condition: Json, context: Context): Decided {
  if (!isObject(condition)) throw new JmesError('invalid condition');
  const key = context.fill(condition.get('key') ?? null);
  const value = context.fill(condition.get('value') ?? null);
  const operator = condition.get('operator') ?? '';
  // lists are compared item by item
  context.spend(isArray(key) && isArray(value) ? key.length * value.length : weightOf(key));
  const message = condition.get('message');
  return {
    holds: holds(typeof operator === 'string' ? operator.toLowerCase() : '', key, value),
    message: typeof message === 'string' ? message : '',
    by: condition,
  };
}

function evaluateGroup(group: ReadonlyMap<unknown, Json>, context: Context): Decided {
  const [any, all] = ['any', 'all'].map(key => group.get(key)) as [Json | undefined, Json | undefined];
  const messages: string[] = [];
  let by: Json = null;
  if (any !== undefined && any !== null) {
    let found: Decided | null = null;
    for (const condition of isArray(any) ? any : []) {
      const decided = evaluateOne(condition, context);
      if (!decided.holds) continue;
      found = decided;
      break;
    }
    if (!found) return { holds: false, message: '', by: any };
    messages.push(found.message);
    ({ by } = found);
  }
  for (const condition of all !== undefined && all !== null && isArray(all) ? all : []) {
    const decided = evaluateOne(condition, context);
    if (!decided.holds) return decided;
    messages.push(decided.message);
    by ??= decided.by;
  }
  return { holds: true, message: messages.filter(text => text !== '').join('; '), by };
}

/** Whether conditions hold: `any` and `all`, or a list, as older policies have them. */
export function conditionsHold(conditions: Json, context: Context): Decided {
  if (isObject(conditions)) return evaluateGroup(conditions, context);
  if (!isArray(conditions)) throw new NotKnown('conditions of another form');
  let last: Decided = { holds: true, message: '', by: null };
  for (const condition of conditions) {
    const isGroup = isObject(condition) && (condition.has('any') || condition.has('all'));
    const decided = isGroup ? evaluateGroup(condition, context) : evaluateOne(condition, context);
    if (!decided.holds) return decided;
    last = decided;
  }
  return last;
}
