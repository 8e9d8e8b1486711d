import type { NetworkEntrance, NetworkPart, NetworkService, NetworkWorkload, SeenEndpoint } from '../../families/family/network';
import { contains, isIpAddress, metadataAddresses, parseBlock } from '../../knowledge/addresses';
import { endpointsIn } from '../../knowledge/endpoints';
import type { WorkspaceIndex } from '../../workspace/types';
import { createDirectory, type PodPort } from './directory';

/** Labels that pods are selected by. */
type PodLabels = Readonly<Record<string, string>>;

/** Who is at the other end: pods by labels, in another namespace or (`null`) in the same one; pods of any namespace or of one; an address; whoever has a name that addresses are not known of; anybody. */
export type Peer =
  | { readonly to: 'pods'; readonly labels: PodLabels; readonly namespace: string | null }
  | { readonly to: 'namespace'; readonly namespace: string | null }
  | { readonly to: 'address'; readonly cidr: string }
  | { readonly to: 'outside' }
  | { readonly to: 'anybody' };

/** Traffic that a workload needs, in one direction. */
export interface Need {
  readonly peer: Peer;
  readonly ports: readonly PodPort[];
  /** What says so, each once. */
  readonly why: readonly string[];
}

/** A workload of the namespace and what it needs. */
export interface WorkloadTraffic {
  readonly name: string;
  readonly labels: PodLabels;
  readonly ingress: readonly Need[];
  readonly egress: readonly Need[];
}

/** The traffic of a namespace as far as manifests tell. */
export interface Traffic {
  readonly workloads: readonly WorkloadTraffic[];
  /** What cannot be known: clauses without a final full stop. */
  readonly left: readonly string[];
}

/** A name that may stand in a comment: what is no name of Kubernetes or of a variable is not shown. */
const safe = (text: string): string => (/^[\w.-]{1,253}$/.test(text) ? text : '?');

/** What says where to connect to. */
const says = ({ seen }: SeenEndpoint): string => (/^--?[\w.-]{1,60}$|^[\w.-]{1,100}$/.test(seen) ? seen : 'its command');

/** Labels and their values as the API server takes them. */
const label = /^[\w./-]{0,317}$/;

const portKey = ({ port, protocol }: PodPort): string => `${port}/${protocol}`;

/** The needs of one direction while they are collected: those of the same peer are one. */
function createNeeds() {
  const needs = new Map<string, { readonly peer: Peer; readonly ports: Map<string, PodPort>; readonly why: Set<string> }>();
  return {
    add(peer: Peer, ports: readonly PodPort[], why: string): void {
      // outside, each port has hosts of its own
      const key = JSON.stringify(peer.to === 'outside' ? [peer, ports] : peer);
      const need = needs.get(key) ?? { peer, ports: new Map(), why: new Set() };
      needs.set(key, need);
      for (const port of ports) need.ports.set(portKey(port), port);
      need.why.add(why);
    },
    has: (port: PodPort): boolean => [...needs.values()].some(({ ports }) => ports.has(portKey(port))),
    all: (): readonly Need[] => [...needs.values()].map(({ peer, ports, why }) => ({ peer, ports: [...ports.values()], why: [...why] })),
  };
}

/** A workload of the namespace, with its labels, while its needs are collected. */
interface Known {
  readonly workload: NetworkWorkload;
  readonly labels: PodLabels;
  readonly ingress: ReturnType<typeof createNeeds>;
  readonly egress: ReturnType<typeof createNeeds>;
}

/** Classes of Ingress whose controller is in a namespace of this name where it is installed as its guide says. */
const controllerNamespaces: ReadonlyMap<string | null, string> = new Map([['nginx', 'ingress-nginx']]);

/** Classes of Ingress whose load balancer stands outside of the cluster. */
const outsideClasses = /^(?:alb|gce|gce-internal|azure-application-gateway|azure\/application-gateway)$/;

