import { describe, expect, it } from 'vitest';
import { composeRoot, shapeOf } from '../../../shared/src/knowledge/compose-schema';
import { otherKeys, serviceKeys } from '../../../shared/src/services/prove/subject/compose-service';
import { isSubject, provable, refusedIn, subjectIn } from '../../support/trials';

const service = (lines: string, rest = ''): string =>
  `services:\n  web:\n    image: example.com/web:1\n${lines
    .split('\n')
    .map(line => `    ${line}\n`)
    .join('')}${rest}`;

it('knows what each key that a service may have comes to', () => {
  const services = shapeOf(composeRoot()).fields!['services']!;
  const keys = Object.keys(shapeOf(shapeOf(services).names!).fields!);
  expect(keys.length).toBeGreaterThan(80);
  expect(keys.filter(key => !Object.hasOwn(serviceKeys, key) && !Object.hasOwn(otherKeys, key))).toEqual([]);
});

describe('what no trial of a service gives, one at a time', () => {
  it.each([
    ['privileged: true', 'needs-host: privileged'],
    ['devices: [/dev/kmsg]', 'needs-host: devices'],
    ['device_cgroup_rules: ["c 1:3 rwm"]', 'needs-host: device_cgroup_rules c 1:3 rwm'],
    ['gpus: all', 'needs-host: gpus'],
    ['network_mode: host', 'needs-host: network_mode host'],
    ['network_mode: "container:other"', 'needs-peer: network_mode container:other'],
    ['pid: host', 'needs-host: pid host'],
    ['ipc: host', 'needs-host: ipc host'],
    ['uts: host', 'needs-host: uts host'],
    ['userns_mode: host', 'needs-host: userns_mode'],
    ['cgroup: host', 'needs-host: cgroup host'],
    ['cgroup_parent: /x', 'needs-host: cgroup_parent'],
    ['runtime: kata', 'needs-host: runtime'],
    ['sysctls: { net.core.somaxconn: 1024 }', 'needs-host: sysctls'],
    ['use_api_socket: true', 'needs-host: use_api_socket'],
    ['credential_spec: { file: x.json }', 'needs-host: credential_spec'],
    ['volumes: ["/var/run/docker.sock:/var/run/docker.sock"]', 'needs-host: /var/run/docker.sock'],
    ['volumes: ["./data:/data:ro"]', 'needs-host: ./data'],
    ['volumes: [{ type: npipe, source: x, target: /y }]', 'needs-host: x'],
    ['volumes: ["${DIR}:/data"]', 'unclear: volumes'],
    ['volumes_from: [other]', 'needs-peer: volumes_from other'],
    ['external_links: [other]', 'needs-peer: external_links other'],
    ['env_file: .env', 'needs-secret: env_file'],
    ['cap_add: [SYS_ADMIN]', 'needs-host: SYS_ADMIN'],
    ['cap_add: [ALL]', 'needs-host: ALL'],
    ['cap_add: [CAP_NET_ADMIN]', 'needs-host: CAP_NET_ADMIN'],
    ['cap_add: ["CHOWN --privileged"]', 'unclear: CHOWN --privileged'],
    ['security_opt: ["seccomp=unconfined"]', 'needs-host: seccomp=unconfined'],
    ['security_opt: ["seccomp:./profile.json"]', 'needs-host: seccomp:./profile.json'],
    ['security_opt: ["apparmor=unconfined"]', 'needs-host: apparmor=unconfined'],
    ['security_opt: ["label=disable"]', 'needs-host: label=disable'],
    ['security_opt: ["systempaths=unconfined"]', 'needs-host: systempaths=unconfined'],
    ['security_opt: ["else"]', 'unclear: else'],
    ['post_start: [{ command: x, privileged: true }]', 'unclear: post_start'],
    ['provider: { type: x }', 'unclear: provider'],
    ['extends: { file: ../base.yaml, service: web }', 'unclear: extends'],
    ['surprise: true', 'unclear: surprise'],
    ['user: "${WHO}"', 'unclear: user'],
    ['user: "-1 --privileged"', 'unclear: user -1 --privileged'],
    ['tmpfs: ["/proc"]', 'unclear: mount /proc'],
    ['tmpfs: ["/"]', 'unclear: mount /'],
    ['tmpfs: ["/a/../sys"]', 'unclear: mount /a/../sys'],
    ['tmpfs: ["/dev/x"]', 'unclear: mount /dev/x'],
    ['tmpfs: [/etc/hosts]', 'unclear: mount /etc/hosts'],
    ['tmpfs: ["/a", "/a/"]', 'unclear: mount /a/'],
    ['volumes: [{ type: tmpfs, target: "/a,exec" }]', 'unclear: mount /a,exec'],
    ['volumes: [{ type: volume, source: x, target: /a, volume: { subpath: ../.. } }]', 'unclear: volume /a'],
    ['environment: { MODE: "${MODE}" }', 'unclear: environment MODE'],
    ['environment: { "A B": x }', 'unclear: environment A B'],
    ['environment: ["=x"]', 'unclear: environment '],
    ['environment: { A: "x\\0y" }', 'unclear: environment A'],
    ['command: "a ${B}"', 'unclear: command'],
    ['entrypoint: []', 'unclear: entrypoint'],
    ['working_dir: -v', 'unclear: working directory -v'],
    ['stop_signal: "9 -x"', 'unclear: stop signal 9 -x'],
    ['group_add: ["-x"]', 'unclear: group -x'],
    ['image: --privileged', 'unclear: --privileged'],
    ['image: "-v=/:/host"', 'unclear: -v=/:/host'],
    ['image: "${IMAGE}"', 'unclear: image'],
    ['depends_on: [missing]', 'not-here: service missing'],
    ['depends_on: { web: { condition: service_completed_successfully } }', 'needs-peer: web (service_completed_successfully)'],
  ])('%s', (line, reason) => {
    const text = line.startsWith('image:') ? `services:\n  web:\n    ${line}\n` : service(line);
    expect(refusedIn(subjectIn('compose', text))).toContain(reason);
  });

  it.each([
    ['external: true', 'not-here: external volume data'],
    ['driver: nfs', 'needs-host: volume data'],
    ['driver_opts: { type: none, o: bind, device: / }', 'needs-host: volume data'],
  ])('a volume with %s', (line, reason) => {
    expect(refusedIn(subjectIn('compose', service('volumes: ["data:/data"]', `volumes:\n  data: { ${line} }\n`)))).toEqual([reason]);
  });

  it('secrets and configs from files', () => {
    const files = 'secrets:\n  s: { file: ./s }\nconfigs:\n  c: { file: ./c }\n';
    const reasons = refusedIn(subjectIn('compose', service('secrets: [s]\nconfigs: [c]', files)));
    expect(reasons).toEqual(['needs-secret: secrets', 'not-here: configs']);
  });

  it('points at what is refused', () => {
    const text = service('cap_add: [SYS_ADMIN]');
    const answer = subjectIn('compose', text);
    const [start, end] = isSubject(answer) ? [0, 0] : answer[0]!.range!;
    expect(text.slice(start, end)).toBe('SYS_ADMIN');
  });
});

