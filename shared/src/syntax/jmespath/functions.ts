import { matchesWildcard } from '../../base/text/wildcard';
import { findMatch } from '../regex/match';
import { parseRegex } from '../regex/parse';
import { compareVersions, parseVersion } from '../scalars/semver';
import { isOpenData, NotKnown, tooMuch, weightOf } from '../yaml/data';
import { calculate } from './arithmetic';
import { certain, fromJson, isArray, isExpression, isObject, isSame, JmesError, jsonText, type JmesRun, type Json } from './values';

type JmesFunction = (args: readonly Json[], run: JmesRun) => Json;

/** What an argument may be: `s` a text, `n` a number, `a` a list, `o` a map, `e` an expression, `b` a truth, `0` null, `*` anything. */
const kindOf = (value: Json): string => {
  if (value === null) return '0';
  if (typeof value === 'string') return 's';
  if (typeof value === 'number') return 'n';
  if (typeof value === 'boolean') return 'b';
  return isArray(value) ? 'a' : isObject(value) ? 'o' : 'e';
};

const words: Readonly<Record<string, string>> = {
  s: 'string',
  n: 'number',
  b: 'boolean',
  a: 'array',
  o: 'object',
  '0': 'null',
  e: 'expref',
};

/** A function whose arguments are checked: one word each for what they may be; after a `?` they may be absent. */
function of(signature: string, run: (args: never, run: JmesRun) => Json): JmesFunction {
  const [needed = '', more = ''] = signature.split('?');
  const kinds = [...needed.trim().split(/ +/), ...more.trim().split(/ +/)].filter(word => word !== '');
  const least = needed.trim().split(/ +/).length;
  return (args, context) => {
    const fits =
      args.length >= least && args.length <= kinds.length && args.every((arg, i) => kinds[i] === '*' || kinds[i]!.includes(kindOf(arg)));
    if (!fits) throw new JmesError('invalid arguments');
    return run(args as never, context);
  };
}

const texts = (list: readonly Json[]): readonly string[] => {
  if (list.some(item => typeof certain(item) !== 'string')) throw new JmesError('invalid type');
  return list as readonly string[];
};
const numbers = (list: readonly Json[]): readonly number[] => {
  if (list.some(item => typeof certain(item) !== 'number')) throw new JmesError('invalid type');
  return list as readonly number[];
};

const order = (a: Json, b: Json): number => {
  if (typeof a !== typeof b || (typeof a !== 'string' && typeof a !== 'number')) throw new JmesError('invalid type');
  return a < (b as typeof a) ? -1 : a > (b as typeof a) ? 1 : 0;
};

const by = (
  list: readonly Json[],
  { of: node }: { readonly of: never },
  run: JmesRun,
): readonly { readonly item: Json; readonly key: Json }[] => list.map(item => ({ item, key: certain(run.evaluate(node, item, run)) }));

type By = [readonly Json[], { of: never }];

function extreme(list: readonly Json[], sign: number): Json {
  return list.length === 0 ? null : list.reduce((best, item) => (Math.sign(order(certain(item), certain(best))) === sign ? item : best));
}

function extremeBy([list, expression]: By, run: JmesRun, sign: number): Json {
  const keyed = by(list, expression, run);
  return keyed.length === 0 ? null : keyed.reduce((best, each) => (Math.sign(order(each.key, best.key)) === sign ? each : best)).item;
}

function program(pattern: string): NonNullable<ReturnType<typeof parseRegex>> {
  const found = pattern.length > 2000 ? null : parseRegex(pattern);
  if (!found) throw new JmesError('invalid regular expression');
  return found;
}

function find(pattern: string, text: string, from: number, { effort }: JmesRun): readonly number[] | null {
  const found = findMatch(program(pattern), text, from, effort);
  if (effort.left < 0) throw new NotKnown(tooMuch);
  return found;
}

/** Longer texts are not made. */
function mayMake(length: number): void {
  if (length > 1 << 20) throw new NotKnown(tooMuch);
}

function replaceRegex(pattern: string, text: string, to: string, isLiteral: boolean, run: JmesRun): string {
  const { names } = program(pattern);
  let made = '';
  let at = 0;
  for (let from = 0; from <= text.length;) {
    const match = find(pattern, text, from, run);
    if (!match) break;
    const [start, end] = match as [number, number];
    const group = (key: string): string => {
      const index = /^\d+$/.test(key) ? Number(key) : (names.get(key) ?? -1);
      const from = match[2 * index];
      return from === undefined || from < 0 ? '' : text.slice(from, match[2 * index + 1]);
    };
    const filled = isLiteral
      ? to
      : to.replace(/\$(?:\$|\{(\w+)\}|(\w+))/g, (all, braced?: string, bare?: string) => (all === '$$' ? '$' : group((braced ?? bare)!)));
    made += text.slice(at, start) + filled;
    mayMake(made.length);
    at = end;
    from = end > start ? end : end + 1;
  }
  return made + text.slice(at);
}

