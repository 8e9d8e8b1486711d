import { booleanOf, itemsOf, mapOf, sequenceOf, stringOf, reportRangeOf } from '../../../syntax/yaml/values';
import type { MaybeNode } from '../../../syntax/yaml/lookup';
import type { YamlDocument, YamlMap } from '../../../syntax/yaml/types';
import { parseDocument } from '../../../syntax/yaml/parse';
import { shift } from '../../../base/text/range';
import { folderOf, joinPath } from '../../../workspace/paths';
import type { FilledField, FragmentsFact, KustomizationFact } from '../../../workspace/kustomize-facts';
import type { DataFact } from '../../../workspace/object-facts';

/** What a kustomization is made of, what it patches that with, and the ConfigMaps and Secrets that it generates. */
export function generatorFacts(
  document: YamlDocument,
  path: string,
  base: number,
): readonly (DataFact | KustomizationFact | FragmentsFact)[] {
  const root = mapOf(document.root);
  if (!root) return [];
  const read = (field: string, kind: 'ConfigMap' | 'Secret'): DataFact[] =>
    itemsOf(root.get(field)).map(({ map }) => ({
      type: 'data',
      path,
      range: shift(reportRangeOf(map), base),
      kind,
      namespace: stringOf(map.get('namespace')) ?? stringOf(root.get('namespace')),
      name: stringOf(map.get('name')) ?? '',
      keys: keysOf(map),
    }));
  const made = kustomizationFact(root, path, base);
  const patches = patchesFact(root, made);
  return [
    ...read('configMapGenerator', 'ConfigMap'),
    ...read('secretGenerator', 'Secret'),
    made,
    ...(patches.files.length > 0 || patches.whole.length > 0 ? [patches] : []),
  ];
}

/** The files that a kustomization lays over what it is made of, in all the ways that it has had for that. */
function patchesFact(root: YamlMap, { path, range, resources }: KustomizationFact): FragmentsFact {
  const named = ['patches', 'patchesJson6902', 'replacements'].flatMap(field => itemsOf(root.get(field)).map(({ map }) => map.get('path')));
  // a name in `patches` is what `patchesStrategicMerge` took over, and is still read so
  const merged = ['patchesStrategicMerge', 'patches'].flatMap(field => sequenceOf(root.get(field))?.items ?? []);
  return { type: 'fragments', path, range, as: 'a patch', files: filesOf([...named, ...merged], path), whole: resources };
}

/** The files that nodes name, as seen from the file at `path`. A patch may be written out where its file's name can stand. */
export function filesOf(nodes: readonly MaybeNode[], path: string): readonly string[] {
  return nodes.flatMap(node => {
    const name = stringOf(node);
    return name === null || name.includes('\n') ? [] : (joinPath(folderOf(path), name) ?? []);
  });
}

/** The fields with which a kustomization changes others. */
const changing = ['patches', 'patchesJson6902', 'patchesStrategicMerge', 'replacements', 'vars', 'components', 'transformers'];

function kustomizationFact(root: YamlMap, path: string, base: number): KustomizationFact {
  const labels = (mapOf(root.get('commonLabels'))?.entries.length ?? 0) > 0;
  const included = itemsOf(root.get('labels')).some(({ map }) => booleanOf(map.get('includeSelectors')) === true);
  const resources = ['resources', 'bases', 'components'].flatMap(field => sequenceOf(root.get(field))?.items ?? []);
  return {
    type: 'kustomization',
    path,
    range: shift(reportRangeOf(root), base),
    selects: labels || included,
    changes: changing.some(field => (sequenceOf(root.get(field))?.items.length ?? 0) > 0),
    places: stringOf(root.get('namespace')) !== null,
    images: itemsOf(root.get('images')).flatMap(({ map }) => {
      const name = stringOf(map.get('name'));
      return name !== null && (map.entry('newTag') || map.entry('digest')) ? [name] : [];
    }),
    fills: [
      ...itemsOf(root.get('replacements')).flatMap(({ map }) => replacedFields(map)),
      ...['patches', 'patchesJson6902'].flatMap(field => itemsOf(root.get(field)).flatMap(({ map }) => patchedFields(map))),
      ...configuredFields(root),
    ],
    resources: filesOf(resources, path),
  };
}

