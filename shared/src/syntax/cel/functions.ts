import { NotKnown } from '../yaml/data';
import { libraryFunctions } from './libraries';
import { listFunctions } from './lists';
import { spend, type Run } from './run';
import { matchesRegex, textFunctions } from './texts';
import { parseDuration, parseTimestamp } from '../scalars/time';
import { CelError, isList, isMap, numeric, objectOf, typeName, whole, type CelValue } from './values';

/** A function: what a method is called on is its first argument. */
export type CelFunction = (args: readonly CelValue[], run: Run) => CelValue;

/** Names that are in front of functions of a library. */
export const namespaces: ReadonlySet<string> = new Set([
  'math',
  'sets',
  'optional',
  'ip',
  'cidr',
  'lists',
  'strings',
  'base64',
  'format',
  'regex',
]);

const wrong = (name: string, args: readonly CelValue[]): never => {
  throw new CelError(`no such overload: ${name}(${args.map(typeName).join(', ')})`);
};

function size([value]: readonly CelValue[]): CelValue {
  if (typeof value === 'string') return BigInt([...value].length);
  if (value !== undefined && isList(value)) return BigInt(value.length);
  if (value !== undefined && isMap(value)) return BigInt(value.size);
  return wrong('size', [value!]);
}

function toInt([value]: readonly CelValue[]): CelValue {
  const number = numeric(value!);
  if (typeof number === 'bigint') return whole(number);
  if (typeof number === 'number' && Number.isFinite(number)) return whole(BigInt(Math.trunc(number)));
  if (typeof value === 'string' && /^[+-]?\d{1,30}$/.test(value)) return whole(BigInt(value.replace(/^\+/, '')));
  const stamp = objectOf(value!, 'timestamp');
  return stamp ? stamp.value / 1_000_000_000n : wrong('int', [value!]);
}

function toDouble([value]: readonly CelValue[]): CelValue {
  const number = numeric(value!);
  if (number !== null) return Number(number);
  return typeof value === 'string' && value !== '' && !Number.isNaN(Number(value)) ? Number(value) : wrong('double', [value!]);
}

function toText([value]: readonly CelValue[]): CelValue {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  const number = numeric(value!);
  if (number !== null) return String(number);
  const stamp = objectOf(value!, 'duration');
  if (stamp) return `${Number(stamp.value) / 1e9}s`;
  const time = objectOf(value!, 'timestamp');
  if (time) return new Date(Number(time.value / 1_000_000n)).toISOString().replace('.000Z', 'Z');
  return textFunctions['showLibrary']!([value!], null as never);
}

const dateParts: Readonly<Record<string, (date: Date) => number>> = {
  getFullYear: date => date.getUTCFullYear(),
  getMonth: date => date.getUTCMonth(),
  getDayOfMonth: date => date.getUTCDate() - 1,
  getDate: date => date.getUTCDate(),
  getDayOfWeek: date => date.getUTCDay(),
  getHours: date => date.getUTCHours(),
  getMinutes: date => date.getUTCMinutes(),
  getSeconds: date => date.getUTCSeconds(),
  getMilliseconds: date => date.getUTCMilliseconds(),
};
const durationParts: Readonly<Record<string, bigint>> = {
  getHours: 3_600_000_000_000n,
  getMinutes: 60_000_000_000n,
  getSeconds: 1_000_000_000n,
  getMilliseconds: 1_000_000n,
};

function timePart(name: string, [value, zone]: readonly CelValue[]): CelValue {
  if (zone !== undefined && zone !== 'UTC') throw new NotKnown('time zones');
  const duration = objectOf(value!, 'duration');
  if (duration && Object.hasOwn(durationParts, name)) return duration.value / durationParts[name]!;
  const stamp = objectOf(value!, 'timestamp');
  return stamp ? BigInt(dateParts[name]!(new Date(Number(stamp.value / 1_000_000n)))) : wrong(name, [value!]);
}

const basic: Readonly<Record<string, CelFunction>> = {
  size,
  int: toInt,
  uint: args => {
    const value = toInt(args) as bigint;
    return value < 0n ? wrong('uint', args) : { is: 'uint', value };
  },
  double: toDouble,
  string: toText,
  bool: args => {
    const [value] = args;
    if (typeof value === 'boolean') return value;
    if (value === 'true' || value === 'True' || value === 'TRUE' || value === 't' || value === '1') return true;
    return value === 'false' || value === 'False' || value === 'FALSE' || value === 'f' || value === '0' ? false : wrong('bool', args);
  },
  dyn: ([value]) => value!,
  type: ([value]) => ({ is: 'type', value: typeName(value!) }),
  duration: args => {
    const [value] = args;
    const known = typeof value === 'string' ? parseDuration(value) : (objectOf(value!, 'duration')?.value ?? null);
    return known === null ? wrong('duration', args) : { is: 'duration', value: known };
  },
  timestamp: args => {
    const [value] = args;
    const known = typeof value === 'string' ? parseTimestamp(value) : (objectOf(value!, 'timestamp')?.value ?? null);
    return known === null ? wrong('timestamp', args) : { is: 'timestamp', value: known };
  },
  matches: (args, run) => {
    const [text, pattern] = args;
    return typeof text === 'string' && typeof pattern === 'string' ? matchesRegex(text, pattern, run) : wrong('matches', args);
  },
  'optional.of': ([value]) => ({ is: 'optional', value }),
  'optional.none': () => ({ is: 'optional', value: undefined }),
  'optional.ofNonZeroValue': ([value]) => ({ is: 'optional', value: isZero(value!) ? undefined : value }),
  hasValue: args => (objectOf(args[0]!, 'optional') ?? wrong('hasValue', args)).value !== undefined,
  // another value is taken as it is: cel-go does so, although its checker refuses it where types are known
  orValue: ([first, second]) => {
    const optional = objectOf(first!, 'optional');
    if (!optional) return first!;
    return optional.value === undefined ? second! : optional.value;
  },
  or: ([first, second]) => {
    const optional = objectOf(first!, 'optional');
    return optional && optional.value === undefined ? second! : first!;
  },
  value: args => {
    const found = (objectOf(args[0]!, 'optional') ?? wrong('value', args)).value;
    if (found === undefined) throw new CelError('optional.none() dereference');
    return found;
  },
  ...Object.fromEntries([...Object.keys(dateParts)].map(name => [name, (args: readonly CelValue[]) => timePart(name, args)])),
};

function isZero(value: CelValue): boolean {
  if (value === null || value === false || value === '') return true;
  if (isList(value) || isMap(value)) return (isList(value) ? value.length : value.size) === 0;
  return numeric(value) !== null && Number(numeric(value)) === 0;
}

const functions: Readonly<Record<string, CelFunction>> = { ...libraryFunctions, ...textFunctions, ...listFunctions, ...basic };

/** Whether a function is known, by its name with that of its library in front. */
export function isFunction(name: string): boolean {
  return Object.hasOwn(functions, name) && name !== 'showLibrary';
}

/** Calls a function. */
export function callFunction(name: string, args: readonly CelValue[], run: Run): CelValue {
  for (const arg of args) spend(run, lengthOf(arg));
  if (args.length === 0 && name !== 'optional.none') return wrong(name, args);
  const value = functions[name]!(args, run);
  spend(run, lengthOf(value));
  return value;
}

/** What a value counts for that a function reads or makes. */
function lengthOf(value: CelValue): number {
  return typeof value === 'string' ? 1 + (value.length >> 4) : Array.isArray(value) ? 1 + value.length : 1;
}
