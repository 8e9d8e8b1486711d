import { remedyOf } from '../../../container/edits';
import type { ContainerOptions, PublishedPort, Setting } from '../../../container/types';
import { fileGroup } from '../../../fix/types';
import { noFix, type Report, type RuleContext } from '../../../rule/define-rule';
import { runningImage } from './running';

/** Ports of what nobody outside should reach: data stores, brokers, administration, debuggers. */
const sensitive: Readonly<Record<number, string>> = {
  1433: 'Microsoft SQL Server',
  1521: 'Oracle',
  2375: 'the Docker API',
  2379: 'etcd',
  2380: 'etcd',
  3306: 'MySQL',
  4369: 'Erlang port mapper',
  5005: 'a Java debugger',
  5432: 'PostgreSQL',
  5671: 'RabbitMQ',
  5672: 'RabbitMQ',
  5984: 'CouchDB',
  6379: 'Redis',
  7000: 'Cassandra',
  7474: 'Neo4j',
  7687: 'Neo4j',
  8086: 'InfluxDB',
  8200: 'Vault',
  8500: 'Consul',
  9042: 'Cassandra',
  9092: 'Kafka',
  9200: 'Elasticsearch',
  9229: 'a Node.js debugger',
  9300: 'Elasticsearch',
  11211: 'Memcached',
  15672: 'RabbitMQ management',
  26379: 'Redis Sentinel',
  27017: 'MongoDB',
  27018: 'MongoDB',
  28015: 'RethinkDB',
  33060: 'MySQL',
  61616: 'ActiveMQ',
};

const isAny = (address: string | null): boolean => address === null || address === '0.0.0.0' || address === '::' || address === '*';

/** What is behind a published port that should not be reached from everywhere; `null`: nothing that is known. */
function behind(container: ContainerOptions, port: PublishedPort, context: RuleContext): string | null {
  const { container: inside } = port;
  if (inside)
    for (let at = inside.first; at <= inside.last && at < inside.first + 50; at++) if (Object.hasOwn(sensitive, at)) return sensitive[at]!;
  const { profile } = runningImage(container, context);
  return profile?.isDatabase ? `of ${profile.name}` : null;
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
    sensitive: { text: '{port} ({what}) is published on all interfaces, past firewalls such as ufw' },
    any: { text: '{port} is published on all interfaces, past firewalls such as ufw', severity: 'info' },
    web: { text: '{port} is published on all interfaces', severity: 'info', profile: 'strict' },
    random: { text: '{port} ({what}) is published on a random port of all interfaces' },
    'any-random': { text: '{port} is published on a random port of all interfaces', severity: 'info' },
  },
  fixes: {
    bind: { title: 'Publish it on this machine alone', class: 'review' },
    expose: { title: 'Publish it on this machine alone', class: 'attended' },
  },
  assumptions: {
    'this-machine': 'Only programs on this machine connect to it from outside',
    'no-address': '{variable} holds a port, and no address',
  },
  on: {
    container(
      container: ContainerOptions,
      report: Report<'sensitive' | 'any' | 'web' | 'random' | 'any-random', 'bind' | 'expose'>,
      context: RuleContext,
    ): void {
      const network = container.get('network')?.value;
      if (network === 'host' || network === 'none' || container.bindsToLoopback()) return;
      for (const setting of container.list('ports').items) {
        const port = setting.value;
        if (!port || setting.inherited || !isAny(port.address)) continue;
        const what = behind(container, port, context);
        const number = port.container ? rangeText(port.container) : (setting.text ?? '');
        const isWeb =
          port.container !== null && port.container.first === port.container.last && [80, 443, 8080, 8443].includes(port.container.first);
        const messageId = what === null ? (isWeb ? 'web' : port.hasHost ? 'any' : 'any-random') : port.hasHost ? 'sensitive' : 'random';
        report(
          port.hostRange,
          messageId,
          { port: `Port ${number}`, what: what ?? '' },
          ...bindRemedy(container, setting, what !== null, report),
        );
      }
    },
  },
} as const;

function bindRemedy(
  container: ContainerOptions,
  setting: Setting<PublishedPort>,
  isSensitive: boolean,
  report: Report<'sensitive' | 'any' | 'web' | 'random' | 'any-random', 'bind' | 'expose'>,
) {
  const variable = /^\$\{?(\w+)/.exec(container.edit.textOf(setting) ?? '')?.[1];
  const assumes = [{ id: 'this-machine' }, ...(variable === undefined ? [] : [{ id: 'no-address', data: { variable } }])];
  const edit = container.edit.bindTo(setting, '127.0.0.1');
  return report.remedy(isSensitive ? 'bind' : 'expose', remedyOf(edit, { assumes, ...(isSensitive && { group: `${fileGroup}ports` }) }));
}

function rangeText({ first, last }: { readonly first: number; readonly last: number }): string {
  return first === last ? String(first) : `${first}-${last}`;
}

const remoteShells = /(?:gitea|gitlab|forgejo|gogs|sftp|openssh|ssh-server|bitbucket|gerrit)/i;

/** `privileged-port` but for what is a family's own. */
export const privilegedPort = {
  title: 'Privileged or SSH port published',
  severity: 'info',
  category: 'network',
  profile: 'strict',
  references: { cisDocker: ['5.7', '5.8'], nist800190: ['3.4.2', '4.4.2'] },
  messages: {
    port: { text: 'Port {port} of the host is one of those that only root may open' },
    ssh: { text: 'SSH into a container: use "docker exec" instead', severity: 'warning', profile: 'recommended' },
  },
  fixes: {},
  on: {
    container(container: ContainerOptions, report: Report<'port' | 'ssh', never>): void {
      for (const { value: port, inherited } of container.list('ports').items) {
        if (!port || inherited) continue;
        if (port.container?.first === 22 && !remoteShells.test(container.image?.text ?? container.name))
          report(port.hostRange, 'ssh', {}, noFix('no-fix'));
        else if (port.host && port.host.first < 1024) report(port.hostRange, 'port', { port: port.host.first });
      }
    },
  },
} as const;
