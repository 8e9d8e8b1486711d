import { isOpenData, NotKnown, weightOf } from '../yaml/data';
import { spend, type Run } from './run';
import { mayMake, textFunctions } from './texts';
import { CelError, compare, isEqual, isList, known, numeric, typeName, whole, type CelList, type CelValue } from './values';

type ListFunction = (args: readonly CelValue[], run: Run) => CelValue;

function listOf(value: CelValue | undefined, name: string): CelList {
  if (value === undefined || !isList(value)) throw new CelError(`no such overload: ${name}(${value === undefined ? '' : typeName(value)})`);
  if (isOpenData(value)) throw new NotKnown(null);
  return value;
}

const holds = (list: CelList, value: CelValue, run: Run): boolean => {
  spend(run, list.length * weightOf(value));
  return list.some(one => isEqual(one, value));
};

function extreme(values: CelList, sign: 1 | -1, name: string): CelValue {
  if (values.length === 0) throw new CelError(`${name} called on empty list`);
  return values.reduce((best, value) => (Math.sign(compare(value, best)) === sign ? value : best));
}

/** A function of texts for a text, and one of lists for a list. */
const either =
  (text: string, list: ListFunction): ListFunction =>
  (args, run) =>
    typeof args[0] === 'string' ? textFunctions[text]!(args, run) : list(args, run);

function sum(list: CelList): CelValue {
  const numbers = list.map(value => {
    const number = numeric(known(value));
    if (number === null) throw new CelError(`no such overload: sum of ${typeName(value)}`);
    return number;
  });
  return numbers.some(number => typeof number === 'number')
    ? numbers.reduce<number>((total, number) => total + Number(number), 0)
    : whole(numbers.reduce<bigint>((total, number) => total + (number as bigint), 0n));
}

function flat(list: CelList, depth: bigint, run: Run): CelList {
  spend(run, list.length);
  return list.flatMap(value => (isList(value) && depth > 0n ? flat(value, depth - 1n, run) : [value]));
}

/** Numbers of `math.greatest(a, b)` or `math.greatest([a, b])`. */
const given = (args: readonly CelValue[]): CelList => (args.length === 1 && isList(args[0]!) ? args[0] : args);

const rounded =
  (round: (value: number) => number): ListFunction =>
  ([value]) => {
    const number = numeric(value!);
    if (number === null) throw new CelError(`no such overload: ${typeName(value!)}`);
    return typeof number === 'number' ? round(number) : value!;
  };

/** Functions over lists and sets, and of numbers. */
export const listFunctions: Readonly<Record<string, ListFunction>> = {
  isSorted: args => {
    const list = listOf(args[0], 'isSorted');
    return list.every((value, i) => i === 0 || compare(list[i - 1]!, value) <= 0);
  },
  sum: args => sum(listOf(args[0], 'sum')),
  min: args => extreme(listOf(args[0], 'min'), -1, 'min'),
  max: args => extreme(listOf(args[0], 'max'), 1, 'max'),
  indexOf: either('text.indexOf', ([list, value]) => BigInt(listOf(list, 'indexOf').findIndex(one => isEqual(one, value!)))),
  lastIndexOf: either('text.lastIndexOf', ([list, value]) =>
    BigInt(listOf(list, 'lastIndexOf').findLastIndex(one => isEqual(one, value!))),
  ),
  reverse: either('text.reverse', args => [...listOf(args[0], 'reverse')].reverse()),
  join: ([list, by = '']) => {
    const parts = listOf(list, 'join').map(known);
    if (typeof by !== 'string' || parts.some(part => typeof part !== 'string')) throw new CelError('no such overload: join');
    mayMake(parts.length * by.length);
    return (parts as readonly string[]).join(by);
  },
  slice: ([list, from, to]) => {
    const all = listOf(list, 'slice');
    const [start, end] = [numeric(from ?? 0n), numeric(to ?? 0n)];
    if (start === null || end === null || start < 0 || end > all.length || start > end) throw new CelError('index out of range');
    return all.slice(Number(start), Number(end));
  },
  flatten: ([list, depth = 1n], run) => flat(listOf(list, 'flatten'), depth as bigint, run),
  distinct: ([list], run) =>
    listOf(list, 'distinct').reduce<CelList>((kept, value) => (holds(kept, value, run) ? kept : [...kept, value]), []),
  sort: ([list], run) => {
    const all = listOf(list, 'sort');
    spend(run, all.length * 10);
    return [...all].sort(compare);
  },
  first: ([list]) => ({ is: 'optional', value: listOf(list, 'first')[0] }),
  last: ([list]) => ({ is: 'optional', value: listOf(list, 'last').at(-1) }),
  'lists.range': ([most], run) => {
    const count = Number(numeric(most!) ?? 0);
    spend(run, count);
    return Array.from({ length: count }, (_, i) => BigInt(i));
  },
  'sets.contains': ([list, part], run) => listOf(part, 'contains').every(value => holds(listOf(list, 'contains'), value, run)),
  'sets.intersects': ([list, part], run) => listOf(part, 'intersects').some(value => holds(listOf(list, 'intersects'), value, run)),
  'sets.equivalent': ([a, b], run) =>
    listOf(a, 'equivalent').every(value => holds(listOf(b, 'equivalent'), value, run)) &&
    listOf(b, 'equivalent').every(value => holds(listOf(a, 'equivalent'), value, run)),
  'math.greatest': args => extreme(given(args), 1, 'math.greatest'),
  'math.least': args => extreme(given(args), -1, 'math.least'),
  'math.ceil': rounded(Math.ceil),
  'math.floor': rounded(Math.floor),
  'math.round': rounded(value => Math.sign(value) * Math.round(Math.abs(value))),
  'math.trunc': rounded(Math.trunc),
  'math.abs': ([value]) => {
    const number = numeric(value!);
    if (number === null) throw new CelError('no such overload: abs');
    return typeof number === 'number' ? Math.abs(number) : whole(number < 0n ? -number : number);
  },
};
