import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import type { Finding } from '../../../shared/src/rule/finding/types';
import { rules } from '../../../shared/src/families/generated/index';
import { plainContext } from '../../../tools/lint-context';

/** What the rules about containers say of the same thing, written as an option of `docker run` and as a key of a service: the same. */

const runNames = new Set(rules.flatMap(({ id }) => (id.startsWith('run/') ? [id.slice('run/'.length)] : [])));
const shared = rules.filter(({ id, on }) => /^(?:run|compose)\//.test(id) && runNames.has(id.split('/')[1]!) && 'container' in on);
const engine = createEngine(shared);
const context = plainContext('strict');

const lint = (path: string, text: string): readonly Finding[] => engine.open({ path, text }).lint(context).findings;
const said = (findings: readonly Finding[]): ReadonlySet<string> =>
  new Set(findings.map(({ rule, messageId }) => `${rule.split('/')[1]} ${messageId}`));

/** What is said of a container beyond what is said of one without any option. */
function beyond(path: string, plain: string, text: string): readonly string[] {
  const before = said(lint(path, plain));
  return [...said(lint(path, text))].filter(line => !before.has(line)).sort();
}

const image = 'example.com/acme/web:1.4';
const byCommand = (options: string) => beyond('run.sh', `docker run -d ${image}\n`, `docker run -d ${options} ${image}\n`);
const service = `services:\n  web:\n    image: ${image}\n`;
const byService = (keys: string) => beyond('compose.yaml', service, `${service}    ${keys}\n`);

describe('a container by a command and by a service', () => {
  it.each<readonly [options: string, keys: string, ...findings: string[]]>([
    ['--network host', 'network_mode: host', 'host-namespace network'],
    ['--pid host', 'pid: host', 'host-namespace pid'],
    ['--ipc shareable', 'ipc: shareable', 'host-namespace shareable'],
    ['--network container:x', 'network_mode: container:x'],
    ['-v /mnt:/mnt:rshared', 'volumes: [/mnt:/mnt:rshared]', 'mount-propagation shared'],
    ['-v /mnt:/mnt:rslave', 'volumes: [/mnt:/mnt:rslave]'],
    ['--device /dev/sda', 'devices: [/dev/sda]', 'host-devices raw'],
    ['--device /dev/ttyUSB0', 'devices: [/dev/ttyUSB0]', 'host-devices mild'],
    ['--device vendor.com/class=gpu', 'devices: [vendor.com/class=gpu]'],
    ['--device-cgroup-rule "a *:* rwm"', 'device_cgroup_rules: ["a *:* rwm"]', 'host-devices all-rule'],
    ['--sysctl vm.swappiness=1', 'sysctls: [vm.swappiness=1]', 'unsafe-sysctls host'],
    ['--sysctl kernel.shmmax=1', 'sysctls: [kernel.shmmax=1]'],
    ['-p 5432:5432', 'ports: ["5432:5432"]', 'published-on-all-interfaces sensitive'],
    ['-p 6379', 'ports: ["6379"]', 'published-on-all-interfaces random'],
    ['-p 8080:8080', 'ports: ["8080:8080"]', 'published-on-all-interfaces web'],
    ['-p 2222:22', 'ports: ["2222:22"]', 'privileged-port ssh', 'published-on-all-interfaces any'],
    ['-p 127.0.0.1:80:80', 'ports: ["127.0.0.1:80:80"]', 'privileged-port privileged'],
    ['--security-opt seccomp=unconfined', 'security_opt: [seccomp=unconfined]', 'security-profile-disabled profile'],
    ['--oom-kill-disable', 'oom_kill_disable: true', 'oom-kill-disabled unlimited'],
    ['--oom-score-adj -5', 'oom_score_adj: -5', 'oom-kill-disabled score'],
    ['--tmpfs /tmp:exec', 'tmpfs: /tmp:exec', 'tmpfs-options size', 'tmpfs-options weakened'],
    ['--restart always', 'restart: always', 'unlimited-restart unlimited'],
    ['--restart on-failure:5', 'restart: on-failure:5'],
    ['--volumes-from x:ro', 'volumes_from: ["container:x:ro"]', 'volumes-from read-only'],
    ['-v /var/run/docker.sock:/s', 'volumes: ["/var/run/docker.sock:/s"]', 'runtime-socket socket'],
    ['-v /run:/s', 'volumes: ["/run:/s"]', 'runtime-socket folder'],
    ['-v /var:/s', 'volumes: ["/var:/s"]', 'sensitive-host-mount path'],
    ['-v /etc:/s:ro', 'volumes: ["/etc:/s:ro"]', 'sensitive-host-mount read-only'],
    ['-v /etc/acme:/s', 'volumes: ["/etc/acme:/s"]'],
    ['-v /home:/s', 'volumes: ["/home:/s"]', 'sensitive-host-mount path'],
    ['-v /srv:/s -v /home/shop/data:/t -v /var/lib/shop:/u', 'volumes: ["/srv:/s", "/home/shop/data:/t", "/var/lib/shop:/u"]'],
    ['-v ./a.conf:/a.conf', 'volumes: ["./a.conf:/a.conf"]', 'writable-host-mount configuration'],
    ['--cap-add SYS_PTRACE', 'cap_add: [SYS_PTRACE]', 'added-capabilities dangerous'],
    ['--cap-drop NET_RAW', 'cap_drop: [NET_RAW]', 'capabilities-not-dropped partial'],
    ['--security-opt no-new-privileges=false', 'security_opt: ["no-new-privileges=false"]', 'privilege-escalation off'],
    ['--user root', 'user: root', 'root-user root'],
    ['--memory 0', 'mem_limit: 0'],
    ['--pids-limit -1', 'pids_limit: -1', 'missing-pids-limit unlimited'],
    ['--no-healthcheck', 'healthcheck: { disable: true }', 'missing-healthcheck disabled'],
    ['--log-driver json-file', 'logging: { driver: json-file }'],
  ])('%s', (options, keys, ...findings) => {
    expect(byCommand(options)).toEqual(findings);
    expect(byService(keys)).toEqual(findings);
  });
});

/** What is offered for what is missing, by the class of the fix that comes first, `alone` where only a click takes it. */
const offered = (path: string, text: string): readonly string[] =>
  lint(path, text)
    .filter(({ rule }) => hardening.has(rule.split('/')[1]!))
    .map(({ rule, fixes }) => `${rule.split('/')[1]} ${fixes[0]?.alone ? 'alone' : fixes[0]?.class}`)
    .sort();

const hardening = new Set(
  'root-user capabilities-not-dropped writable-root-filesystem privilege-escalation missing-memory-limit'.split(' '),
);

describe('what is offered for an image', () => {
  it.each<
    readonly [image: string, volume: string | null, capabilities: string, memory: string, escalation: string, root: string, user: string]
  >([
    // nothing is known: it gets what cannot break, whatever it is called and wherever it comes from
    ['example.com/acme/web:1.4', null, 'attended', 'attended', 'review', 'attended', 'alone'],
    ['ghcr.io/acme/web:1.4', null, 'attended', 'attended', 'review', 'attended', 'alone'],
    ['web:1.4', null, 'attended', 'attended', 'review', 'attended', 'alone'],
    // a name that tells of what keeps data
    ['example.com/acme/mysql:1.4', null, 'attended', 'attended', 'attended', 'attended', 'alone'],
    // a user of its own, as long as its data is in a volume
    ['postgres:17.2', 'data:/var/lib/postgresql/data', 'review', 'attended', 'review', 'review', 'review'],
    ['postgres:17.2', './data:/var/lib/postgresql/data', 'review', 'attended', 'review', 'review', 'alone'],
    // a volume, or a folder of the host, where its image keeps nothing is owned by root at first; what it only reads may be anybody's
    ['postgres:17.2', 'backups:/backups', 'attended', 'attended', 'review', 'review', 'attended'],
    ['postgres:17.2', './backups:/backups', 'attended', 'attended', 'review', 'review', 'attended'],
    ['postgres:17.2', './init:/docker-entrypoint-initdb.d', 'review', 'attended', 'review', 'review', 'review'],
    ['postgres:17.2', './postgres.conf:/postgres.conf', 'review', 'attended', 'review', 'review', 'review'],
    // folders of the host, of which nobody knows the owner
    ['example.com/acme/web:1.4', './app:/app', 'attended', 'attended', 'review', 'attended', 'alone'],
    ['example.com/acme/web:1.4', './app:/app:ro', 'attended', 'attended', 'review', 'attended', 'alone'],
    // an init that writes beside its services
    ['gitea/gitea:1.22', 'data:/data', 'review', 'attended', 'review', 'attended', 'alone'],
    // images that write among their own files, and whatever develops a project that is mounted into it
    ['confluentinc/cp-schema-registry:7.7.1', null, 'attended', 'attended', 'review', 'attended', 'alone'],
    ['apache/airflow:2.10.2', null, 'attended', 'attended', 'review', 'attended', 'alone'],
    // somebody else's, of which nothing is known
    ['louislam/uptime-kuma:1.23.16', 'data:/app/data', 'attended', 'attended', 'review', 'attended', 'alone'],
    ['joomla:5.2.1', null, 'attended', 'attended', 'review', 'attended', 'alone'],
    ['example.com/acme/web:1.4', '.:/app', 'attended', 'attended', 'review', 'attended', 'alone'],
    // names of which the last word is nothing
    ['mcr.microsoft.com/mssql/server:2022-latest', null, 'attended', 'attended', 'attended', 'attended', 'alone'],
    // root, with capabilities that are known
    ['nginx:1.29.1', null, 'review', 'attended', 'review', 'review', 'alone'],
    // data that is in no volume
    ['n8nio/n8n:1.70.0', null, 'review', 'attended', 'review', 'attended', ''],
    // what works as root alone
    ['pihole/pihole:2024.07.0', null, 'attended', 'attended', 'attended', 'attended', ''],
  ])('%s with %s', (reference, volume, capabilities, memory, escalation, root, user) => {
    const expected = [
      `capabilities-not-dropped ${capabilities}`,
      `missing-memory-limit ${memory}`,
      `privilege-escalation ${escalation}`,
      ...(user === '' ? [] : [`root-user ${user}`]),
      `writable-root-filesystem ${root}`,
    ];
    expect(offered('run.sh', `docker run -d ${volume === null ? '' : `-v ${volume} `}${reference}\n`)).toEqual(expected);
    const volumes = volume === null ? '' : `    volumes: ["${volume}"]\n`;
    expect(offered('compose.yaml', `services:\n  app:\n    image: ${reference}\n${volumes}`)).toEqual(expected);
  });
});

describe('what is called after a database', () => {
  const service = (name: string, ...lines: readonly string[]): string =>
    `services:\n  ${name}:\n${lines.map(line => `    ${line}\n`).join('')}`;

  it.each([
    ['database', 'build: ./database', 'attended'],
    // the Dockerfile is not here
    ['app', 'build: .', 'attended'],
    ['mysql', 'image: example.com/acme/store:1.4', 'attended'],
    ['cache', 'image: redis:8', 'review'],
  ])('service %s with %s', (name, line, expected) => {
    const found = offered('compose.yaml', service(name, line));
    expect(found).toContain(`capabilities-not-dropped ${expected}`);
    expect(found).toContain(`writable-root-filesystem ${expected}`);
  });

  it.each([
    ['db', 'image: postgres:18', 1024],
    ['db', 'image: postgres:18\n    command: postgres -c max_connections=900', null],
    ['db', 'image: mysql:8.4\n    volumes: ["./my.cnf:/etc/my.cnf:ro"]', null],
    ['db', 'image: mongo:8', null],
    ['db', 'image: mcr.microsoft.com/mssql/server:2022-latest', null],
    ['db', 'build: .', null],
    ['queue', 'image: rabbitmq:4', null],
    ['dind', 'image: docker:29-dind', null],
    ['web', 'image: eclipse-temurin:25', null],
    ['web', 'image: nginx:1.29', 256],
    ['web', 'image: nginx:1.29\n    entrypoint: /run.sh', null],
    ['web', 'image: python:3.14', 1024],
    ['web', 'build: .', null],
  ])('service %s with %s may have as many processes as are enough by far: %s', (name, line, limit) => {
    const { text } = engine.open({ path: 'compose.yaml', text: service(name, line) }).harden(plainContext());
    expect(/pids_limit: (.*)/.exec(text)?.[1] ?? null).toBe(limit === null ? null : String(limit));
  });
});

it.each([
  ['flame', 'pawelmalak/flame', 5005, 'attended'],
  ['backup', 'lscr.io/linuxserver/duplicati', 8200, 'attended'],
  ['ocis', 'owncloud/ocis', 9200, 'attended'],
  ['search', 'elasticsearch:8.19.0', 9200, 'review'],
  // people open its pages, perhaps from another machine
  ['vault', 'example.com/acme/store', 8200, 'attended'],
  ['kibana', 'kibana:8.19.0', 5601, 'attended'],
  ['app', 'eclipse-temurin:25', 5005, 'review'],
  ['app', 'example.com/acme/app', 5432, 'review'],
])('a port of service %s of %s, %i, is bound to this machine: %s', (name, image, port, expected) => {
  const text = `services:\n  ${name}:\n    image: ${image}\n    ports: ["${port}:${port}"]\n`;
  const found = lint('compose.yaml', text).find(({ rule }) => rule === 'compose/published-on-all-interfaces');
  expect(found?.fixes.map(fix => fix.class)).toEqual([expected]);
});

it.each([
  ['postgres:18', true],
  // it unpacks its libraries there, so that exec is left
  ['tomcat:11', false],
])('%s starts nothing from a tmpfs, as a read-only root filesystem assumes: %s', (reference, assumed) => {
  const [fix] = lint('run.sh', `docker run -d ${reference}\n`).find(({ rule }) => rule === 'run/writable-root-filesystem')!.fixes;
  expect(fix!.assumes.some(({ id, data }) => id === 'runs-nothing' && JSON.stringify(data).includes('/tmp'))).toBe(assumed);
});

it('asks before MinIO may not make its folder for certificates, without which it does not start', () => {
  const text =
    'services:\n  s3:\n    image: minio/minio:RELEASE.2025-04-22T22-12-26Z\n    command: server /data\n    volumes: [data:/data]\nvolumes: { data: {} }\n';
  const [fix] = lint('compose.yaml', text).find(({ rule }) => rule === 'compose/writable-root-filesystem')!.fixes;
  expect([fix!.class, fix!.assumes.some(({ data }) => data?.['path'] === '/root/.minio')]).toEqual(['attended', true]);
});

it.each(['compose.yaml', 'run.sh'])('says of another user that comes with dropped capabilities what volumes need: %s', path => {
  const text = path === 'run.sh' ? 'docker run -d postgres:17\n' : 'services:\n  db:\n    image: postgres:17\n';
  const [fix] = lint(path, text).find(({ rule }) => rule.endsWith('/capabilities-not-dropped'))!.fixes;
  expect(fix!.assumes.map(({ id, data }) => [id, data?.['user']])).toContainEqual(['own-files', '999:999']);
});

it('drops capabilities without another user where that one is asked about', () => {
  const text =
    'services:\n  app:\n    image: nextcloud:32-fpm-alpine\n    environment: { REDIS_HOST: redis }\n    volumes: [app:/var/www/html]\nvolumes: { app: {} }\n';
  const { text: hardened } = engine.open({ path: 'compose.yaml', text }).harden(plainContext());
  expect(hardened).not.toMatch(/user:|read_only/);
  expect(hardened).toMatch(/cap_add:\n(?: +- \w+\n)*? +- SETUID\n/);
  const plain = engine.open({ path: 'compose.yaml', text: text.replace('    environment: { REDIS_HOST: redis }\n', '') });
  expect(plain.harden(plainContext()).text).toContain('user: "82:82"');
});

describe('Windows', () => {
  const image = 'mcr.microsoft.com/windows/servercore:ltsc2022';

  it('is told nothing of what Linux alone has', () => {
    expect(offered('compose.yaml', `services:\n  app:\n    image: ${image}\n`)).toEqual(['missing-memory-limit attended']);
    expect(offered('run.sh', `docker run -d ${image}\n`)).toEqual(['missing-memory-limit attended']);
  });

  it.each([
    ['an image', `image: ${image}`],
    ['a pipe', 'image: traefik:v3.5\n    volumes: ["\\\\\\\\.\\\\pipe\\\\docker_engine:\\\\\\\\.\\\\pipe\\\\docker_engine"]'],
    [
      'a pipe by its long form',
      'image: traefik:v3.5\n    volumes: [{ type: npipe, source: "//./pipe/docker_engine", target: "//./pipe/docker_engine" }]',
    ],
    ['its platform', 'image: traefik:v3.5\n    platform: windows/amd64'],
  ])('is the system of all that one engine starts: %s', (_what, lines) => {
    const text = `services:\n  proxy:\n    ${lines}\n  whoami:\n    image: traefik/whoami:v1.11\n`;
    expect(engine.open({ path: 'compose.yaml', text }).harden(plainContext()).text).toBe(text);
    const stack = text.replace('  whoami:\n', '  whoami:\n    deploy: { mode: global }\n');
    expect(lint('stack.yml', stack).some(({ rule }) => rule === 'compose/capabilities-not-dropped')).toBe(true);
  });

  it.each([
    '- \\\\.\\pipe\\docker_engine:\\\\.\\pipe\\docker_engine',
    '- { type: npipe, source: \\\\.\\pipe\\docker_engine, target: \\\\.\\pipe\\docker_engine }',
  ])('hands over its engine: %s', mount => {
    const text = `services:\n  app:\n    image: ${image}\n    volumes:\n      ${mount}\n`;
    expect(lint('compose.yaml', text).map(({ rule }) => rule)).toContain('compose/runtime-socket');
  });
});

describe('an engine in a container', () => {
  it.each(['docker:28.3.3-dind', 'docker:${VERSION}-dind'])('%s is left privileged', name => {
    const text = `docker run -d --privileged "${name}"\n`;
    const found = lint('run.sh', text).filter(({ rule }) => rule === 'run/privileged');
    expect(found.map(({ fixes }) => fixes.length)).toEqual([0]);
    expect(lint('run.sh', text.replace(name, image)).find(({ rule }) => rule === 'run/privileged')?.fixes.length).toBe(1);
  });
});

describe('a stack of a swarm', () => {
  it('binds no port to an address', () => {
    const text = 'services:\n  db:\n    image: postgres:17.2\n    deploy: { mode: global }\n    ports: ["5432:5432"]\n';
    const fixesOf = (of: string) => lint('stack.yml', of).find(({ rule }) => rule === 'compose/published-on-all-interfaces')?.fixes.length;
    expect(fixesOf(text)).toBe(0);
    expect(
      lint('compose.yaml', text.replace('    deploy: { mode: global }\n', '')).some(({ fixes }) => fixes.some(({ id }) => id === 'bind')),
    ).toBe(true);
  });
});

describe('an image of which a part is not known', () => {
  it.each(['example.com/acme/dovecot:${TAG}', 'example.com/acme/${NAME}:1', '${IMAGE:?}', 'postgres:${TAG}-${VARIANT}'])(
    '%s is asked about',
    image => {
      expect(offered('compose.yaml', `services:\n  app:\n    image: ${image}\n`)).toContain('capabilities-not-dropped attended');
    },
  );
});

describe('a user for what is given something that only root can use', () => {
  it.each([
    ['volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro"]', 'other-user', 'runtime-socket'],
    ['cap_add: [NET_ADMIN]', 'other-user', 'adds-capability'],
    ['cap_add: [NET_BIND_SERVICE]', 'other-user', 'image-unknown'],
  ])('%s: asks, by the assumption %s', (keys, assumption, why) => {
    const [finding] = lint('compose.yaml', `${service}    ${keys}\n`).filter(({ rule }) => rule === 'compose/root-user');
    expect(finding!.fixes).toEqual([
      expect.objectContaining({ class: 'attended', assumes: [expect.objectContaining({ id: assumption })] }),
    ]);
    expect(finding!.fixes[0]!.assumes[0]!.data?.['seen']).toMatchObject({ seen: why });
  });
});
