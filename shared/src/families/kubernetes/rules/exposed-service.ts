import { isFinal, mayChange } from '../../../syntax/yaml/certainty';
import { defineRule } from '../../../rule/define-rule';
import { sequenceOf, stringOf } from '../../../syntax/yaml/values';
import type { ServiceView } from '../model/network-views';

/** Annotations by which clouds keep a load balancer inside, with the values that do. */
const internal: readonly (readonly [key: string, value: RegExp])[] = [
  ['service.beta.kubernetes.io/aws-load-balancer-internal', /^(?:true|0\.0\.0\.0\/0)$/],
  ['service.beta.kubernetes.io/aws-load-balancer-scheme', /^internal$/],
  ['service.beta.kubernetes.io/azure-load-balancer-internal', /^true$/],
  ['networking.gke.io/load-balancer-type', /^internal$/i],
  ['cloud.google.com/load-balancer-type', /^internal$/i],
  ['service.beta.kubernetes.io/oci-load-balancer-internal', /^true$/],
  ['service.beta.kubernetes.io/openstack-internal-load-balancer', /^true$/],
  ['service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type', /^intranet$/],
  ['service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type', /^private$/],
  ['service.kubernetes.io/qcloud-loadbalancer-internal-subnetid', /^./],
];

/** Whether annotations keep the load balancer inside, or a template may add such. */
function isInternal({ object }: ServiceView): boolean {
  if (!isFinal(object.document, object.node.get('metadata'), 'annotations')) return true;
  return internal.some(([key, value]) => {
    const known = object.annotations.get(key);
    return known !== undefined && (mayChange(known.node) || value.test(known.value));
  });
}

/** Whether the load balancer lets only some addresses in. */
function isRestricted({ spec, object }: ServiceView): boolean {
  if (!isFinal(object.document, spec, 'loadBalancerSourceRanges')) return true;
  const ranges = (sequenceOf(spec.get('loadBalancerSourceRanges'))?.items ?? []).map(stringOf);
  return ranges.length > 0 && !ranges.some(range => range === '0.0.0.0/0' || range === '::/0');
}

export const rule = defineRule({
  id: 'kubernetes/exposed-service',
  title: 'Service reachable from outside the cluster',
  severity: 'info',
  category: 'network',
  profile: 'strict',
  references: { nist800190: ['3.4.2', '4.4.2'], mitre: ['T1133', 'T1190'], cwe: ['CWE-668'] },
  peers: {
    'kube-linter': ['exposed-services'],
    'kube-score': ['service-type'],
    kics: ['service_type_is_nodeport', 'service_with_external_load_balancer'],
    'kyverno-policies': ['restrict-node-port', 'restrict-loadbalancer'],
    kubescape: ['C-0256'],
  },
  messages: {
    nodePort: { text: '{object} opens a port on every node of the cluster' },
    loadBalancer: { text: '{object} gets a load balancer that accepts traffic from anywhere' },
  },
  on: {
    service(service, report) {
      const { type, typeNode } = service;
      if (!typeNode || (type !== 'NodePort' && type !== 'LoadBalancer')) return;
      if (type === 'LoadBalancer' && (isInternal(service) || isRestricted(service))) return;
      report(typeNode.range, type === 'NodePort' ? 'nodePort' : 'loadBalancer');
    },
  },
});
