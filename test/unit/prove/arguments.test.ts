import { describe, expect, it } from 'vitest';
import {
  buildArguments,
  exerciseArguments,
  isTrialOption,
  pullArguments,
  startArguments,
  trialHosts,
  trialImage,
  trialName,
  volumeArguments,
  volumesOf,
  type TrialEngine,
  type TrialNames,
} from '../../../shared/src/services/prove/arguments';
import type { TrialSettings } from '../../../shared/src/services/prove/contract';
import { defaultCapabilities } from '../../../shared/src/services/prove/subject/draft';
import { fc } from '../../support/property';
import { isSubject, provable, subjectIn } from '../../support/trials';

const nonce = '0123456789abcdef';
const names: TrialNames = {
  nonce,
  start: 2,
  container: trialName(nonce, 's2-c0'),
  image: `sha256:${'a'.repeat(64)}`,
  network: { kind: 'closed' },
  hosts: [],
  lowPorts: false,
};
const engines: readonly TrialEngine[] = ['podman', 'docker'];
const nothing: TrialSettings = {
  user: null,
  readOnly: false,
  folders: [],
  capabilities: null,
  noNewPrivileges: false,
  pids: null,
  init: false,
};
const all: TrialSettings = {
  user: '1000:1000',
  readOnly: true,
  folders: [
    { path: '/tmp', kind: 'memory', learned: 'diff' },
    { path: '/var/lib/x', kind: 'volume', learned: 'log' },
    { path: '/', kind: 'memory', learned: 'log' },
  ],
  capabilities: ['CHOWN', 'SYS_ADMIN'],
  noNewPrivileges: true,
  pids: 64,
  init: true,
};

const optionsOf = (args: readonly string[]): readonly string[] => args.slice(0, args.indexOf('--'));

/** The default set but for one. */
const dropped = (kept: string): readonly string[] => defaultCapabilities.filter(name => name !== kept).map(name => `--cap-drop=${name}`);

describe('a start', () => {
  const subject = provable('run', 'docker run -d --name web -e A=1 -v data:/data --tmpfs /run -p 80:80 nginx serve --privileged\n');

  it('is made of these options and no others (podman)', () => {
    expect(startArguments('podman', subject, subject.container, all, names)).toEqual([
      'run',
      '--detach',
      `--name=bulkhead-${nonce}-s2-c0`,
      `--label=bulkhead.trial=${nonce}`,
      '--pull=never',
      '--restart=no',
      '--no-healthcheck',
      '--log-driver=k8s-file',
      '--log-opt=max-size=10mb',
      '--read-only-tmpfs=false',
      '--systemd=false',
      '--http-proxy=false',
      '--passwd=false',
      '--network=none',
      '--sysctl=net.ipv4.ip_unprivileged_port_start=1024',
      '--memory=1024m',
      '--memory-swap=1024m',
      '--cpus=1',
      '--pids-limit=64',
      // podman would give what is added by name to a user who is not root
      ...dropped('CHOWN'),
      '--security-opt=no-new-privileges',
      '--read-only',
      '--user=1000:1000',
      '--init',
      `--volume=bulkhead-${nonce}-s2-v0:/data`,
      `--volume=bulkhead-${nonce}-s2-c0-f1:/var/lib/x`,
      '--tmpfs=/run:rw,noexec,nosuid,nodev,size=256m,mode=1777,notmpcopyup,U',
      '--tmpfs=/tmp:rw,noexec,nosuid,nodev,size=64m,mode=1777,notmpcopyup,U',
      '--env=A=1',
      '--stop-timeout=10',
      '--',
      names.image,
      'serve',
      '--privileged',
    ]);
  });

  it('gives the folders in memory to the user on Docker by numbers', () => {
    const args = startArguments('docker', subject, subject.container, all, names);
    expect(args).toContain('--tmpfs=/tmp:rw,noexec,nosuid,nodev,size=64m,mode=1777,uid=1000,gid=1000');
    expect(args.join()).not.toMatch(/notmpcopyup|systemd|http-proxy/);
  });

  it('grants the default capabilities by name where nothing is said, since engines differ', () => {
    const args = startArguments('podman', subject, subject.container, null, names);
    expect(args.filter(arg => arg.startsWith('--cap-add='))).toHaveLength(14);
    expect(args).toContain('--cap-drop=ALL');
  });

  it('never grants more than the file', () => {
    const text = 'docker run -d -u 1000 --cap-drop ALL --cap-add CHOWN --read-only --security-opt no-new-privileges nginx\n';
    const strict = provable('run', text);
    for (const engine of engines)
      for (const user of ['0', '0:0', 'root', '00:5'])
        for (const capabilities of [null, ['SETUID', 'CHOWN', 'SYS_ADMIN']]) {
          const args = startArguments(engine, strict, strict.container, { ...nothing, user, capabilities, pids: 1e9 }, names);
          expect(args.filter(arg => /^--(?:user|cap-|security|read-only$|pids)/.test(arg))).toEqual([
            '--pids-limit=512',
            ...(engine === 'podman' ? dropped('CHOWN') : ['--cap-drop=ALL', '--cap-add=CHOWN']),
            '--security-opt=no-new-privileges',
            '--read-only',
            '--user=1000',
          ]);
        }
  });

  it('imitates what Kubernetes mounts', () => {
    const pod = provable(
      'kubernetes',
      'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  securityContext: { fsGroup: 7 }\n  volumes: [{ name: v, emptyDir: {} }]\n' +
        '  containers: [{ name: a, image: b, volumeMounts: [{ name: v, mountPath: /v }] }]\n',
    );
    expect(startArguments('docker', pod, pod.container, null, names)).toContain(
      '--tmpfs=/v:rw,exec,nosuid,nodev,size=256m,mode=2777,gid=7',
    );
    expect(startArguments('podman', pod, pod.container, null, names)).toContain(
      '--tmpfs=/v:rw,exec,nosuid,nodev,size=256m,mode=2777,notmpcopyup,U',
    );
  });
});

