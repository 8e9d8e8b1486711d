import { describe, expect, test } from 'vitest';
import { reason } from '../../../shared/src/base/terms/evidence';
import { doubtAgainst, evidenceOf } from '../../../shared/src/evidence/evidence';
import { builtImage } from '../../../shared/src/evidence/known-image';
import type { Service } from '../../../shared/src/evidence/service';
import type { Right } from '../../../shared/src/evidence/testimony';
import { createWords } from '../../../shared/src/output/report/words';
import type { StageRun } from '../../../shared/src/workspace/stage-start';
import { emptyWorkspace } from '../../../shared/src/workspace/workspace-index';
import { serviceOf, stageOn } from './services';

const context = { workspace: emptyWorkspace };
const rights: readonly Right[] = ['user', 'files', 'capabilities', 'escalation'];

/** What speaks against each right that something has, by the id of the reason. */
function doubts(service: Service): Readonly<Partial<Record<Right, string>>> {
  const evidence = evidenceOf(service, context);
  return Object.fromEntries(
    rights.flatMap(right => {
      const why = doubtAgainst(evidence, right);
      return why === null ? [] : [[right, why.seen]];
    }),
  );
}

const everything = (seen: string): object => ({ user: seen, files: seen, capabilities: seen });
const built = (...of: Parameters<typeof stageOn>): Partial<Service> => ({ known: builtImage(stageOn(...of), emptyWorkspace) });
const onNginx = stageOn('nginx:1.29').run!;
const withTemplates: StageRun = {
  ...onNginx,
  start: {
    workdir: '/',
    programs: [],
    scripts: [],
    copies: [{ from: 'templates', to: '/etc/nginx/templates' }],
    sources: ['templates'],
    variables: {},
    fills: false,
    linksLogs: true,
    unread: null,
    isPlaced: false,
  },
};
const drops = { ...stageOn('debian:13').run!, drops: true };

