import { isSecretName } from '../../../knowledge/secrets/detect';
import { mayChange } from '../../../syntax/yaml/certainty';
import type { YamlDocument, YamlMap, YamlNode } from '../../../syntax/yaml/types';
import { mapOf, resolve, stringOf } from '../../../syntax/yaml/values';
import type { FileFacts, ValuesFact } from '../../../workspace/types';
import { unreadFacts } from '../../../workspace/fact-kind';

/** A file with more values is one that nobody reads; nor does a template ask for what lies deeper. */
const most = 5000;
const deepest = 10;
/** Longer texts are compared with nothing, nor are secrets. */
const longest = 60;

/** What a template's `if` makes of a value: nothing, false, zero and what is empty do not count. */
function isSet(node: YamlNode | null): boolean {
  if (node?.kind === 'map') return node.entries.length > 0;
  if (node?.kind === 'sequence') return node.items.length > 0;
  return node?.kind === 'scalar' && node.value !== null && node.value !== false && node.value !== 0 && node.value !== '';
}

/** The fact of a file of values. */
export function valuesFacts(document: YamlDocument, path: string, base: number): FileFacts {
  const on: string[] = [];
  const off: string[] = [];
  const texts = Object.create(null) as Record<string, string>;
  const visit = (map: YamlMap, prefix: string, depth: number): void => {
    for (const { name, value } of map.entries) {
      if (on.length + off.length > most) return;
      const node = resolve(value) ?? null;
      const own = `${prefix}${name}`;
      if (isSet(node)) on.push(own);
      if (!isSet(node) || mayChange(node)) off.push(own);
      const text = node?.kind === 'scalar' && !mayChange(node) ? (stringOf(node) ?? node.source) : null;
      if (text !== null && text.length <= longest && !isSecretName(name)) texts[own] = text;
      if (node?.kind === 'map' && depth < deepest) visit(node, `${own}.`, depth + 1);
    }
  };
  const root = mapOf(document.root);
  if (root) visit(root, '', 1);
  if (on.length + off.length > most) return unreadFacts(path, base);
  const fact: ValuesFact = { type: 'values', path, range: { start: base, end: base }, on, off, texts };
  return [fact];
}
