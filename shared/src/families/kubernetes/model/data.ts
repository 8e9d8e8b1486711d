import { textRange } from '../../../syntax/yaml/text-range';
import { shift, type Range } from '../../../base/text/range';
import type { YamlDocument, YamlScalar } from '../../../syntax/yaml/types';
import { mapOf, scalarOf, stringOf } from '../../../syntax/yaml/values';
import type { KubernetesObject } from './types';

/** One entry of `data` or `stringData`. */
export interface DataEntry {
  readonly key: string;
  readonly text: string;
  readonly node: YamlScalar;
}

/** The entries of a field of an object that are text. */
export function dataOf(object: KubernetesObject, field: 'data' | 'stringData'): DataEntry[] {
  const found: DataEntry[] = [];
  for (const { name, value } of mapOf(object.node.get(field))?.members() ?? []) {
    const node = scalarOf(value);
    const text = stringOf(node);
    if (node && text !== null && text !== '') found.push({ key: name, text, node });
  }
  return found;
}

/** Where part of a value is in its document: exactly where it is written as it is, by its first line where not; else the whole value. */
export function partRange(document: YamlDocument, node: YamlScalar, part: Range): Range {
  const { range, exact } = textRange(document, node);
  if (exact) return shift(part, range.start);
  const text = stringOf(node) ?? '';
  const line = text.slice(part.start, part.end).split('\n', 1)[0]!;
  // the same text may be there several times: the one with as many before it
  let at = document.text.indexOf(line, range.start);
  for (let before = text.indexOf(line); before >= 0 && before < part.start && at >= 0; before = text.indexOf(line, before + 1))
    at = document.text.indexOf(line, at + 1);
  if (line === '' || at < 0 || at >= range.end) return range;
  return { start: at, end: at + line.length };
}
