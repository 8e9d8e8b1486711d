import { MapNode } from '../../../syntax/yaml/collections';
import type { YamlDocument, YamlEntry, YamlMap, YamlNode, YamlSequence } from '../../../syntax/yaml/types';
import type { Dialect } from '../../../workspace/source/types';
import type { Range } from '../../../base/text/range';
import { createObject } from './read';
import type { KubernetesObject } from './types';

/** An entry that stands for a value of the file under a name of ours. */
export function entry(name: string, value: YamlNode): YamlEntry {
  return { key: null, name, value, range: value.range, colon: -1 };
}

/** A map that nobody wrote; what is said about it is at `range`. */
export function map(range: Range, entries: readonly YamlEntry[]): YamlMap {
  return new MapNode(range, false, entries);
}

/** A sequence that nobody wrote. */
export function sequence(range: Range, items: readonly (YamlNode | null)[]): YamlSequence {
  return { kind: 'sequence', range, flow: false, items, itemRanges: items.map(item => item?.range ?? range) };
}

/** One object that shows rules these pods, of a kind that no API has. */
export function podsObject(
  document: YamlDocument,
  dialect: Dialect,
  pods: readonly YamlMap[],
  apiVersion: string,
  kind: string,
): KubernetesObject {
  const { range } = document.root!;
  const templates = pods.map(pod => map(range, [entry('template', map(range, [entry('spec', pod)]))]));
  const node = map(range, [entry('spec', map(range, [entry('templates', sequence(range, templates))]))]);
  return createObject(document, dialect, node, [], apiVersion, kind);
}
