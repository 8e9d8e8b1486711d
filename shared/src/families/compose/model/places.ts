import { unshared } from '../../../syntax/yaml/collections';
import { memoize } from '../../../base/text/memoize';
import type { Path, YamlDocument, YamlNode } from '../../../syntax/yaml/types';

/** Where each node of a document stands, whatever way it was reached. */
const places = memoize((document: YamlDocument): ReadonlyMap<YamlNode, Path> => {
  const found = new Map<YamlNode, Path>();
  const visit = (node: YamlNode | null, path: Path): void => {
    if (!node) return;
    found.set(node, path);
    if (node.kind === 'map') for (const { name, value } of node.entries) visit(value, [...path, name]);
    else if (node.kind === 'sequence') node.items.forEach((item, index) => visit(item, [...path, index]));
  };
  visit(document.root, []);
  return found;
});

/** The path of a node's own text, not of an alias that leads to it; `null` for a node of another document. */
export function placeOf(document: YamlDocument, node: YamlNode): Path | null {
  return places(document).get(unshared(node)) ?? null;
}
