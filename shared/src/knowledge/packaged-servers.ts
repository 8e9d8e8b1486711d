/**
 * What servers write where their package of Debian, or of Alpine, has set them up, as the packages' files and scripts of Debian 12 say:
 * the configuration that comes with the package, the folders that it names, and who may read it.
 */
export interface PackagedServer {
  /** The program, by its name without folders. */
  readonly program: string;
  /** The configuration that the package brings. */
  readonly configuration: string;
  /** Whether the server reads it where it is given no other. */
  readonly implicit: boolean;
  /** Whether it writes to the folders whatever configuration it is given: the program itself was built with them. */
  readonly builtIn: boolean;
  /** Folders that it writes to; absolute. */
  readonly folders: readonly string[];
  /** Why another user than root or the package's own cannot run it so, as the end of a sentence; `null`: nothing is in the way. */
  readonly refuses: string | null;
}

const closed = 'reads a configuration that only the user created by its package can read';

/** Names of packages, program, configuration (`?`: read without being asked for; `!`: nor do the folders stand in it), folders, and what is in the way. */
const table: readonly (readonly [packages: string, program: string, configuration: string, folders: string, refuses?: string])[] = [
  ['redis-server redis valkey', 'redis-server', '/etc/redis/redis.conf', '/var/lib/redis /var/log/redis /run/redis', closed],
  ['mosquitto', 'mosquitto', '/etc/mosquitto/mosquitto.conf', '/var/lib/mosquitto /var/log/mosquitto /run/mosquitto'],
  ['tinyproxy', 'tinyproxy', '?/etc/tinyproxy/tinyproxy.conf', '/var/log/tinyproxy /run/tinyproxy'],
  ['privoxy', 'privoxy', '/etc/privoxy/config', '/var/log/privoxy'],
  ['icecast2', 'icecast2', '/etc/icecast2/icecast.xml', '/var/log/icecast2', closed],
  ['mumble-server', 'murmurd', '/etc/mumble-server.ini', '/var/lib/mumble-server /var/log/mumble-server /run/mumble-server', closed],
  ['freeradius', 'freeradius', '?/etc/freeradius/3.0/radiusd.conf', '/var/log/freeradius /run/freeradius', closed],
  ['coturn', 'turnserver', '?/etc/turnserver.conf', '/var/lib/turn', closed],
  ['influxdb', 'influxd', '?/etc/influxdb/influxdb.conf', '/var/lib/influxdb'],
  ['prometheus', 'prometheus', '!/etc/prometheus/prometheus.yml', '/var/lib/prometheus/metrics2'],
  ['zabbix-agent', 'zabbix_agentd', '?/etc/zabbix/zabbix_agentd.conf', '/var/log/zabbix-agent /run/zabbix'],
  ['tor', 'tor', '?/etc/tor/torrc', '/var/lib/tor', 'starts only if its data directory is owned by the user that it runs as'],
  ['rabbitmq-server', 'rabbitmq-server', '!/etc/rabbitmq/rabbitmq.conf', '/var/lib/rabbitmq /var/log/rabbitmq', 'starts only as root or as the user created by its package'],
  ['transmission-daemon', 'transmission-daemon', '?/etc/transmission-daemon/settings.json', '/var/lib/transmission-daemon', closed],
  ...['mariadbd', 'mysqld', 'mysqld_safe', 'mariadbd-safe'].map(
    program => ['mariadb-server mysql-server default-mysql-server', program, '?/etc/mysql/my.cnf', '/var/lib/mysql /run/mysqld', 'keeps data that is owned by the user that its package creates'] as const,
  ),
]; // prettier-ignore

const servers: readonly (PackagedServer & { readonly packages: readonly string[] })[] = table.map(
  ([packages, program, configuration, folders, refuses]) => ({
    packages: packages.split(' '),
    program,
    configuration: configuration.replace(/^[?!]/, ''),
    implicit: /^[?!]/.test(configuration),
    builtIn: configuration.startsWith('!'),
    folders: folders.split(' '),
    refuses: refuses ?? null,
  }),
);

/** A configuration that a server is given. */
const given = /\.(?:conf|cfg|cnf|ini|ya?ml|toml|xml)$/;

/**
 * The server that a command starts as its package has set it up; `null`: none, or it is given another configuration.
 * @param words programs and arguments, with their folders
 * @param packages what is installed
 */
export function packagedServer(words: readonly string[], packages: ReadonlySet<string>): PackagedServer | null {
  const names = new Set(words.map(word => word.slice(word.lastIndexOf('/') + 1)));
  const found = servers.find(server => names.has(server.program) && server.packages.some(name => packages.has(name)));
  if (!found || found.builtIn) return found ?? null;
  return words.some(word => word.endsWith(found.configuration)) || (found.implicit && !words.some(word => given.test(word))) ? found : null;
}

/** Packages of servers that start as root and go on as users of their own, or keep what they write for one. */
const ownUser =
  /^(?:nginx(?:-(?:light|full|extras|core))?|apache2|lighttpd|php[\d.]*-fpm\d*|squid|dnsmasq|bind9?|unbound|varnish|postfix|exim4|dovecot(?:-\w+)?|openssh(?:-server)?|postgresql(?:-\d+)?|supervisor|haproxy|vsftpd|samba)$/;

/** The server of a package that is installed to be run, and that has a user of its own; `null`: none is known. */
export function serverPackage(packages: Iterable<string>): string | null {
  for (const name of packages) if (ownUser.test(name) || servers.some(server => server.packages.includes(name))) return name;
  return null;
}
