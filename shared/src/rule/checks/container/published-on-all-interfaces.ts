import { remedyOf } from '../../container/edits';
import { ownItems, type ContainerOptions, type OwnSetting, type PortRange, type PublishedPort } from '../../container/types';
import { leave, type Remedy } from '../../fix/remedy';
import { fileGroup } from '../../fix/types';
import { hasNoLogin, pages, sensitiveService, type Listener } from '../../../knowledge/published-ports';
import { weighs, type Attachment, type Report, type RuleContext } from '../../define-rule';
import { startOf } from './start';

/** Ports that are published to be reached, also by a proxy that needs no root. */
const web: ReadonlySet<number> = new Set([80, 443, 8080, 8443]);

/** Networks without ports of their own: nothing is published there. */
const withoutPorts = /^(?:host|none)$|^(?:container|service):/;

/** What a port of no known service weighs where more is known of it: mail comes in at 25, and some programs have no log-in. */
function weightOf(container: ContainerOptions, { container: inside }: PublishedPort): Attachment | null {
  if (inside?.first === 25 && inside.last === 25) return weighs('hint');
  return hasNoLogin(container.image?.text ?? '') ? weighs('warning') : null;
}

const isLoopback = (address: string | null): boolean => address !== null && /^(?:127\.|::1$|localhost$)/.test(address);

const textOf = ({ first, last }: PortRange): string => (first === last ? String(first) : `${first}-${last}`);

function bindRemedy(container: ContainerOptions, item: OwnSetting<PublishedPort>, isForNeighbours: boolean): Remedy {
  // its schema knows no host_ip, and in the short form it passes over the address
  if (container.runtime === 'swarm') return leave('no-fix', 'a swarm publishes a port on every node, whatever address is specified');
  // `${PORT}:80` may also hold an address
  const [variable] = /^(?:\$\{?\w+|\$\(|`)/.exec(container.edit.textOf(item) ?? '') ?? [];
  const name = variable?.replace(/^\$\{?/, '');
  const assumes = [
    { id: 'this-machine' },
    ...(name === undefined ? [] : [{ id: 'no-address', data: { variable: /^\w/.test(name) ? name : 'The command' } }]),
  ];
  const edit = container.edit.bindTo(item, item.value.address === '::' ? '::1' : '127.0.0.1');
  return remedyOf(edit, { assumes, ...(isForNeighbours ? { group: `${fileGroup}ports` } : { class: 'attended' }) });
}

function listenerOf(container: ContainerOptions, context: RuleContext): Listener {
  const { image, name } = container;
  const repository = image?.reference?.invalid === null ? image.reference.repository : image?.name;
  return {
    image: startOf(container, context).profile,
    names: [...(container.isBuilt || repository === undefined ? [] : [repository]), name],
    words: [
      ...(['entrypoint', 'args'] as const).flatMap(field => container.list(field).items.map(({ value }) => value ?? '')),
      ...container.list('env').items.map(({ value }) => value?.value ?? ''),
    ],
  };
}

/** `published-on-all-interfaces` but for what is a family's own. */
export const publishedOnAllInterfaces = {
  title: 'Port published on all interfaces',
  severity: 'warning',
  category: 'network',
  profile: 'recommended',
  references: {
    cisDocker: ['5.9', '5.14'],
    nist800190: ['3.4.2', '4.4.2'],
    cwe: ['CWE-668'],
    links: ['https://docs.docker.com/engine/network/packet-filtering-firewalls/'],
  },
  messages: {
    sensitive: { text: 'Port {port} ({service}) is published on all interfaces, bypassing firewalls such as ufw' },
    any: { text: 'Port {port} is published on all interfaces, bypassing firewalls such as ufw', severity: 'info' },
    web: { text: 'Port {port} is published on all interfaces', severity: 'info', profile: 'strict' },
    random: { text: 'Port {port} ({service}) is published on a random host port on all interfaces' },
    'any-random': { text: 'Port {port} is published on a random host port on all interfaces', severity: 'info' },
  },
  fixes: { bind: { title: 'Publish the port on localhost only', class: 'review' } },
  assumptions: {
    'this-machine': 'Only programs that run directly on this machine, not in other containers, connect to the published port',
    'no-address': '{variable} contains only a port, not an address',
  },
  on: {
    container(
      container: ContainerOptions,
      report: Report<'sensitive' | 'any' | 'web' | 'random' | 'any-random', 'bind'>,
      context: RuleContext,
    ): void {
      if (withoutPorts.test(container.get('network')?.value ?? '') || container.bindsToLoopback()) return;
      const { items } = container.list('ports');
      // who binds another port of it to this machine has left this one open on purpose
      const isChosen = items.some(({ value }) => isLoopback(value?.address ?? null));
      const overUdp = new Set(
        items.flatMap(({ value }) => (value?.protocol === 'udp' && value.container ? [textOf(value.container)] : [])),
      );
      for (const item of ownItems(container, 'ports')) {
        const { address, container: inside, hasHost, hostRange } = item.value;
        if (address !== null && address !== '0.0.0.0' && address !== '::') continue;
        const service = sensitiveService(inside, listenerOf(container, context));
        const isWeb = inside !== null && inside.first === inside.last && web.has(inside.first);
        // what talks over UDP (calls, tunnels, name service, discovery) is published to be reached, and so is the same port for TCP: few proxies pass it on
        const isOpen = isWeb || (inside !== null && overUdp.has(textOf(inside)));
        const messageId = service === null ? (isOpen ? 'web' : hasHost ? 'any' : 'any-random') : hasHost ? 'sensitive' : 'random';
        const data = { port: inside ? textOf(inside) : (item.text ?? '?'), ...(service !== null && { service }) };
        const weight = messageId === 'any' ? weightOf(container, item.value) : null;
        report(
          hostRange,
          messageId,
          data,
          weight,
          ...report.remedy('bind', bindRemedy(container, item, service !== null && !pages.has(service) && !isChosen)),
        );
      }
    },
  },
} as const;
