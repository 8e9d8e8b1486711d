import { memoize } from '../../../base/text/memoize';
import { mayChange, mayGain } from '../../../syntax/yaml/certainty';
import type { MaybeNode } from '../../../syntax/yaml/lookup';
import type { Path } from '../../../syntax/yaml/types';
import { mapOf, sequenceOf } from '../../../syntax/yaml/values';
import { parseCel } from '../../../syntax/cel/parse';
import type { ParsedCel } from '../../../syntax/cel/types';
import { rulesOf } from './rules';
import { mapAt, mapIn, mapsAt, textAt, type MapSpot, type TextSpot } from './spots';
import type { ExpressionView, PolicyView } from './types';

const expressionKeys = ['expression', 'messageExpression', 'valueExpression'];

/** Nothing in a policy that holds expressions nests deeper. */
const deepest = 12;

/** Every expression below a map, in order of place. */
function expressionsBelow(spot: MapSpot, found: TextSpot[] = [], depth = 0): readonly TextSpot[] {
  for (const { name, value } of spot.map.entries) {
    const path = [...spot.path, name];
    const text = expressionKeys.includes(name) ? textAt(spot, name) : null;
    if (text) found.push(text);
    else if (depth < deepest) below(value, path, found, depth + 1);
  }
  return found;
}

function below(node: MaybeNode, path: Path, found: TextSpot[], depth: number): void {
  const map = mapOf(node);
  if (map) expressionsBelow({ map, path }, found, depth);
  else sequenceOf(node)?.items.forEach((item, index) => below(item, [...path, index], found, depth));
}

const groups = (policy: PolicyView): readonly (readonly [within: MapSpot, variables: MapSpot | null])[] => {
  if (policy.is === 'ClusterPolicy')
    return rulesOf(policy).flatMap(({ at }) => {
      const cel = mapIn(at, 'validate', 'cel');
      const conditions = mapsAt(at, 'celPreconditions').map(each => [each, cel] as const);
      return cel ? [[cel, cel] as const, ...conditions] : conditions;
    });
  return policy.spec && policy.is !== 'ClusterImagePolicy' && policy.is !== 'TrustRoot' ? [[policy.spec, policy.spec]] : [];
};

/** The expressions of a policy in the Common Expression Language, with the variables that they may name. */
export const expressionsOf = memoize((policy: PolicyView): readonly ExpressionView[] =>
  groups(policy).flatMap(([within, holder]) => {
    const variables = mapsAt(holder, 'variables').flatMap(each => textAt(each, 'name') ?? []);
    const open = mayGain(policy.document, holder?.map.get('variables')) || variables.some(({ node }) => mayChange(node));
    const places = new Map(variables.map(({ text }, index) => [text, index]));
    const indexes = new Map(mapsAt(holder, 'variables').map(({ map }, index) => [map.get('expression'), index]));
    return expressionsBelow(within)
      .filter(({ node, text }) => !mayChange(node) && text.length <= longest)
      .map((spot): ExpressionView => {
        const own = spot.path.at(-3) === 'variables' ? indexes.get(spot.node) : undefined;
        const isBefore = (name: string): boolean | undefined => {
          const place = places.get(name);
          return place === undefined ? undefined : own === undefined || place < own;
        };
        return {
          target: 'expression',
          policy,
          spot,
          declares: open ? null : isBefore,
          memo: new Map(),
        };
      });
  }),
);

/** Longer ones are generated: the API server itself refuses expressions of more than 2 KiB in some places, of more than it can cost in others. */
const longest = 20_000;

/** An expression as it is read, once. */
export const parsed = memoize(({ spot }: ExpressionView): ParsedCel => parseCel(spot.text));

/** The map of a policy in which a check of a kind stands, for kinds that have `validations`. */
export function validationsOf(policy: PolicyView): readonly MapSpot[] {
  return policy.is === 'ClusterPolicy'
    ? rulesOf(policy).flatMap(({ at }) => mapsAt(mapAt(mapAt(at, 'validate'), 'cel'), 'expressions'))
    : mapsAt(policy.spec, 'validations');
}
