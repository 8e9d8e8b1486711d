import { spawnSync } from 'node:child_process';
import { lstatSync, mkdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { nodeLayerHost } from '../../shared/host/node/layer-host';
import { readLayers, type LayerTree } from '../../shared/src/services/facts/layers';
import { digestOf } from '../support/image-chain';
import { makeLayered } from '../support/layered-image';
import { layer, sourceOf, type MadeEntry, type MadeLayer } from '../support/tar';

// What is read of layers is held against what buildah unpacks of the same: random images, the same ones each time.

const isThere = spawnSync('buildah', ['--version'], { stdio: 'ignore' }).status === 0 && process.getuid?.() === 0;
if (!isThere) console.log('skipped: layers as buildah unpacks them: it needs buildah (apt-get install) and root');

/** Numbers that look random, from a seed. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const names = ['a', 'b', 'etc', 'passwd'];

/** Layers of an image: all kinds of entries on few names, so that they meet. */
function randomLayers(seed: number): readonly (readonly MadeEntry[])[] {
  const random = randomFrom(seed * 7919 + 1);
  const pick = <T>(list: readonly T[]): T => list[random(list.length)]!;
  const path = (): string => Array.from({ length: 1 + random(3) }, () => pick(names)).join('/');
  const owner = () => ({ uid: random(3) * 1000, gid: random(2) * 7 });
  return Array.from({ length: 1 + random(4) }, () => {
    const used = new Set<string>();
    const files: string[] = [];
    // buildah takes no path twice, and nothing below a file of the same layer
    const isFree = (place: string): boolean =>
      !used.has(place) && !files.some(file => place.startsWith(`${file}/`) || file.startsWith(`${place}/`));
    return Array.from({ length: 1 + random(7) }, (): MadeEntry | null => {
      const place = path();
      if (!isFree(place)) return null;
      used.add(place);
      const parent = place.includes('/') ? place.slice(0, place.lastIndexOf('/') + 1) : '';
      const kind = random(10);
      if (kind < 2) return { path: `${place}/`, mode: pick([0o755, 0o700]), ...owner() };
      if (kind === 3) return { path: `${parent}.wh.${place.slice(parent.length)}` };
      if (kind === 4) return { path: `${place}/.wh..wh..opq` };
      const target = pick(files.length > 0 ? files : ['']);
      files.push(place);
      if (kind === 5) return { path: place, link: pick([pick(names), `../${pick(names)}`, `/${path()}`, place]) };
      if (kind === 6 && target !== '') return { path: place, hard: target, mode: 0o644 };
      return { path: place, content: `${random(1000)}`, ...(random(2) === 0 ? owner() : {}) };
    }).filter(entry => entry !== null);
  });
}

/** All paths that may be in such an image. */
const paths = names.flatMap(one => [one, ...names.flatMap(two => [`${one}/${two}`, ...names.map(three => `${one}/${two}/${three}`)])]);

const hex = (digest: string): string => digest.slice('sha256:'.length);

/** Writes an image as a layout of OCI. */
function writeLayout(folder: string, layers: readonly MadeLayer[]): void {
  const { manifests, blobs, digest } = makeLayered({ layers });
  mkdirSync(join(folder, 'blobs/sha256'), { recursive: true });
  for (const [name, bytes] of blobs) writeFileSync(join(folder, 'blobs/sha256', hex(name)), bytes);
  const manifest = manifests.get(digest)!;
  writeFileSync(join(folder, 'blobs/sha256', hex(digestOf(manifest))), manifest);
  const annotations = { 'org.opencontainers.image.ref.name': 'made' };
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  writeFileSync(
    join(folder, 'index.json'),
    JSON.stringify({ schemaVersion: 2, manifests: [{ mediaType, digest, size: manifest.length, annotations }] }),
  );
  writeFileSync(join(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
}

/** The folder that buildah unpacks a layout to; `null`: it refuses the image. */
function unpack(store: string, layout: string): string | null {
  const buildah = (...args: readonly string[]): string | null => {
    const options = ['--root', join(store, 'root'), '--runroot', join(store, 'run'), '--storage-driver', 'vfs'];
    const { status, stdout } = spawnSync('buildah', [...options, ...args], { cwd: store, encoding: 'utf8', timeout: 60_000 });
    return status === 0 ? stdout.trim() : null;
  };
  const container = buildah('from', '--signature-policy', join(store, 'policy.json'), `oci:${layout}:made`);
  return container === null ? null : buildah('mount', container);
}

/** What is at a path in an unpacked root, links followed within it. */
function unpacked(root: string, path: string): string {
  let rest = path.split('/');
  let at: readonly string[] = [];
  for (let links = 0; rest.length > 0;) {
    const [part = '', ...more] = rest;
    rest = more;
    if (part === '' || part === '.') continue;
    if (part === '..') {
      at = at.slice(0, -1);
      continue;
    }
    const place = join(root, ...at, part);
    const stat = lstatSync(place, { throwIfNoEntry: false });
    if (!stat) return 'absent';
    if (stat.isSymbolicLink()) {
      if (++links > 40) return 'absent';
      const target = readlinkSync(place);
      if (target.startsWith('/')) at = [];
      rest = [...target.split('/'), ...rest];
    } else if (!stat.isDirectory() && rest.length > 0) return 'absent';
    else at = [...at, part];
  }
  const place = join(root, ...at);
  const { uid, gid, mode } = lstatSync(place);
  const isFolder = lstatSync(place).isDirectory();
  const content = !isFolder && at.at(-1) === 'passwd' ? ` ${readFileSync(place, 'utf8')}` : '';
  return `${at.join('/')} ${isFolder ? 'folder' : 'file'} ${uid}:${gid} ${(mode & 0o7777).toString(8)}${content}`;
}

/** The same as it was read; `null`: uncertain. */
function readAs(tree: LayerTree, path: string): string | null {
  const found = tree.find(path);
  if (found.state !== 'found') return found.state === 'absent' ? 'absent' : null;
  const { kind, uid, gid, mode, content } = found.entry;
  // what is a link to a file of another name is not kept
  if (kind === 'file' && found.path.endsWith('passwd') && !content) return null;
  const shown = kind === 'file' && found.path.endsWith('passwd') && content ? ` ${Buffer.from(content).toString()}` : '';
  return `${found.path} ${kind} ${uid}:${gid} ${mode.toString(8)}${shown}`;
}

describe.skipIf(!isThere)('layers as buildah unpacks them', () => {
  // buildah takes a name from it, which has to be in lower case
  const store = join(tmpdir(), `bulkhead-unpacked-${process.pid}`);
  mkdirSync(store, { recursive: true });
  writeFileSync(join(store, 'policy.json'), JSON.stringify({ default: [{ type: 'insecureAcceptAnything' }] }));
  afterAll(() => rmSync(store, { recursive: true, force: true }));

  it('are read as the same files, or are uncertain', async () => {
    const count = Number(process.env['BULKHEAD_RANDOM_IMAGES'] ?? 12);
    let [compared, uncertain, refused] = [0, 0, 0];
    for (let seed = 0; seed < count; seed++) {
      const layers = randomLayers(seed).map(entries => layer(entries));
      const layout = `image${seed}`;
      writeLayout(join(store, layout), layers);
      const root = unpack(store, layout);
      if (root === null) {
        refused++;
        continue;
      }
      const blobs = layers.map(({ blob }) => blob);
      const { tree } = await readLayers(blobs, sourceOf(layers), nodeLayerHost, () => 'open');
      for (const path of paths) {
        const read = readAs(tree, path);
        if (read === null) uncertain++;
        else expect(read, `image ${seed}: ${path}`).toBe(unpacked(root, path));
        compared++;
      }
    }
    console.log(`${count} images, ${refused} refused by buildah: ${compared} paths, ${uncertain} uncertain`);
    expect(compared).toBeGreaterThan(paths.length * (count / 3));
    expect(uncertain).toBeLessThan(compared / 2);
  }, 600_000);
});
