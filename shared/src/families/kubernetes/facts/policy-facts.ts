import { isFinal, mayGain } from '../../../syntax/yaml/certainty';
import { itemsOf, mapOf, sequenceOf, stringOf } from '../../../syntax/yaml/values';
import { allowsDns, isolates, policyRules } from '../model/network-policy';
import type { YamlMap } from '../../../syntax/yaml/types';
import type { KubernetesObject } from '../model/types';
import { readCalicoSelector } from '../../../workspace/calico-selector';
import type { FactHead } from './fact-head';
import { everything, readLabelSelector, type LabelSelector } from '../../../workspace/selector';
import type { PolicyFact } from '../../../workspace/object-facts';

/** How a kind of network policy is written. */
type Reader = (object: KubernetesObject, spec: YamlMap, head: FactHead) => PolicyFact | null;

const namespaced = (head: FactHead, selector: LabelSelector | null, ingress: boolean, egress: boolean): PolicyFact => ({
  type: 'policy',
  ...head,
  scope: 'namespace',
  selector,
  namespaces: null,
  ingress,
  egress,
  // who says more than Kubernetes' own policies can is not asked for DNS
  dns: true,
});

const native: Reader = (object, spec, head) => {
  const open = !isFinal(object.document, spec, 'policyTypes') || mayGain(object.document, spec.get('egress'));
  const { ingress, egress } = open ? { ingress: true, egress: true } : isolates(spec);
  return {
    ...namespaced(head, readLabelSelector(object.document, spec.get('podSelector')) ?? everything, ingress, egress),
    dns: policyRules(object).some(allowsDns),
  };
};

/** Cilium puts sources before keys: `k8s:app`, `any:app`. The labels of the pod's namespace are among its own. */
function ciliumSelector(object: KubernetesObject, spec: YamlMap): LabelSelector | null {
  const read = readLabelSelector(object.document, spec.get('endpointSelector'));
  if (!read) return null;
  const requirements = read.requirements.map(r => ({ ...r, key: r.key.replace(/^(?:k8s|any)[:.]/, '') }));
  const own = requirements.filter(({ key }) => !key.startsWith('io.kubernetes.') && !key.startsWith('io.cilium.'));
  return { requirements: own, partial: read.partial || own.length < requirements.length };
}

const cilium =
  (scope: PolicyFact['scope']): Reader =>
  (object, spec, head) => {
    const has = (direction: string): boolean =>
      [direction, `${direction}Deny`].some(key => sequenceOf(spec.get(key)) !== null || !isFinal(object.document, spec, key));
    return { ...namespaced(head, ciliumSelector(object, spec), has('ingress'), has('egress')), scope };
  };

const calico =
  (scope: PolicyFact['scope']): Reader =>
  (object, spec, head) => {
    const open = !isFinal(object.document, spec, 'types');
    const types = (sequenceOf(spec.get('types'))?.items ?? []).map(stringOf);
    const [ingress, egress] = ['ingress', 'egress'].map(key => spec.entry(key) !== undefined) as [boolean, boolean];
    const selector = stringOf(spec.get('selector'));
    const namespaces = stringOf(spec.get('namespaceSelector'));
    return {
      ...namespaced(
        head,
        selector === null ? everything : readCalicoSelector(selector),
        open || (types.length > 0 ? types.includes('Ingress') : ingress || !egress),
        open || (types.length > 0 ? types.includes('Egress') : egress),
      ),
      scope,
      namespaces: namespaces === null ? null : readCalicoSelector(namespaces),
    };
  };

const admin: Reader = (object, spec, head) => {
  const subject = mapOf(spec.get('subject'));
  const pods = mapOf(subject?.get('pods'));
  return {
    ...namespaced(
      head,
      pods ? (readLabelSelector(object.document, pods.get('podSelector')) ?? everything) : everything,
      sequenceOf(spec.get('ingress')) !== null,
      sequenceOf(spec.get('egress')) !== null,
    ),
    scope: 'cluster',
    namespaces: readLabelSelector(object.document, pods ? pods.get('namespaceSelector') : subject?.get('namespaces')),
  };
};

/**
 * What an operator makes policies of, for all pods of its namespace: it denies them all in both directions, but for what the object allows.
 * UDS: https://uds.defenseunicorns.com/reference/configuration/custom-resources/packages-v1alpha1-cr/
 */
const udsPackage: Reader = (_, spec, head) => ({
  ...namespaced(head, everything, true, true),
  ...(stringOf(mapOf(mapOf(spec.get('network'))?.get('serviceMesh'))?.get('mode')) === 'sidecar' && { sidecar: true as const }),
});

const readers: Readonly<Record<string, Reader>> = {
  'networking.k8s.io/NetworkPolicy': native,
  'extensions/NetworkPolicy': native,
  'cilium.io/CiliumNetworkPolicy': cilium('namespace'),
  'cilium.io/CiliumClusterwideNetworkPolicy': cilium('cluster'),
  'projectcalico.org/NetworkPolicy': calico('namespace'),
  'projectcalico.org/GlobalNetworkPolicy': calico('cluster'),
  'crd.projectcalico.org/NetworkPolicy': calico('namespace'),
  'crd.projectcalico.org/GlobalNetworkPolicy': calico('cluster'),
  'policy.networking.k8s.io/AdminNetworkPolicy': admin,
  'policy.networking.k8s.io/BaselineAdminNetworkPolicy': admin,
  'uds.dev/Package': udsPackage,
};

/** The facts of a network policy; none for other objects. A Cilium policy with `specs` is one for each. */
export function policyFacts(object: KubernetesObject, head: FactHead): readonly PolicyFact[] {
  const key = `${object.group}/${object.kind}`;
  const reader = Object.hasOwn(readers, key) ? readers[key] : undefined;
  if (!reader) return [];
  const specs = [mapOf(object.node.get('spec')), ...itemsOf(object.node.get('specs')).map(({ map }) => map)];
  return specs.flatMap(spec => (spec && reader(object, spec, head)) || []);
}
