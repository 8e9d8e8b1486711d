import { applyEdits } from '../../../base/text/edits';
import { shift } from '../../../base/text/range';
import { appendItem, setValue, type YamlOperation, type YamlValue } from '../operations';
import { parseDocument, parseStream } from '../parse';
import type { Path, YamlMap, YamlNode } from '../types';
import { booleanOf, mapOf, numberOf, sequenceOf, stringOf } from '../values';
import { renderYaml } from './render/render-yaml';
import { verifyYaml } from './verify/verify-yaml';

/**
 * Writes what one YAML document says into the text of another: scalars are set, items are added to lists that lack them, and every other byte stays.
 * @param addition a map in block style, of plain words
 * @returns the whole new text; the text itself where it says all of that already; `null` where it is no single map that can be edited
 */
export function writeInto(text: string, addition: string): string | null {
  const wanted = mapOf(parseDocument(addition).root);
  if (!wanted) return null;
  const [chunk, second] = parseStream(text, new Map());
  // a file of nothing but comments keeps them above
  if (!chunk) return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${addition}`;
  const { document, base } = chunk;
  const root = mapOf(document.root);
  if (second || !root || document.problems.length > 0) return null;
  const operations = missing(wanted, root, []);
  if (operations.length === 0) return text;
  const rendered = renderYaml(document, operations);
  if (!rendered.ok) return null;
  if (verifyYaml(document, parseDocument(applyEdits(document.text, rendered.edits)), operations)) return null;
  return applyEdits(
    text,
    rendered.edits.map(edit => ({ ...edit, range: shift(edit.range, base) })),
  );
}

function missing(wanted: YamlMap, there: YamlMap, path: Path): YamlOperation[] {
  return wanted.entries.flatMap(({ name, value }): YamlOperation[] => {
    if (name === null) return [];
    const own = [...path, name];
    const known = there.get(name);
    const [map, knownMap] = [mapOf(value), mapOf(known)];
    if (map && knownMap) return missing(map, knownMap, own);
    const [list, knownList] = [sequenceOf(value), sequenceOf(known)];
    if (list && knownList) {
      const has = new Set(knownList.items.map(item => JSON.stringify(valueOf(item))));
      return list.items.map(valueOf).flatMap(item => (has.has(JSON.stringify(item)) ? [] : [appendItem(own, item)]));
    }
    const next = valueOf(value);
    return known !== undefined && JSON.stringify(valueOf(known)) === JSON.stringify(next) ? [] : [setValue(own, next)];
  });
}

function valueOf(node: YamlNode | null | undefined): YamlValue {
  const map = mapOf(node);
  if (map) return Object.fromEntries(map.entries.flatMap(({ name, value }) => (name === null ? [] : [[name, valueOf(value)] as const])));
  const list = sequenceOf(node);
  if (list) return list.items.map(valueOf);
  return booleanOf(node) ?? numberOf(node) ?? stringOf(node);
}
