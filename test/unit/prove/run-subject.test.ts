import { describe, expect, it } from 'vitest';
import { flagsOf } from '../../../shared/src/knowledge/run-flags';
import { runFlags } from '../../../shared/src/services/prove/subject/run';
import { isSubject, provable, refusedIn, subjectIn } from '../../support/trials';

const line = (options: string, rest = ''): string => `docker run -d ${options} example.com/web:1 ${rest}\n`;

it('knows nearly every flag, and refuses the others', () => {
  const names = new Set(
    (['docker', 'podman', 'nerdctl'] as const).flatMap(program => flagsOf(program).names.map(name => flagsOf(program).long(name)!.name)),
  );
  const unknown = [...names].filter(name => !Object.hasOwn(runFlags, name)).sort();
  expect(unknown).toEqual(
    (
      'cni-args cosign-certificate-identity cosign-certificate-identity-regexp cosign-certificate-oidc-issuer cosign-certificate-oidc-issuer-regexp cosign-key ' +
      'decryption-key env-merge health-startup-cmd health-startup-interval health-startup-retries health-startup-success health-startup-timeout help hosts-file ' +
      'image-volume init-binary ipfs-address passwd personality preserve-fd preserve-fds rootfs umask unsetenv unsetenv-all verify'
    )
      .split(' ')
      .filter(name => names.has(name)),
  );
});

describe('what no trial of a command gives, one at a time', () => {
  it.each([
    ['--privileged', 'needs-host: --privileged'],
    ['--device /dev/kmsg', 'needs-host: --device /dev/kmsg'],
    ['--device-cgroup-rule "c 1:3 rwm"', 'needs-host: --device-cgroup-rule c 1:3 rwm'],
    ['--gpus all', 'needs-host: --gpus all'],
    ['--net host', 'needs-host: --net host'],
    ['--network=container:x', 'needs-peer: --network container:x'],
    ['--network=ns:/proc/1/ns/net', 'needs-host: --network ns:/proc/1/ns/net'],
    ['--pid=host', 'needs-host: --pid host'],
    ['--ipc host', 'needs-host: --ipc host'],
    ['--uts=host', 'needs-host: --uts host'],
    ['--userns=host', 'needs-host: --userns host'],
    ['--cgroupns host', 'needs-host: --cgroupns host'],
    ['--cgroup-parent /x', 'needs-host: --cgroup-parent /x'],
    ['--runtime kata', 'needs-host: --runtime kata'],
    ['--sysctl net.core.somaxconn=1', 'needs-host: --sysctl net.core.somaxconn=1'],
    ['--use-api-socket', 'needs-host: --use-api-socket'],
    ['--volume-driver nfs', 'needs-host: --volume-driver nfs'],
    ['-v /var/run/docker.sock:/var/run/docker.sock', 'needs-host: /var/run/docker.sock'],
    ['-v $PWD/x:/x', 'needs-host: ./x'],
    ['-v "$DIR:/x"', 'unclear: -v $DIR:/x'],
    ['-v data:/x:nocopy', 'unclear: data:/x:nocopy'],
    ['--mount type=bind,src=/,dst=/host', 'needs-host: /'],
    ['--mount type=volume,dst=/x,volume-opt=device=/', 'needs-host: volume-opt'],
    ['--mount type=image,src=x,dst=/x', 'unclear: type=image,src=x,dst=/x'],
    ['--volumes-from x', 'needs-peer: --volumes-from x'],
    ['--link x', 'needs-peer: --link x'],
    ['--env-file .env', 'needs-secret: --env-file .env'],
    ['--cap-add SYS_ADMIN', 'needs-host: SYS_ADMIN'],
    ['--cap-add=CHOWN,ALL', 'needs-host: ALL'],
    ['--security-opt seccomp=unconfined', 'needs-host: seccomp=unconfined'],
    ['--security-opt apparmor=unconfined', 'needs-host: apparmor=unconfined'],
    ['--security-opt label=disable', 'needs-host: label=disable'],
    ['--unknown-flag', 'unclear: unknown-flag --unknown-flag'],
    ['--user "$WHO"', 'unclear: --user $WHO'],
    ['--user=--privileged', 'unclear: user --privileged'],
    ['-e MODE=$MODE', 'unclear: env MODE'],
    ['-e "A B=c"', 'unclear: environment A B'],
    ['--tmpfs /proc/x', 'unclear: mount /proc/x'],
    ['--tmpfs /', 'unclear: mount /'],
    ['--tmpfs ../x', 'unclear: mount ../x'],
    ['--tmpfs /x --tmpfs /x', 'unclear: mount /x'],
    ['--workdir --x', 'unclear: working directory --x'],
    ['--entrypoint \'["a","b"]\'', 'unclear: --entrypoint'],
    ['--entrypoint ""', 'unclear: entrypoint'],
    ['$OPTIONS', 'unclear: $OPTIONS'],
  ])('%s', (options, reason) => {
    expect(refusedIn(subjectIn('run', line(options)))).toContain(reason);
  });

  it.each([
    ['docker -H ssh://example.com run -d nginx', 'engine: ssh://example.com'],
    ['docker run -d -- --privileged', 'unclear: --privileged'],
    ['docker run -d -- -v=/:/host', 'unclear: -v=/:/host'],
    ['docker run -d "$IMAGE"', 'unclear: $IMAGE'],
    ['docker run -d nginx $WORDS', 'unclear: command'],
    ['echo nginx | xargs docker run -d', 'unclear: no-image'],
    ['podman run --umask 0 nginx', 'unclear: --umask 0'],
    ['podman run --rootfs /x', 'unclear: --rootfs'],
    ['podman run --pod x nginx', 'needs-peer: --pod x'],
    ['podman run --secret x nginx', 'needs-secret: --secret x'],
    ['podman run --env-host nginx', 'needs-host: --env-host'],
    ['podman run --systemd=always nginx', 'unclear: --systemd always'],
  ])('%s', (text, reason) => {
    expect(refusedIn(subjectIn('run', `${text}\n`))).toContain(reason);
  });
});

