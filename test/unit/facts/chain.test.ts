import { describe, expect, it } from 'vitest';
import { readChain, type ImageChain } from '../../../shared/src/services/facts/chain';
import { fc } from '../../support/property';
import { digestOf, indexOf, makeImage, makeIndexed, makePlatform, manifestOf } from '../../support/image-chain';

/** What a chain says, or why it says nothing. */
function read({ digest, chain }: { readonly digest: string; readonly chain: ImageChain }, platform: string | null = null) {
  const made = readChain(digest, chain, 'verified', platform);
  return made.ok ? made.value : made.problem;
}

/** The problem of an image whose configuration is this text. */
function problemOf(configuration: string, mediaType?: string): string {
  const manifest = manifestOf(configuration, mediaType);
  const made = read({ digest: digestOf(manifest), chain: { index: null, manifest, configuration } });
  return typeof made === 'string' ? made : `none: ${JSON.stringify(made.facts)}`;
}

const configurationOf = (config: unknown, more: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ os: 'linux', architecture: 'amd64', config, ...more });

describe('the facts of an image', () => {
  const config = {
    User: '1000:1000',
    ExposedPorts: { '8080/tcp': {}, '53/udp': {}, '9090': {} },
    Volumes: { '/var/lib/app': {} },
    Env: ['PATH=/usr/bin:/bin', 'TOKEN=s3cr3t=x'],
    Entrypoint: ['/entrypoint.sh'],
    Cmd: ['serve', '--port', '8080'],
    WorkingDir: '/srv/app',
    StopSignal: 'SIGQUIT',
    Healthcheck: { Test: ['CMD', 'curl', '-f', 'http://127.0.0.1:8080/'], Interval: 30000000000 },
    Labels: { 'org.opencontainers.image.source': 'https://git.example.com/app' },
  };

  it('are those of its configuration, and hold no value of a variable', () => {
    const image = makeImage({ config });
    expect(read(image)).toEqual({
      facts: {
        level: 'verified',
        digest: image.digest,
        platform: 'linux/amd64',
        user: '1000:1000',
        bases: [],
        claimedUid: null,
        entrypoint: ['/entrypoint.sh'],
        command: ['serve', '--port', '8080'],
        workdir: '/srv/app',
        ports: ['53/udp', '8080/tcp', '9090/tcp'],
        volumes: ['/var/lib/app'],
        variables: ['PATH', 'TOKEN'],
        health: ['CMD', 'curl', '-f', 'http://127.0.0.1:8080/'],
        stopSignal: 'SIGQUIT',
      },
      claims: { created: '2026-01-02T03:04:05Z', base: null, source: 'https://git.example.com/app', history: [] },
    });
  });

  it('are empty where a configuration says nothing: it runs as root in /', () => {
    for (const empty of [{}, { User: '', Entrypoint: null, Cmd: null, ExposedPorts: null, Volumes: null, WorkingDir: '' }]) {
      const made = read(makeImage({ config: empty }));
      expect(made).toMatchObject({ facts: { user: '', entrypoint: [], command: [], workdir: '/', ports: [], volumes: [], health: null } });
    }
  });

  it('are those of linux/amd64 of an index, in whatever order it stands, and never an attestation', () => {
    const image = makeIndexed({ config: { User: '1' } }, { config: { User: '2' } });
    expect(read(image)).toMatchObject({ facts: { user: '1', platform: 'linux/amd64', digest: image.digest } });
  });

  it('are those of the platform that is asked for, with its variant or without', () => {
    const amd = makePlatform({ config: { User: '1' } });
    const arm = makePlatform({ config: { User: '2' }, architecture: 'arm64' });
    const index = indexOf([
      { manifest: amd.manifest, platform: 'linux/amd64' },
      { manifest: arm.manifest, platform: 'linux/arm64/v8' },
    ]);
    const image = { digest: digestOf(index), chain: { index, ...arm } };
    expect(read(image, 'linux/arm64')).toMatchObject({ facts: { user: '2', platform: 'linux/arm64/v8' } });
    expect(read(image, 'linux/arm64/v8')).toMatchObject({ facts: { user: '2' } });
    expect(read(image, 'linux/s390x')).toBe('it has no image for linux/s390x, but for linux/amd64, linux/arm64/v8');
  });

  it('name the base that annotations of the index name', () => {
    const made = makePlatform({});
    const index = indexOf([{ manifest: made.manifest, platform: 'linux/amd64' }], {
      'org.opencontainers.image.base.name': 'alpine:3.20',
      'org.opencontainers.image.base.digest': digestOf('alpine'),
    });
    expect(read({ digest: digestOf(index), chain: { index, ...made } })).toMatchObject({
      claims: { base: { name: 'alpine:3.20', digest: digestOf('alpine') } },
    });
  });
});

