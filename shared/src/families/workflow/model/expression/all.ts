import { memoize } from '../../../../base/text/memoize';
import type { Path, YamlDocument, YamlNode, YamlScalar } from '../../../../syntax/yaml/types';
import { isConditionKey } from '../conditions';
import { conditionIn, expressionsIn, type Placed } from './find';

/** An expression of a document and the scalar that it stands in. */
export interface FoundExpression {
  readonly placed: Placed;
  readonly node: YamlScalar;
  readonly path: Path;
}

/** Every expression of a workflow or an action, in order of place; what aliases stand for where it is written. */
export const allExpressions = memoize((document: YamlDocument): readonly FoundExpression[] => {
  const found: FoundExpression[] = [];
  const visit = (node: YamlNode | null, path: Path): void => {
    if (!node) return;
    if (node.kind === 'map') for (const { name, value } of node.entries) visit(value, [...path, name]);
    else if (node.kind === 'sequence') node.items.forEach((item, index) => visit(item, [...path, index]));
    else if (node.kind === 'scalar' && typeof node.value === 'string') {
      const condition = isConditionKey(path) ? conditionIn(document, node) : null;
      const placed = condition ? [condition] : expressionsIn(document, node);
      for (const one of placed) found.push({ placed: one, node, path });
    }
  };
  visit(document.root, []);
  return found;
});
