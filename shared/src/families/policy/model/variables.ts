import { memoize } from '../../../base/text/memoize';
import { maskCharacter } from '../../../syntax/yaml/mask';
import type { MaybeNode } from '../../../syntax/yaml/lookup';
import type { Path } from '../../../syntax/yaml/types';
import { mapOf, scalarOf, sequenceOf } from '../../../syntax/yaml/values';
import { mayGain } from '../../../syntax/yaml/certainty';
import { isLiteral, mapAt, mapsAt, textAt, type MapSpot, type TextSpot } from './spots';
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

/** The part of a rule that a text stands in where Kyverno allows no variables (`ruleForbiddenSectionsHaveVariables` of kyverno/kyverno); `null`: they may. */
export function sectionOf(rule: RuleView, path: Path): string | null {
  const [part, , key] = path.slice(rule.at.path.length);
  if (part === 'match' || part === 'exclude') return part;
  return part === 'verifyImages' && key === 'imageReferences' ? 'imageReferences' : null;
}

/** What every rule knows without a context. */
const known = /^(?:request|serviceAccountName|serviceAccountNamespace|element|elementIndex\d*|images?|target|globalReference)$/;

/** Names that the contexts of a rule define, wherever they stand; `null`: one is filled in later. */
const contextNames = memoize((rule: RuleView): ReadonlySet<string> | null => {
  const names = new Set<string>();
  let isOpen = !rule.complete;
  const visit = (spot: MapSpot, depth: number): void => {
    for (const key of ['context', 'foreach', 'targets', 'variables']) {
      isOpen ||= mayGain(rule.policy.document, spot.map.get(key));
      for (const each of mapsAt(spot, key)) {
        const name = textAt(each, 'name');
        if (name && key === 'context') names.add(name.text.split('.', 1)[0]!);
        isOpen ||= name !== null && !isLiteral(name);
        if (depth < deepest) visit(each, depth + 1);
      }
    }
    for (const key of ['validate', 'mutate', 'generate']) {
      const inner = mapAt(spot, key);
      if (inner && depth < deepest) visit(inner, depth + 1);
    }
  };
  visit(rule.at, 0);
  return isOpen ? null : names;
});

/** The name that an expression begins with, where no context defines it; `null`: it is known, or nobody can say. What attestations hold is not written here. */
export function undefinedName(rule: RuleView, { path }: TextSpot, expression: string): string | null {
  const name = /^[A-Za-z_]\w*(?=$|\.|\[)/.exec(expression)?.[0];
  const names = contextNames(rule);
  const isFree = path.includes('attestations') || path.includes('imageExtractors') || path.includes('message');
  return name === undefined || isFree || known.test(name) || !names || names.has(name) ? null : name;
}