/** The fields that a replacement writes; any where a file of its own has it. */
function replacedFields(replacement: YamlMap): readonly FilledField[] {
  if (replacement.entry('path')) return [{ kind: null, name: null, field: null, creates: true }];
  return itemsOf(replacement.get('targets')).flatMap(({ map }) => {
    const select = mapOf(map.get('select'));
    const creates = booleanOf(mapOf(map.get('options'))?.get('create')) === true;
    const paths = sequenceOf(map.get('fieldPaths'))?.items.map(stringOf) ?? ['metadata.name'];
    return paths.flatMap(path =>
      path === null ? [] : [{ kind: stringOf(select?.get('kind')), name: stringOf(select?.get('name')), field: fieldOf(path), creates }],
    );
  });
}

/**
 * The fields that a patch of RFC 6902 sets that is written in a kustomization. Kinds and names are expressions there: one that is not plain, or
 * more that chooses objects, may leave out the very object. Items of lists go by their place, which says nothing of others.
 */
function patchedFields(patch: YamlMap): readonly FilledField[] {
  const target = mapOf(patch.get('target'));
  const chosen = ['kind', 'name'].map(key => stringOf(target?.get(key)) ?? '.*');
  const isPlain = (text: string): boolean => text === '.*' || /^[\w.-]+$/.test(text);
  const chooses = (target?.entries ?? []).some(({ name }) => /Selector$|^namespace$/.test(name));
  if (!target || chooses || !chosen.every(isPlain)) return [];
  const [kind, name] = chosen.map(text => (text === '.*' ? null : text)) as [string | null, string | null];
  return itemsOf(parseDocument(stringOf(patch.get('patch')) ?? '').root).flatMap(({ map }) => {
    const keys = (stringOf(map.get('path')) ?? '').split('/').slice(1);
    const op = stringOf(map.get('op'));
    if ((op !== 'add' && op !== 'replace') || keys.length === 0 || keys.some(key => /^(?:-|\d+)$/.test(key))) return [];
    return [{ kind, name, field: keys.map(key => key.replaceAll('~1', '/').replaceAll('~0', '~')).join('.'), creates: op === 'add' }];
  });
}

/** A field path of kustomize (`spec.containers.[name=web].image`) without what picks items of lists. A backslash keeps a dot. */
function fieldOf(path: string): string {
  const keys = [''];
  let depth = 0;
  for (let at = 0; at < path.length; at++) {
    const char = path.charAt(at);
    if (char === '[') depth++;
    if (char === ']') depth--;
    if (char === '.' && depth === 0) keys.push('');
    else keys[keys.length - 1] += char === '\\' ? path.charAt(++at) : char;
  }
  const isKey = (key: string): boolean => key !== '*' && key !== '-' && !/^\d/.test(key) && !(key.startsWith('[') && key.includes('='));
  const named = (key: string): string => (key.startsWith('[') && key.endsWith(']') ? key.slice(1, -1) : key);
  return keys.filter(isKey).map(named).join('.');
}

/** What the transformers of a kustomization may write where its own configurations tell them to. */
function configuredFields(root: YamlMap): readonly FilledField[] {
  if ((sequenceOf(root.get('configurations'))?.items.length ?? 0) === 0) return [];
  return ['.namespace', '.labels', '.matchLabels'].map(field => ({ kind: null, name: null, field, creates: true }));
}

function keysOf(map: YamlMap): readonly string[] | null {
  if (map.entry('env') || map.entry('envs') || map.entry('behavior')) return null;
  const words = [...(sequenceOf(map.get('literals'))?.items ?? []), ...(sequenceOf(map.get('files'))?.items ?? [])].map(stringOf);
  // a file without a key has its base name for one
  return words.flatMap(word => {
    const text = word ?? '';
    const equals = text.indexOf('=');
    return [equals > 0 ? text.slice(0, equals) : text.slice(text.lastIndexOf('/') + 1)];
  });
}
