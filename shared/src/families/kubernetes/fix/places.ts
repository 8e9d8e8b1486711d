import { moveKey, removeNode, setValue, type YamlOperation, type YamlValue } from '../../../syntax/yaml/operations';
import { fieldsOf, findFieldBelow } from '../../../knowledge/kubernetes-schema';
import { naturalPlace } from './order';
import { itemsOf, mapOf, resolve, scalarOf } from '../../../syntax/yaml/values';
import type { TypedMap } from '../model/typed';
import type { Path, YamlEntry, YamlMap } from '../../../syntax/yaml/types';

/** Where a field belongs that is in the wrong map. */
export interface Place {
  /** How a person writes it: `spec.template.spec`, `containers[]`. */
  readonly label: string;
  /** The maps that should have it; several where it belongs to each item of a list, none where there is no such item. */
  readonly targets: readonly Target[];
}

/** A map that a field belongs to. */
interface Target {
  readonly path: Path;
  /** `null` where the map is still to be made. */
  readonly node: YamlMap | null;
}

/** Names that mean something else in every map: where else they exist says nothing. */
const generic = new Set(
  'name type key path value values items kind status data labels annotations rules from to metadata spec port host'.split(' '),
);

/** Finds the maps that a place leads to from a map of the document: keys that are missing are as good as there, items are not. */
function resolvePlace(node: YamlMap | null, path: Path, steps: readonly string[]): Target[] {
  const [step, ...rest] = steps;
  if (step === undefined) return [{ path, node }];
  if (rest[0] === '*')
    return itemsOf(node?.get(step)).flatMap(({ index, map }) => resolvePlace(map, [...path, step, index], rest.slice(1)));
  const value = resolve(node?.get(step));
  if (value && value.kind !== 'map' && !(value.kind === 'scalar' && value.value === null)) return [];
  return resolvePlace(mapOf(value), [...path, step], rest);
}

function label(map: TypedMap, steps: readonly string[]): string {
  const own = map.path.at(-1);
  // one word alone, such as `spec`, would name many places
  const whole = steps.length === 1 && typeof own === 'string' ? [own, ...steps] : steps;
  return whole.join('.').replaceAll('.*', '[]');
}

/** The handler that a field of a probe is meant for: with a path, a request by HTTP. */
function probeHandler(map: TypedMap, name: string): string | null {
  if (map.type !== 'V1Probe') return null;
  if (name === 'path' || name === 'scheme' || name === 'httpHeaders') return 'httpGet';
  if (name === 'port') return map.node.entry('path') || map.node.entry('httpGet') ? 'httpGet' : 'tcpSocket';
  return name === 'command' ? 'exec' : null;
}

function placeBelow(map: TypedMap, steps: readonly string[]): Place {
  return { label: label(map, steps), targets: resolvePlace(map.node, map.path, steps) };
}

/**
 * Where a field belongs: further down, in a map above, under the same key elsewhere (container fields of a pod's securityContext), or directly below a map above
 * (`fsGroup` of a container, `replicas` in the metadata).
 */
export function findPlace(map: TypedMap, field: YamlEntry): Place | null {
  const { name } = field;
  if (map.type === 'V1LabelSelector' && scalarOf(field.value)) return placeBelow(map, ['matchLabels']);
  const handler = probeHandler(map, name);
  if (handler) return placeBelow(map, [handler]);
  if (generic.has(name)) return null;
  const shortest = findFieldBelow(map.type, name, 3)[0];
  if (shortest) return placeBelow(map, shortest);
  for (let above = map.parent; above; above = above.parent) {
    if (!fieldsOf(above.type)?.has(name)) continue;
    const keys = above.path.filter(step => typeof step === 'string').slice(-2);
    return { label: keys.length === 0 ? 'the top level' : keys.join('.'), targets: [{ path: above.path, node: above.node }] };
  }
  if (!map.parent) return null;
  const own = map.path.at(-1);
  const beside = findFieldBelow(map.parent.type, name, 3).filter(steps => steps.at(-1) === own);
  const place = beside.find(steps => resolvePlace(map.parent!.node, map.parent!.path, steps).length > 0) ?? beside[0];
  if (place) return placeBelow(map.parent, place);
  for (let above: TypedMap | null = map.parent; above; above = above.parent) {
    // sources of volumes and the like share names by chance
    const steps = findFieldBelow(above.type, name, 1).find(
      ([step, more]) => more === undefined && (step === 'spec' || step === 'securityContext'),
    );
    if (steps) return placeBelow(above, steps);
  }
  return null;
}

/** A value as an operation writes it; `undefined` for what is not a scalar. */
function scalarValue(field: YamlEntry): YamlValue | undefined {
  return scalarOf(field.value)?.value;
}

/** Moves a field to where it belongs; to each of several places as a copy. `null`: there is no place, or it is taken. */
export function moveOperations(map: TypedMap, field: YamlEntry, place: Place, taken: (path: Path) => boolean): YamlOperation[] | null {
  const from = [...map.path, field.name];
  const [first, ...others] = place.targets;
  if (!first || field.value === null) return null;
  const free = place.targets
    .map(({ path, node }) => ({ path: [...path, field.name], after: naturalPlace(node, field.name) }))
    .filter(({ path }) => !taken(path));
  if (others.length === 0) return free[0] ? [moveKey(from, free[0].path, free[0].after)] : null;
  const value = scalarValue(field);
  // a list or map is somebody's to divide
  if (value === undefined || free.length === 0) return null;
  return [removeNode(from, true), ...free.map(({ path, after }) => setValue(path, value, after))];
}
