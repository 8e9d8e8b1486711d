import { asCopyOf, asPlaced } from '../../../syntax/yaml/data';
import type { YamlValue } from '../../../syntax/yaml/operations';
import type { Path } from '../../../syntax/yaml/types';
import { isArray, isObject, type Json } from '../../../syntax/jmespath/values';
import type { Operation } from '../../../rule/fix/types';
import { celOf } from './cel';
import type { Subject } from './subject';

/** Whether a way leads on from another, or is that. */
export function leadsOn(path: Path, from: Path): boolean {
  return from.every((step, index) => path[index] === step);
}

type Step = string | number;
/** What becomes of a value; `undefined`: none is there. */
type Alter = (value: Json | undefined) => Json | undefined;

/** A value that a fix writes as data. */
export function jsonOf(value: YamlValue): Json {
  if (Array.isArray(value)) return (value as readonly YamlValue[]).map(jsonOf);
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value).map(([key, item]) => [key, jsonOf(item)])) : value;
}

/** A copy of data that differs at the end of a way, of which the first steps are gone. What is copied has its place, and is open where it was. */
function altered(data: Json | undefined, path: Path, alter: Alter, depth = 0): Json | undefined {
  const step = (path as readonly Step[])[depth];
  if (step === undefined) return alter(data);
  if (typeof step === 'number') {
    if (data === undefined || !isArray(data)) return data;
    const items: readonly Json[] = data;
    const made = step < items.length ? altered(items[step], path, alter, depth + 1) : undefined;
    return asCopyOf(made === undefined ? items.filter((_, i) => i !== step) : items.with(step, made), data);
  }
  const isThere = data !== undefined && isObject(data);
  const map = new Map<string, Json>(isThere ? (data as ReadonlyMap<string, Json>) : []);
  const value = altered(map.get(step), path, alter, depth + 1);
  if (value === undefined) map.delete(step);
  else map.set(step, value);
  return isThere ? asCopyOf(map, data) : asPlaced(map, path.slice(0, depth));
}

function valueAt(data: Json | undefined, path: Path): Json | undefined {
  return path.reduce<Json | undefined>(
    (value, step) =>
      value === undefined ? undefined : isArray(value) ? value[Number(step)] : isObject(value) ? value.get(String(step)) : undefined,
    data,
  );
}

const isEmpty = (value: Json): boolean => (isArray(value) ? value.length === 0 : isObject(value) && value.size === 0);

/** Data after an operation; `null`: what it does is not worked out here. */
function after(data: Json | undefined, operation: Operation, written: (value: YamlValue) => Json): Json | undefined | null {
  switch (operation.type) {
    case 'yaml.set':
      return altered(data, operation.path, was => {
        const value = written(operation.value);
        // an empty map says that one is to be there
        return isEmpty(value) && was !== undefined && isObject(was) && isObject(value) ? was : value;
      });
    case 'yaml.append':
      return altered(data, operation.path, list => [...(list !== undefined && isArray(list) ? list : []), written(operation.value)]);
    case 'yaml.remove': {
      const gone = altered(data, operation.path, () => undefined);
      const parent = operation.path.slice(0, -1);
      const rest = operation.prune && parent.length > 0 ? valueAt(gone, parent) : undefined;
      return rest !== undefined && isEmpty(rest) ? altered(gone, parent, () => undefined) : gone;
    }
    case 'yaml.move': {
      const moved = valueAt(data, operation.from);
      return altered(
        altered(data, operation.from, () => undefined),
        operation.to,
        () => moved,
      );
    }
    case 'yaml.insert-document':
      return data;
    default:
      return null;
  }
}

const pathsOf = (operation: Operation): readonly Path[] =>
  'path' in operation ? [operation.path] : operation.type === 'yaml.move' ? [operation.from, operation.to] : [];

/** Whether operations change something at a place of a document, above or below it. */
export function concern(operations: readonly Operation[], place: Path): boolean {
  return operations.flatMap(pathsOf).some(path => leadsOn(path, place) || leadsOn(place, path));
}

/** Whether all that an operation does is to have a map somewhere, for what others write. */
const isPlace = (operation: Operation): boolean => operation.type === 'yaml.set' && isEmpty(jsonOf(operation.value));

/** Whether operations change a key that is in the text of a check. */
export function changesNamed(operations: readonly Operation[], check: string): boolean {
  return operations
    .flatMap(operation => (isPlace(operation) ? [] : pathsOf(operation)))
    .some(path => {
      const key = path.findLast(step => typeof step === 'string');
      return key !== undefined && check.includes(key);
    });
}

/** An object as operations leave it; `null`: they change something else, too, or what is not worked out. */
export function afterOperations(subject: Subject, root: Path, operations: readonly Operation[]): Subject | null {
  if (!operations.flatMap(pathsOf).every(path => leadsOn(path, root) && path.length > root.length)) return null;
  const below = (path: Path): Path => path.slice(root.length);
  const local = operations.map((operation): Operation => {
    if (operation.type === 'yaml.move') return { ...operation, from: below(operation.from), to: below(operation.to) };
    return 'path' in operation ? { ...operation, path: below(operation.path) } : operation;
  });
  // paths speak of the object as it was: the last items go first
  const removed = local.filter(({ type }) => type === 'yaml.remove').reverse();
  const ordered = [...local.filter(({ type }) => type !== 'yaml.remove'), ...removed];
  const apply = (data: Json, written: (value: YamlValue) => Json): Json | null =>
    ordered.reduce<Json | null>((now, operation) => (now === null ? null : (after(now, operation, written) ?? null)), data);
  const json = apply(subject.json, jsonOf);
  if (json === null) return null;
  let cel: Subject['cel'] | undefined;
  return Object.create(subject, {
    podSecurity: { value: undefined },
    json: { value: json },
    // what is worked out for one is for the other, too
    cel: { get: () => (cel ??= apply(subject.cel as Json, value => celOf(jsonOf(value)) as Json) as Subject['cel']) },
  }) as Subject;
}
