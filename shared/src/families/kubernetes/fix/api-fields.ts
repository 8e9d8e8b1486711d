import { isVariable, mayChange } from '../../../syntax/yaml/certainty';
import { moveKey, removeNode, renameKey, setValue, type YamlOperation } from '../../../syntax/yaml/operations';
import { itemsOf, mapOf, numberOf, scalarOf, stringOf } from '../../../syntax/yaml/values';
import type { KubernetesObject } from '../model/types';
import type { Path, YamlMap } from '../../../syntax/yaml/types';

/** Joins operations; `null` where one of the parts could not be made. */
function join(parts: readonly (readonly YamlOperation[] | null)[]): YamlOperation[] | null {
  return parts.some(part => part === null) ? null : parts.flatMap(part => part ?? []);
}

/** Whether a map has no other keys than these. */
function hasOnly(map: YamlMap, keys: readonly string[]): boolean {
  return map.entries.every(({ name, key }) => key !== null && keys.includes(name));
}

/** The operations that give the backend of an Ingress its new fields. */
function backendOperations(map: YamlMap | null, path: Path): YamlOperation[] | null {
  if (map?.entry('resource')) return [];
  const port = scalarOf(map?.get('servicePort'));
  if (!map || !hasOnly(map, ['serviceName', 'servicePort']) || !scalarOf(map.get('serviceName')) || !port || mayChange(port)) return null;
  const name = stringOf(port) ?? '';
  const field = numberOf(port) !== null ? 'number' : 'name';
  // a number in quotes would be a name, which the API server refuses
  if (name === '' || isVariable(name) || (field === 'name' && !/[a-z]/i.test(name))) return null;
  return [
    moveKey([...path, 'serviceName'], [...path, 'service', 'name']),
    moveKey([...path, 'servicePort'], [...path, 'service', 'port', field]),
  ];
}

/** Ingress v1: `service` in backends, a `pathType` for each path, `defaultBackend`. What the old version assumed is written out. */
function ingressOperations(spec: YamlMap, base: Path): YamlOperation[] | null {
  const parts = itemsOf(spec.get('rules')).flatMap(({ index, map }) =>
    itemsOf(mapOf(map.get('http'))?.get('paths')).flatMap(({ index: at, map: item }) => {
      const path = [...base, 'rules', index, 'http', 'paths', at];
      const after = item.entry('path') ? 'path' : null;
      const typed: YamlOperation = setValue([...path, 'pathType'], 'ImplementationSpecific', after);
      return [item.entry('pathType') ? [] : [typed], backendOperations(mapOf(item.get('backend')), [...path, 'backend'])];
    }),
  );
  if (!spec.entry('backend')) return join(parts);
  const path = [...base, 'backend'];
  return join([...parts, backendOperations(mapOf(spec.get('backend')), path), [renameKey(path, 'defaultBackend')]]);
}

/** How the targets of a metric are called in v2beta1, with their type and name in v2. */
const targets: Readonly<Record<string, readonly [type: string, field: string]>> = {
  targetAverageUtilization: ['Utilization', 'averageUtilization'],
  targetAverageValue: ['AverageValue', 'averageValue'],
  targetValue: ['Value', 'value'],
};

/** For each source of metrics what becomes of its other fields: `null`, where they stay. An `object` needs its `target` for two things. */
const sources: Readonly<Record<string, Readonly<Record<string, readonly string[] | null>>>> = {
  resource: { name: null },
  containerResource: { name: null, container: null },
  pods: { metricName: ['metric', 'name'], selector: ['metric', 'selector'] },
  external: { metricName: ['metric', 'name'], metricSelector: ['metric', 'selector'] },
};

/** The operations that give one item of `metrics` its fields in v2. */
function metricOperations(map: YamlMap, base: Path): YamlOperation[] | null {
  const source = map.entries.find(({ name }) => name !== 'type');
  const fields = source && Object.hasOwn(sources, source.name) ? sources[source.name]! : null;
  const metric = mapOf(source?.value);
  if (!source || !fields || !metric || map.entries.length > 2) return null;
  const path = [...base, source.name];
  const wanted = metric.entries.filter(({ name }) => Object.hasOwn(targets, name));
  const others = metric.entries.filter(({ name }) => !Object.hasOwn(targets, name));
  const [first] = wanted;
  if (!first || wanted.length > 1 || others.some(({ name }) => !Object.hasOwn(fields, name))) return null;
  const [type, field] = targets[first.name]!;
  const moved = others.filter(({ name }) => fields[name]);
  const head: YamlOperation = setValue([...path, 'metric'], {}, null);
  return [
    ...(moved.length > 0 ? [head] : []),
    ...moved.map(({ name }): YamlOperation => {
      const to = fields[name]!;
      return moveKey([...path, name], [...path, ...to], to.at(-1) === 'name' ? null : undefined);
    }),
    setValue([...path, 'target', 'type'], type),
    moveKey([...path, first.name], [...path, 'target', field]),
  ];
}

/** HorizontalPodAutoscaler v2: `target` and `metric` of each metric as maps. */
function scalerOperations(spec: YamlMap, base: Path): YamlOperation[] | null {
  return join(itemsOf(spec.get('metrics')).map(({ index, map }) => metricOperations(map, [...base, 'metrics', index])));
}

/**
 * The operations that give an object the fields of the API version that takes the place of its own, beside the version itself; `null` for kinds
 * whose fields are not known here, and where one of them has no counterpart or is filled in later.
 */
export function fieldOperations(object: KubernetesObject): YamlOperation[] | null {
  const convert = object.kind === 'Ingress' ? ingressOperations : object.kind === 'HorizontalPodAutoscaler' ? scalerOperations : null;
  const spec = mapOf(object.node.get('spec'));
  const fields = convert && spec && object.complete ? convert(spec, [...object.path, 'spec']) : null;
  // The API server takes no status from a manifest; the old one of an autoscaler has fields that the new version does not know.
  const stale = convert === scalerOperations && object.node.entry('status') !== undefined;
  return fields && stale ? [...fields, removeNode([...object.path, 'status'])] : fields;
}