describe('bytes that do not hash', () => {
  const image = makeIndexed({ config: { User: '0' } });
  const forged = makePlatform({ config: { User: '1000' } });

  it('say nothing, whichever of them was changed', () => {
    const { digest, chain } = image;
    const cases: readonly (readonly [ImageChain, string])[] = [
      [{ ...chain, configuration: forged.configuration }, 'configuration'],
      [{ ...chain, ...forged }, 'manifest'],
      [{ index: indexOf([{ manifest: forged.manifest, platform: 'linux/amd64' }]), ...forged }, 'index'],
      [{ index: null, ...forged }, 'manifest'],
      [{ ...chain, configuration: `${chain.configuration} ` }, 'configuration'],
    ];
    for (const [changed, what] of cases)
      expect(read({ digest, chain: changed })).toMatch(new RegExp(`^its ${what} has the digest sha256:`));
  });

  it('include the true bytes of another platform than the usual one', () => {
    const arm = { config: { User: '1000' } };
    const { digest, chain } = makeIndexed({ config: { User: '0' } }, arm);
    expect(read({ digest, chain: { ...chain, ...makePlatform({ ...arm, architecture: 'arm64' }) } })).toMatch(
      /^its manifest has the digest/,
    );
  });
});

describe('bad configurations have a clear reason', () => {
  it.each([
    ['not JSON', '{', 'its configuration is not JSON'],
    ['HTML', '<!doctype html>', 'its configuration is not JSON'],
    ['a list', '[]', 'its configuration is not a JSON object'],
    ['without a platform', '{"config":{}}', 'its configuration names no platform'],
    ['a user that is a number', configurationOf({ User: 1000 }), '"User" is not a text'],
    ['a user with an escape', configurationOf({ User: '\u001b[2J1000' }), '"User" has control characters'],
    ['a volume with a line break', configurationOf({ Volumes: { '/a\n/b': {} } }), '"Volumes" has control characters'],
    ['an entry point that is a text', configurationOf({ Entrypoint: '/run.sh' }), '"Entrypoint" is not a list'],
    ['ten thousand ports', configurationOf({ ExposedPorts: ports(10_000) }), '"ExposedPorts" has more than 1000 items'],
    ['a user of a megabyte', configurationOf({ User: 'a'.repeat(1 << 20) }), '"User" is too long'],
    ['5 MiB', configurationOf({ Labels: { a: 'a'.repeat(5 << 20) } }), 'its configuration is too long'],
  ])('%s', (_, text, problem) => {
    expect(problemOf(text)).toBe(problem);
  });

  // Go's decoder takes any spelling of a member: the engine would run it as another user than we say
  it.each([
    ['user', { User: '1000', user: '0' }],
    ['USER alone', { USER: '0' }],
    ['a long s', { 'U\u017fer': '0', User: '1000' }],
  ])('a member in another spelling: %s', (_, config) => {
    expect(problemOf(configurationOf(config))).toBe('"User" is there in another spelling');
  });

  it('a second configuration in another spelling', () => {
    expect(problemOf(configurationOf({ User: '1000' }, { Config: { User: '0' } }))).toBe('"config" is there in another spelling');
  });

  it('other kinds of artifacts', () => {
    expect(problemOf('{}', 'application/vnd.cncf.helm.config.v1+json')).toBe(
      'it is not an image of a container, but another kind of artifact',
    );
  });
});

describe('bad manifests have a clear reason', () => {
  const { configuration } = makePlatform({});
  const good = JSON.parse(manifestOf(configuration)) as Readonly<Record<string, unknown>>;
  it.each([
    ['schema 1', { schemaVersion: 1, fsLayers: [] }, 'its manifest is of schema 1, which has no stable digest'],
    ['both manifest and index', { ...good, manifests: [] }, 'its manifest is an index as well'],
    ['an index in its place', { schemaVersion: 2, manifests: [] }, 'its manifest is an index'],
    ['no configuration', { schemaVersion: 2 }, '"digest" is not a SHA-256 digest'],
    ['a digest of another kind', { ...good, config: { digest: 'md5:0' } }, '"digest" is not a SHA-256 digest'],
  ])('%s', (_, value, problem) => {
    const manifest = JSON.stringify(value);
    expect(read({ digest: digestOf(manifest), chain: { index: null, manifest, configuration } })).toBe(problem);
  });

  it('an index of attestations alone', () => {
    const index = indexOf([{ manifest: 'a', platform: 'unknown/unknown' }]);
    expect(read({ digest: digestOf(index), chain: { index, manifest: '', configuration } })).toBe('its index has no image of a platform');
  });
});

