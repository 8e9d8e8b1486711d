import { insertDocument, type YamlOperation, type YamlValue } from '../../../yaml/operations';
import { metadataIn, parseBlock } from '../../../knowledge/addresses';
import type { PodView } from '../model/types';
import type { WorkspaceIndex } from '../../../workspace/types';

/** What a port of a policy says. */
type PolicyPortValue = { readonly port: number; readonly protocol: string };

/** The rule that lets pods ask the cluster's name server. */
export const dnsRule: YamlValue = {
  to: [
    {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
      podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    },
  ],
  ports: [
    { port: 53, protocol: 'UDP' },
    { port: 53, protocol: 'TCP' },
  ],
};

/** Everywhere but the metadata services of the clouds. */
function elsewhere(): YamlValue {
  return {
    to: ['0.0.0.0/0', '::/0'].map(cidr => ({ ipBlock: { cidr, except: metadataIn(parseBlock(cidr)!) } })),
  };
}

/** The ports at which a pod is spoken to, each once: those of its containers, and where they name none, the targets of its Services. */
export function trafficPorts(pod: PodView, services: ReturnType<WorkspaceIndex['servicesFor']>): readonly PolicyPortValue[] {
  const found = new Map<string, PolicyPortValue>();
  const add = (port: number | null, protocol: string): void => {
    if (port !== null) found.set(`${port}/${protocol}`, { port, protocol });
  };
  for (const { kind, ports } of pod.containers) {
    if (kind === 'app' || kind === 'sidecar') for (const { containerPort, protocol } of ports) add(containerPort, protocol);
  }
  if (found.size === 0) {
    for (const { ports } of services) for (const { port, target } of ports) add(target === null ? port : Number(target) || null, 'TCP');
  }
  return [...found.values()];
}

/**
 * The document of a NetworkPolicy for one workload: who may speak to it at its ports, and whom it may speak to.
 * @param name of the policy
 * @param isolated whether it may ask the name server only, and not everybody but the clouds' metadata services
 */
export function policyFor(
  pod: PodView,
  labels: Readonly<Record<string, string>>,
  ports: readonly PolicyPortValue[],
  name: string,
  isolated: boolean,
): YamlOperation {
  const { namespace } = pod.object;
  return insertDocument({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, ...(namespace !== null && { namespace }) },
    spec: {
      podSelector: { matchLabels: labels },
      policyTypes: ['Ingress', 'Egress'],
      ...(ports.length > 0 && { ingress: [{ ports }] }),
      egress: isolated ? [dnsRule] : [dnsRule, elsewhere()],
    },
  });
}