describe('what is not settled', () => {
  test.each<[what: string, service: Service, expected: object]>([
    ['of a known server nothing', serviceOf('redis:8'), {}],
    ['of an image that nobody knows all', serviceOf('example.com/web:1'), everything('image-unknown')],
    ['for an engine, too', serviceOf('example.com/web:1', { platform: 'engine' }), everything('image-unknown')],
    [
      'of one by its name that of its set-user-ID programs, too',
      serviceOf('example.com/db:1'),
      { ...everything('image-called'), escalation: 'image-called' },
    ],
    [
      'of a command that writes elsewhere',
      serviceOf('debian:13', { words: ['sh', '-c', 'echo a > /srv/a'] }),
      everything('command-writes'),
    ],
    [
      'not of one that writes to a mount',
      serviceOf('debian:13', {
        words: ['sh', '-c', 'echo a > /srv/a'],
        mounts: [{ path: '/srv', source: 'data', kind: 'volume', readOnly: false }],
      }),
      {},
    ],
    [
      'what the declaration doubts',
      serviceOf('redis:8', { doubts: [{ reason: reason('data-owner'), against: ['user'] }] }),
      { user: 'data-owner' },
    ],
    [
      'of settings that an image writes because of a variable',
      serviceOf('nextcloud:32-fpm-alpine', { platform: 'engine', environment: [{ name: 'REDIS_HOST', value: 'redis' }] }),
      { user: 'image-writes-settings', files: 'image-writes-settings' },
    ],
    ['and without it nothing', serviceOf('nextcloud:32-fpm-alpine', { platform: 'engine' }), {}],
    ...['/etc/nginx/templates', '/etc/nginx/templates/a.conf.template'].map((path): [string, Service, object] => [
      `of settings that an image makes of ${path}`,
      serviceOf('nginx:1.29', { mounts: [{ path, source: 't', kind: 'given', readOnly: true }] }),
      { user: 'image-renders-settings', files: 'image-renders-settings' },
    ]),
    [
      'of settings that an image makes of templates that it is built with',
      serviceOf('example.com/web:1', built('nginx:1.29', { run: withTemplates })),
      { user: 'image-renders-settings', files: 'image-renders-settings' },
    ],
    [
      'not where the settings are a volume',
      serviceOf('nginx:1.29', {
        mounts: [
          { path: '/etc/nginx/templates', source: 't', kind: 'given', readOnly: true },
          { path: '/etc/nginx/conf.d', source: null, kind: 'memory', readOnly: false },
        ],
      }),
      {},
    ],
    [
      'nor where a variable has them written to one',
      serviceOf('nginx:1.29', {
        environment: [{ name: 'NGINX_ENVSUBST_OUTPUT_DIR', value: '/tmp/conf.d' }],
        mounts: [
          { path: '/etc/nginx/templates', source: 't', kind: 'given', readOnly: true },
          { path: '/tmp', source: null, kind: 'memory', readOnly: false },
        ],
      }),
      {},
    ],
    [
      'of settings that a program keeps what it sees in',
      serviceOf('redis:8', { words: ['redis-server', '/etc/redis/sentinel.conf', '--sentinel'] }),
      { user: 'rewrites-settings', files: 'rewrites-settings' },
    ],
    [
      'in a folder that is mounted nothing',
      serviceOf('redis:8', {
        words: ['redis-sentinel', '/etc/redis/sentinel.conf'],
        mounts: [{ path: '/etc/redis', source: 'sentinel', kind: 'volume', readOnly: false }],
      }),
      {},
    ],
    [
      'of another program than the server of its image',
      serviceOf('nextcloud:32', { platform: 'engine', words: ['/cron.sh'], replacesEntryPoint: true }),
      everything('starts-other'),
    ],
    [
      'of that server, started otherwise, nothing',
      serviceOf('redis:8', { platform: 'engine', words: ['sh', '-c', 'exec redis-server --save ""'], replacesEntryPoint: true }),
      {},
    ],
    ['of a server whose jobs write what they need', serviceOf('jenkins/jenkins:lts', { platform: 'engine' }), { files: 'runs-jobs' }],
    [
      'of one that runs as root for them, because its file says so',
      serviceOf('jenkins/jenkins:lts', { platform: 'engine', user: { value: 'root' } }),
      { files: 'runs-jobs', capabilities: 'runs-jobs' },
    ],
    [
      'of a command that starts jobs as their users',
      serviceOf('alpine:3.22', { platform: 'engine', words: ['sh', '-c', 'echo "* * * * * date" | crontab - && crond -f'] }),
      { files: 'program-needs-root', capabilities: 'program-needs-root', escalation: 'program-needs-root' },
    ],
    [
      'of what switches to another user',
      serviceOf('example.com/web:1', built('debian:13', { run: drops })),
      { files: 'drops-root', capabilities: 'drops-root', escalation: 'drops-root' },
    ],
    [
      'of a whole project that is mounted',
      serviceOf('node:24', { platform: 'engine', mounts: [{ path: '/app', source: '.', kind: 'host', readOnly: false }] }),
      { files: 'project-mounted' },
    ],
    [
      'of an image that works only as root',
      serviceOf('linuxserver/plex', { platform: 'engine' }),
      { user: 'image-unknown', files: 'image-needs-root', capabilities: 'image-needs-root', escalation: 'image-needs-root' },
    ],
    // who runs as somebody else already has told so
    [
      'of such an image that starts as another user',
      serviceOf('linuxserver/plex', { platform: 'engine', user: { value: '1000' } }),
      { files: 'image-unknown', capabilities: 'image-unknown', user: 'image-unknown' },
    ],
    [
      'of folders of root that an engine gives to nobody',
      serviceOf('example.com/web:1', {
        platform: 'engine',
        ...built('debian:13', { folders: [{ path: '/srv/data', filled: false, given: false }] }),
      }),
      { user: 'folder-of-root' },
    ],
    [
      'not of those that a pod can give a volume',
      serviceOf('example.com/web:1', built('debian:13', { folders: [{ path: '/srv/data', filled: false, given: false }] })),
      {},
    ],
    [
      'but of those that have files',
      serviceOf('example.com/web:1', built('debian:13', { folders: [{ path: '/srv/data', filled: true, given: false }] })),
      { user: 'image-files-of-root' },
    ],
  ])('%s', (_, service, expected) => expect(doubts(service)).toEqual(expected));
});

