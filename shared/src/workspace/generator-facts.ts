import { itemsOf, mapOf, sequenceOf, stringOf } from '../model/kubernetes/nodes';
import type { YamlDocument, YamlMap } from '../model/yaml/types';
import { shift } from '../text/range';
import { anchorOf } from '../model/kubernetes/nodes';
import type { DataFact } from './types';

/** The ConfigMaps and Secrets that a kustomization generates. */
export function generatorFacts(document: YamlDocument, path: string, base: number): readonly DataFact[] {
  const root = mapOf(document.root);
  if (!root) return [];
  const read = (field: string, kind: 'ConfigMap' | 'Secret'): DataFact[] =>
    itemsOf(root.get(field)).map(({ map }) => ({
      type: 'data',
      path,
      range: shift(anchorOf(map), base),
      kind,
      namespace: stringOf(map.get('namespace')) ?? stringOf(root.get('namespace')),
      name: stringOf(map.get('name')) ?? '',
      keys: keysOf(map),
    }));
  return [...read('configMapGenerator', 'ConfigMap'), ...read('secretGenerator', 'Secret')];
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