it('takes over what a trial can have', () => {
  const { container, leftOut, peers } = provable(
    'compose',
    service(
      `entrypoint: /start.sh --fast
command: ["serve", "$$HOME"]
environment: { A: 1, B: "\${X:-b}", C: }
user: "1000:1000"
group_add: [5]
read_only: true
cap_drop: [ALL]
cap_add: [CAP_CHOWN]
security_opt: ["no-new-privileges:true"]
volumes: ["data:/data:ro", "/cache", { type: tmpfs, target: /tmp }]
tmpfs: /run:size=1m
init: true
stop_signal: SIGINT
stop_grace_period: 1m
working_dir: /app
healthcheck: { test: curl localhost }
expose: [9000]
ports: ["8080:80", "127.0.0.1:53:53/udp"]
labels: { a: b }
restart: always
logging: { driver: gelf }
networks: { default: { aliases: [www] } }
x-own: 1`,
      'volumes:\n  data:\n',
    ),
  );
  expect(container).toEqual({
    name: 'web',
    aliases: ['www'],
    image: 'example.com/web:1',
    entrypoint: ['/start.sh', '--fast'],
    command: ['serve', '$HOME'],
    environment: [
      { name: 'A', value: '1', isStandIn: false },
      { name: 'B', value: 'b', isStandIn: false },
    ],
    workdir: '/app',
    user: '1000:1000',
    groups: ['5'],
    readOnly: true,
    capabilities: ['CHOWN'],
    noNewPrivileges: true,
    mounts: [
      { path: '/data', kind: 'volume', readOnly: true, source: 'data' },
      { path: '/cache', kind: 'volume', readOnly: false },
      { path: '/tmp', kind: 'memory', readOnly: false },
      { path: '/run', kind: 'memory', readOnly: false },
    ],
    init: true,
    stopSignal: 'SIGINT',
    stopGrace: 60,
    health: ['/bin/sh', '-c', 'curl localhost'],
    ports: [80, 9000],
  });
  expect(leftOut).toEqual(['environment C', 'labels', 'logging', 'networks', 'ports', 'restart']);
  expect(peers).toEqual([]);
});

