import { remedyOf } from '../../container/edits';
import { fileGroup } from '../../fix/types';
import type { ContainerOptions, PublishedPort } from '../../container/types';
import { sensitiveService } from '../../knowledge/published-ports';
import type { Report } from '../../rule/define-rule';

/** Whether a port is open to every network that the host is on. */
function isOpen({ address }: PublishedPort): boolean {
  return address === null || address === '0.0.0.0' || address === '::';
}

/** Ports that are published to be reached. */
const web: ReadonlySet<number> = new Set([80, 443]);

/** `published-on-all-interfaces` but for what is a family's own. */
export const publishedOnAllInterfaces = {
  title: 'Port published on all interfaces',
  severity: 'warning',
  category: 'network',
  profile: 'recommended',
  references: {
    cisDocker: ['5.14', '5.9'],
    nist800190: ['3.4.2', '4.4.2'],
    cwe: ['CWE-668'],
    links: ['https://docs.docker.com/engine/network/packet-filtering-firewalls/'],
  },
  messages: {
    sensitive: { text: 'The port of {service} is open to every network of the host: ufw does not protect it' },
    any: { text: 'Port {port} of container "{container}" is open to every network of the host: ufw does not protect it', severity: 'info' },
    web: { text: 'Port {port} of container "{container}" is open to every network of the host', severity: 'hint', profile: 'strict' },
    random: { text: 'Every port of the image gets a port of the host, open to every network', severity: 'info' },
  },
  fixes: { bind: { title: 'Publish it on this machine alone', class: 'review' } },
  assumptions: {
    'local-clients': 'Whoever uses the port runs on this machine',
    'no-address': 'The variable holds a port, and no address',
  },
  on: {
    container(container: ContainerOptions, report: Report<'sensitive' | 'any' | 'web' | 'random', 'bind'>): void {
      const mode = container.get('network')?.value ?? '';
      if (mode === 'host' || mode === 'none' || mode.startsWith('container:') || mode.startsWith('service:')) return;
      const reference = container.image?.reference?.invalid === null ? container.image.reference : null;
      for (const item of container.list('ports').items) {
        const { value } = item;
        if (!value || !isOpen(value)) continue;
        const { container: inside, hasHost, host } = value;
        const service = inside && sensitiveService(inside.first, inside.last, reference);
        const messageId = service ? 'sensitive' : inside && web.has(inside.first) ? 'web' : 'any';
        const assumes = [{ id: 'local-clients' }, ...(hasHost && host === null ? [{ id: 'no-address' }] : [])];
        const edit = container.edit.bindTo(item, value.address === '::' ? '[::1]' : '127.0.0.1');
        const remedy = remedyOf(edit, { assumes, class: messageId === 'sensitive' ? 'review' : 'attended', group: `${fileGroup}ports` });
        const port = inside ? (inside.first === inside.last ? inside.first : `${inside.first}-${inside.last}`) : '?';
        report(value.hostRange, messageId, service ? { service } : { port }, ...report.remedy('bind', remedy));
      }
      const all = container.get('publishAll');
      if (all?.value === true) report(all.range, 'random');
    },
  },
} as const;
