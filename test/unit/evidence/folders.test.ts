import { expect, test } from 'vitest';
import { namedFolders } from '../../../shared/src/knowledge/folders';
import { startedPrograms } from '../../../shared/src/evidence/started';

test.each<[folders: readonly string[], variables: Readonly<Record<string, string>>, words?: readonly string[]]>([
  [['/home/web'], { HOME: '/home/web' }],
  [[], { HOME: '/root', TMPDIR: 'tmp', DATA_DIR: '/' }],
  [['/models/cache', '/var/cache/pip'], { HF_HOME: '/models/cache', PIP_CACHE_DIR: '/var/cache/pip' }],
  [['/var/cache/npm'], { NPM_CONFIG_CACHE: '/var/cache/npm' }],
  [[], { STATIC_DIR: '/static', CONFIG_DIR: '/conf', TEMPLATES_DIR: '/t', JAVA_HOME: '/opt/java', MODEL_DIR: '/models' }],
  [['/run/web'], { WEB_PIDFILE: '/run/web/web.pid' }],
  [['/data', '/var/log/web'], {}, ['web', '--data-dir=/data', '--log-file', '/var/log/web/web.log']],
  [['/run/web'], {}, ['gunicorn', '--pid', '/run/web/g.pid', '--bind', '0.0.0.0:8000']],
  [[], {}, ['web', '--config=/etc/web.yaml', '--tls-cert-dir=/certs', '/srv/web/main.py']],
  [['/srv/app/tmp/pids'], {}, ['puma', '--pidfile', 'tmp/pids/server.pid', 'config.ru']],
  // no option says what it is for
  [[], {}, ['tail', 'log/server.log']],
  // the program lies there
  [[], { APP_HOME: '/x', HOME: '/home/web' }, ['/home/web/bin/start']],
])('%j', (folders, variables, words = []) => {
  const pairs = Object.entries(variables).map(([name, value]) => ({ name, value }));
  expect(namedFolders(pairs, words, '/srv/app')).toEqual(folders);
});

test.each<[programs: readonly string[], words: readonly string[]]>([
  [['web'], ['/usr/bin/web', 'mount']],
  [['cron'], ['tini', '--', 'cron', '-f']],
  [
    ['sh', 'iptables', 'web'],
    ['sh', '-c', 'A=1 iptables -L; exec web mount'],
  ],
  [
    ['bash', 'test', 'wg-quick'],
    ['/bin/bash', '-ec', 'if test -f x; then wg-quick up wg0; fi'.replace('; fi', '')],
  ],
  [[], []],
])('starts %j', (programs, words) => expect(startedPrograms(words)).toEqual(programs));
