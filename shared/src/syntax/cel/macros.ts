import { isOpenData, NotKnown } from '../yaml/data';
import { spend, withNames, type Run, type Scope } from './run';
import type { Cel } from './types';
import { asBoolean, CelError, isList, isMap, known, objectOf, typeName, type CelKey, type CelValue } from './values';

type Call = Extract<Cel, { is: 'call' }>;
type Macro = (node: Call, scope: Scope, run: Run) => CelValue;

/** An item of what a macro goes over: a value of a list or a key of a map, with the names that it has in the expressions. */
export interface Item {
  readonly element: CelValue;
  readonly value: CelValue;
  readonly key: CelValue;
  readonly scope: Scope;
}

/** How many of the arguments are names: `all(i, v, p)` has two. */
export function namesOf({ name, args }: Call): number {
  const two = name.startsWith('transform') || (args.length === 3 && name !== 'map');
  return two && args[1]?.is === 'name' ? 2 : 1;
}

/** What a macro goes over: the items of a list, the keys of a map. */
export function itemsOf(node: Call, scope: Scope, run: Run): readonly Item[] {
  const over = known(run.evaluate(node.of!, scope, run));
  if (!isList(over) && !isMap(over)) throw new CelError(`no such overload: ${typeName(over)} has no items`);
  if (isOpenData(over)) throw new NotKnown(null);
  const names = node.args.slice(0, namesOf(node)).map(each => (each as Extract<Cel, { is: 'name' }>).name);
  const pairs: readonly (readonly [CelKey, CelValue])[] = isList(over) ? over.map((value, i) => [BigInt(i), value] as const) : [...over];
  spend(run, pairs.length);
  return pairs.map(([key, value]) => {
    const element = isList(over) ? value : key;
    const bound = names.length === 2 ? { [names[0]!]: key, [names[1]!]: value } : { [names[0]!]: element };
    return { element, key, value, scope: withNames(scope, bound) };
  });
}

/** Whether all, or one, of the items pass; an error counts only where no other item decides. */
function quantified(node: Call, scope: Scope, run: Run, decides: boolean): boolean {
  let failure: unknown;
  for (const item of itemsOf(node, scope, run))
    try {
      if (asBoolean(run.evaluate(node.args.at(-1)!, item.scope, run)) === decides) return decides;
    } catch (error) {
      if (!(failure instanceof NotKnown)) failure = error;
      if (run.effort.left < 0) throw error;
    }
  if (failure !== undefined) throw failure as Error;
  return !decides;
}

function passing(node: Call, scope: Scope, run: Run, test: Cel): readonly Item[] {
  return itemsOf(node, scope, run).filter(item => asBoolean(run.evaluate(test, item.scope, run)));
}

const mapped: Macro = (node, scope, run) => {
  const names = namesOf(node);
  const items = node.args.length > names + 1 ? passing(node, scope, run, node.args[names]!) : itemsOf(node, scope, run);
  return items.map(item => run.evaluate(node.args.at(-1)!, item.scope, run));
};

const one: Macro = (node, scope, run) => passing(node, scope, run, node.args.at(-1)!).length === 1;

const macros: Readonly<Record<string, Macro>> = {
  all: (node, scope, run) => quantified(node, scope, run, false),
  exists: (node, scope, run) => quantified(node, scope, run, true),
  exists_one: one,
  existsOne: one,
  map: mapped,
  transformList: mapped,
  filter: (node, scope, run) => passing(node, scope, run, node.args[1]!).map(({ element }) => element),
  transformMap: (node, scope, run) => {
    const names = namesOf(node);
    const items = node.args.length > names + 1 ? passing(node, scope, run, node.args[names]!) : itemsOf(node, scope, run);
    return new Map(items.map(item => [item.key as CelKey, run.evaluate(node.args.at(-1)!, item.scope, run)]));
  },
  sortBy: (node, scope, run) => {
    const keyed = itemsOf(node, scope, run).map(({ element, scope: inner }) => ({ element, key: run.evaluate(node.args[1]!, inner, run) }));
    spend(run, keyed.length * 10);
    return keyed.sort((a, b) => compareKeys(a.key, b.key)).map(({ element }) => element);
  },
};

function compareKeys(a: CelValue, b: CelValue): number {
  return (known(a) as string) < (known(b) as string) ? -1 : (a as string) > (b as string) ? 1 : 0;
}

/** `optMap`, `optFlatMap`: an expression over what an optional holds. */
const optional: Macro = (node, scope, run) => {
  const of = objectOf(known(run.evaluate(node.of!, scope, run)), 'optional');
  if (!of) throw new CelError('no such overload: no optional');
  if (of.value === undefined) return of;
  const value = run.evaluate(node.args[1]!, withNames(scope, { [(node.args[0] as Extract<Cel, { is: 'name' }>).name]: of.value }), run);
  return node.name === 'optMap' ? { is: 'optional', value } : value;
};

/** `cel.bind(name, value, expression)`. */
const bind: Macro = ({ args }, scope, run) =>
  run.evaluate(args[2]!, withNames(scope, { [(args[0] as Extract<Cel, { is: 'name' }>).name]: run.evaluate(args[1]!, scope, run) }), run);

/** The macro that a call is; `null`: it is a function. */
export function macroOf(node: Call): Macro | null {
  const { of, name, args } = node;
  if (of === null || args[0]?.is !== 'name') return null;
  if (name === 'bind' && of.is === 'name' && of.name === 'cel' && args.length === 3) return bind;
  if ((name === 'optMap' || name === 'optFlatMap') && args.length === 2) return optional;
  return args.length >= 2 && Object.hasOwn(macros, name) ? macros[name]! : null;
}
