import { describe, expect, test } from 'vitest';
import { programFacts } from '../../../shared/src/evidence/program/program-facts';

// What a configuration has its server, supervisor or logger write, as single settings tell: the folder, and `/name` behind it for a file.

const factOf = (path: string, lines: readonly string[]) => programFacts(lines.join('\n'), path)[0];

const writesOf = (path: string, lines: readonly string[]): readonly string[] =>
  (factOf(path, lines)?.places ?? []).map(place => (place.from === 'home' ? '~/' : '') + place.path.replace(/\/$/, ''));

describe('what a configuration has written', () => {
  test.each<[string, string, string[], string[]]>([
    [
      'logs of Apache',
      'site.conf',
      ['  ErrorLog /var/log/site/error.log', '  CustomLog "/var/log/site/access.log" combined'],
      ['/var/log/site/error.log', '/var/log/site/access.log'],
    ],
    ['its variables', 'site.conf', ['ErrorLog ${APACHE_LOG_DIR}/error.log'], []],
    ['below its root', 'httpd.conf', ['ServerRoot "/srv/httpd"', 'PidFile run/httpd.pid'], ['/srv/httpd/run/httpd.pid']],
    [
      'what is piped, and the standard streams',
      'site.conf',
      ['ErrorLog "|/usr/bin/logger"', 'CustomLog /dev/stdout common', 'ErrorLog /proc/self/fd/2'],
      [],
    ],
    [
      'nginx',
      'nginx.conf',
      ['pid /run/nginx.pid;', '    proxy_cache_path /data/cache levels=1:2;', 'client_body_temp_path /data/body 1 2;'],
      ['/run/nginx.pid', '/data/cache', '/data/body'],
    ],
    [
      'what nginx reads',
      'nginx.conf',
      ['include /srv/nginx/mime.types;', 'root /srv/data/files;', 'ssl_certificate_key /srv/tls/key.pem;', 'access_log off;', 'listen 80;'],
      [],
    ],
    ['a socket that nginx listens on', 'nginx.conf', ['listen unix:/run/web/http.sock;'], ['/run/web/http.sock']],
    [
      'PHP behind FPM',
      'www.conf',
      ['slowlog = /var/log/fpm/slow.log', 'php_admin_value[session.save_path] = /var/lib/sessions', 'listen = 9000'],
      ['/var/log/fpm/slow.log', '/var/lib/sessions'],
    ],
    [
      'databases of Rails',
      'config/database.yml',
      ['production:', '  adapter: sqlite3', '  database: db/production.sqlite3'],
      ['db/production.sqlite3'],
    ],
    [
      'settings of PHP',
      'php.ini',
      ['; session.save_path = /var/old', 'opcache.file_cache=/var/cache/opcache', 'error_log = syslog'],
      ['/var/cache/opcache'],
    ],
    [
      'supervisord',
      'supervisord.conf',
      ['logfile=/var/log/app/supervisord.log', '[unix_http_server]', 'file=/run/app/supervisor.sock', 'stdout_logfile=/dev/fd/1'],
      ['/var/log/app/supervisord.log', '/run/app/supervisor.sock'],
    ],
    [
      'Redis',
      'redis.conf',
      ['dir /var/lib/board', 'logfile ""', 'unixsocket /run/redis/redis.sock', 'tls-key-file /tls/redis.key'],
      ['/var/lib/board', '/run/redis/redis.sock'],
    ],
    [
      'lighttpd',
      'lighttpd.conf',
      ['server.errorlog = "/var/log/www/error.log"', 'server.upload-dirs = ( "/var/cache/uploads" )'],
      ['/var/log/www/error.log', '/var/cache/uploads'],
    ],
    [
      'HAProxy',
      'haproxy.cfg',
      ['    stats socket /run/haproxy/admin.sock mode 660', '    log /dev/log local0'],
      ['/run/haproxy/admin.sock'],
    ],
    [
      'Caddy',
      'Caddyfile',
      ['\t\toutput file /var/log/caddy/access.log', '\tstorage file_system /var/lib/caddy'],
      ['/var/log/caddy/access.log', '/var/lib/caddy'],
    ],
    [
      'rsync, whose keys are of two words',
      'rsyncd.conf',
      ['pid file = /var/run/rsyncd.pid', 'log file=/var/log/rsyncd.log', '[backup]', '    path = /srv/backup', '    secrets file = /etc/s'],
      ['/var/run/rsyncd.pid', '/var/log/rsyncd.log'],
    ],
    [
      'Mosquitto',
      'mosquitto.conf',
      ['persistence_location /data/mqtt/', 'log_dest file /data/log/broker.log', 'log_dest stdout', 'password_file /data/passwords'],
      ['/data/mqtt', '/data/log/broker.log'],
    ],
    [
      'dnsmasq',
      'dnsmasq.conf',
      ['log-facility=/var/log/dns/queries.log', 'dhcp-leasefile=/var/lib/dns/leases', 'conf-dir=/srv/dns', 'log-facility=-'],
      ['/var/log/dns/queries.log', '/var/lib/dns/leases'],
    ],
    ['MariaDB', 'my.cnf', ['[mysqld]', 'datadir = /srv/sql', 'log_error = /srv/log/error.log'], ['/srv/sql', '/srv/log/error.log']],
    [
      'logging of Python',
      'logging.ini',
      ["args=('/var/log/audit/audit.log', 'a', 1000)", 'args=(sys.stderr,)'],
      ['/var/log/audit/audit.log'],
    ],
    ['JSON', 'config/default.json', ['{ "server": { "port": 1 }, "cache": { "dir": "/var/cache/tiles" } }'], ['/var/cache/tiles']],
    [
      'YAML',
      'series.yaml',
      ['storage:', '  path: /var/lib/series', 'log:', '  level: info', 'tls:', '  path: /var/lib/tls'],
      ['/var/lib/series'],
    ],
    ['what YAML reads', 'app.yaml', ['templates:', '  dir: /srv/templates', 'server:', '  root: /srv/www'], []],
    [
      'sections',
      'app.ini',
      ['[database]', 'path = /var/lib/app/app.sqlite', '[static]', 'path = /srv/static'],
      ['/var/lib/app/app.sqlite'],
    ],
    [
      'JSON in lines',
      'app.json',
      ['{', '  "database": {', '    "file": "/var/lib/app/app.sqlite"', '  }', '}'],
      ['/var/lib/app/app.sqlite'],
    ],
    ['TOML', 'app.toml', ['[log]', 'filePath = "/var/log/proxy/access.log"'], ['/var/log/proxy/access.log']],
    ['settings of package managers', 'package-lock.json', ['{ "dir": "/var/cache/tiles" }'], []],
  ])('%s', (_, path, lines, expected) => {
    expect(writesOf(path, lines)).toEqual(expected);
  });
});