/** Who is at the gate that a class of Ingress (`null`: another one) stands for. */
function gateOf(className: string | null, what: string): { readonly peer: Peer; readonly why: string; readonly isKnown: boolean } {
  if (className !== null && outsideClasses.test(className))
    return { peer: { to: 'anybody' }, why: `${what}: its load balancer is outside of the cluster`, isKnown: true };
  const namespace = controllerNamespaces.get(className) ?? null;
  const why = namespace === null ? what : `${what}, whose controller is usually in this namespace`;
  return { peer: { to: 'namespace', namespace }, why, isKnown: namespace !== null };
}

/** Where the API server answers: at the port of its Service, and where that leads. */
const apiServerPorts: readonly PodPort[] = [
  { port: 443, protocol: 'TCP' },
  { port: 6443, protocol: 'TCP' },
];

const apiServer = /^kubernetes(?:\.default(?:\.svc(?:\.[a-z0-9.-]*)?)?)?$/;

/** Whether a text can be the name of a namespace. */
export function isNamespace(text: string): boolean {
  return /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(text);
}

/** The namespaces that workloads are in by name, sorted. */
export function namespacesOf(parts: readonly NetworkPart[]): readonly string[] {
  const names = parts.flatMap(part => (part.is === 'workload' && part.namespace !== null ? [part.namespace] : []));
  return [...new Set(names)].filter(isNamespace).sort();
}

/** The labels of a workload, where its pods can be selected by them. */
function selectable({ own, name }: NetworkWorkload): PodLabels | null {
  return own !== null && name !== '' && Object.entries(own).every(pair => pair.every(text => label.test(text))) ? own : null;
}

/**
 * Works out who speaks to whom in a namespace: Services and what they select, variables and options that name them, what lets traffic in.
 * @param namespace `null`: that of the manifests that name none
 */
