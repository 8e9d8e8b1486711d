import type { PublishedPort } from '../../../rule/container/types';
import { defineRule } from '../../../rule/define-rule';
import type { ServiceView } from '../model/types';
import { itemsOfValue, textOf } from '../model/value';

/** Whether two services may run at once: their profiles have one in common, or one has none. */
function mayMeet(a: ServiceView, b: ServiceView): boolean {
  const [mine, theirs] = [a, b].map(service => itemsOfValue(service.at('profiles')).map(item => textOf(item)));
  return mine!.length === 0 || theirs!.length === 0 || mine!.some(profile => theirs!.includes(profile));
}

/** Whether two addresses of the host are one, or one of them stands for all. */
function overlap(a: string | null, b: string | null): boolean {
  const isAny = (address: string | null): boolean => address === null || address === '0.0.0.0' || address === '::';
  if (a === b || (isAny(a) && isAny(b))) return true;
  const isV6 = (address: string | null): boolean => address?.includes(':') === true;
  // without an address both families are bound
  return (isAny(a) && (a === null || isV6(a) === isV6(b))) || (isAny(b) && (b === null || isV6(a) === isV6(b)));
}

/** Of a pool of ports for one of the container the engine takes a free one. */
function isFixed(port: PublishedPort): boolean {
  return port.host !== null && port.container !== null && port.host.last - port.host.first === port.container.last - port.container.first;
}

interface Taken {
  readonly service: ServiceView;
  readonly port: PublishedPort;
}

export const rule = defineRule({
  id: 'compose/duplicate-name-or-port',
  title: 'Container name or host port used twice',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  references: { links: ['https://docs.docker.com/reference/compose-file/services/#container_name'] },
  peers: { dclint: ['no-duplicate-container-names', 'no-duplicate-exported-ports'] },
  messages: {
    name: { text: 'Service "{other}" also has the container name "{name}"', peers: { dclint: ['no-duplicate-container-names'] } },
    replicas: { text: 'A container name can be used only once: multiple replicas cannot start' },
    port: { text: 'Service "{other}" also publishes port {port}', peers: { dclint: ['no-duplicate-exported-ports'] } },
    here: { text: 'Here' },
  },
  on: {
    project({ services, document, project }, report) {
      for (const { code, file, range } of project.problems) {
        if (code === 'container-name' && file.document === document && range) report(range, 'replicas');
      }
      const names = new Map<string, ServiceView[]>();
      const ports = new Map<string, Taken[]>();
      for (const service of services) {
        const written = service.at('container_name');
        const name = textOf(written);
        if (written && name) {
          const setting = service.settingOf(written);
          const other = names.get(name)?.find(before => mayMeet(before, service));
          const place = other && other.settingOf(other.at('container_name')!).range;
          if (other && !setting.inherited) report(setting.range, 'name', { other: other.name, name }, report.related(place!, 'here'));
          names.set(name, [...(names.get(name) ?? []), service]);
        }
        for (const setting of service.list('ports').items) {
          const port = setting.value;
          if (!port?.host || setting.inherited || !isFixed(port)) continue;
          const taken = findTaken(ports, { service, port });
          if (taken) {
            const number = Math.max(port.host.first, taken.port.host!.first);
            report(port.hostRange, 'port', { other: taken.service.name, port: number }, report.related(taken.port.hostRange, 'here'));
          }
        }
      }
    },
  },
});

/** More ports than this in a range are compared by its first and last alone. */
const mostInRange = 1000;

/** Notes the ports of a service, and gives who has one of them. */
function findTaken(ports: Map<string, Taken[]>, own: Taken): Taken | null {
  const { first, last } = own.port.host!;
  const all = last - first < mostInRange ? Array.from({ length: last - first + 1 }, (_, i) => first + i) : [first, last];
  let found: Taken | null = null;
  for (const port of all) {
    const key = `${port}/${own.port.protocol}`;
    const others = ports.get(key) ?? [];
    found ??= others.find(({ service, port: other }) => overlap(other.address, own.port.address) && mayMeet(service, own.service)) ?? null;
    if (others.length < 100) ports.set(key, [...others, own]);
  }
  return found;
}
