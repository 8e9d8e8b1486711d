import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeLayered } from '../support/layered-image';
import type { MadeEntry } from '../support/tar';
import { serve, type ServedRegistry } from '../unit/signature/artefacts';
import { cli, folder, homeOf, type Folder, type Ran } from './cli';

const program = (path: string, content = '\x7fELF', more: Partial<MadeEntry> = {}): MadeEntry => ({ path, mode: 0o755, content, ...more });
const base: readonly MadeEntry[] = [
  { path: 'etc/os-release', content: 'ID=debian\nVERSION_ID="13"\nPRETTY_NAME="Debian GNU/Linux 13 (trixie)"\n' },
  { path: 'etc/passwd', content: 'root:x:0:0::/root:/bin/sh\nweb:x:10001:10002::/home/web:/bin/sh\n' },
  program('usr/bin/sh'),
];
const capability = Buffer.from([1, 0, 0, 2, 0, 4, ...Array<number>(14).fill(0)]);
const web = makeLayered({
  config: {
    User: 'web',
    WorkingDir: '/srv',
    Volumes: { '/data': {} },
    Entrypoint: ['/entry.sh'],
    Cmd: ['/web'],
    ExposedPorts: { '8080/tcp': {} },
  },
  layers: [
    base,
    [
      { path: 'data/', uid: 10001, gid: 10002, mode: 0o750 },
      program('entry.sh', '#!/bin/sh -e\nexec "$@"\n'),
      program('web', 'program', { pax: { 'SCHILY.xattr.security.capability': capability } }),
    ],
  ],
});
const odd = makeLayered({
  config: { User: '1000' },
  layers: [[{ path: 'etc/passwd', content: 'web:x:1000:1000::/\u001b]0;x\u0007:/bin/sh\u009b31m\n' }]],
});
const packed = makeLayered({ config: { User: 'web' }, layers: [base], packing: 'zstd' });
const attested = makeLayered({
  config: {},
  layers: [base],
  statements: {
    'https://slsa.dev/provenance/v0.2': {
      materials: [{ uri: 'pkg:docker/debian@13' }],
      invocation: { configSource: { uri: 'https://git.example.com/app.git' } },
    },
    'https://spdx.dev/Document': { packages: [{ name: 'bash' }] },
  },
});
let registry: ServedRegistry;
let host = '';
beforeAll(async () => {
  registry = await serve({
    web: { repository: web },
    odd: { repository: odd },
    packed: { repository: packed },
    attested: { repository: attested },
  });
  ({ host } = registry);
});
afterAll(() => registry.close());

