import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf, makeImage, makeIndexed, type TestImage } from '../support/image-chain';
import { cli, folder, homeOf, type Folder, type Ran } from './cli';

/** Images that this machine has: archives, layouts, and the engines. No test here may ask a registry: the hosts do not exist. */
const web = makeIndexed({ config: { User: '', ExposedPorts: { '80/tcp': {} }, Entrypoint: ['/web'] } });
const app = makeImage({ config: { User: '10001' } });
const name = 'registry.invalid/web:1.0';

/** Runs the command line with the programs that a test has installed. */
function bulkhead(files: Folder, args: readonly string[], env: Readonly<Record<string, string>> = {}): Ran {
  const home = homeOf(files).path;
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    cwd: files.path,
    env: { PATH: join(home, 'bin'), HOME: home, ...env },
    encoding: 'utf8',
  });
  if (/^ {4}at .*:\d+/m.test(stderr)) throw new Error(stderr);
  return { code: status, stdout, stderr };
}

/** Installs a program: a script of the shell that remembers how it was called. */
function install(files: Folder, program: string, script: string): void {
  const path = join(homeOf(files).path, 'bin', program);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho "${program} $*" >> "$HOME/calls"\n${script}\n`);
  chmodSync(path, 0o755);
}

function calls(files: Folder): readonly string[] {
  try {
    return homeOf(files).read('calls').trim().split('\n');
  } catch {
    return [];
  }
}

const blobOf = (text: string): string => `blobs/sha256/${digestOf(text).slice(7)}`;

/** The files of an OCI layout. */
function layoutOf(image: TestImage, names: readonly string[] = [name]): Record<string, string> {
  const { index, manifest, configuration } = image.chain;
  return {
    'oci-layout': '{"imageLayoutVersion":"1.0.0"}',
    ...(index !== null && { [blobOf(index)]: index }),
    [blobOf(manifest)]: manifest,
    [blobOf(configuration)]: configuration,
    'index.json': JSON.stringify({
      schemaVersion: 2,
      manifests: names.map(one => ({ digest: image.digest, size: 1, annotations: { 'org.opencontainers.image.ref.name': one } })),
    }),
  };
}

/** The files of an archive of `docker save`; `path`: where its configuration is. */
function savedOf({ chain: { configuration } }: TestImage, path = `${digestOf(configuration).slice(7)}.json`): Record<string, string> {
  return { [path]: configuration, 'manifest.json': JSON.stringify([{ Config: path, RepoTags: [name], Layers: [] }]) };
}

type TarFile = readonly [path: string, text: string, more?: { readonly type?: string; readonly size?: number }];

/** A tar archive; `size` is what a header says in place of the length. */
function tarOf(files: readonly TarFile[]): Buffer {
  const blocks = files.flatMap(([path, text, { type = '0', size = Buffer.byteLength(text) } = {}]) => {
    const header = Buffer.alloc(512);
    header.write(path, 0);
    for (const at of [100, 108, 116]) header.write('0000644\0', at);
    header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
    header.write('00000000000\0', 136);
    header.write('        ', 148);
    header.write(type, 156);
    header.write('ustar\x0000', 257);
    const sum = header.reduce((all, byte) => all + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    const body = Buffer.alloc(Math.ceil(Buffer.byteLength(text) / 512) * 512);
    body.write(text);
    return [header, body];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}
const packed = (files: Readonly<Record<string, string>>): Buffer => tarOf(Object.entries(files));

/** Writes a file outside of what is checked. */
function outside(files: Folder, path: string, bytes: Buffer): string {
  const own = join(homeOf(files).path, path);
  writeFileSync(own, bytes);
  return own;
}

const service = (reference: string): string => `services:\n  web:\n    image: ${reference}\n    read_only: true\n`;

/** The findings about the user of a Compose file. */
function users(files: Folder, ...args: readonly string[]): readonly string[] {
  const { stdout } = bulkhead(files, ['lint', '--format', 'json', '--profile', 'strict', '--lookup', ...args]);
  const report = JSON.parse(stdout) as { readonly files: readonly { readonly findings: readonly { rule: string; messageId: string }[] }[] };
  const all = report.files.flatMap(({ findings }) => findings);
  return all.filter(({ rule }) => rule === 'compose/root-user').map(({ messageId }) => messageId);
}

describe('bulkhead facts of an archive', () => {
  it.each<readonly [string, (files: Folder) => string]>([
    ['a layout', files => (Object.entries(layoutOf(web)).forEach(([path, text]) => files.write(`image/${path}`, text)), 'image')],
    ['a layout in a tar archive', files => outside(files, 'a.tar', packed(layoutOf(web)))],
    ['an archive of docker save', files => outside(files, 'a.tar', packed(savedOf(web)))],
    [
      'one with both',
      files => outside(files, 'a.tar', packed({ ...layoutOf(web, ['1.0']), ...savedOf(web, blobOf(web.chain.configuration)) })),
    ],
  ])('%s is read, and claims', (_, make) => {
    const files = folder();
    const { code, stdout, stderr } = bulkhead(files, ['facts', make(files)]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^registry\.invalid\/web:1\.0: linux\/amd64, claimed, by \S+\n/);
    expect(stdout).toContain('  ports              80/tcp\n');
    expect(calls(files)).toEqual([]);
    expect(() => homeOf(files).read('.cache/bulkhead/facts')).toThrow(/ENOENT/);
  });

  it('without a name is called by its file', () => {
    const files = folder();
    const { stdout } = bulkhead(files, ['facts', outside(files, 'a.tar', packed(layoutOf(app, ['1.0'])))]);
    expect(stdout).toMatch(/a\.tar: linux\/amd64, claimed/);
  });

  it.each<readonly [string, Buffer, RegExp]>([
    ['nothing', Buffer.alloc(0), /it has neither index\.json nor manifest\.json/],
    ['no archive', Buffer.from('x'.repeat(600)), /a\.tar: /],
    ['a compressed one', Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.alloc(600)]), /is compressed: decompress it first/],
    ['half of one', packed(layoutOf(web)).subarray(0, 2500), /ends in the middle of a file/],
    ['no image', packed({ 'etc/passwd': 'root:x:0:0::/:/bin/sh\n' }), /it has neither/],
    ['names that lead out', packed({ '../manifest.json': '[]', 'x/../../index.json': '{}' }), /a\.tar: /],
    ['a link in place of a file', tarOf([['index.json', '', { type: '2' }]]), /it has neither/],
    [
      'a file twice',
      tarOf([
        ['index.json', '{}'],
        ['index.json', '{}'],
      ]),
      /has index\.json twice/,
    ],
    ['a file that is longer than the archive', tarOf([['layer.tar', '', { size: 8 ** 11 - 1 }]]), /ends in the middle of a file/],
    [
      'a configuration elsewhere',
      packed({ 'manifest.json': '[{"Config":"../../etc/passwd","RepoTags":["a:1"]}]' }),
      /a:1: its configuration is not in the archive/,
    ],
    [
      'another configuration',
      packed({ ...savedOf(web), [Object.keys(savedOf(web))[0]!]: '{"os":"linux","architecture":"amd64"}' }),
      /its configuration has the digest/,
    ],
    ['no JSON', packed({ 'index.json': '{' }), /its index is not JSON/],
    [
      'a blob that is another',
      packed({ ...layoutOf(app), [`blobs/sha256/${app.digest.slice(7)}`]: `${app.chain.manifest} ` }),
      /has the digest/,
    ],
    ['blobs that are missing', packed({ 'index.json': layoutOf(web)['index.json']! }), /is not in the archive/],
  ])('says what is wrong with %s', (_, bytes, why) => {
    const files = folder();
    const { code, stdout, stderr } = bulkhead(files, ['facts', outside(files, 'a.tar', bytes)]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(why);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('passes over a layer of 4 GiB without reading it', () => {
    const files = folder();
    const layer = 4 * 2 ** 30;
    const head = tarOf([[`blobs/sha256/${'a'.repeat(64)}`, '', { size: layer }]]).subarray(0, 512);
    const path = outside(files, 'a.tar', head);
    truncateSync(path, head.length + layer);
    writeFileSync(path, packed(layoutOf(web)), { flag: 'a' });
    expect(bulkhead(files, ['facts', path])).toMatchObject({ code: 0, stderr: '' });
  });

  it.skipIf(process.platform === 'win32')('waits for no pipe', () => {
    const files = folder();
    spawnSync('sh', ['-c', 'mkfifo "$0"', join(files.path, 'a.tar')]);
    expect(bulkhead(files, ['facts', 'a.tar'])).toMatchObject({ code: 2, stdout: '', stderr: 'bulkhead: a.tar: is not a regular file\n' });
  });

  it('follows no link out of a layout', () => {
    const files = folder({ 'image/oci-layout': '{}' });
    const other = outside(files, 'other.json', Buffer.from('{"schemaVersion":2,"manifests":[]}'));
    symlinkSync(other, join(files.path, 'image/index.json'));
    expect(bulkhead(files, ['facts', 'image']).stderr).toContain('it has neither index.json nor manifest.json');
  });
});

describe('--archive', () => {
  it('says with --lookup what images are, without a request', () => {
    const files = folder({ 'compose.yaml': service(name) });
    const archive = outside(files, 'a.tar', packed(layoutOf(web)));
    expect(users(files, '--archive', archive)).toEqual(['image']);
    expect(bulkhead(files, ['lint', '--lookup', '--archive', archive]).stderr).not.toContain('asks');
    expect(bulkhead(files, ['lint', '--archive', archive])).toMatchObject({ code: 2 });
  });

  it('of a digest it verifies, unless it came with what is checked', () => {
    const files = folder({ 'compose.yaml': service(`registry.invalid/app:1.0@${app.digest}`) });
    expect(users(files, '--archive', outside(files, 'a.tar', packed(layoutOf(app))))).toEqual([]);
    writeFileSync(join(files.path, 'a.tar'), packed(layoutOf(app)));
    // it is asked for at a registry that does not exist, and stays unknown
    expect(users(files, '--archive', 'a.tar')).toEqual(['unknown']);
  });
});

describe('--alternatives', () => {
  const text = 'FROM debian:13\nCOPY app /app\nCMD ["/app"]\n';

  it('looks up what could take the place of a base image, and says so where it is proposed', () => {
    const files = folder({ Dockerfile: text });
    const archive = outside(files, 'a.tar', packed(layoutOf(app, ['debian:13', 'debian:13-slim'])));
    const titles = (...args: readonly string[]): readonly string[] => {
      const { stdout, stderr } = bulkhead(files, ['lint', '--format', 'json', '--lookup', '--archive', archive, ...args]);
      expect(stderr).toBe('');
      return [...stdout.matchAll(/"title": "(Use debian:13-slim[^"]*)"/g)].map(match => match[1]!);
    };
    expect(titles()).toEqual(['Use debian:13-slim, which has the programs that this file runs']);
    expect(titles('--alternatives')).toEqual(['Use debian:13-slim, which has the programs that this file runs (runs as 10001, claimed)']);
  });

  it('needs a look-up', () => {
    const { code, stderr } = bulkhead(folder({ Dockerfile: text }), ['lint', '--alternatives']);
    expect(code).toBe(2);
    expect(stderr).toContain('--alternatives needs --lookup');
  });
});

/** What an engine prints of an image. */
const inspected = (image: object = {}): string =>
  JSON.stringify([
    {
      Id: `sha256:${'c'.repeat(64)}`,
      RepoTags: [name],
      RepoDigests: [`registry.invalid/web@${web.digest}`],
      Os: 'linux',
      Architecture: 'amd64',
      Config: { User: '', ExposedPorts: { '80/tcp': {} } },
      ...image,
    },
  ]);
const docker = (answer: string, address = 'unix:///var/run/docker.sock'): string =>
  `if [ "$1" = context ]; then echo '${address}'; else echo '${answer.replaceAll('\\', '\\\\')}'; fi`;

describe('an engine on this machine', () => {
  it('is asked first about a tag, and nothing else is', () => {
    const files = folder();
    install(files, 'docker', docker(inspected()));
    const { code, stdout, stderr } = bulkhead(files, ['facts', name]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^registry\.invalid\/web:1\.0: linux\/amd64, claimed, by Docker\n/);
    expect(calls(files)).toEqual(['docker context inspect --format {{.Endpoints.docker.Host}}', `docker image inspect ${name}`]);
  });

  it.each([
    ['adds findings', name, '', 'image'],
    ['removes none by its word about a digest', `registry.invalid/web@${web.digest}`, '10001', 'unknown'],
  ])('%s', (_, reference, User, expected) => {
    const files = folder({ 'compose.yaml': service(reference) });
    install(files, 'podman', docker(inspected({ Config: { User } })));
    expect(users(files)).toEqual([expected]);
    expect(calls(files)).toEqual([`podman --remote=false image inspect ${reference}`]);
  });

  it.each<readonly [string, Readonly<Record<string, string>>, string]>([
    ['by DOCKER_HOST', { DOCKER_HOST: 'tcp://192.0.2.1:2375' }, docker(inspected())],
    ['by DOCKER_HOST over ssh', { DOCKER_HOST: 'ssh://a@host.example' }, docker(inspected())],
    ['by its context', {}, docker(inspected(), 'ssh://a@host.example')],
  ])('of another machine is not asked: %s', (_, env, script) => {
    const files = folder();
    install(files, 'docker', script);
    const { code, stderr } = bulkhead(files, ['facts', name], env);
    expect(code).toBe(2);
    expect(stderr).toContain('Docker is not asked what it has: it is on another machine');
    expect(calls(files).filter(call => call.includes('image inspect'))).toEqual([]);
  });

  it('is not asked with --no-engine, for --write, or where the program is in the folder that is checked', () => {
    const files = folder({ 'compose.yaml': service(name) });
    install(files, 'docker', docker(inspected()));
    bulkhead(files, ['facts', '--no-engine', name]);
    bulkhead(files, ['facts', '--write']);
    files.write('bin/docker', '#!/bin/sh\necho no >> "$HOME/calls"\n');
    chmodSync(join(files.path, 'bin/docker'), 0o755);
    bulkhead(files, ['facts', name], { PATH: join(files.path, 'bin') });
    expect(calls(files)).toEqual([]);
  });

  it.each<readonly [string, string]>([
    ['no JSON', '{'],
    ['no list', '{"Id":1}'],
    ['objects without anything', '[{},1,null]'],
    ['a name with control characters', inspected({ Config: { User: 'a\u001bb' } })],
    ['no platform', inspected({ Os: '' })],
  ])('that answers %s is as if it had nothing', (_, answer) => {
    const files = folder();
    install(files, 'docker', docker(answer));
    expect(bulkhead(files, ['facts', name])).toMatchObject({ code: 2, stdout: '' });
  });
});