function ports(count: number): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`${i}/tcp`, {}]));
}

describe('whatever is served', () => {
  const { configuration } = makePlatform({ config: { User: 'a', Env: ['A=b'], Labels: { x: 'y' } }, history: [{ created_by: 'RUN x' }] });
  /** A value of JSON with one of its parts put in another's place, or something else there. */
  const changed = (text: string) =>
    fc.tuple(fc.nat(), fc.jsonValue({ maxDepth: 2 })).map(([at, value]) => {
      const paths: (string | number)[][] = [];
      const walk = (part: unknown, path: readonly (string | number)[]): void => {
        paths.push([...path]);
        if (typeof part === 'object' && part !== null) for (const [key, inner] of Object.entries(part)) walk(inner, [...path, key]);
      };
      const root: unknown = JSON.parse(text);
      walk(root, []);
      const path = paths[at % paths.length]!;
      if (path.length === 0) return JSON.stringify(value);
      const last = path.pop()!;
      const holder = path.reduce<Record<string, unknown>>(
        (part, key) => part[key] as Record<string, unknown>,
        root as Record<string, unknown>,
      );
      holder[last] = value;
      return JSON.stringify(root);
    });

  it('is read or refused with a reason, and never thrown at', () => {
    fc.assert(
      fc.property(changed(configuration), text => {
        const manifest = manifestOf(text);
        const made = readChain(digestOf(manifest), { index: null, manifest, configuration: text }, 'verified');
        if (!made.ok) expect(made.problem).not.toBe('');
        // eslint-disable-next-line no-control-regex
        else expect(made.value.facts.user + made.value.facts.ports.join() + made.value.facts.volumes.join()).not.toMatch(/[\x00-\x1f]/);
      }),
    );
    fc.assert(
      fc.property(changed(makeIndexed({}).chain.index!), changed(manifestOf(configuration)), (index, manifest) => {
        expect(typeof read({ digest: digestOf(index), chain: { index, manifest, configuration } })).toMatch(/object|string/);
        expect(typeof read({ digest: digestOf(manifest), chain: { index: null, manifest, configuration } })).toMatch(/object|string/);
      }),
    );
  });

  it('may have labels that differ by case alone', () => {
    const config = { Labels: { 'org.opencontainers.image.source': 'a', 'Org.opencontainers.image.source': 'b' } };
    expect(read(makeImage({ config }))).toMatchObject({ claims: { source: 'a' } });
  });
});

describe('the history', () => {
  const lines = (...created_by: readonly string[]) => created_by.map(line => ({ created_by: line }));
  const claimed = (user: string, ...history: readonly string[]): number | null => {
    const made = read(makeImage({ config: { User: user }, history: lines(...history) }));
    return typeof made === 'string' ? -1 : made.facts.claimedUid;
  };

  it('is read as the lines of Dockerfiles, of both builders', () => {
    const made = read(
      makeImage({
        history: lines(
          '/bin/sh -c #(nop) ADD file:0123 in / ',
          '/bin/sh -c #(nop)  CMD ["bash"]',
          '/bin/sh -c groupadd app',
          'RUN |1 VERSION=1.2 /bin/sh -c echo $VERSION # buildkit',
          'USER app',
          'COPY run.sh /usr/local/bin/ # buildkit',
          'RUN /bin/bash -c set -e\n\n  true # buildkit',
          'bazel build ...',
          '',
        ),
      }),
    );
    expect(made).toMatchObject({
      claims: {
        history: [
          'ADD file:0123 in /',
          'CMD ["bash"]',
          'RUN groupadd app',
          'RUN echo $VERSION',
          'USER app',
          'COPY run.sh /usr/local/bin/',
          'RUN set -e\n\n  true',
        ],
      },
    });
  });

  it('claims the number of a user by name', () => {
    expect(claimed('redis', '/bin/sh -c groupadd -r -g 999 redis && useradd -r -g redis -u 999 redis')).toBe(999);
    expect(claimed('app:app', 'RUN /bin/sh -c set -e; \\\n  adduser -D -u 10001 app # buildkit')).toBe(10001);
  });

  it('claims none where it is a number already, root, two of them, or not told', () => {
    const created = 'RUN /bin/sh -c useradd -u 999 app # buildkit';
    expect(claimed('999', created)).toBeNull();
    expect(claimed('root', created)).toBeNull();
    expect(claimed('', created)).toBeNull();
    expect(claimed('other', created)).toBeNull();
    expect(claimed('app', created, 'RUN /bin/sh -c usermod -u 0 app # buildkit')).toBeNull();
  });
});