function toNumber(value: Json): Json {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value !== '' && !Number.isNaN(Number(value)) ? Number(value) : null;
}

function semver(text: string, range: string): boolean {
  const version = parseVersion(text);
  if (!version) throw new JmesError('invalid version');
  return range.split('||').some(part =>
    part
      .trim()
      .replace(/([<>=!]) {1,20}/g, '$1')
      .split(/[ ,]+/)
      .every(each => {
        const [, sign = '', number = ''] = /^(>=|<=|>|<|!=|!|==|=)?v?(.*)$/.exec(each) ?? [];
        const other = parseVersion(number);
        if (!other) throw new NotKnown('a range of versions');
        const place = compareVersions(version, other);
        return (
          { '>': place > 0, '>=': place >= 0, '<': place < 0, '<=': place <= 0, '!=': place !== 0, '!': place !== 0 }[sign] ?? place === 0
        );
      }),
  );
}

const asText = (value: Json): string => (typeof value === 'string' ? value : jsonText(value));
const cutset = (text: string, set: string): string => {
  let [start, end] = [0, text.length];
  while (start < end && set.includes(text[start]!)) start++;
  while (end > start && set.includes(text[end - 1]!)) end--;
  return text.slice(start, end);
};

const functions: Readonly<Record<string, JmesFunction>> = {
  abs: of('n', ([n]: [number]) => Math.abs(n)),
  avg: of('a', ([list]: [Json[]]) => (list.length === 0 ? null : numbers(list).reduce((sum, n) => sum + n, 0) / list.length)),
  ceil: of('n', ([n]: [number]) => Math.ceil(n)),
  floor: of('n', ([n]: [number]) => Math.floor(n)),
  round: of('n n', ([n, digits]: [number, number]) => Math.round(n * 10 ** digits) / 10 ** digits),
  contains: of('as *', ([within, what]: [string | readonly Json[], Json]) => {
    if (typeof within !== 'string') return within.some(item => isSame(item, what));
    return typeof what === 'string' && within.includes(what);
  }),
  starts_with: of('s s', ([text, part]: string[]) => text!.startsWith(part!)),
  ends_with: of('s s', ([text, part]: string[]) => text!.endsWith(part!)),
  join: of('s a', ([between, list]: [string, Json[]]) => {
    mayMake(list.length * between.length);
    return texts(list).join(between);
  }),
  keys: of('o', ([map]: [Map<string, Json>]) => [...map.keys()].sort()),
  values: of('o', ([map]: [Map<string, Json>]) => [...map.values()]),
  items: of('oa s s', ([map, key, value]: [Map<string, Json>, string, string]) =>
    [...map]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(
        ([name, item]) =>
          new Map<string, Json>([
            [key, name],
            [value, item],
          ]),
      ),
  ),
  object_from_lists: of('a a', ([names, values]: [Json[], Json[]]) => new Map(texts(names).map((name, i) => [name, values[i] ?? null]))),
  length: of('sao', ([value]: [string | Json[] | Map<string, Json>]) =>
    typeof value === 'string' ? [...value].length : Array.isArray(value) ? value.length : value.size,
  ),
  lookup: of('ao *', ([within, key]: [Json, Json]) =>
    isArray(within) ? (within[key as number] ?? null) : ((within as Map<string, Json>).get(key as string) ?? null),
  ),
  map: of('e a', ([expression, list]: [{ of: never }, Json[]], run) => by(list, expression, run).map(({ key }) => key)),
  max: of('a', ([list]: [Json[]]) => extreme(list, 1)),
  min: of('a', ([list]: [Json[]]) => extreme(list, -1)),
  max_by: of('a e', (args: By, run) => extremeBy(args, run, 1)),
  min_by: of('a e', (args: By, run) => extremeBy(args, run, -1)),
  merge: args => new Map(args.flatMap(map => (isObject(map) ? [...map] : []))),
  not_null: args => args.find(value => value !== null) ?? null,
  reverse: of('as', ([value]: [string | Json[]]) => (typeof value === 'string' ? [...value].reverse().join('') : [...value].reverse())),
  sort: of('a', ([list]: [Json[]]) => [...list].sort(order)),
  sort_by: of('a e', ([list, expression]: By, run) =>
    [...by(list, expression, run)].sort((a, b) => order(a.key, b.key)).map(({ item }) => item),
  ),
  sum: of('a', ([list]: [Json[]]) =>
    list.length === 0 ? 0 : list.slice(1).reduce((total, value) => calculate('+', total, value), list[0]!),
  ),
  to_array: of('*', ([value]: [Json]) => (isArray(value) ? value : [value])),
  to_number: of('*', ([value]: [Json]) => toNumber(value)),
  to_string: of('*', ([value]: [Json]) => asText(value)),
  type: of('*', ([value]: [Json]) => words[kindOf(value)]!),
  to_boolean: of('s', ([text]: string[]) => {
    if (/^(?:true|false)$/i.test(text!)) return text!.toLowerCase() === 'true';
    throw new JmesError('invalid boolean');
  }),
  to_lower: of('s', ([text]: string[]) => text!.toLowerCase()),
  to_upper: of('s', ([text]: string[]) => text!.toUpperCase()),
  equal_fold: of('s s', ([a, b]: string[]) => a!.toLowerCase() === b!.toLowerCase()),
  trim: of('s s', ([text, set]: string[]) => cutset(text!, set!)),
  trim_prefix: of('s s', ([text, part]: string[]) => (text!.startsWith(part!) ? text!.slice(part!.length) : text!)),
  truncate: of('s n', ([text, size]: [string, number]) => text.slice(0, Math.max(0, size))),
  split: of('s s', ([text, between]: string[]) => text!.split(between!)),
  replace: of('s s s n', ([text, from, to, most]: [string, string, string, number]) => {
    const parts = text.split(from);
    const count = most < 0 ? parts.length : most + 1;
    mayMake(text.length + Math.min(count, parts.length) * to.length);
    return [parts.slice(0, count).join(to), ...parts.slice(count)].join(from);
  }),
  replace_all: of('s s s', ([text, from, to]: [string, string, string]) => {
    const parts = text.split(from);
    mayMake(text.length + parts.length * to.length);
    return parts.join(to);
  }),
  regex_match: of('s sn', ([pattern, text]: [string, Json], run) => find(pattern, asText(text), 0, run) !== null),
  regex_replace_all: of('s sn sn', ([pattern, text, to]: [string, Json, Json], run) =>
    replaceRegex(pattern, asText(text), asText(to), false, run),
  ),
  regex_replace_all_literal: of('s sn sn', ([pattern, text, to]: [string, Json, Json], run) =>
    replaceRegex(pattern, asText(text), asText(to), true, run),
  ),
  pattern_match: of('s sn', ([pattern, text]: [string, Json]) => matchesWildcard(pattern, asText(text))),
  label_match: of('o o', ([wanted, labels]: [Map<string, Json>, Map<string, Json>]) =>
    [...wanted].every(([key, value]) => isSame(labels.get(key) ?? null, value)),
  ),
  add: of('* *', ([a, b]: Json[]) => calculate('+', a!, b!)),
  subtract: of('* *', ([a, b]: Json[]) => calculate('-', a!, b!)),
  multiply: of('* *', ([a, b]: Json[]) => calculate('*', a!, b!)),
  divide: of('* *', ([a, b]: Json[]) => calculate('/', a!, b!)),
  modulo: of('* *', ([a, b]: Json[]) => calculate('%', a!, b!)),
  parse_json: of('s', ([text]: string[]) => {
    try {
      return fromJson(text!);
    } catch {
      throw new JmesError('invalid JSON');
    }
  }),
  semver_compare: of('s s', ([version, range]: string[]) => semver(version!, range!)),
};

/** Whether a function of JMESPath is worked out here. */
export function isJmesFunction(name: string): boolean {
  return Object.hasOwn(functions, name);
}

/** Functions that read all of a value, however deep it is. */
const readsAll: ReadonlySet<string> = new Set(['to_string', 'contains', 'label_match']);

/** Calls a function of JMESPath; one that needs what is not here, or that is not known, cannot be answered. */
export function callJmesFunction(name: string, args: readonly Json[], run: JmesRun): Json {
  if (!Object.hasOwn(functions, name)) throw new NotKnown(`${name}()`);
  for (const arg of args) {
    if (!isExpression(arg)) certain(arg);
    if (isOpenData(arg)) throw new NotKnown(null);
  }
  run.effort.left -= args.reduce<number>(
    (sum, arg) => sum + (typeof arg === 'string' ? arg.length >> 4 : readsAll.has(name) ? weightOf(arg) : isArray(arg) ? arg.length : 0),
    1,
  );
  if (run.effort.left < 0) throw new NotKnown(tooMuch);
  return functions[name]!(args, run);
}