/** Not synchronously: the registry lives in this process. */
function bulkhead(files: Folder, ...args: string[]): Promise<Ran> {
  const env = { PATH: process.env['PATH'], HOME: homeOf(files).path };
  const child = spawn(process.execPath, [cli, ...args], { cwd: files.path, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise(resolve => child.on('close', code => resolve({ code, stdout, stderr })));
}

const rowsOf = (stdout: string): readonly string[] => stdout.split('\n').map(line => line.trim().replace(/ {2,}/, ': '));

describe('bulkhead facts --layers', () => {
  it('says what is in the layers, after how much it is going to read', async () => {
    const { code, stdout, stderr } = await bulkhead(folder(), 'facts', '--layers', '--path', '/nowhere', `${host}/web@${web.digest}`);
    const asked = `bulkhead: querying ${host} for 1 image (at most 3 requests, and at most 32 MiB of layers for one)\n`;
    expect({ code, stderr }).toEqual({ code: 0, stderr: asked });
    const rows = rowsOf(stdout);
    expect(rows.slice(rows.indexOf('health check: none') + 2, -2)).toEqual([
      'runs as: 10001:10002, home /home/web, shell /bin/sh',
      'system: Debian GNU/Linux 13 (trixie)',
      'starts: /entry.sh, /bin/sh -e script',
      'starts: /web, NET_BIND_SERVICE',
      '/srv: none',
      '/data: 10001:10002 0750',
      '/nowhere: none',
      'has: sh',
      'does not have: bash, curl, wget, tini, gosu, su-exec',
    ]);
    expect(rows.at(-2)).toMatch(/^layers: \d+ bytes of 2 layers read$/);
  });

  it('says so in JSON, with the level of each fact', async () => {
    const level = async (reference: string): Promise<unknown> => {
      const { stdout } = await bulkhead(folder(), 'facts', '--layers', '--format', 'json', reference);
      const { images } = JSON.parse(stdout) as { images: readonly [{ files: Readonly<Record<string, unknown>> }] };
      return images[0].files['account'];
    };
    const value = { uid: 10001, gid: 10002, home: '/home/web', shell: '/bin/sh' };
    expect(await level(`${host}/web@${web.digest}`)).toEqual({ value, level: 'verified', uncertain: null });
    expect(await level(`${host}/web:1.0`)).toEqual({ value, level: 'as-served', uncertain: null });
  });

  it('asks for nothing a second time, and keeps no content of a file', async () => {
    const files = folder();
    const ask = () => bulkhead(files, 'facts', '--layers', `${host}/web:1.0`);
    const first = await ask();
    registry.asked.length = 0;
    const second = await ask();
    expect(registry.asked).toEqual([]);
    expect(second.stderr).toBe('');
    const said = (stdout: string): readonly string[] => rowsOf(stdout).slice(1);
    expect(said(second.stdout)).toEqual(said(first.stdout));
    const kept = readdirSync(homeOf(files).path, { recursive: true, encoding: 'utf8' }).map(name => join(homeOf(files).path, name));
    for (const file of kept.filter(name => statSync(name).isFile())) expect(readFileSync(file, 'utf8')).not.toContain('exec ');
    // without layers it asks for no layer
    expect((await bulkhead(folder(), 'facts', `${host}/web:1.0`)).stdout).not.toContain('runs as');
  });

  it('asks again where what is kept is not what it kept', async () => {
    const files = folder();
    const ask = () => bulkhead(files, 'facts', '--layers', '--format', 'json', `${host}/web:1.0`);
    const first = (await ask()).stdout;
    const cache = readdirSync(homeOf(files).path, { recursive: true, encoding: 'utf8' }).filter(name => /facts\/.*json$/.test(name));
    expect(cache).toHaveLength(2);
    const home = homeOf(files);
    for (const name of cache) home.write(name, readFileSync(join(home.path, name), 'utf8').replace('"uid":10001', '"uid":"10001"'));
    registry.asked.length = 0;
    const answer = (text: string): unknown => (JSON.parse(text) as { images: readonly { files: unknown }[] }).images[0]!.files;
    expect(answer((await ask()).stdout)).toEqual(answer(first));
    expect(registry.asked.length).toBeGreaterThan(0);
  });

  it('reads zstd', async () => {
    expect((await bulkhead(folder(), 'facts', '--layers', `${host}/packed:1.0`)).stdout).toContain('10001:10002, home /home/web');
  });

  it('shows no control characters of files', async () => {
    const { stdout } = await bulkhead(folder(), 'facts', '--layers', `${host}/odd:1.0`);
    expect(stdout).toContain('runs as');
    // eslint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  });

  it.each([
    ['facts', '--path', '/etc', 'x:1'],
    ['facts', '--layers', '--path', 'etc', 'x:1'],
    ['lint', '--layers'],
    ['harden', '--layers'],
    ['report', '--layers'],
  ])('says what is wrong with %s %s', async (...args) => {
    const { code, stderr } = await bulkhead(folder(), ...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--path needs --layers|--path must be an absolute path|--layers needs --lookup/);
  });
});

describe('bulkhead facts --attestations', () => {
  it('says what they claim, and asks for nothing a second time', async () => {
    const files = folder();
    const ask = () => bulkhead(files, 'facts', '--attestations', `${host}/attested@${attested.digest}`);
    const first = await ask();
    expect(first.stderr).toBe(`bulkhead: querying ${host} for 1 image (at most 8 requests)\n`);
    const rows = [
      'base image (claimed by attestation): debian:13',
      'source (claimed by attestation): https://git.example.com/app.git',
      'packages (claimed by attestation): 1',
    ];
    expect(rowsOf(first.stdout)).toEqual(expect.arrayContaining(rows));
    registry.asked.length = 0;
    expect((await ask()).stdout).toBe(first.stdout);
    expect(registry.asked).toEqual([]);
    const { stdout } = await bulkhead(folder(), 'facts', '--attestations', '--format', 'json', `${host}/web:1.0`);
    const { images } = JSON.parse(stdout) as { images: readonly { claimed: Readonly<Record<string, unknown>> }[] };
    expect(images[0]!.claimed['attestations']).toMatchObject({ bases: [], source: null, packages: null, problems: [] });
  });
});

describe('the committed file', () => {
  it('has what layers said, as a claim, and keeps it', async () => {
    const text = `FROM ${host}/web@${web.digest}\nHEALTHCHECK CMD ["curl", "-f", "http://127.0.0.1:8080/"]\nUSER web\n`;
    const files = folder({ Dockerfile: text });
    const found = async (): Promise<readonly string[]> =>
      (await bulkhead(files, 'lint', '--format', 'concise')).stdout.split('\n').filter(line => line.includes('missing-health-client'));
    const write = (...args: readonly string[]) => bulkhead(files, 'facts', '--write', '--allow-registry', host, ...args);
    expect(await write()).toMatchObject({ code: 0 });
    expect(await found()).toEqual([]);
    expect(await write('--layers')).toMatchObject({ code: 0 });
    expect(await found()).toHaveLength(1);
    const written = files.read('.bulkhead/images.json');
    expect(written).not.toContain('"whole": true');
    // who asks for less the next time takes nothing out
    await write();
    expect(files.read('.bulkhead/images.json')).toBe(written);
    expect(await bulkhead(files, 'facts', '--check', '--allow-registry', host)).toMatchObject({ code: 0 });
  });
});

describe('lint --lookup --layers', () => {
  const dockerfile = (): string => `FROM ${host}/web@${web.digest}\nHEALTHCHECK CMD ["curl", "-f", "http://127.0.0.1:8080/"]\nUSER web\n`;
  it('finds what only the layers tell', async () => {
    const found = async (...args: string[]): Promise<readonly string[]> => {
      const { stdout } = await bulkhead(folder({ Dockerfile: dockerfile() }), 'lint', '--format', 'concise', ...args);
      return stdout.split('\n').filter(line => line.includes('missing-health-client'));
    };
    const lookup = ['--lookup', '--allow-registry', host];
    expect(await found(...lookup)).toEqual([]);
    expect(await found(...lookup, '--layers')).toHaveLength(1);
  });
});