describe('a service of several files', () => {
  const text = 'include: [db/compose.yaml]\nservices:\n  web: { extends: { file: ../base.yaml, service: app }, depends_on: [db] }\n';
  const files = {
    'base.yaml': 'services:\n  app: { image: app, environment: { A: 1 }, read_only: true }\n',
    'deploy/db/compose.yaml': 'services:\n  db: { image: postgres, environment: { POSTGRES_PASSWORD: hunter2hunter2 } }\n',
  };

  it('is what they come to', () => {
    const { container, peers } = provable('compose', text, { files, name: 'web' });
    expect(container).toMatchObject({ image: 'app', readOnly: true, environment: [{ name: 'A', value: '1' }] });
    expect(peers[0]).toMatchObject({ name: 'db', image: 'postgres', environment: [{ isStandIn: true }] });
  });

  it('is not known where one is missing, and passes the same list in all', () => {
    expect(refusedIn(subjectIn('compose', text, { name: 'web' }))).toContain('unclear: extends');
    const worse = { ...files, 'base.yaml': 'services:\n  app: { image: app, privileged: true, volumes: ["./x:/x"] }\n' };
    expect(refusedIn(subjectIn('compose', text, { files: worse, name: 'web' }))).toEqual(['needs-host: privileged', 'needs-host: ../x']);
  });
});

describe('what a service depends on', () => {
  it('is started before it, each after what it depends on itself', () => {
    const text = `services:
  web: { image: web, depends_on: [api, cache], links: [db] }
  api: { image: api, depends_on: { db: { condition: service_healthy } } }
  db: { image: postgres, container_name: shop-db }
  cache: { image: redis }
  other: { image: other, privileged: true }
`;
    const { peers } = provable('compose', text, { name: 'web' });
    expect(peers.map(({ name }) => name)).toEqual(['db', 'api', 'cache']);
    expect(peers[0]!.aliases).toEqual(['shop-db']);
  });

  it('has to pass the same list', () => {
    const text = 'services:\n  web: { image: web, depends_on: [db] }\n  db: { image: db, privileged: true }\n';
    expect(refusedIn(subjectIn('compose', text, { name: 'web' }))).toEqual(['needs-host: privileged']);
  });

  it('may not go round', () => {
    const text = 'services:\n  a: { image: a, depends_on: [b] }\n  b: { image: b, depends_on: [a] }\n';
    expect(refusedIn(subjectIn('compose', text, { name: 'a' })).join()).toMatch(/unclear/);
  });

  it('may not be half a data centre', () => {
    const names = Array.from({ length: 500 }, (_, i) => `s${i}`);
    const text = `services:\n  web: { image: web, depends_on: [${names.join(', ')}] }\n${names.map(name => `  ${name}: { image: x }\n`).join('')}`;
    expect(refusedIn(subjectIn('compose', text, { name: 'web' })).join()).toMatch(/^needs-peer/);
  });

  it('may not listen on the same port: all share one network', () => {
    const text = 'services:\n  a: { image: a, depends_on: [b], ports: ["1:80"] }\n  b: { image: b, expose: [80] }\n';
    expect(refusedIn(subjectIn('compose', text, { name: 'a' }))).toEqual(['needs-peer: b, a: 80']);
  });
});

describe('secrets', () => {
  const text = `services:
  api:
    image: api
    depends_on: [db]
    command: [serve, --password, hunter2hunter2, --api-token=hunter2hunter2, "ssl=hunter2hunter2"]
    environment:
      DATABASE_URL: postgres://shop:hunter2hunter2@db:5432/shop
      CACHE_URL: redis://:\${CACHE_PASSWORD}@cache
      KEY: \${CACHE_PASSWORD:?set it}
      SECRET_KEY_BASE: 0a1b2c3d4e5f60718293a4b5c6d7e8f9
      GITHUB_TOKEN:
  db:
    image: postgres
    environment: [POSTGRES_USER=postgres, POSTGRES_PASSWORD=hunter2hunter2, MYSQL_ALLOW_EMPTY_PASSWORD=yes]
    healthcheck: { test: [CMD, pg_isready, -U, postgres] }
`;
  const subject = provable('compose', text, { name: 'api' });
  const valueOf = (service: number, name: string): string =>
    [...subject.peers, subject.container][service]!.environment.find(one => one.name === name)!.value;

  it('never come into a container', () => {
    expect(JSON.stringify(subject)).not.toMatch(/hunter2|0a1b2c3d4e5f/);
  });

  it('are the same wherever they are used', () => {
    const password = valueOf(0, 'POSTGRES_PASSWORD');
    expect(valueOf(1, 'DATABASE_URL')).toBe(`postgres://shop:${password}@db:5432/shop`);
    expect(subject.container.command).toEqual(['serve', '--password', password, `--api-token=${password}`, `ssl=${password}`]);
    expect(valueOf(1, 'CACHE_URL')).toBe(`redis://:${valueOf(1, 'KEY')}@cache`);
  });

  it('keep their form', () => {
    expect(valueOf(1, 'SECRET_KEY_BASE')).toMatch(/^[0-9a-f]{32}$/);
    expect(valueOf(0, 'POSTGRES_PASSWORD')).toMatch(/^[a-z]{6}\d[a-z]{6}\d$/);
    expect(valueOf(1, 'GITHUB_TOKEN')).toMatch(/^[A-Za-z0-9]{24}$/);
  });

  it('leave alone what is none', () => {
    expect(valueOf(0, 'POSTGRES_USER')).toBe('postgres');
    expect(valueOf(0, 'MYSQL_ALLOW_EMPTY_PASSWORD')).toBe('yes');
    expect(subject.peers[0]!.health).toEqual(['pg_isready', '-U', 'postgres']);
    expect(subject.container.environment.filter(({ isStandIn }) => isStandIn).map(({ name }) => name)).toEqual([
      'DATABASE_URL',
      'CACHE_URL',
      'KEY',
      'SECRET_KEY_BASE',
      'GITHUB_TOKEN',
    ]);
  });
});

