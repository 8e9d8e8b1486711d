import type { YamlDocument, YamlEntry, YamlMap, YamlNode, YamlScalar } from '../../../syntax/yaml/types';
import type { Dialect } from '../../../workspace/source/types';
import type { Range } from '../../../base/text/range';
import { booleanOf, itemsOf, mapOf, resolve, scalarOf, sequenceOf, stringOf } from '../../../syntax/yaml/values';
import { kustomizeApi, readJsonPatch } from './json-patch';
import { entry, map, podsObject, sequence } from './synthetic';
import type { KubernetesObject } from './types';

/**
 * Files that are not objects and still decide what pods get: values of a Helm chart, kustomizations, and JSON patches. What they say literally is shown to
 * rules as the pods of one object that is a fragment: keys that charts use by convention stand where a pod has them, with the ranges of
 * the file. Nothing about them is complete, so that only what is written can be judged; their paths lead nowhere, so no fix may be rendered.
 */
export function readConventions(document: YamlDocument, dialect: Dialect): KubernetesObject[] {
  if (dialect.holds === 'json-patch') return readJsonPatch(document, dialect);
  const root = mapOf(document.root);
  if (!root) return [];
  const pods = dialect.holds === 'values' ? valuesPods(root) : imagesPods(root);
  if (pods.length === 0) return [];
  return dialect.holds === 'values'
    ? [podsObject(document, dialect, pods, 'helm.sh/v3', 'Values')]
    : [podsObject(document, dialect, pods, kustomizeApi, stringOf(root.get('kind')) ?? 'Kustomization')];
}

/** What charts call the parts of a pod, in the order of precedence, by what a pod calls them. */
const podWords: Readonly<Record<string, readonly string[]>> = {
  hostNetwork: ['hostNetwork', 'useHostNetwork'],
  hostPID: ['hostPID'],
  hostIPC: ['hostIPC'],
  shareProcessNamespace: ['shareProcessNamespace'],
  hostAliases: ['hostAliases'],
  volumes: ['volumes', 'extraVolumes', 'additionalVolumes'],
  initContainers: ['initContainers', 'extraInitContainers'],
};
const containerWords: Readonly<Record<string, readonly string[]>> = {
  env: ['env', 'extraEnv', 'extraEnvVars'],
  volumeMounts: ['volumeMounts', 'extraVolumeMounts', 'additionalVolumeMounts'],
};
const containerLists = ['sidecars', 'extraContainers', 'sidecarContainers', 'additionalContainers'];

/** The pods that a chart's values speak of: one for each map that has a setting of a pod or container. */
function valuesPods(root: YamlMap): YamlMap[] {
  const found: YamlMap[] = [];
  // aliases are passed over, so that this costs what the document is long and goes as deep as YAML may nest
  const visit = (node: YamlMap, key: YamlScalar | null): void => {
    const pod = podOf(node, key);
    if (pod) found.push(pod);
    for (const { key: name, name: word, value } of node.entries) {
      const child = mapOf(value);
      if (child && value?.kind !== 'alias' && !/securityContext$/i.test(word)) visit(child, name);
    }
  };
  visit(root, null);
  return found;
}

function podOf(node: YamlMap, key: YamlScalar | null): YamlMap | null {
  const own = node.entry('containerSecurityContext');
  const plain = node.entry('securityContext');
  // `securityContext` is the container's, but for charts that have another word for that.
  const podContext = node.entry('podSecurityContext') ?? (own ? plain : undefined);
  const containerContext = own ?? plain;
  const image = imageOf(node);
  const container = [
    ...named('securityContext', isInForce(containerContext) ? containerContext : undefined),
    ...words(node, containerWords, value => value.kind === 'sequence'),
    ...(image ? [entry('image', image)] : []),
  ];
  const lists = containerLists.flatMap(word => sequenceOf(node.get(word))?.items ?? []).filter(item => mapOf(item));
  const pod = [
    ...named('securityContext', isInForce(podContext) ? podContext : undefined),
    ...words(node, podWords, (value, word) => (word.startsWith('host') && word !== 'hostAliases') === (value.kind === 'scalar')),
  ];
  if (container.length + lists.length + pod.length === 0) return null;
  const name = key && container.length > 0 ? [entry('name', key)] : [];
  const containers = sequence(node.range, container.length > 0 ? [map(node.range, [...name, ...container]), ...lists] : lists);
  return map(node.range, [...pod, entry('containers', containers)]);
}

