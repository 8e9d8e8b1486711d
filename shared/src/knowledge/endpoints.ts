import { isIpAddress } from './addresses';

/** Somewhere that a text says to connect to. */
export interface Endpoint {
  /** In lower case: a host's name or an address of IPv4. */
  readonly host: string;
  /** `null`: the text says none, and its scheme has none of its own. */
  readonly port: number | null;
  readonly protocol: 'TCP' | 'UDP';
  /** Whether the text can hardly mean anything else; where not, it is one only if something has that name. */
  readonly sure: boolean;
}

/** Ports of IANA's registry, and those that the servers' own documentation names, by the scheme of an address. */
const schemePorts: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  ws: 80,
  wss: 443,
  postgres: 5432,
  postgresql: 5432,
  mysql: 3306,
  mariadb: 3306,
  sqlserver: 1433,
  redis: 6379,
  rediss: 6379,
  mongodb: 27017,
  amqp: 5672,
  amqps: 5671,
  nats: 4222,
  mqtt: 1883,
  mqtts: 8883,
  memcached: 11211,
  cassandra: 9042,
  clickhouse: 9000,
  smtp: 25,
  smtps: 465,
  ldap: 389,
  ldaps: 636,
  ftp: 21,
  sftp: 22,
  ssh: 22,
};

/** Schemes of what is asked by UDP. */
const udpSchemes: ReadonlySet<string> = new Set(['udp', 'statsd', 'syslog']);

/** Names of variables whose value is a host alone. */
const hostLike =
  /(?:HOST|HOSTS|HOSTNAME|SERVER|SERVERS|ADDR|ADDRESS|ENDPOINT|ENDPOINTS|URL|URI|UPSTREAM|BACKEND|BROKER|BROKERS|SERVICE|PROXY)$/i;

const name = /^[a-z0-9](?:[a-z0-9-]{0,62}\.){0,8}[a-z0-9-]{0,62}$/;

/** What a text can hold of these; a longer one tells nothing that is looked for. */
const mostText = 4000;
const mostEndpoints = 50;

/** A host, alone or with a port, as it stands between other characters; `null`: it is none, or one that never leaves the pod. */
function readHost(text: string): { readonly host: string; readonly port: number | null } | null {
  const colon = text.lastIndexOf(':');
  const [written, digits] = colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)];
  const host = written.toLowerCase().replace(/\.$/, '');
  if (colon >= 0 && !/^\d{1,5}$/.test(digits)) return null;
  const port = colon < 0 ? null : Number(digits);
  if (!name.test(host) || (port !== null && (port < 1 || port > 65535))) return null;
  if (host === 'localhost' || host.endsWith('.localhost') || host.startsWith('127.') || host === '0.0.0.0') return null;
  // a number of any kind is no name
  if (!isIpAddress(host) && !/[a-z]/.test(host)) return null;
  return { host, port };
}

/** The addresses with a scheme in a text: `postgres://user:password@db-0.db:5432,db-1.db:5432/shop`. Whoever signs in stands in none of them. */
function urlsIn(text: string): readonly Endpoint[] {
  const found: Endpoint[] = [];
  for (let at = text.indexOf('://'); at >= 0 && found.length < mostEndpoints; at = text.indexOf('://', at + 3)) {
    const scheme = /[a-z][a-z0-9+.-]{0,20}$/i.exec(text.slice(Math.max(0, at - 21), at))?.[0].toLowerCase();
    const [authority = ''] = text.slice(at + 3, at + 1003).split(/[\s/?#"'`;|<>)\\]/, 1);
    if (scheme === undefined) continue;
    const transport = scheme.split('+')[0]!;
    for (const one of authority.slice(authority.lastIndexOf('@') + 1).split(',')) {
      const read = readHost(one);
      if (!read) continue;
      // without a port a name of several answers on the registered one, too (mongodb+srv asks the name server which)
      const port = read.port ?? (Object.hasOwn(schemePorts, transport) ? schemePorts[transport]! : null);
      found.push({ host: read.host, port, protocol: udpSchemes.has(transport) ? 'UDP' : 'TCP', sure: true });
    }
  }
  return found;
}

/**
 * Where a variable or an option says to connect to.
 * @param variable its name, such as `DB_HOST`; empty where it has none
 * @param portOf the value of another variable beside it, by name: `DB_PORT`
 */
export function endpointsIn(
  variable: string,
  value: string,
  portOf: (variable: string) => string | null = () => null,
): readonly Endpoint[] {
  if (value.length > mostText) return [];
  if (value.includes('://')) return urlsIn(value);
  const isHost = hostLike.test(variable);
  return value.split(',', mostEndpoints).flatMap((item): readonly Endpoint[] => {
    // a path behind it changes nothing: `api:8080/v1`
    const read = readHost(item.trim().split('/', 1)[0]!);
    if (!read || (read.port === null && !isHost)) return [];
    const said = read.port ?? Number(portOf(portName(variable)) ?? Number.NaN);
    const port = Number.isInteger(said) && said > 0 && said < 65536 ? said : null;
    return [{ host: read.host, port, protocol: 'TCP', sure: isHost && (read.host.includes('.') || port !== null) }];
  });
}

/** `DB_PORT` for `DB_HOST`, `PGPORT` for `PGHOST`. */
function portName(variable: string): string {
  return variable.replace(hostLike, word => (word === word.toLowerCase() ? 'port' : 'PORT'));
}
