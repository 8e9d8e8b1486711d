import { isFinal, mayGain } from '../../../syntax/yaml/certainty';
import type { Range } from '../../../base/text/range';
import { memoize } from '../../../base/text/memoize';
import type { Path, YamlDocument, YamlMap, YamlNode, YamlScalar } from '../../../syntax/yaml/types';
import { gistRange, itemsOf, mapOf, numberOf, resolve, scalarOf, sequenceOf, stringOf } from '../../../syntax/yaml/values';
import type { KubernetesObject } from './types';

/** Where traffic goes, seen from the pods that a policy selects. */
export type Direction = 'ingress' | 'egress';

/** One item of `from` or `to`. */
export interface PolicyPeer {
  readonly path: Path;
  readonly node: YamlMap;
  readonly podSelector: YamlMap | null;
  readonly namespaceSelector: YamlMap | null;
  readonly cidr: YamlScalar | null;
  readonly except: readonly string[];
  /** Path of the ipBlock. */
  readonly blockPath: Path;
}

/** One item of `ports`. */
export interface PolicyPort {
  readonly node: YamlMap;
  /** `null`: every port. */
  readonly port: number | string | null;
  readonly endPort: number | null;
  readonly protocol: string;
}

/** One rule of a policy: what of its peers may be reached at its ports. */
export interface PolicyRule {
  readonly direction: Direction;
  readonly path: Path;
  readonly range: Range;
  /** `null`: anybody. */
  readonly peers: readonly PolicyPeer[] | null;
  /** `null`: every port. */
  readonly ports: readonly PolicyPort[] | null;
  /** Whether a template may add peers or ports, or fills in what a port is. */
  readonly open: boolean;
}

/** Whether an object is a NetworkPolicy of Kubernetes itself. */
export function isNetworkPolicy({ kind, group }: KubernetesObject): boolean {
  return kind === 'NetworkPolicy' && (group === 'networking.k8s.io' || group === 'extensions');
}

/** The directions that a policy isolates: `policyTypes`, else ingress always, and egress where it has such rules. */
export function isolates(spec: YamlMap | null): { readonly ingress: boolean; readonly egress: boolean } {
  const types = (sequenceOf(spec?.get('policyTypes'))?.items ?? []).map(stringOf);
  if (types.length > 0) return { ingress: types.includes('Ingress'), egress: types.includes('Egress') };
  return { ingress: true, egress: (sequenceOf(spec?.get('egress'))?.items.length ?? 0) > 0 };
}

/** The rules of a policy that count: those of directions that it isolates. An empty `from`, `to` or `ports` is as good as none. */
export const policyRules = memoize((object: KubernetesObject): readonly PolicyRule[] => {
  const spec = mapOf(object.node.get('spec'));
  const on = isolates(spec);
  const read = (direction: Direction, key: 'from' | 'to'): PolicyRule[] =>
    (sequenceOf(spec?.get(direction))?.items ?? []).flatMap((item, index) => {
      const map = mapOf(item);
      const path = [...object.path, 'spec', direction, index];
      return map ? [readRule(object.document, map, direction, key, path)] : [];
    });
  return [...(on.ingress ? read('ingress', 'from') : []), ...(on.egress ? read('egress', 'to') : [])];
});

function readRule(document: YamlDocument, map: YamlMap, direction: Direction, key: 'from' | 'to', path: Path): PolicyRule {
  const peers = itemsOf(map.get(key)).map(({ index, map: peer }) => readPeer(peer, [...path, key, index]));
  const ports = itemsOf(map.get('ports')).map(({ map: node }) => ({
    node,
    port: numberOf(node.get('port')) ?? stringOf(node.get('port')),
    endPort: numberOf(node.get('endPort')),
    protocol: stringOf(node.get('protocol')) ?? 'TCP',
  }));
  return {
    direction,
    path,
    range: gistRange(map),
    peers: hasItems(map.get(key)) ? peers : null,
    ports: hasItems(map.get('ports')) ? ports : null,
    open:
      !isFinal(document, map, 'ports') ||
      mayGain(document, map.get(key)) ||
      ports.some(({ node }) => !['port', 'protocol'].every(field => isFinal(document, node, field))),
  };
}

/** Whether a list has items; what is not a list may be anything. */
function hasItems(node: YamlNode | null | undefined): boolean {
  const at = resolve(node);
  return at !== null && (at.kind === 'sequence' ? at.items.length > 0 : !(at.kind === 'scalar' && at.value === null));
}

function readPeer(node: YamlMap, path: Path): PolicyPeer {
  const block = mapOf(node.get('ipBlock'));
  return {
    path,
    node,
    podSelector: mapOf(node.get('podSelector')),
    namespaceSelector: mapOf(node.get('namespaceSelector')),
    cidr: scalarOf(block?.get('cidr')),
    except: (sequenceOf(block?.get('except'))?.items ?? []).flatMap(item => stringOf(item) ?? []),
    blockPath: [...path, 'ipBlock'],
  };
}

/** Whether a port of a rule is this one. A named port may be any. */
export function includesPort(ports: readonly PolicyPort[] | null, protocol: string, number: number): boolean {
  return (
    ports === null ||
    ports.some(
      ({ port, endPort, protocol: own }) =>
        own === protocol &&
        (port === null || typeof port === 'string' || port === number || (endPort !== null && port <= number && number <= endPort)),
    )
  );
}

/** Whether a rule lets pods ask a name server by UDP, as far as can be seen: not where it only leads to pods of the policy's own namespace. */
export function allowsDns({ direction, peers, ports }: PolicyRule): boolean {
  if (direction !== 'egress' || !(includesPort(ports, 'UDP', 53) || includesPort(ports, 'UDP', 5353))) return false;
  return ports !== null || peers === null || peers.some(({ namespaceSelector, cidr }) => namespaceSelector !== null || cidr !== null);
}