/** Whether an entry is a securityContext that charts take over: `enabled: false` in it is how many switch theirs off. */
function isInForce(context: YamlEntry | undefined): boolean {
  const value = mapOf(context?.value);
  return value !== null && booleanOf(value.get('enabled')) !== false;
}

function named(word: string, found: YamlEntry | undefined): YamlEntry[] {
  return found ? [{ ...found, name: word }] : [];
}

function words(
  node: YamlMap,
  table: Readonly<Record<string, readonly string[]>>,
  fits: (value: YamlNode, word: string) => boolean,
): YamlEntry[] {
  return Object.entries(table).flatMap(([word, synonyms]) => {
    const found = synonyms.map(synonym => node.entry(synonym)).find(known => known !== undefined);
    const value = resolve(found?.value);
    return value && fits(value, word) ? named(word, found) : [];
  });
}

/** The image of a map: `image: text`, or `image: { registry, repository | name, tag, digest }`. A part that is not there is left to the chart. */
function imageOf(node: YamlMap): YamlScalar | null {
  const value = resolve(node.get('image'));
  if (value?.kind === 'scalar') return typeof value.value === 'string' && value.value !== '' && !isBare(value.value) ? value : null;
  if (value?.kind !== 'map') return null;
  const text = (key: string): string => stringOf(value.get(key)) ?? '';
  const repository = text('repository') || text('name');
  const tag = scalarOf(value.get('tag'));
  return joined(text('registry'), repository, tag, scalarOf(value.get('digest')) ?? scalarOf(value.get('sha')));
}

/** Charts split images in many ways: a name without tag and digest is only a part. */
function isBare(image: string): boolean {
  return !/[:@]/.test(image.slice(image.lastIndexOf('/') + 1));
}

/** An image that is written in parts, as one reference that stands where its most telling part does; `null` without tag and digest. */
function joined(registry: string, repository: string, tag: YamlScalar | null, digest: YamlScalar | null): YamlScalar | null {
  const tagText = stringOf(tag) ?? '';
  const digestText = stringOf(digest) ?? '';
  const part = tagText !== '' ? tag : digestText !== '' ? digest : null;
  if (repository === '' || !part) return null;
  const source =
    (registry === '' ? '' : `${registry.replace(/\/$/, '')}/`) +
    repository +
    (tagText === '' ? '' : `:${tagText}`) +
    (digestText === '' ? '' : digestText.includes(':') ? `@${digestText}` : `@sha256:${digestText}`);
  return { kind: 'scalar', range: part.range, value: source, source, style: 'plain' };
}

/** The images that a kustomization sets, as containers of one pod. */
function imagesPods(root: YamlMap): YamlMap[] {
  const containers = itemsOf(root.get('images')).flatMap(({ map: item }) => {
    const name = item.entry('name');
    const newName = stringOf(item.get('newName')) ?? stringOf(item.get('name')) ?? '';
    const image = joined('', newName, scalarOf(item.get('newTag')), scalarOf(item.get('digest')));
    return image && name ? [map(item.range, [name, entry('image', image)])] : [];
  });
  return containers.length === 0 ? [] : [map(root.range, [entry('containers', sequence(root.range, containers))])];
}

/**
 * The patches that a kustomization holds as text, as ranges of their lines in the document: indented as they are there, each reads as
 * a document of its own.
 */
export function inlinePatches(document: YamlDocument): Range[] {
  const root = mapOf(document.root);
  if (!root) return [];
  const texts = [
    ...['patches', 'patchesJson6902'].flatMap(field => itemsOf(root.get(field)).map(({ map: item }) => item.get('patch'))),
    ...['patchesStrategicMerge', 'patches'].flatMap(field => sequenceOf(root.get(field))?.items ?? []),
  ];
  return texts.flatMap(text => {
    const scalar = scalarOf(text);
    if (scalar?.style !== 'literal') return [];
    const start = document.text.indexOf('\n', scalar.range.start) + 1;
    return start > 0 && start < scalar.range.end ? [{ start, end: scalar.range.end }] : [];
  });
}