export function trafficOf(parts: readonly NetworkPart[], namespace: string | null, index: WorkspaceIndex): Traffic {
  const namespaceOf = (part: NetworkPart): string | null => part.namespace ?? namespace;
  const isHere = (part: NetworkPart): boolean => namespaceOf(part) === namespace;
  const elsewhere = (part: NetworkPart): string | null => (isHere(part) ? null : namespaceOf(part));
  const workloads = parts.filter(part => part.is === 'workload');
  const directory = createDirectory(parts, namespaceOf);
  const namespaces = new Set([...namespacesOf(parts), ...(namespace === null ? [] : [namespace])]);
  const left = new Set<string>();
  const known = new Map<NetworkWorkload, Known>();
  /** Services of the namespace that select nothing here. */
  const unseen = new Map<NetworkService, { readonly name: string; readonly labels: PodLabels; readonly ingress: Known['ingress'] }>();
  for (const workload of workloads.filter(isHere)) {
    const labels = selectable(workload);
    if (labels) known.set(workload, { workload, labels, ingress: createNeeds(), egress: createNeeds() });
  }
  const unknown = workloads.filter(isHere).length - known.size;
  if (unknown > 0)
    left.add(`only names may be asked for by ${unknown === 1 ? 'one workload' : `${unknown} workloads`} whose labels are not known here`);

  const outside = ({ egress }: Known, who: string, endpoint: SeenEndpoint): void => {
    const { host, port, protocol, sure } = endpoint;
    const by = says(endpoint);
    const isAddress = isIpAddress(host);
    const isInside = /\.svc(?:\.|$)|\.cluster\.local$/.test(host) || namespaces.has(host.split('.').slice(1).join('.'));
    const isName = /\.[a-z][a-z0-9-]*$/.test(host) && !isInside;
    if (!isAddress && !isName) {
      if (sure) left.add(`${who} calls ${safe(host)} (${by}), which is no Service of these files`);
    } else if (port === null) {
      if (sure) left.add(`${who} calls ${safe(host)} (${by}) at a port that is not known here`);
    } else if (!isAddress) egress.add({ to: 'outside' }, [{ port, protocol }], `${safe(host)} (${by})`);
    else if (isMetadata(host)) left.add(`${who} asks the metadata service of its cloud (${by}), which stays closed`);
    else egress.add({ to: 'address', cidr: `${host}/32` }, [{ port, protocol }], by);
  };

  const call = (caller: NetworkWorkload, endpoint: SeenEndpoint): void => {
    const needs = known.get(caller);
    const { host, port, protocol } = endpoint;
    const [who, by] = [`${caller.kind} ${safe(caller.name)}`, says(endpoint)];
    const service = directory.at(host, namespaceOf(caller));
    if (service === null && apiServer.test(host)) return needs?.egress.add({ to: 'outside' }, apiServerPorts, `the API server (${by})`);
    if (service === null) return needs && outside(needs, who, endpoint);
    if (service.externalName !== null) {
      const real = { ...endpoint, host: service.externalName.toLowerCase(), port: port ?? service.ports[0]?.port ?? null, sure: true };
      return needs && outside(needs, who, real);
    }
    if (!needs && !isHere(service)) return;
    const name = `Service ${safe(service.name)}`;
    const labels = labelsBehind(service);
    const ports = directory.podPorts(service, port).filter(one => protocol === 'TCP' || one.protocol === protocol);
    if (labels === null) return void left.add(`${who} calls ${name} (${by}), whose pods are not known here`);
    if (ports.length === 0) return void left.add(`${who} calls ${name} (${by}) at port ${port}, which it does not have`);
    needs?.egress.add({ to: 'pods', labels, namespace: elsewhere(service) }, ports, `${name} (${by})`);
    const targets = directory.behind(service);
    for (const target of targets) {
      const called = known.get(target);
      if (called) admit(called.ingress, caller, safe(target.name), ports, by);
    }
    if (targets.length > 0) return;
    left.add(`${name}, which ${who} calls, selects no workload of these files`);
    if (!isHere(service)) return;
    const gate = unseen.get(service) ?? { name: service.name, labels, ingress: createNeeds() };
    unseen.set(service, gate);
    admit(gate.ingress, caller, name, ports, by);
  };

  /** Lets a caller in, where its pods can be told from others. */
  const admit = (ingress: Known['ingress'], caller: NetworkWorkload, name: string, ports: readonly PodPort[], by: string): void => {
    const who = `${caller.kind} ${safe(caller.name)}`;
    const from = selectable(caller);
    if (caller.hostNetwork) left.add(`${who} calls ${name} from its node: add the addresses of the nodes`);
    else if (from === null) left.add(`${who}, whose labels are not known here, calls ${name}`);
    else ingress.add({ to: 'pods', labels: from, namespace: elsewhere(caller) }, ports, `${who} (${by})`);
  };

  const enter = (entrance: NetworkEntrance): void => {
    const what = `${entrance.kind} ${safe(entrance.name)}`;
    const { peer, why, isKnown } = gateOf(entrance.className, what);
    for (const backend of entrance.backends) {
      const service = directory.find(backend.service, backend.namespace ?? namespaceOf(entrance));
      if (!service) continue;
      const number = Number(backend.port) || (service.ports.find(one => one.name === backend.port)?.port ?? null);
      const ports = directory.podPorts(service, number);
      for (const target of ports.length === 0 ? [] : directory.behind(service)) {
        const called = known.get(target);
        called?.ingress.add(peer, ports, why);
        if (called && !isKnown)
          left.add(`${safe(target.name)} can be called from all namespaces: where the controller of ${what} runs is not known here`);
      }
    }
  };

  for (const caller of workloads) for (const endpoint of [...caller.endpoints, ...endpointsTaken(caller)]) call(caller, endpoint);
  for (const entrance of parts) if (entrance.is === 'entrance') enter(entrance);
  const served = new Map<NetworkWorkload, PodPort[]>();
  for (const service of directory.services.filter(isHere)) {
    const ports = directory.podPorts(service, null);
    for (const target of ports.length === 0 ? [] : directory.behind(service)) {
      served.set(target, [...(served.get(target) ?? []), ...ports]);
      const isOpen = service.type === 'LoadBalancer' || service.type === 'NodePort';
      if (isOpen) known.get(target)?.ingress.add({ to: 'anybody' }, ports, `Service ${safe(service.name)} is a ${service.type}`);
    }
  }
  for (const one of known.values()) finish(one, served.get(one.workload) ?? []);

  const quiet = [...known.values()].filter(({ egress }) => egress.all().length === 0).map(({ workload }) => safe(workload.name));
  const shown = quiet.length > 10 ? `${quiet.slice(0, 10).join(', ')} and ${quiet.length - 10} more` : quiet.join(', ');
  if (quiet.length > 0) left.add(`nothing is seen that ${shown} would connect to: only names may be asked for`);
  const others = index.policiesFor({ namespace, labels: { values: {}, open: true } }).length;
  if (others > 0)
    left.add(
      `policies add up: what the ${others === 1 ? 'one' : others} of these files allow${others === 1 ? 's' : ''} already stays allowed`,
    );
  if (namespace === null) left.add('no manifest names a namespace: apply these with kubectl -n, or name it and write them again');
  return {
    workloads: [
      ...[...known.values()].map(({ workload: { name }, labels, ingress, egress }) => ({
        name,
        labels,
        ingress: ingress.all(),
        egress: egress.all(),
      })),
      ...[...unseen.values()].map(({ name, labels, ingress }) => ({ name, labels, ingress: ingress.all(), egress: [] })),
    ],
    left: [...left],
  };

  /** Where the values of ConfigMaps and Secrets that a workload takes say to connect to. */
  function endpointsTaken(caller: NetworkWorkload): readonly SeenEndpoint[] {
    const values = new Map<string, string>();
    for (const { kind, name, key, as } of caller.takes)
      for (const one of directory.data(kind, name, namespaceOf(caller)))
        for (const [own, value] of one.values) if (key === null || own === key) values.set(as === '' ? own : as, value);
    return [...values].flatMap(([seen, value]) =>
      endpointsIn(seen, value, other => values.get(other) ?? null).map(one => ({ ...one, seen })),
    );
  }

  /** What has to be said of a workload beside its calls. */
  function finish({ workload, labels, ingress, egress }: Known, ports: readonly PodPort[]): void {
    const name = safe(workload.name);
    const account = workload.serviceAccount ?? 'default';
    const isBound = index
      .bindingsOf(namespace, account)
      .some(({ subjects }) => subjects.some(subject => subject.kind === 'ServiceAccount' && subject.name === account));
    if (isBound) egress.add({ to: 'outside' }, apiServerPorts, `the API server: ServiceAccount ${safe(account)} has a role`);
    const uncalled = new Set([...workload.ports, ...ports].filter(port => !ingress.has(port)).map(({ port }) => safe(String(port))));
    if (uncalled.size > 0) left.add(`nobody is seen to call ${name} at port ${[...uncalled].join(', ')}`);
    if (workload.scraped !== null)
      left.add(`Prometheus is told to ask ${name} at port ${safe(workload.scraped)}: where it runs is not known here`);
    if (workload.hostNetwork) left.add(`${name} uses the network of its node, where no policy holds`);
    const requirements = Object.entries(labels).map(([key, value]) => ({ key, operator: 'In' as const, values: [value] }));
    if (index.cloudUserAmong({ requirements, partial: false }, namespace))
      left.add(`${name} asks services of a cloud: their addresses are not known here, and the metadata service stays closed`);
  }
}

/** The labels by which a Service selects its pods; `null`: they are not all known, or it selects none. */
function labelsBehind({ selector }: NetworkService): PodLabels | null {
  if (selector === null || selector.partial || selector.requirements.length === 0) return null;
  const labels = Object.fromEntries(selector.requirements.map(({ key, values }) => [key, values[0] ?? '']));
  return Object.entries(labels).every(pair => pair.every(text => label.test(text))) ? labels : null;
}

/** Whether an address is one at which a cloud hands out credentials. */
function isMetadata(host: string): boolean {
  const block = parseBlock(host);
  return block !== null && metadataAddresses.some(address => contains(block, parseBlock(address)!));
}
