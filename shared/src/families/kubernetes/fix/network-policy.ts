import { insertDocument, type YamlOperation, type YamlValue } from '../../../syntax/yaml/operations';
import { metadataIn, parseBlock } from '../../../knowledge/addresses';
import type { Assumption } from '../../../rule/fix/types';
import { stringOf } from '../../../syntax/yaml/values';
import { findImageProfile } from '../../../knowledge/image-profiles';
import { shown } from '../model/names';
import { folderOf } from '../../../workspace/paths';
import { toldPorts } from '../model/ports';
import type { PodView } from '../model/types';
import type { WorkspaceIndex } from '../../../workspace/types';

/** What a port of a policy says. */
type PolicyPortValue = { readonly port: number; readonly protocol: string };

/** A rule that lets pods ask name servers, by their namespace, label and port. */
const dnsRuleOf = (namespace: string, label: readonly [name: string, value: string], port: number): YamlValue => ({
  to: [
    {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
      podSelector: { matchLabels: { [label[0]]: label[1] } },
    },
  ],
  ports: [
    { port, protocol: 'UDP' },
    { port, protocol: 'TCP' },
  ],
});

/** The rule that lets pods ask the cluster's name server. */
export const dnsRule = dnsRuleOf('kube-system', ['k8s-app', 'kube-dns'], 53);

/** The same on OpenShift, whose name servers are pods of their own namespace that listen on 5353: policies see the port of the pod. */
export const openShiftDnsRule = dnsRuleOf('openshift-dns', ['dns.operator.openshift.io/daemonset-dns', 'default'], 5353);

/**
 * Everywhere but the metadata services of the clouds: the pods of the cluster by a selector, as some network plug-ins do not count them among
 * addresses, and of the addresses of IPv6 those that are public, among which there is no metadata service.
 */
function elsewhere(): YamlValue {
  const cidr = '0.0.0.0/0';
  return {
    to: [{ namespaceSelector: {} }, { ipBlock: { cidr: '2000::/3' } }, { ipBlock: { cidr, except: metadataIn(parseBlock(cidr)!) } }],
  };
}

/** The ports at which a pod is spoken to, and what makes others likely. */
export interface Traffic {
  readonly ports: readonly PolicyPortValue[];
  readonly evidence: readonly Assumption[];
}

type Services = ReturnType<WorkspaceIndex['servicesFor']>;

/** The ports at which a pod is spoken to, each once: those of its containers, the targets of its Services, and where Prometheus asks it. */
export function trafficOf(pod: PodView, services: Services, path: string): Traffic {
  const found = new Map<string, PolicyPortValue>();
  const evidence = new Map<string, Assumption>();
  const doubt = (port: number | string, seen: string, where: string): void => {
    evidence.set(String(port), { id: 'other-port', data: { port, seen, path: where }, evidence: true });
  };
  const add = (port: number, protocol: string): void => void found.set(`${port}/${protocol}`, { port, protocol });
  const has = (port: number): boolean => [...found.values()].some(known => known.port === port);
  const servers = pod.containers.filter(({ kind }) => kind === 'app' || kind === 'sidecar');
  const names = new Set<string | null>();
  for (const { ports } of servers) {
    for (const { node, containerPort, protocol } of ports) {
      names.add(stringOf(node.get('name')));
      if (containerPort === null) doubt(stringOf(node.get('containerPort')) ?? '?', 'containerPort', path);
      else add(containerPort, protocol);
    }
  }
  for (const service of services) {
    // a selector of which nothing is known may be any: it counts in its own chart or folder
    if (service.selector?.requirements.length === 0 && placeOf(service.path) !== placeOf(path)) continue;
    for (const { port, target, protocol = 'TCP' } of service.ports) {
      const number = target === null ? port : Number(target) || null;
      // a container that names the port alone means TCP, whatever its Service says
      if (number !== null && (protocol !== 'TCP' || !has(number))) add(number, protocol);
      if (number === null && target !== null && !names.has(target)) doubt(shown(target), `Service "${shown(service.name)}"`, service.path);
    }
  }
  // an image that is known to listen elsewhere than its Service says
  for (const { ports, image } of found.size === 0 ? [] : servers) {
    const listening = ports.length > 0 || !image ? [] : (findImageProfile(image.text)?.exposedPorts ?? []);
    const numbers = listening.map(Number).filter(port => port > 0);
    if (!numbers.some(has)) for (const port of numbers) doubt(port, `image "${shown(image?.text ?? '')}"`, path);
  }
  const asked = Number(pod.annotations.get('prometheus.io/port')?.value);
  if (Number.isInteger(asked) && asked > 0 && !has(asked)) add(asked, 'TCP');
  for (const { port, seen } of servers.flatMap(toldPorts)) if (!has(port)) doubt(port, seen, path);
  return { ports: [...found.values()], evidence: [...evidence.values()] };
}

/** The chart that a file is a template of, or its folder. */
function placeOf(path: string): string {
  const at = path.lastIndexOf('templates/');
  return at < 0 ? folderOf(path) : path.slice(0, at);
}

/** Keys of a policy whose values are short: so that it can be read at a glance. */
const inline = ['namespaceSelector', 'podSelector', 'policyTypes', 'ports', 'ipBlock'];

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
  const document = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, ...(namespace !== null && { namespace }) },
    spec: {
      podSelector: { matchLabels: labels },
      policyTypes: ['Ingress', 'Egress'],
      ...(ports.length > 0 && {
        ingress: [{ ports: ports.map(({ port, protocol }) => ({ port, ...(protocol !== 'TCP' && { protocol }) })) }],
      }),
      egress: isolated ? [dnsRule] : [elsewhere()],
    },
  };
  return insertDocument(document, inline);
}
