import { isOpenData, NotKnown, tooMuch, unfilled, weightOf } from '../../../syntax/yaml/data';
import { variablesIn } from '../../../syntax/jmespath/parse';
import { searchJson } from '../../../syntax/jmespath/evaluate';
import { certain, isArray, isObject, JmesError, jsonText, type Json } from '../../../syntax/jmespath/values';
import type { Budget } from './types';

/** What variables of a rule may ask, and the texts that hold them filled in. */
export interface Context {
  /** Counts work. */
  spend(steps: number): void;
  /** What an expression finds. */
  query(text: string): Json;
  /** A value with its variables filled in. */
  fill(value: Json): Json;
  /** A context that knows more names: some with values, some whose entries say how they come about. */
  with(names: Readonly<Record<string, Json>>, entries?: Json): Context;
}

/** Variables within variables. */
const deepest = 20;
/** Longer texts are not made. */
const longest = 1 << 20;

/** Who asks for an object, no file tells. */
const aboutUsers =
  /\b(?:request\.(?:userInfo|roles|clusterRoles|uid|dryRun)|serviceAccountName|serviceAccountNamespace|roles|clusterRoles)\b/;

/** Makes a context of names with their values. */
export function createContext(values: ReadonlyMap<string, Json>, budget: Budget, deferred: readonly Entry[] = []): Context {
  const loaded = new Map(values);
  let waiting = [...deferred];
  const context: Context = {
    spend: steps => budget.spend(steps),
    query: text => {
      if (aboutUsers.test(text)) throw new NotKnown('who asks for it');
      for (const entry of waiting.filter(({ name }) => mentions(text, name))) {
        waiting = waiting.filter(other => other !== entry);
        const value = entry.value(context);
        if (value !== undefined) loaded.set(entry.name, value);
      }
      return searchJson(text, loaded, budget.effort);
    },
    fill: value => filled(value, context, budget),
    with: (names, entries) => createContext(new Map([...loaded, ...Object.entries(names)]), budget, [...waiting, ...entriesOf(entries)]),
  };
  return context;
}

/** A name whose value is worked out when an expression first has it. */
export interface Entry {
  readonly name: string;
  /** `undefined`: there is none of that name. */
  readonly value: (context: Context) => Json | undefined;
}

/** The entries of a `context`, in order. */
function entriesOf(entries: Json | undefined): readonly Entry[] {
  return (entries !== undefined && isArray(entries) ? entries : []).flatMap(from => {
    const name = isObject(from) ? from.get('name') : undefined;
    return isObject(from) && typeof name === 'string' ? [{ name, value: (context: Context) => valueOf(name, from, context) }] : [];
  });
}

function mentions(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1))
    if (!/\w/.test(text[at - 1] ?? '') && !/\w/.test(text[at + name.length] ?? '')) return true;
  return false;
}

function valueOf(name: string, from: ReadonlyMap<unknown, Json>, context: Context): Json {
  const variable = from.get('variable');
  if (variable === undefined || !isObject(variable)) {
    const kind = ['configMap', 'apiCall', 'imageRegistry', 'globalReference'].find(key => from.has(key)) ?? 'context';
    throw new NotKnown(`${kind} "${name}"`);
  }
  const [path, otherwise] = [variable.get('jmesPath'), variable.get('default')];
  const text = typeof path === 'string' ? context.fill(path) : null;
  try {
    let value: Json = null;
    if (variable.has('value')) {
      value = context.fill(variable.get('value') ?? null);
      // the value is asked, and nothing else
      if (typeof text === 'string') value = context.with({ __value: value }).query(`__value | ${text}`);
    } else if (typeof text === 'string') value = context.query(text);
    if (value !== null || otherwise === undefined) return value;
  } catch (error) {
    if (!(error instanceof JmesError) || otherwise === undefined) throw error;
  }
  return context.fill(otherwise);
}

/** What patterns without variables cost to read, by pattern: they are filled in for every object. */
const plain = new WeakMap<object, number>();

const hasVariables = (text: string): boolean => text.includes('{{') || text.includes('$(');

/** What a value without variables costs to read; `null`: it has some, or is not known. */
function plainWeight(value: Json): number | null {
  if (value === unfilled) return null;
  if (typeof value === 'string') return hasVariables(value) ? null : 1;
  if (!isArray(value) && !isObject(value)) return 1;
  let sum = 1;
  for (const [key, item] of value.entries() as Iterable<readonly [unknown, Json]>) {
    const weight = typeof key === 'string' && hasVariables(key) ? null : plainWeight(item);
    if (weight === null) return null;
    sum += weight;
  }
  return sum;
}

/** A value of a policy with its variables filled in: itself where it has none. */
function filled(value: Json, context: Context, budget: Budget): Json {
  if (!isArray(value) && !isObject(value)) return fill(value, context, budget);
  let weight = plain.get(value);
  if (weight === undefined) plain.set(value, (weight = plainWeight(value) ?? 0));
  budget.spend(weight);
  return weight > 0 ? value : fill(value, context, budget);
}

/** A value with the variables in its texts and keys filled in. */
function fill(value: Json, context: Context, budget: Budget): Json {
  budget.spend();
  if (typeof value === 'string') return hasVariables(value) ? fillText(value, context) : value;
  if (isArray(value)) {
    if (!isOpenData(value) && value.every(item => typeof item !== 'string' && !isArray(item) && !isObject(item))) return value;
    return value.map(item => fill(item, context, budget));
  }
  if (!isObject(value)) return certain(value);
  return new Map(
    [...value].map(([key, item]) => [
      typeof key === 'string' && key.includes('{{') ? asText(fillText(key, context)) : key,
      fill(item, context, budget),
    ]),
  );
}

const asText = (value: Json): string => (typeof value === 'string' ? value : jsonText(value));

function fillText(text: string, context: Context): Json {
  if (/\$\([^ )]/.test(text)) throw new NotKnown('references of patterns, "$(...)"');
  let now = text;
  for (let round = 0; ; round++) {
    const { variables, isDeep } = variablesIn(now);
    if (isDeep) throw new NotKnown(tooMuch);
    // those that hold none
    const inner = variables.filter(({ range }) => !variables.some(other => other.range.start > range.start && other.range.end < range.end));
    if (inner.length === 0) return now.replaceAll('\\{{', '{{');
    if (round > deepest) throw new NotKnown('variables within variables');
    let made = '';
    let at = 0;
    for (const { range } of inner) {
      const query = now.slice(range.start, range.end).trim();
      if (query.startsWith('@')) throw new NotKnown('"@"');
      const value = certain(context.query(query.startsWith('-') ? query.slice(1) : query));
      if (range.start === 2 && range.end + 2 === now.length) return value;
      context.spend(weightOf(value));
      made += now.slice(at, range.start - 2) + asText(value);
      if (made.length > longest) throw new NotKnown(tooMuch);
      at = range.end + 2;
    }
    now = made + now.slice(at);
  }
}