describe('what is started together', () => {
  const text = `services:
  web: { image: web, depends_on: [db], volumes: ["files:/a"], hostname: www }
  db: { image: postgres, container_name: shop-db, volumes: ["files:/b:ro", "/own"] }
volumes: { files: }
`;
  const subject = provable('compose', text, { name: 'web' });
  const hosts = trialHosts(subject);
  const joined: TrialNames = { ...names, hosts, network: { kind: 'joined', id: 'f'.repeat(64), pid: 4711 } };

  it('has one closed network, in which all know one another', () => {
    expect(hosts).toEqual(['db', 'shop-db', 'web', 'www']);
    const first = startArguments('docker', subject, subject.peers[0]!, null, { ...names, hosts });
    expect(first.filter(arg => /network|add-host/.test(arg))).toEqual([
      '--network=none',
      ...hosts.map(host => `--add-host=${host}:127.0.0.1`),
    ]);
    expect(startArguments('docker', subject, subject.container, null, joined).filter(arg => /network|add-host|sysctl/.test(arg))).toEqual([
      `--network=container:${'f'.repeat(64)}`,
    ]);
    expect(startArguments('podman', subject, subject.container, null, joined).filter(arg => /network|add-host|sysctl/.test(arg))).toEqual([
      '--network=ns:/proc/4711/ns/net',
      ...hosts.map(host => `--add-host=${host}:127.0.0.1`),
    ]);
  });

  it('shares fresh volumes of the same name', () => {
    expect(volumesOf(subject, subject.container, null, names)).toEqual([{ name: `bulkhead-${nonce}-s2-v0`, path: '/a', readOnly: false }]);
    expect(volumesOf(subject, subject.peers[0]!, null, names)).toEqual([
      { name: `bulkhead-${nonce}-s2-v0`, path: '/b', readOnly: true },
      { name: `bulkhead-${nonce}-s2-c0-v1`, path: '/own', readOnly: false },
    ]);
    expect(volumesOf(subject, subject.container, null, { nonce, start: 3 })[0]!.name).not.toBe(`bulkhead-${nonce}-s2-v0`);
    expect(volumeArguments(`bulkhead-${nonce}-s0`, nonce)).toEqual([
      'volume',
      'create',
      `--label=bulkhead.trial=${nonce}`,
      '--',
      `bulkhead-${nonce}-s0`,
    ]);
  });
});

describe('a build', () => {
  const subject = provable('dockerfile', '# syntax=docker/dockerfile:1\nFROM alpine AS run\n', { name: 'run' });
  const build = subject.container.image as Exclude<typeof subject.container.image, string>;
  const place = { nonce, dockerfile: '/w/deploy/Dockerfile', context: '/w/deploy', hasNetwork: false };
  const tag = trialImage(nonce, 'c0');

  it('has no network, and takes nothing from elsewhere', () => {
    expect(buildArguments('podman', { ...build, args: [{ name: 'A', value: '--secret' }] }, tag, place)).toEqual([
      'build',
      '--pull=never',
      '--format=docker',
      '--http-proxy=false',
      '--layers=false',
      '--force-rm',
      '--quiet',
      '--network=none',
      `--label=bulkhead.trial=${nonce}`,
      `--tag=localhost/bulkhead-trial/c0:${nonce}`,
      '--file=/w/deploy/Dockerfile',
      '--target=run',
      '--build-arg=A=--secret',
      '--',
      '/w/deploy',
    ]);
  });

  it('lets BuildKit fetch a front end only with a network', () => {
    expect(buildArguments('docker', build, tag, place)).toBeNull();
    expect(buildArguments('docker', build, tag, { ...place, hasNetwork: true })).toContain('--network=default');
  });
});

