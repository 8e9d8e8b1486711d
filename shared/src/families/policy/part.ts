import type { IgnoreAnnotation, Part } from '../family/part';
import type { YamlPiece } from '../family/types';
import { yamlPart } from '../family/yaml-part';
import type { ObjectRef } from '../../rule/finding/types';
import { short } from '../../base/limits/short';
import { isIgnoreAnnotation } from '../family/annotations';
import { pathToPointer } from '../../syntax/yaml/lookup';
import { isBroken } from '../../syntax/yaml/certainty';
import type { YamlNode } from '../../syntax/yaml/types';
import { expressionsOf } from './model/expressions';
import { policyName } from './model/names';
import { policiesOf } from './model/read';
import { rulesOf } from './model/rules';
import type { PolicyTargets } from './model/targets';
import type { PolicyView } from './model/types';
import { verificationsOf } from './model/verifications';

/** What its own documents hold; objects that policies are asked about are shown by other families. */
type OwnTargets = Omit<PolicyTargets, 'admitted'>;
type View = OwnTargets[keyof OwnTargets];
type PolicyVisitor = { readonly [T in keyof OwnTargets]?: (view: OwnTargets[T]) => void };

/** The policies of a document as a part of its file, or as a guest in a document of manifests. */
export function policyPart(piece: YamlPiece): Part {
  const { document, dialect } = piece;
  const policies = policiesOf(document, dialect);
  return yamlPart(piece, {
    family: 'policy',
    locked: isBroken(document) ? 'syntax' : null,
    annotations: policies.flatMap(annotationsOf),
    fragment: dialect.fragment,
    visit: visitor => policies.forEach(policy => visit(policy, visitor)),
    objectOf: view => refOf(view as View | null),
    namesOf: view => (view === null ? {} : { object: policyName(policyOf(view as View)) }),
  });
}

/** Views of which an alias makes several stand for one place: what is said of it is said once. */
function once<V>(views: readonly V[], nodeOf: (view: V) => YamlNode): readonly V[] {
  const seen = new Set<number>();
  return views.filter(view => {
    const { start } = nodeOf(view).range;
    return !seen.has(start) && seen.add(start);
  });
}

function visit(policy: PolicyView, visitor: PolicyVisitor): void {
  visitor.policy?.(policy);
  if (visitor.rule) once(rulesOf(policy), ({ at }) => at.map).forEach(visitor.rule);
  if (visitor.expression) once(expressionsOf(policy), ({ spot }) => spot.node).forEach(visitor.expression);
  for (const verification of once(verificationsOf(policy), ({ at }) => at.map)) {
    visitor.verification?.(verification);
    if (visitor.pattern) once([...verification.patterns, ...verification.skips], ({ spot }) => spot.node).forEach(visitor.pattern);
    if (visitor.authority) once(verification.authorities, ({ outer }) => outer.map).forEach(visitor.authority);
  }
}

function policyOf(view: View): PolicyView {
  if (view.target === 'policy') return view;
  return view.target === 'pattern' || view.target === 'authority' ? view.verification.policy : view.policy;
}

function refOf(view: View | null): ObjectRef | null {
  if (view === null) return null;
  const { apiVersion, kind, name, namespace, at } = policyOf(view);
  return {
    document: 0,
    apiVersion: short(apiVersion),
    kind: short(kind),
    namespace: namespace === null ? null : short(namespace),
    name: name === null ? null : short(name),
    path: pathToPointer(
      view.target === 'pattern' || view.target === 'expression' ? view.spot.path : view.target === 'policy' ? at.path : view.at.path,
    ),
  };
}

function annotationsOf(policy: PolicyView): readonly IgnoreAnnotation[] {
  return [...policy.annotations]
    .filter(([key]) => isIgnoreAnnotation(key))
    .map(([key, { node, value }]) => {
      const quotes = node.style === 'single' || node.style === 'double' ? 1 : 0;
      const range = { start: node.range.start + quotes, end: node.range.end - quotes };
      return { key, level: 'object', value, range, pointer: pathToPointer(policy.at.path) };
    });
}
