import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeLayerHost } from '../../shared/host/node/layer-host';
import { createNodeRegistry } from '../../shared/host/node/registry/resolver';
import { neverCancelled } from '../../shared/src/base/ports/cancellation';
import { fileFactsIn } from '../../shared/src/formats';
import { createFactLookup, createMemoryFactCache, type FactLookup } from '../../shared/src/services/facts/lookup';
import type { ImageFiles } from '../../shared/src/index';
import { createMemoryCache } from '../../shared/src/services/registry/resolver';
import { countRequests, largeLayer, makeLayered, type LayeredImage } from '../support/layered-image';
import { headerOf, layer, type MadeEntry } from '../support/tar';
import { push } from '../unit/signature/artefacts';
import { missingPackages, scratchFolder, startRegistry, stopAll, type RealRegistry } from './real';

if (missingPackages.length > 0)
  console.log(`skipped: layers of images in a real registry: they need ${missingPackages.join(', ')} (apt-get install)`);

/** A look-up with a cache of its own. */
function newLookup(): FactLookup {
  const { client, resolver } = createNodeRegistry({
    env: { HOME: scratchFolder(), PATH: process.env['PATH'] },
    certificateFiles: [],
    outside: () => [],
    cache: createMemoryCache(),
    maxAgeMs: () => 30 * 24 * 3_600_000,
    log: () => undefined,
  });
  return createFactLookup({ client, resolver, cache: createMemoryFactCache(), layers: { host: nodeLayerHost } });
}

