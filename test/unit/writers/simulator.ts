import { parseAllDocuments } from 'yaml';
import { contains, parseBlock } from '../../../shared/src/knowledge/addresses';

// What NetworkPolicies let through, by the documentation of the API: a pod that no policy of a direction selects is open in it; the policies that select it add up;
// an item of `from` or `to` is pods of its own namespace, pods of the namespaces that it selects, or addresses.

/** A pod, or an address outside of the cluster. */
export type Party = Pod | { readonly address: string };

/** A pod. `ports`: those that have names. */
export interface Pod {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports?: Readonly<Record<string, number>>;
}

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
}

interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly { readonly port: number | string; readonly protocol?: string }[];
}

interface Policy {
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: {
    readonly podSelector: Selector;
    readonly policyTypes: readonly ('Ingress' | 'Egress')[];
    readonly ingress?: readonly Rule[];
    readonly egress?: readonly Rule[];
  };
}

const selects = ({ matchLabels = {} }: Selector, labels: Readonly<Record<string, string>>): boolean =>
  Object.entries(matchLabels).every(([key, value]) => labels[key] === value);

function isPeer({ podSelector, namespaceSelector, ipBlock }: Peer, party: Party, own: string): boolean {
  if (ipBlock) {
    const inside = (cidr: string): boolean => 'address' in party && contains(parseBlock(cidr)!, parseBlock(party.address)!);
    return inside(ipBlock.cidr) && !(ipBlock.except ?? []).some(inside);
  }
  if ('address' in party) return false;
  const isThere = namespaceSelector
    ? selects(namespaceSelector, { 'kubernetes.io/metadata.name': party.namespace })
    : party.namespace === own;
  return isThere && (podSelector === undefined || selects(podSelector, party.labels));
}

/** Reads policies; ones without a namespace are in `namespace`. Gives what tells whether one party may call another. */
export function simulate(text: string, namespace: string): (from: Party, to: Party, port: number, protocol?: string) => boolean {
  const policies = parseAllDocuments(text).map(document => document.toJS() as Policy);
  const lets = (direction: 'Ingress' | 'Egress', pod: Party, other: Party, target: Party, port: number, protocol: string): boolean => {
    if ('address' in pod) return true;
    const own = policies.filter(
      ({ metadata, spec }) =>
        (metadata.namespace ?? namespace) === pod.namespace &&
        spec.policyTypes.includes(direction) &&
        selects(spec.podSelector, pod.labels),
    );
    const numberOf = (name: number | string): number | undefined =>
      typeof name === 'number' ? name : 'address' in target ? undefined : target.ports?.[name];
    const hasPort = ({ ports }: Rule): boolean =>
      ports === undefined || ports.some(one => numberOf(one.port) === port && (one.protocol ?? 'TCP') === protocol);
    return (
      own.length === 0 ||
      own
        .flatMap(({ spec }) => (direction === 'Ingress' ? spec.ingress : spec.egress) ?? [])
        .some(rule => {
          const peers = direction === 'Ingress' ? rule.from : rule.to;
          return hasPort(rule) && (peers === undefined || peers.some(peer => isPeer(peer, other, pod.namespace)));
        })
    );
  };
  return (from, to, port, protocol = 'TCP') =>
    lets('Egress', from, to, to, port, protocol) && lets('Ingress', to, from, to, port, protocol);
}