test.each<[string, string, string | null]>([
  ['supervisord.conf', 'user=worker', 'starts a program as worker'],
  ['haproxy.cfg', '    chroot /var/lib/haproxy', 'sets chroot /var/lib/haproxy'],
  ['rsyncd.conf', 'uid = root', 'sets uid root'],
  // both only warn, and go on as who they are
  ['nginx.conf', 'user nginx;', null],
  ['php-fpm.conf', 'user = www-data', null],
])('what needs root: %s, %s', (path, line, does) => {
  expect(factOf(path, [line])?.does ?? null).toBe(does);
});

test.each<[string, string[], string]>([
  ['supervisord.conf', ['[program:web]', 'command=/usr/bin/python3 /opt/app/web.py --port 80'], '/opt/app/web.py'],
  ['site.conf', ['DocumentRoot "/var/www/site/public"'], '/var/www/site/public/index.php'],
])('the programs that it starts: %s', (path, lines, used) => {
  expect(factOf(path, lines)?.uses).toEqual([used]);
});

test('variables of an .env, as far as they name files and folders', () => {
  const lines = [
    '# settings',
    'export DATA_DIR=/var/lib/app',
    'LINKS_DB="./links/links.json"',
    'PORT=80',
    'API_KEY=abc/def',
    'DATABASE_URL=postgres://u:p@db/app',
  ];
  expect(factOf('.env', lines)?.sets).toEqual({ DATA_DIR: '/var/lib/app', LINKS_DB: './links/links.json' });
});

test('hostile configurations take time in proportion to their size', () => {
  const started = process.cpuUsage();
  for (const part of ['a', 'a=', 'file="', '<file>', ' ', '("', 'log /', '%', '../', 'a.']) {
    const lines = Array.from({ length: 300 }, () => part.repeat(Math.ceil(400 / part.length))).join('\n');
    for (const name of ['a.conf', 'a.ini', 'a.json', 'a.yaml', '.env', '.gitignore']) programFacts(lines, name);
  }
  expect(process.cpuUsage(started).user / 1e6).toBeLessThan(5);
});
