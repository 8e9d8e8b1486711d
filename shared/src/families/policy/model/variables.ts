import { memoize } from '../../../text/memoize';
import { maskCharacter } from '../../../yaml/mask';
import type { MaybeNode } from '../../../yaml/lookup';
import type { Path } from '../../../yaml/types';
import { mapOf, scalarOf, sequenceOf } from '../../../yaml/values';
import type { TextSpot } from './spots';
import type { RuleView } from './types';

/** Keys whose values are expressions as a whole. */
const expressionKeys = new Set(['jmesPath']);

/** What is longer is data, and no text that anybody wrote. */
const longest = 20_000;

/** Patterns nest as deep as what they are laid over. */
const deepest = 40;

/** The texts of a rule that hold variables, and those that are expressions. What a template of Helm fills in is none of them. */
export const textsWithVariables = memoize((rule: RuleView): readonly { readonly spot: TextSpot; readonly isExpression: boolean }[] => {
  const found: { spot: TextSpot; isExpression: boolean }[] = [];
  const visit = (node: MaybeNode, path: Path, depth: number): void => {
    const map = mapOf(node);
    if (map && depth < deepest) for (const { name, value } of map.entries) visit(value, [...path, name], depth + 1);
    else if (!map && depth < deepest) sequenceOf(node)?.items.forEach((item, index) => visit(item, [...path, index], depth + 1));
    const scalar = scalarOf(node);
    if (
      !scalar ||
      typeof scalar.value !== 'string' ||
      scalar.value.length > longest ||
      scalar.source.includes(maskCharacter) ||
      scalar.shared
    )
      return;
    const last = path.at(-1);
    const isExpression = expressionKeys.has(String(last)) || (last === 'list' && path.includes('foreach'));
    if (isExpression || scalar.value.includes('{{'))
      found.push({ spot: { text: scalar.value, node: scalar, path, range: scalar.range }, isExpression });
  };
  visit(rule.at.map, rule.at.path, 0);
  return found;
});