it('takes over what a trial can have', () => {
  const options =
    '--name shop -e A=1 -e DB_PASSWORD=hunter2hunter2 -e API_TOKEN -e HOME -e TOKEN=$TOKEN -u 1000:1000 -w /app -v data:/data:ro -v /cache --mount type=tmpfs,dst=/tmp ' +
    '--tmpfs /run:size=1m --cap-drop ALL --cap-add chown,NET_BIND_SERVICE --security-opt no-new-privileges --read-only --init --stop-signal SIGINT --stop-timeout 3 ' +
    '--health-cmd "curl localhost" -p 8080:80 --privileged=false --label a=b --restart always --network shop --group-add 5 --entrypoint /start';
  const { container, leftOut } = provable('run', line(options, 'serve --fast'));
  expect(container).toMatchObject({
    name: 'shop',
    image: 'example.com/web:1',
    entrypoint: ['/start'],
    command: ['serve', '--fast'],
    user: '1000:1000',
    workdir: '/app',
    groups: ['5'],
    readOnly: true,
    noNewPrivileges: true,
    init: true,
    capabilities: ['CHOWN', 'NET_BIND_SERVICE'],
    stopSignal: 'SIGINT',
    stopGrace: 3,
    health: ['/bin/sh', '-c', 'curl localhost'],
    ports: [80],
    mounts: [
      { path: '/data', kind: 'volume', readOnly: true, source: 'data' },
      { path: '/cache', kind: 'volume', readOnly: false },
      { path: '/tmp', kind: 'memory', readOnly: false },
      { path: '/run', kind: 'memory', readOnly: false },
    ],
  });
  expect(container.environment.map(({ name, isStandIn }) => `${name} ${isStandIn}`)).toEqual([
    'A false',
    'DB_PASSWORD true',
    'API_TOKEN true',
    'TOKEN true',
  ]);
  expect(JSON.stringify(container)).not.toContain('hunter2');
  expect(leftOut).toEqual(['--label', '--network', '--restart', '-d', '-p', 'env HOME']);
});

it('fills in what the script itself sets', () => {
  expect(provable('run', 'TAG=1.2\ndocker run -d nginx:$TAG\n').container.image).toBe('nginx:1.2');
});

it('asks which of several is meant', () => {
  const text = 'docker run -d --name a nginx\ndocker run -d --name b redis\n';
  expect(isSubject(subjectIn('run', text))).toBe(false);
  expect(provable('run', text, { name: 'b' }).container.image).toBe('redis');
});

it('hands on odd texts as they are, and refuses huge ones', () => {
  expect(provable('run', `docker run -d -e 'A=$(touch /x)\`id\`"\n--privileged' nginx\n`).container.environment[0]!.value).toBe(
    '$(touch /x)`id`"\n--privileged',
  );
  expect(refusedIn(subjectIn('run', `docker run -d -e A=${'x'.repeat(1 << 20)} nginx\n`)).length).toBeGreaterThan(0);
  expect(refusedIn(subjectIn('run', `docker run -d -e 'A=a\0b' nginx\n`)).length).toBeGreaterThan(0);
});