const folder = (path: string, uid = 0, mode = 0o755): MadeEntry => ({ path: `${path}/`, uid, gid: uid, mode });
const program = (path: string, content = '\x7fELF'): MadeEntry => ({ path, mode: 0o755, content });
const text = (path: string, content: string): MadeEntry => ({ path, content });
const passwd = text('etc/passwd', 'root:x:0:0:root:/root:/bin/bash\napp:x:10001:10002:App:/home/app:/bin/sh\n');
const group = text('etc/group', 'root:x:0:\napp:x:10002:\nstaff:x:50:app\n');
const debian = text('usr/lib/os-release', 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n');
const alpine = text('etc/os-release', 'ID=alpine\nVERSION_ID=3.22.1\nPRETTY_NAME="Alpine Linux v3.22"\n');
const capability = { 'SCHILY.xattr.security.capability': Buffer.from([1, 0, 0, 2, 0, 4, ...Array<number>(14).fill(0)]) };

/** In the order of a walk, as builders write it. */
const base: readonly MadeEntry[] = [
  { path: 'bin', link: 'usr/bin' },
  folder('etc'),
  group,
  { path: 'etc/os-release', link: '../usr/lib/os-release' },
  passwd,
  folder('usr'),
  folder('usr/bin'),
  program('usr/bin/bash'),
  program('usr/bin/sh'),
  folder('usr/lib'),
  debian,
];
const busybox: readonly MadeEntry[] = [
  program('bin/busybox'),
  { path: 'bin/sh', link: '/bin/busybox' },
  alpine,
  passwd,
  { path: 'usr/bin/wget', link: '/bin/busybox' },
];
const entry = '#!/bin/sh\nset -e\nif [ "$(id -u)" = 0 ]; then\n  exec gosu app "$0" "$@"\nfi\nexec "$@"\n';

/** What the images are, each in one line: who it runs as; its system; its working directory; its programs; what it starts. */
const images: Readonly<Record<string, readonly [LayeredImage, string]>> = {
  'merged-usr': [{ config: { User: 'app' }, layers: [base] }, '10001:10002 | debian 12 | 0:0 755 | sh bash |'],
  'named-group': [{ config: { User: 'app:staff' }, layers: [base] }, '10001:50 | debian 12 | 0:0 755 | sh bash |'],
  'by-number': [{ config: { User: '10001' }, layers: [base] }, '10001:10002 | debian 12 | 0:0 755 | sh bash |'],
  'unknown-number': [{ config: { User: '4242' }, layers: [base] }, '4242:0 | debian 12 | 0:0 755 | sh bash |'],
  'unknown-name': [{ config: { User: 'nobody' }, layers: [base] }, 'none | debian 12 | 0:0 755 | sh bash |'],
  alpine: [{ config: { User: 'app' }, layers: [busybox] }, '10001:10002 | alpine 3.22.1 | 0:0 755 | sh wget |'],
  'named-root': [
    { config: { User: 'app' }, layers: [base, [text('etc/passwd', 'app:x:0:0::/:/bin/sh\n')]] },
    '0:0 | debian 12 | 0:0 755 | sh bash |',
  ],
  distroless: [
    {
      config: { User: '65532', WorkingDir: '/home/nonroot', Entrypoint: ['/app'] },
      layers: [
        [text('etc/passwd', 'nonroot:x:65532:65532::/home/nonroot:/sbin/nologin\n'), folder('home/nonroot', 65532, 0o700), debian],
        [program('app')],
      ],
    },
    '65532:65532 | debian 12 | 65532:65532 700 | | /app',
  ],
  // Bazel writes a path twice
  twice: [
    { config: { User: 'app' }, layers: [[text('etc/passwd', 'x:x:1:1::/:/\n'), ...busybox]] },
    '10001:10002 | alpine 3.22.1 | 0:0 755 | sh wget |',
  ],
  empty: [{ config: { Entrypoint: ['/app'] }, layers: [[program('app')]] }, '0:0 | none | 0:0 755 | | /app'],
  nix: [
    {
      config: { User: 'app', Env: ['PATH=/bin'] },
      layers: [
        [
          program('nix/store/a-bash/bin/bash'),
          program('nix/store/b-curl/bin/curl'),
          { path: 'nix/store/c-env/bin/bash', link: '/nix/store/a-bash/bin/bash' },
          { path: 'nix/store/c-env/bin/curl', link: '../../b-curl/bin/curl' },
          { path: 'nix/store/c-env/bin/sh', link: 'bash' },
          text('nix/store/d-passwd', 'app:x:10001:10002::/:/bin/sh\n'),
        ],
        [
          { path: 'bin', link: 'nix/store/c-env/bin' },
          { path: 'etc/passwd', link: '/nix/store/d-passwd' },
        ],
      ],
    },
    '10001:10002 | none | 0:0 755 | sh bash curl |',
  ],
  'without-passwd': [{ config: { User: 'app' }, layers: [base, [text('etc/.wh.passwd', '')]] }, 'none | debian 12 | 0:0 755 | sh bash |'],
  'passwd-again': [
    { config: { User: 'app' }, layers: [base, [text('etc/.wh.passwd', '')], [text('etc/passwd', 'app:x:7:8::/:/\n')]] },
    '7:8 | debian 12 | 0:0 755 | sh bash |',
  ],
  'opaque-etc': [
    { config: { User: 'app' }, layers: [base, [folder('etc'), text('etc/.wh..wh..opq', ''), text('etc/passwd', 'app:x:9:9::/:/\n')]] },
    '9:9 | debian 12 | 0:0 755 | sh bash |',
  ],
  'opaque-bin': [
    { layers: [base, [folder('usr/bin'), text('usr/bin/.wh..wh..opq', ''), program('usr/bin/bash')]] },
    '0:0 | debian 12 | 0:0 755 | bash |',
  ],
  'no-shell-left': [{ layers: [base, [text('usr/bin/.wh.bash', ''), text('usr/bin/.wh.sh', '')]] }, '0:0 | debian 12 | 0:0 755 | |'],
  'all-gone': [{ layers: [base, [text('.wh..wh..opq', ''), program('init')]] }, '0:0 | none | 0:0 755 | |'],
  'single-layer-whiteout': [{ layers: [[...base, text('usr/bin/.wh.other', '')]] }, '0:0 | debian 12 | 0:0 755 | sh bash |'],
  zstd: [
    { config: { User: 'app' }, layers: [base, [program('usr/bin/curl')]], packing: 'zstd' },
    '10001:10002 | debian 12 | 0:0 755 | sh bash curl |',
  ],
  plain: [{ config: { User: 'app' }, layers: [base], packing: 'plain' }, '10001:10002 | debian 12 | 0:0 755 | sh bash |'],
  mixed: [
    { config: { User: 'app' }, layers: [layer(base, 'zstd'), layer([program('usr/bin/wget')], 'gzip')] },
    '10001:10002 | debian 12 | 0:0 755 | sh bash wget |',
  ],
  'attested-platforms': [{ config: { User: 'app' }, layers: [base], indexed: true }, '10001:10002 | debian 12 | 0:0 755 | sh bash |'],
  'owner-changed': [
    { config: { WorkingDir: '/srv' }, layers: [[...base, folder('srv')], [folder('srv', 10001, 0o770)]] },
    '0:0 | debian 12 | 10001:10001 770 | sh bash |',
  ],
  'implied-directory': [
    { config: { WorkingDir: '/data/app' }, layers: [[...base, folder('data/app', 5, 0o750)], [text('data/app/file', '')]] },
    '0:0 | debian 12 | 5:5 750 | sh bash |',
  ],
  'missing-directory': [{ config: { WorkingDir: '/nowhere' }, layers: [base] }, '0:0 | debian 12 | none | sh bash |'],
  'linked-directory': [
    { config: { WorkingDir: '/current' }, layers: [[{ path: 'current', link: 'releases/2' }, folder('releases/2', 77)], base] },
    '0:0 | debian 12 | 77:77 755 | sh bash |',
  ],
  carried: [
    {
      config: { User: 'app', Entrypoint: ['/usr/bin/tini', '--', 'server'], Env: ['PATH=/opt/bin:/usr/bin'] },
      layers: [base, [program('usr/bin/tini'), { ...program('opt/bin/server'), pax: capability }]],
    },
    '10001:10002 | debian 12 | 0:0 755 | sh bash tini | /opt/bin/server NET_BIND_SERVICE',
  ],
  'setuid-start': [
    { config: { Cmd: ['/run'] }, layers: [base, [{ ...program('run'), mode: 0o4755 }]] },
    '0:0 | debian 12 | 0:0 755 | sh bash | /run setuid',
  ],
  'drops-privileges': [
    {
      config: { Entrypoint: ['docker-entrypoint.sh'], Cmd: ['server'] },
      layers: [
        base,
        [
          program('usr/bin/gosu'),
          program('usr/local/bin/docker-entrypoint.sh', entry),
          { ...program('usr/local/bin/server'), pax: capability },
        ],
      ],
    },
    '0:0 | debian 12 | 0:0 755 | sh bash gosu | /usr/local/bin/docker-entrypoint.sh drops, /usr/local/bin/server NET_BIND_SERVICE',
  ],
  'long-names': [
    {
      config: { User: 'app', WorkingDir: `/${'deep/'.repeat(30)}app` },
      layers: [[folder(`${'deep/'.repeat(30)}app`, 12), ...busybox], [{ path: `${'gnu/'.repeat(40)}x`, gnu: true }]],
    },
    '10001:10002 | alpine 3.22.1 | 12:12 755 | sh wget |',
  ],
  'hard-linked': [
    {
      config: { Entrypoint: ['/usr/bin/vim'] },
      layers: [base, [{ ...program('usr/bin/vi') }, { path: 'usr/bin/vim', hard: 'usr/bin/vi', mode: 0o755 }]],
    },
    '0:0 | debian 12 | 0:0 755 | sh bash | /usr/bin/vim',
  ],
};

/** What was found, in the words of the table; what is uncertain is a question mark. */
function said({ account, system, paths, programs, starts }: ImageFiles): string {
  const show = <T>({ value, doubt }: { readonly value: T | null; readonly doubt: string | null }, print: (value: T) => string): string =>
    doubt !== null ? '?' : value === null ? 'none' : print(value);
  const has = Object.entries(programs).flatMap(([name, { value, doubt }]) =>
    doubt !== null ? [`${name}?`] : value === null ? [] : [name],
  );
  return [
    show(account, ({ uid, gid }) => `${uid}:${gid}`),
    show(system, ({ id, version }) => `${id} ${version}`),
    show(Object.values(paths)[0]!, ({ uid, gid, mode }) => `${uid}:${gid} ${mode.toString(8)}`),
    has.join(' '),
    starts
      .map(fact =>
        show(fact, ({ path, owner, capabilities, script }) =>
          [path, ...(capabilities ?? ['?']), ...((owner.mode & 0o4000) !== 0 ? ['setuid'] : []), ...(script?.drops ? ['drops'] : [])].join(
            ' ',
          ),
        ),
      )
      .join(', '),
  ]
    .join(' | ')
    .replace(/ {2,}/g, ' ')
    .trim();
}

const question = { platform: null, chain: false, files: { paths: [] } } as const;

async function filesOf(reference: string, lookup: FactLookup): Promise<ImageFiles> {
  const found = await lookup.lookUp(reference, question, neverCancelled);
  if (!found.ok) throw new Error(found.failure.message);
  if (!found.value.facts.files) throw new Error(found.value.unread ?? 'no layers');
  return found.value.facts.files;
}

const large = (): LayeredImage => {
  const data = [1, 2, 3, 4].map(seed =>
    largeLayer(
      `data/${seed}`,
      256,
      seed,
      bytes => gzipSync(bytes),
      size => headerOf(`data/${seed}`, { type: '0', size }),
    ),
  );
  const app = [folder('app', 10001), program('app/server')];
  return { config: { User: 'app', WorkingDir: '/app', Entrypoint: ['/app/server'] }, layers: [...data, base, app] };
};

describe.skipIf(missingPackages.length > 0)("layers of images in Debian's docker-registry", () => {
  let registry: RealRegistry;
  beforeAll(async () => {
    registry = await startRegistry('open');
    for (const [name, [image]] of Object.entries(images)) await push(makeLayered(image), registry.host, name);
    await push(makeLayered(large()), registry.host, 'large');
  }, 120_000);
  afterAll(stopAll);

  it.each(Object.entries(images))('%s', async (name, [image, expected]) => {
    const lookup = newLookup();
    expect(said(await filesOf(`${registry.host}/${name}:1.0`, lookup))).toBe(expected);
    const { digest } = makeLayered(image);
    const files = await filesOf(`${registry.host}/${name}@${digest}`, lookup);
    expect(fileFactsIn(files).filter(({ whole }) => !whole)).toEqual([]);
  });

  it('leaves few of the questions open, and asks for nothing a second time', async () => {
    const proxy = await countRequests(registry.host);
    const lookup = newLookup();
    const names = [...Object.keys(images), 'large'];
    const facts = (await Promise.all(names.map(name => filesOf(`${proxy.host}/${name}:1.0`, lookup)))).flatMap(fileFactsIn);
    const uncertain = facts.filter(({ doubt }) => doubt !== null).length;
    const asked = proxy.asked.length;
    console.log(`${names.length} images: ${facts.length} facts, ${uncertain} uncertain; ${asked} requests, ${proxy.bytes()} bytes`);
    expect(names.length).toBeGreaterThanOrEqual(30);
    expect(uncertain).toBeLessThanOrEqual(facts.length / 10);
    expect(
      lookup.plan(
        names.map(name => `${proxy.host}/${name}:1.0`),
        question,
      ),
    ).toEqual([]);
    for (const name of names) await filesOf(`${proxy.host}/${name}:1.0`, lookup);
    expect(proxy.asked.length).toBe(asked);
    proxy.close();
  });

  it('reads less than 5 MB of an image of 1 GB whose large layers are below', async () => {
    const proxy = await countRequests(registry.host);
    const files = await filesOf(`${proxy.host}/large:1.0`, newLookup());
    expect(said(files)).toBe('10001:10002 | debian 12 | 10001:10001 755 | sh bash curl? wget? tini? gosu? su-exec? | /app/server');
    console.log(`an image of 1 GB: ${proxy.asked.length} requests, ${proxy.bytes()} bytes`);
    expect(proxy.bytes()).toBeLessThan(5_000_000);
    proxy.close();
  });

  it('takes no more than the limit from a registry that sends no parts, and each byte once', async () => {
    const above: LayeredImage = { config: { User: 'app' }, layers: [base, ...large().layers.slice(0, 4)] };
    await push(makeLayered(above), registry.host, 'above');
    const proxy = await countRequests(registry.host, true);
    const files = await filesOf(`${proxy.host}/above:1.0`, newLookup());
    expect(files.account).toEqual({ value: null, whole: false, doubt: expect.stringContaining('the byte limit was reached') as string });
    console.log(`a registry without parts: ${proxy.asked.length} requests, ${proxy.bytes()} bytes`);
    expect(files.read.bytes).toBeLessThanOrEqual(32 << 20);
    expect(new Set(proxy.asked).size).toBe(proxy.asked.length);
    proxy.close();
  });
});
