import { metadataIn, parseBlock } from '../../knowledge/addresses';
import type { NetworkPart } from '../../families/family/network';
import type { WorkspaceIndex } from '../../workspace/types';
import { type Need, type Peer, trafficOf, type WorkloadTraffic } from './traffic';
import { indented, yamlText } from './yaml-text';

/** What was written for a namespace. */
export interface WrittenPolicies {
  readonly text: string;
  /** How many policies there are. */
  readonly policies: number;
  /** What a person has to look at: clauses without a final full stop. They stand in the text, too. */
  readonly left: readonly string[];
}

const anywhere = '0.0.0.0/0';

const ofNamespace = (name: string): string => `namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ${yamlText(name)}}}`;

const ofPods = (labels: Readonly<Record<string, string>>): string =>
  `podSelector: {matchLabels: {${Object.entries(labels)
    .map(([key, value]) => `${yamlText(key)}: ${yamlText(value)}`)
    .join(', ')}}}`;

/** The items of `from` or `to` that a peer is; none: anybody. */
function peerLines(peer: Peer): readonly string[] {
  switch (peer.to) {
    case 'pods':
      return peer.namespace === null ? [`- ${ofPods(peer.labels)}`] : [`- ${ofNamespace(peer.namespace)}`, `  ${ofPods(peer.labels)}`];
    case 'namespace':
      return [peer.namespace === null ? '- namespaceSelector: {}' : `- ${ofNamespace(peer.namespace)}`];
    case 'address':
      return [`- ipBlock: {cidr: ${peer.cidr}}`];
    case 'outside':
      return [
        '- ipBlock:',
        `    cidr: ${anywhere}`,
        `    except: [${metadataIn(parseBlock(anywhere)!).join(', ')}]`,
        "- ipBlock: {cidr: '2000::/3'}",
      ];
    case 'anybody':
      return [];
  }
}

function needLines({ peer, ports, why }: Need, key: 'from' | 'to'): readonly string[] {
  const peers = peerLines(peer);
  return [
    ...why.map(reason => `# ${reason}`),
    ...(peers.length === 0 ? [] : [`- ${key}:`, ...peers.map(line => `    ${line}`)]),
    `${peers.length === 0 ? '-' : ' '} ports:`,
    ...ports.map(
      ({ port, protocol }) => `    - {port: ${typeof port === 'number' ? port : yamlText(port)}, protocol: ${yamlText(protocol)}}`,
    ),
  ];
}

function policyText(name: string, namespace: string | null, comment: string | null, spec: readonly string[]): string {
  const head = ['apiVersion: networking.k8s.io/v1', 'kind: NetworkPolicy', 'metadata:', `  name: ${yamlText(name)}`];
  const place = namespace === null ? [] : [`  namespace: ${yamlText(namespace)}`];
  return indented([...(comment === null ? [] : [`# ${comment}`]), ...head, ...place, 'spec:', ...spec.map(line => `  ${line}`)], 0);
}

function workloadPolicy({ labels, ingress, egress }: WorkloadTraffic, name: string, namespace: string | null): string {
  const types = [...(ingress.length > 0 ? ['Ingress'] : []), ...(egress.length > 0 ? ['Egress'] : [])];
  return policyText(name, namespace, null, [
    ofPods(labels),
    `policyTypes: [${types.join(', ')}]`,
    ...(ingress.length > 0 ? ['ingress:', ...ingress.flatMap(need => needLines(need, 'from')).map(line => `  ${line}`)] : []),
    ...(egress.length > 0 ? ['egress:', ...egress.flatMap(need => needLines(need, 'to')).map(line => `  ${line}`)] : []),
  ]);
}

/**
 * Policies under which the pods of a namespace do what its manifests say that they do, and nothing else: one that denies everything, one for DNS, and one for each
 * workload that is called or calls. What cannot be known is said in comments.
 * @param namespace `null`: that of the manifests that name none, which is not written then
 */
export function networkPolicies(parts: readonly NetworkPart[], namespace: string | null, index: WorkspaceIndex): WrittenPolicies {
  const { workloads, left } = trafficOf(parts, namespace, index);
  const taken = new Set<string>();
  const nameFor = (wanted: string): string => {
    const isFree = (name: string): boolean => !taken.has(name) && index.object('NetworkPolicy', namespace, name) === undefined;
    let name = wanted;
    for (let more = 2; !isFree(name); more++) name = `${wanted}-${more}`;
    taken.add(name);
    return name;
  };
  const documents = [
    policyText(nameFor('default-deny'), namespace, 'What no policy allows is denied, in both directions.', [
      'podSelector: {}',
      'policyTypes: [Ingress, Egress]',
    ]),
    policyText(
      nameFor('allow-dns'),
      namespace,
      'Names: kube-dns or CoreDNS. With NodeLocal DNSCache allow its address (169.254.20.10), too; on OpenShift DNS is at port 5353 of openshift-dns.',
      [
        'podSelector: {}',
        'policyTypes: [Egress]',
        'egress:',
        '  - to:',
        `      - ${ofNamespace('kube-system')}`,
        `        ${ofPods({ 'k8s-app': 'kube-dns' })}`,
        '    ports:',
        '      - {port: 53, protocol: UDP}',
        '      - {port: 53, protocol: TCP}',
      ],
    ),
    ...workloads
      .filter(({ ingress, egress }) => ingress.length + egress.length > 0)
      .map(workload => workloadPolicy(workload, nameFor(workload.name), namespace)),
  ];
  const head = [
    `# Network policies${namespace === null ? '' : ` of the namespace ${namespace}`}: its pods may do what the manifests here show, and nothing else.`,
    '# Try them where nothing depends on it: a call that no manifest shows is denied.',
    ...(left.length > 0 ? ['#', '# Left to you:', ...left.map(clause => `# - ${clause}`)] : []),
  ];
  return { text: `${head.join('\n')}\n\n${documents.join('---\n')}`, policies: documents.length, left };
}