describe('a service that is built', () => {
  const text = (build: string): string => `services:\n  web:\n    image: example.com/web\n    build: ${build}\n`;
  const files = { 'deploy/app/Dockerfile': 'ARG BASE=alpine\nFROM $BASE AS run\nEXPOSE 8080\n' };

  it('has a build of checked files', () => {
    const { container } = provable('compose', text('{ context: app, args: { BASE: debian, NPM_TOKEN: abcdef123 }, target: run }'), {
      files,
    });
    expect(container.image).toMatchObject({
      dockerfile: 'deploy/app/Dockerfile',
      context: 'deploy/app',
      target: 'run',
      images: ['debian'],
    });
    expect(JSON.stringify(container.image)).not.toContain('abcdef123');
    expect(container.ports).toEqual([8080]);
  });

  it.each([
    ['https://github.com/example/app.git', 'refused-build: build.context https://github.com/example/app.git'],
    ['git@example.com:app.git', 'refused-build: build.context git@example.com:app.git'],
    ['../../outside', 'refused-build: build.context ../../outside'],
    ['/etc', 'refused-build: build.context /etc'],
    ['{ context: app, dockerfile: ../../../x }', 'refused-build: build.dockerfile ../../../x'],
    ['{ context: app, ssh: [default] }', 'refused-build: build.ssh'],
    ['{ context: app, entitlements: [network.host] }', 'refused-build: build.entitlements'],
    ['{ context: app, privileged: true }', 'refused-build: build.privileged'],
    ['{ context: app, network: host }', 'refused-build: build.network host'],
    ['{ context: app, additional_contexts: { x: / } }', 'refused-build: build.additional_contexts'],
    ['{ context: app, dockerfile_inline: "FROM x" }', 'refused-build: build.dockerfile_inline'],
    ['{ context: app, args: { BUILDKIT_SYNTAX: evil/x } }', 'refused-build: build.args BUILDKIT_SYNTAX'],
    ['{ context: other }', 'not-here: deploy/other/Dockerfile'],
    ['{ context: app, args: { BASE: "${NOBODY}" } }', 'refused-build: build.args BASE'],
  ])('%s', (build, reason) => {
    expect(refusedIn(subjectIn('compose', text(build), { files }))).toContain(reason);
  });

  it('is checked with its arguments', () => {
    const own = { 'deploy/app/Dockerfile': 'FROM alpine\nARG FROM_WHERE=local\nADD $FROM_WHERE /x\n' };
    const asked = text('{ context: app, args: { FROM_WHERE: "https://example.com/x" } }');
    expect(refusedIn(subjectIn('compose', asked, { files: own })).join()).toMatch(/refused-build.*ADD/);
  });
});

it('takes texts of any size and kind without losing them or throwing', () => {
  const big = 'x'.repeat(1 << 20);
  expect(refusedIn(subjectIn('compose', service(`environment: { A: "${big}" }`)))).toEqual(['unclear: environment A']);
  expect(refusedIn(subjectIn('compose', service(`image: "${big}"`))).length).toBeGreaterThan(0);
  const odd = '"\\n--privileged\\n\'$(touch /x)`id`\\t;"';
  expect(provable('compose', service(`environment: { A: ${odd} }\ncommand: [${odd}]`)).container).toMatchObject({
    environment: [{ name: 'A', value: "\n--privileged\n'$(touch /x)`id`\t;" }],
    command: ["\n--privileged\n'$(touch /x)`id`\t;"],
  });
  for (const text of ['', 'services:', 'services: []', 'services: { web: 3 }', 'services: { web: { image: } }', '{', 'a: *b'])
    expect(isSubject(subjectIn('compose', text, { name: 'web' }))).toBe(false);
});