describe('what is written', () => {
  const writes = (service: Service): readonly string[] =>
    evidenceOf(service, context).writes.map(({ path, filled, witness }) => `${witness}: ${path}${filled ? ' (filled)' : ''}`);
  const stage = (filled: boolean): Partial<Service> => built('redis:8', { folders: [{ path: '/data', filled, given: false }] });

  test.each<[what: string, service: Service, expected: readonly string[]]>([
    ['the table of images', serviceOf('redis:8'), ['image: /data']],
    ['what the image of a language writes depends on what is started', serviceOf('python:3.13', { platform: 'engine' }), []],
    ['the Dockerfile, which says no more of the same folder', serviceOf('example.com/web:1', stage(false)), ['image: /data']],
    // two that disagree: a mount might hide the files
    ['the Dockerfile, which says otherwise', serviceOf('example.com/web:1', stage(true)), ['image: /data (filled)']],
    [
      'a variable, by its name',
      serviceOf('debian:13', { environment: [{ name: 'CACHE_DIR', value: '/srv/cache' }] }),
      ['declared: /srv/cache'],
    ],
    ['whoever says it better', serviceOf('redis:8', { environment: [{ name: 'DATA_DIR', value: '/data' }] }), ['image: /data']],
    ['what prepares a pod does not start its server', serviceOf('redis:8', { prepares: true }), []],
  ])('%s', (_, service, expected) => expect(writes(service)).toEqual(expected));
});

describe('the capabilities that root needs', () => {
  test.each<[what: string, service: Service, expected: readonly string[] | null]>([
    ['of a server that changes users', serviceOf('redis:8'), ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'SETGID', 'SETUID']],
    ['of an image that nobody knows', serviceOf('example.com/web:1'), null],
    ['for a low port in a pod', serviceOf('nginx:1.29'), ['CHOWN', 'NET_BIND_SERVICE', 'SETGID', 'SETUID']],
    ['for an engine low ports are open', serviceOf('nginx:1.29', { platform: 'engine' }), ['CHOWN', 'SETGID', 'SETUID']],
    [
      'but those of its host',
      serviceOf('nginx:1.29', { platform: 'engine', guardsLowPorts: true }),
      ['CHOWN', 'NET_BIND_SERVICE', 'SETGID', 'SETUID'],
    ],
    ['of another entry point', serviceOf('nginx:1.29', { platform: 'engine', replacesEntryPoint: true }), null],
  ])('%s', (_, service, expected) => expect(evidenceOf(service, context).capabilities).toEqual(expected));
});

test('what the declaration needs root for goes before all else', () => {
  const privileged = { reason: reason('privileged'), runs: false };
  const { user, needsRoot } = evidenceOf(serviceOf('grafana/grafana:12.1.0', { needsRoot: [privileged] }), context);
  expect({ user, needsRoot }).toEqual({ user: { kind: 'root', why: privileged.reason }, needsRoot: privileged.reason });
});

describe('an image that a Dockerfile builds', () => {
  const image = (...of: Parameters<typeof stageOn>): Service => serviceOf(null, { platform: 'image', isBuilt: true, ...built(...of) });

  test.each<[what: string, service: Service, user: object]>([
    ['a server that starts as root', image('httpd:2.4'), { kind: 'root', why: { seen: 'image-starts-as-root' } }],
    ['a server that has a user', image('redis:8'), { kind: 'user', user: { origin: 'profile', uid: 999 } }],
    // its own rule says that it changes users, and offers to do it at once
    ['what switches to another user', image('debian:13', { run: drops }), { kind: 'user', user: { origin: 'any' } }],
    ['on a base that nobody knows', image('example.com/base:1'), { kind: 'unknown' }],
  ])('%s', (_, service, user) => expect(evidenceOf(service, context).user).toMatchObject(user));

  test('a service that starts something else in it', () => {
    const otherStarts = [{ service: 'jobs', words: ['python', 'manage.py', 'migrate'], environment: [] }];
    expect(doubts({ ...image('python:3.13'), otherStarts })).toEqual({ user: 'service-does' });
  });
});

test('is said in another language', () => {
  const why = doubtAgainst(evidenceOf(serviceOf('example.com/web:1'), context), 'user')!;
  const words = createWords([], { 'evidence/image-unknown': 'on ne sait rien de {registry}' });
  expect(words.evidence(why)).toBe('on ne sait rien de example.com');
  expect(words.assumption('a/b', { id: 'c', data: { seen: why } })).toBe('a/b/assumes/c');
  expect(createWords([], { 'a/b/assumes/c': 'bien que {seen}' }).assumption('a/b', { id: 'c', data: { seen: why } })).toBe(
    'bien que nothing is known about its image, which comes from example.com',
  );
});

test('is worked out once for a service and a workspace', () => {
  const service = serviceOf('redis:8');
  expect(evidenceOf(service, context)).toBe(evidenceOf(service, { ...context }));
});