it.each([
  '--privileged',
  '--network=host',
  '--network=ns:/proc/self/ns/net',
  '--network=ns:/proc/1/ns/net',
  '--cap-add=SYS_ADMIN',
  '--cap-add=ALL',
  '--volume=/:/host',
  `--volume=bulkhead-${nonce}-s0:/proc`,
  `--volume=bulkhead-${nonce}-s0:/a/../b`,
  '--tmpfs=/dev:rw,noexec,nosuid,nodev,size=1m,mode=1777',
  '--tmpfs=/a:rw,noexec,nosuid,dev,size=1m,mode=1777',
  '--security-opt=seccomp=unconfined',
  '--user=--privileged',
  '--pid=host',
  '--device=/dev/x',
  '--publish=80:80',
  '--env-file=x',
  '--mount=type=bind,src=/,dst=/x',
  '--label=a=b',
  '--name=x',
  '-v',
])('%s is no option of a trial', option => {
  expect(isTrialOption(option)).toBe(false);
});

it('fetches an image by its name alone', () => {
  expect(pullArguments('example.com/web:1')).toEqual(['pull', '--', 'example.com/web:1']);
  for (const image of ['--all-tags', '', 'a b', '-v']) expect(() => pullArguments(image)).toThrow();
});

it('throws where it is handed what no reader lets through', () => {
  const subject = provable('run', 'docker run -d nginx\n');
  for (const container of [
    { ...subject.container, user: '--privileged' },
    { ...subject.container, workdir: 'x' },
    { ...subject.container, mounts: [{ path: '/proc', kind: 'memory' as const, readOnly: false }] },
    { ...subject.container, environment: [{ name: 'A B', value: '', isStandIn: false }] },
    { ...subject.container, capabilities: ['SYS_ADMIN'] },
    { ...subject.container, groups: ['-x'] },
  ])
    expect(() => startArguments('podman', { ...subject, container }, container, null, names)).toThrow();
  expect(() => startArguments('podman', subject, subject.container, null, { ...names, image: '--privileged' })).toThrow();
});

/** Texts that would be more than what they stand for, if anything took them for options, for words of a shell, or for parts of a value. */
const hostile = fc.oneof(
  fc.constantFrom(
    '--privileged',
    '-v=/:/host',
    '$(touch /x)',
    '`id`',
    'a,exec',
    'a:rw',
    'a\n--pid=host',
    "'",
    '"',
    '\0',
    '/proc',
    '/',
    '..',
    '/a/../etc',
    '/data',
    'host',
    '0:0',
    'web',
    'nginx:1',
    'ALL',
    'CHOWN',
    'SYS_ADMIN',
    '{{.}}',
    '${X}',
    '',
  ),
  fc.string({ maxLength: 12 }),
);

it('has only known options in front of the image, whatever a service says', () => {
  const keys = [
    'image',
    'user',
    'working_dir',
    'entrypoint',
    'hostname',
    'container_name',
    'stop_signal',
    'stop_grace_period',
    'network_mode',
    'pid',
    'command',
  ];
  const lists = ['command', 'cap_add', 'cap_drop', 'group_add', 'security_opt', 'tmpfs', 'volumes', 'environment', 'expose'];
  let started = 0;
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom(...keys), hostile, { maxKeys: 3 }),
      fc.dictionary(fc.constantFrom(...lists), fc.array(hostile, { maxLength: 2 }), { maxKeys: 3 }),
      fc.record({ user: fc.option(hostile), paths: fc.array(hostile, { maxLength: 2 }), capabilities: fc.option(fc.array(hostile)) }),
      fc.constantFrom(...engines),
      (scalars, more, { user, paths, capabilities }, engine) => {
        const text = JSON.stringify({ services: { web: { image: 'nginx', ...scalars, ...more } } });
        const answer = subjectIn('compose', text);
        if (!isSubject(answer)) return;
        const folders = paths.map(path => ({ path, kind: 'memory' as const, learned: 'log' as const }));
        const settings = { ...nothing, user: /^\d+:\d+$/.test(user ?? '') ? user : null, folders, capabilities };
        const options = optionsOf(startArguments(engine, answer, answer.container, settings, names));
        expect(options.filter(option => !isTrialOption(option))).toEqual([]);
        expect(options.join('\0')).not.toMatch(/\0--(?:privileged|pid=|volume=\/|network=host|user=-)/);
        started++;
      },
    ),
    { numRuns: 3000 },
  );
  expect(started).toBeGreaterThan(200);
});

it('an exercise beside a service has its network and nothing else, and no word of it is an option', () => {
  const ids = { container: 'bulkhead-00ff00ff-s1-c0', image: 'debian:12' };
  const words = exerciseArguments('00ff00ff', { ...ids, command: '--privileged' });
  const at = words.indexOf('--');
  expect(words.slice(at)).toEqual(['--', 'debian:12', '-c', '--privileged']);
  expect(words.slice(0, at)).toEqual(
    expect.arrayContaining([
      '--rm',
      '--pull=never',
      '--network=container:bulkhead-00ff00ff-s1-c0',
      '--cap-drop=ALL',
      '--entrypoint=/bin/sh',
    ]),
  );
  expect(words.slice(1, at).every(isTrialOption)).toBe(true);
  for (const image of ['--privileged', '', 'a b'])
    expect(() => exerciseArguments('00ff00ff', { ...ids, image, command: 'true' })).toThrow();
  expect(() => exerciseArguments('00ff00ff', { ...ids, container: 'x --privileged', command: 'true' })).toThrow();
});
