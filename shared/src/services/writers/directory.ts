import type { NetworkData, NetworkPart, NetworkService, NetworkWorkload } from '../../families/family/network';
import { matches } from '../../workspace/selector';
import { sameNamespace } from '../../workspace/tables';

/** A port of a pod: a number, or a name that its containers give one. */
export interface PodPort {
  readonly port: number | string;
  readonly protocol: string;
}

/** Services and what is behind them, found by name. */
export interface Directory {
  readonly services: readonly NetworkService[];
  /** The Service of a name in a namespace. */
  find(name: string, namespace: string | null): NetworkService | null;
  /** The Service that a host's name leads to, seen from a namespace: `db`, `db.data`, `db.data.svc.cluster.local`, `db-0.db`. */
  at(host: string, from: string | null): NetworkService | null;
  /** The workloads that a Service selects. */
  behind(service: NetworkService): readonly NetworkWorkload[];
  /** The ports of its pods that a Service leads a port to; with `null`, all that it has. */
  podPorts(service: NetworkService, port: number | null): readonly PodPort[];
  /** What ConfigMaps and Secrets of a name hold. */
  data(kind: string, name: string, namespace: string | null): readonly NetworkData[];
}

/** Puts parts under a key each. */
function table<P>(parts: readonly P[], keys: (part: P) => readonly string[]): (key: string) => readonly P[] {
  const map = new Map<string, P[]>();
  for (const part of parts) {
    for (const key of keys(part)) {
      const known = map.get(key);
      if (known) known.push(part);
      else map.set(key, [part]);
    }
  }
  return key => map.get(key) ?? [];
}

/**
 * Creates the directory of some files.
 * @param namespaceOf the namespace of a part; parts of none are in the one that policies are written for
 */
export function createDirectory(parts: readonly NetworkPart[], namespaceOf: (part: NetworkPart) => string | null): Directory {
  const workloads = parts.filter(part => part.is === 'workload');
  const services = parts.filter(part => part.is === 'service').filter(({ name }) => name !== '');
  const byName = table(services, ({ name }) => [name]);
  const byLabel = table(workloads, ({ labels }) => Object.entries(labels.values).map(([key, value]) => `${key}=${value}`));
  const dataByName = table(
    parts.filter(part => part.is === 'data'),
    ({ kind, name }) => [`${kind}/${name}`],
  );
  const selected = new Map<NetworkService, readonly NetworkWorkload[]>();

  const find: Directory['find'] = (name, namespace) => byName(name).find(service => namespaceOf(service) === namespace) ?? null;
  const headless = (name: string, namespace: string | null): NetworkService | null => {
    const service = find(name, namespace);
    return service?.headless ? service : null;
  };
  const behind: Directory['behind'] = service => {
    let found = selected.get(service);
    if (!found) {
      const { selector } = service;
      const [first] = selector?.requirements ?? [];
      const likely = first && selector ? byLabel(`${first.key}=${first.values[0]}`) : [];
      found = likely.filter(one => sameNamespace(namespaceOf(one), namespaceOf(service)) && matches(selector!, one.labels) === 'yes');
      selected.set(service, found);
    }
    return found;
  };

  return {
    services,
    find,
    behind,
    at: (host, from) => {
      const labels = host.split('.');
      const svc = labels.indexOf('svc', 2);
      const [one = '', two = '', three = '', ...more] = svc < 0 ? labels : labels.slice(0, svc);
      if (more.length > 0) return null;
      if (three !== '') return headless(two, three);
      return two === '' ? find(one, from) : (find(one, two) ?? headless(two, from));
    },
    podPorts: (service, port) => {
      const found = service.ports.filter(one => port === null || one.port === port);
      if (found.length === 0 && service.headless && port !== null) return [{ port, protocol: 'TCP' }];
      return found.map(({ port: own, target, protocol }) => ({
        port: target === null ? own : targetOf(behind(service), target),
        protocol,
      }));
    },
    data: (kind, name, namespace) => dataByName(`${kind}/${name}`).filter(one => sameNamespace(one.namespace, namespace)),
  };
}

/** The number that a port's name has in all of the pods that have it; the name, where it is not one number. */
function targetOf(pods: readonly NetworkWorkload[], target: string): number | string {
  if (/^\d{1,5}$/.test(target)) return Number(target);
  const numbers = new Set(pods.flatMap(({ ports }) => ports.filter(({ name }) => name === target).map(({ port }) => port)));
  return numbers.size === 1 ? [...numbers][0]! : target;
}
