import { booleanOf, itemsOf, mapOf, sequenceOf, stringOf } from '../../../yaml/values';
import type { YamlDocument, YamlMap } from '../../../yaml/types';
import { shift } from '../../../text/range';
import { reportRangeOf } from '../../../yaml/values';
import { folderOf, joinPath } from '../../../workspace/paths';
import type { DataFact, KustomizationFact } from '../../../workspace/types';

/** What a kustomization is made of, and the ConfigMaps and Secrets that it generates. */
export function generatorFacts(document: YamlDocument, path: string, base: number): readonly (DataFact | KustomizationFact)[] {
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
  return [...read('configMapGenerator', 'ConfigMap'), ...read('secretGenerator', 'Secret'), kustomizationFact(root, path, base)];
}

function kustomizationFact(root: YamlMap, path: string, base: number): KustomizationFact {
  const labels = (mapOf(root.get('commonLabels'))?.entries.length ?? 0) > 0;
  const included = itemsOf(root.get('labels')).some(({ map }) => booleanOf(map.get('includeSelectors')) === true);
  const resources = ['resources', 'bases', 'components'].flatMap(field => (sequenceOf(root.get(field))?.items ?? []).map(stringOf));
  return {
    type: 'kustomization',
    path,
    range: shift(reportRangeOf(root), base),
    selects: labels || included,
    places: stringOf(root.get('namespace')) !== null,
    resources: resources.flatMap(resource => (resource === null ? [] : (joinPath(folderOf(path), resource) ?? []))),
  };
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
