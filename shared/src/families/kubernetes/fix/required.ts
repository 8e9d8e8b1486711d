import { setValue, type YamlOperation, type YamlValue } from '../../../syntax/yaml/operations';
import type { Remedy } from '../../../rule/fix/remedy';
import { fieldsOf, requiredFields } from '../../../knowledge/kubernetes-schema';
import { mapOf, resolve, stringsOf } from '../../../syntax/yaml/values';
import type { TypedMap } from '../model/typed';
import type { KubernetesObject } from '../model/types';
import type { Path, YamlMap } from '../../../syntax/yaml/types';
import { podGroup } from './settings';

/** Kinds whose controller finds its pods by labels. */
const selecting = new Set(['V1DeploymentSpec', 'V1ReplicaSetSpec', 'V1StatefulSetSpec', 'V1DaemonSetSpec']);

/** Whether a map has a value for a field. */
export function hasEntry(map: YamlMap | null, name: string): boolean {
  const value = resolve(map?.get(name));
  return value !== null && !(value.kind === 'scalar' && value.value === null);
}

/** The fields that the API server asks for in a map and that are not there, as keys from it. */
export function missingFields(map: TypedMap): readonly (readonly string[])[] {
  const missing = requiredFields(map.type)
    .filter(name => !hasEntry(map.node, name))
    .map(name => [name]);
  // Beyond the schema: what the API server validates. An image may be left out of a template only for somebody else to fill in.
  if (map.type === 'V1Container' && !hasEntry(map.node, 'image')) missing.push(['image']);
  if (map.parent === null && fieldsOf(map.type)?.has('metadata')) {
    const metadata = mapOf(map.node.get('metadata'));
    if (!hasEntry(metadata, 'name') && !hasEntry(metadata, 'generateName')) missing.push(['metadata', 'name']);
  }
  if (selecting.has(map.type)) {
    const template = mapOf(map.node.get('template'));
    if (template && stringsOf(mapOf(template.get('metadata'))?.get('labels')).size === 0) missing.push(['template', 'metadata', 'labels']);
  }
  return missing;
}

const labelValue = /^[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?$/;

/** The labels by which a controller may know its pods: those that one side has already, else its own name as `app`. */
function labelsFor(object: KubernetesObject, spec: YamlMap): Readonly<Record<string, string>> | null {
  const selector = mapOf(spec.get('selector'));
  // expressions cannot be turned into labels
  if (hasEntry(selector, 'matchExpressions')) return null;
  const sides = [mapOf(selector?.get('matchLabels')), mapOf(mapOf(mapOf(spec.get('template'))?.get('metadata'))?.get('labels'))];
  for (const side of sides) {
    const labels = [...stringsOf(side)].map(([key, { value }]) => [key, value] as const);
    if (labels.length > 0) return Object.fromEntries(labels);
  }
  const known = ['app.kubernetes.io/name', 'app', 'k8s-app'].find(key => object.labels.has(key));
  if (known !== undefined) return { [known]: object.labels.get(known)!.value };
  return object.name !== null && labelValue.test(object.name) ? { app: object.name } : null;
}

/** After which key of a map one goes that precedes `next`. */
function placeBefore(map: YamlMap, next: string): string | null | undefined {
  const index = map.entries.findIndex(({ name }) => name === next);
  return index < 0 ? undefined : index === 0 ? null : map.entries[index - 1]!.name;
}

function setBefore(map: YamlMap, path: Path, name: string, next: string, value: YamlValue): YamlOperation {
  return setValue([...path, name], value, placeBefore(map, next));
}

/** How a missing field comes to be there, where the rest of the file says what it must be: selector and labels of a controller. */
export function requiredRemedy(object: KubernetesObject, map: TypedMap, field: readonly string[]): Remedy {
  if (!selecting.has(map.type)) return { fix: null, noFix: { reason: 'needs-value' } };
  const labels = labelsFor(object, map.node);
  const template = mapOf(map.node.get('template'));
  if (!labels || !template) return { fix: null, noFix: { reason: 'needs-value' } };
  const [pod] = object.pods;
  const group = pod ? { group: `${podGroup(pod)} labels` } : {};
  if (field[0] === 'selector') {
    return {
      fix: { operations: () => [setBefore(map.node, map.path, 'selector', 'template', { matchLabels: labels })], ...group },
      noFix: null,
    };
  }
  if (field[0] !== 'template' || field.length === 1) return { fix: null, noFix: { reason: 'needs-value' } };
  const base = [...map.path, 'template'];
  const set: YamlOperation = setValue([...base, 'metadata', 'labels'], labels);
  const operations = (): YamlOperation[] => (template.entry('metadata') ? [set] : [setBefore(template, base, 'metadata', 'spec', {}), set]);
  return { fix: { operations, ...group }, noFix: null };
}

/** The selector that a workload of an old API version must get with a new one: old ones took it from the labels of the template. */
export function selectorOperations(object: KubernetesObject): YamlOperation[] {
  const spec = mapOf(object.node.get('spec'));
  if (!spec || object.group === 'flowcontrol.apiserver.k8s.io' || hasEntry(spec, 'selector')) return [];
  const labels = labelsFor(object, spec);
  return labels ? [setBefore(spec, [...object.path, 'spec'], 'selector', 'template', { matchLabels: labels })] : [];
}

/** A field as a person writes its place: `spec.template.spec.containers[0].image`. */
export function fieldLabel(object: KubernetesObject, path: Path): string {
  return path
    .slice(object.path.length)
    .map((step, at) => (typeof step === 'number' ? `[${step}]` : at === 0 ? step : `.${step}`))
    .join('');
}
