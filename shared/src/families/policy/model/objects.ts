import { budgets } from '../../../base/limits/budgets';
import type { Dialect } from '../../../workspace/source/types';
import { isBroken, mayGain } from '../../../syntax/yaml/certainty';
import type { Path, YamlDocument, YamlMap } from '../../../syntax/yaml/types';
import { itemsOf, mapOf, reportRangeOf, scalarOf, sequenceOf, stringOf, stringsOf } from '../../../syntax/yaml/values';
import type { PolicyKind, PolicyView } from './types';

/** The groups whose objects are this family's alone. */
export const ownGroups: ReadonlySet<string> = new Set(['kyverno.io', 'policies.kyverno.io', 'policy.sigstore.dev']);

const admission = 'admissionregistration.k8s.io';

/** Kinds of Kubernetes itself that decide what is admitted: its own rules hold for them too. */
export const builtInKinds: ReadonlySet<string> = new Set([
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
]);

const kindsByGroup: Readonly<Record<string, Readonly<Record<string, PolicyKind>>>> = {
  'kyverno.io': { ClusterPolicy: 'ClusterPolicy', Policy: 'ClusterPolicy', PolicyException: 'PolicyException' },
  'policies.kyverno.io': Object.fromEntries([
    ['PolicyException', 'PolicyException'] as const,
    ...(['ValidatingPolicy', 'ImageValidatingPolicy', 'MutatingPolicy', 'GeneratingPolicy', 'DeletingPolicy'] as const).flatMap(kind => [
      [kind, kind] as const,
      [`Namespaced${kind}`, kind] as const,
    ]),
  ]),
  'policy.sigstore.dev': { ClusterImagePolicy: 'ClusterImagePolicy', TrustRoot: 'TrustRoot' },
  [admission]: {
    ValidatingAdmissionPolicy: 'ValidatingAdmissionPolicy',
    ValidatingAdmissionPolicyBinding: 'ValidatingAdmissionPolicyBinding',
    MutatingAdmissionPolicy: 'MutatingAdmissionPolicy',
    MutatingAdmissionPolicyBinding: 'MutatingAdmissionPolicyBinding',
    ValidatingWebhookConfiguration: 'WebhookConfiguration',
  },
};

/** Whether a document holds objects of this family beside others: one of Kubernetes' own kinds, or one in a list. */
export function holdsPolicies(root: YamlMap): boolean {
  const isOne = (map: YamlMap): boolean => {
    const [group] = (stringOf(map.get('apiVersion')) ?? '').split('/', 1);
    return group === admission ? builtInKinds.has(stringOf(map.get('kind')) ?? '') : ownGroups.has(group!);
  };
  return isOne(root) || itemsOf(root.get('items')).some(({ map }) => isOne(map));
}

/** The objects of a document that are this family's: itself, or those of a list. */
export function readPolicies(document: YamlDocument, dialect: Dialect): readonly PolicyView[] {
  const found: PolicyView[] = [];
  const root = mapOf(document.root);
  if (!root) return found;
  if (!sequenceOf(root.get('items'))) return [readPolicy(document, dialect, root, [])].flatMap(policy => policy ?? []);
  for (const { index, map } of itemsOf(root.get('items')).slice(0, budgets.views)) {
    const policy = readPolicy(document, dialect, map, ['items', index]);
    if (policy) found.push(policy);
  }
  return found;
}

function readPolicy(document: YamlDocument, dialect: Dialect, map: YamlMap, path: Path): PolicyView | null {
  const apiVersion = stringOf(map.get('apiVersion'));
  const kindNode = scalarOf(map.get('kind'));
  const kind = stringOf(kindNode);
  if (apiVersion === null || kind === null) return null;
  const slash = apiVersion.indexOf('/');
  const group = slash < 0 ? '' : apiVersion.slice(0, slash);
  if (!Object.hasOwn(kindsByGroup, group)) return null;
  const kinds = kindsByGroup[group]!;
  const is = Object.hasOwn(kinds, kind) ? kinds[kind]! : 'other';
  if (is === 'other' && group === admission) return null;
  const metadata = mapOf(map.get('metadata'));
  const spec = mapOf(map.get('spec'));
  const nameNode = scalarOf(metadata?.get('name'));
  const name = stringOf(nameNode);
  return {
    target: 'policy',
    document,
    at: { map, path },
    group,
    version: apiVersion.slice(slash + 1),
    apiVersion,
    apiVersionNode: scalarOf(map.get('apiVersion')),
    kind,
    is,
    name,
    namespace: stringOf(metadata?.get('namespace')),
    annotations: stringsOf(metadata?.get('annotations')),
    labels: stringsOf(metadata?.get('labels')),
    reportRange: nameNode && name !== null ? nameNode.range : kindNode ? kindNode.range : reportRangeOf(map),
    spec: spec && { map: spec, path: [...path, 'spec'] },
    complete: !dialect.fragment && !isBroken(document) && ![map, metadata, map.get('spec')].some(node => mayGain(document, node)),
    memo: new Map(),
  };
}
