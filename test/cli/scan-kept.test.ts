import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installScanner, type FakeScanner } from '../support/fake-scanner';
import { entry, trivyJson } from '../support/scan-report';
import { bulkhead, cli, folder, type Ran } from './cli';

const [one, two] = ['a', 'b'].map(digit => `sha256:${digit.repeat(64)}`) as [string, string];

/** A registry of which all that matters is the digest that its tags have. */
let tagged = one;
const asked: string[] = [];
const registry = createServer((request, response) => {
  asked.push(`${request.method} ${request.url}`);
  response.setHeader('docker-content-digest', tagged);
  response.setHeader('content-type', 'application/vnd.oci.image.index.v1+json');
  response.end();
});
let host = '';
beforeAll(async () => {
  await new Promise<void>(resolve => registry.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(registry.address() as AddressInfo).port}`;
});
afterAll(() => {
  registry.close();
  registry.closeAllConnections();
});

const version = (more: object = {}, name = '0.74.0'): string =>
  JSON.stringify({
    Version: name,
    VulnerabilityDB: {
      UpdatedAt: '2026-11-26T14:24:15Z',
      NextUpdate: '2999-01-01T00:00:00Z',
      DownloadedAt: '2026-11-26T15:00:00Z',
      ...more,
    },
  });

const secret = { ...entry('CVE-2099-3', 'LOW'), Title: 'password=hunter2example', InstalledVersion: 'token=hunter2example' };

/** The report of an image of a digest, as of one that a registry has. */
function reportOf(digest: string): string {
  const Metadata = {
    OS: { Family: 'debian', Name: '12.9' },
    RepoDigests: [`${host}/app@${digest}`],
    ImageConfig: { architecture: 'amd64', config: { Env: ['TOKEN=do-not-keep-me'] } },
  };
  return trivyJson([entry('CVE-2099-1', 'HIGH', '1.1'), secret], { ArtifactName: `${host}/app:1.0`, Metadata });
}

/** A user with a folder to check, a scanner and a cache. */
function user(files: Readonly<Record<string, string>> = {}) {
  const [checked, tools, cache] = [folder({ Dockerfile: `FROM ${host}/app:1.0\n`, ...files }), folder(), folder()];
  let calls: ReturnType<typeof installScanner>['calls'] = () => [];
  const install = (fake: FakeScanner = {}): void => {
    ({ calls } = installScanner(tools.path, 'trivy', { version: version(), report: reportOf(tagged), ...fake }));
  };
  install();
  /** Not synchronously: the registry lives in this process. `scans`: how many images the scanner was asked for. */
  const run = async (
    args: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ): Promise<Ran & { readonly scans: number }> => {
    const before = calls().length;
    const child = spawn(process.execPath, [cli, 'scan', '--allow-registry', host, ...args], {
      cwd: checked.path,
      env: { ...process.env, PATH: tools.path, HOME: cache.path, XDG_CACHE_HOME: cache.path, ...env },
    });
    const said = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) child[stream].on('data', (chunk: Buffer) => (said[stream] += chunk.toString()));
    const code = await new Promise<number | null>(resolve => child.on('close', resolve));
    const scans = calls()
      .slice(before)
      .filter(({ args: [first] }) => first === 'image').length;
    return { code, ...said, scans };
  };
  const packs = join(cache.path, 'bulkhead/kept/scans');
  return { checked, run, install, cache: cache.path, packs, files: () => readdirSync(packs).map(name => join(packs, name)) };
}

describe('what a scan has found', () => {
  it('is told again while image, scanner and database are the same, and the day of it is said', async () => {
    const { run } = user();
    asked.length = 0;
    const first = await run();
    expect([first.code, first.scans]).toEqual([1, 1]);
    // nobody has to be asked before there is something to compare with
    expect(asked).toEqual([]);
    const again = await run();
    expect([again.code, again.scans]).toEqual([1, 0]);
    expect(asked).toEqual(['GET /v2/', 'HEAD /v2/app/manifests/1.0'].slice(-asked.length));
    const day = new Date().toISOString().slice(0, 10);
    expect(again.stdout.replace(`(Trivy 0.74.0, ${day})`, '(Trivy 0.74.0)')).toBe(first.stdout);
    expect(again.stdout).toContain(`1 high with a fix; 2 in all (Trivy 0.74.0, ${day})`);
    expect(again.stderr).toContain('1 of 1 image not scanned again: image, scanner and database are the same as at ');
    expect(again.stderr).toContain('Trivy 0.74.0, database of 2026-11-26');
  });

  it('is told of a digest that is written without asking anybody', async () => {
    const { run } = user({ Dockerfile: `FROM ${host}/app:1.0@${one}\n` });
    asked.length = 0;
    expect((await run()).scans).toBe(1);
    expect((await run()).scans).toBe(0);
    expect(asked).toEqual([]);
  });

  const changes: readonly (readonly [
    string,
    (own: ReturnType<typeof user>) => unknown,
    readonly string[],
    Readonly<Record<string, string>>,
  ])[] = [
    ['the tag has moved', ({ install }) => ((tagged = two), install({ report: reportOf(two) })), [], {}],
    ['the scanner is another version', ({ install }) => install({ version: version({}, '0.75.0'), report: reportOf(one) }), [], {}],
    ['the database is another one', ({ install }) => install({ version: version({ UpdatedAt: '2026-11-27T00:00:00Z' }) }), [], {}],
    ['the database is due', ({ install }) => install({ version: version({ NextUpdate: '2026-11-26T20:00:00Z' }) }), [], {}],
    ['nobody knows how old the database is', ({ install }) => install({ version: JSON.stringify({ Version: '0.74.0' }) }), [], {}],
    ['a server scans', () => null, [], { TRIVY_SERVER: 'http://127.0.0.1:1' }],
    ['an ignore file says something else', ({ checked }) => checked.write('.trivyignore', 'CVE-2099-9\n'), [], {}],
    ['a VEX document is added', ({ checked }) => checked.write('a.json', '{"@context":"x","statements":[]}'), ['--vex', 'a.json'], {}],
    ['another platform is meant', () => null, ['--platform', 'linux/amd64'], {}],
    ['nothing is to be kept', () => null, ['--no-cache'], {}],
    ['it is kept elsewhere', ({ checked }) => checked.path, ['--cache-location', 'elsewhere'], {}],
    ['the database is left alone', () => null, ['--no-update'], {}],
  ];
  it.each(changes)('does not count once %s', async (_, change, args, env) => {
    try {
      const own = user();
      expect((await own.run()).scans).toBe(1);
      expect((await own.run()).scans).toBe(0);
      change(own);
      expect((await own.run(args, env)).scans).toBe(1);
    } finally {
      tagged = one;
    }
  });

  it('does not count of an image that is named by hand: it may just have been built', async () => {
    const { run } = user();
    for (const image of [`${host}/app:1.0`, `${host}/app:1.0`]) expect((await run([image])).scans).toBe(1);
    const pinned = `${host}/app@${one}`;
    expect([(await run([pinned])).scans, (await run([pinned])).scans]).toEqual([1, 0]);
  });

  it('is not kept of an image that no registry has, nor of another one in its place', async () => {
    const { run, install } = user();
    install({ report: trivyJson([]) });
    expect([(await run()).scans, (await run()).scans]).toEqual([1, 1]);
    // an engine of containers has an older image under the tag
    install({ report: reportOf(two) });
    expect([(await run()).scans, (await run()).scans]).toEqual([1, 1]);
  });

  it.each<[string, (own: ReturnType<typeof user>) => void]>([
    [
      'changed',
      ({ files }) => files().forEach(file => writeFileSync(file, readFileSync(file, 'latin1').replace('"high"', '"low"'), 'latin1')),
    ],
    ['cut off', ({ files }) => files().forEach(file => writeFileSync(file, readFileSync(file).subarray(0, 50)))],
    ['of another user', ({ cache }) => writeFileSync(join(cache, 'bulkhead/kept/key'), Buffer.alloc(32))],
  ])('does not count where the file is %s', async (_, spoil) => {
    const own = user();
    await own.run();
    expect(own.files()).toHaveLength(1);
    spoil(own);
    const { scans, code, stderr } = await own.run();
    expect([scans, code]).toEqual([1, 1]);
    expect(stderr).not.toContain('not scanned again');
  });

  it('is read by the user alone, and holds no secret of the report', async () => {
    const { run, files, packs } = user();
    await run();
    const text = files()
      .map(file => readFileSync(file, 'latin1'))
      .join('\n');
    expect(text).toContain('CVE-2099-1');
    expect(text).not.toMatch(/do-not-keep-me|hunter2example/);
    if (process.platform !== 'win32') expect([packs, ...files()].map(path => statSync(path).mode & 0o077)).toEqual([0, 0]);
  });
});

it('the database that a scan has brought up to date is the one that is told of', async () => {
  const { run, install } = user();
  install({ version: version({ UpdatedAt: '2026-01-01T00:00:00Z', NextUpdate: '2026-01-02T00:00:00Z' }), laterVersion: version() });
  const { stderr } = await run();
  expect(stderr).toContain('database of 2026-11-26');
  expect((await run()).scans).toBe(0);
});

describe('a VEX document', () => {
  const vex = '{"@context":"https://openvex.dev/ns/v0.2.0","statements":[]}';
  it('is passed on as it was when it was read, and named as its user knows it', () => {
    const hidden = {
      Type: 'vulnerability',
      Status: 'not_affected',
      Statement: 'vulnerable_code_not_present',
      Source: '/tmp/copy/vex-1.json',
      Finding: entry('CVE-2099-9', 'HIGH'),
    };
    const report = trivyJson([], { Results: [{ ExperimentalModifiedFindings: [hidden] }] });
    const tools = folder();
    const scanner = installScanner(tools.path, 'trivy', { report });
    const checked = folder({ Dockerfile: 'FROM registry.example/app:1.0\n', 'a.json': vex, 'vex/b.json': vex });
    const { stderr, stdout } = bulkhead(['scan', '--vex', 'a.json', '--vex', 'vex/b.json', '--format', 'json'], {
      cwd: checked.path,
      env: { PATH: tools.path },
    });
    expect(stderr).toContain('CVE-2099-9 of libmade is left out by vex/b.json: vulnerable_code_not_present\n');
    expect(stdout).toContain('CVE-2099-9 in libmade is ignored by vex/b.json');
    const call = scanner.calls().find(({ args }) => args[0] === 'image')!;
    expect(call.files).toMatchObject({ 'vex-0.json': vex, 'vex-1.json': vex });
    expect(call.args.filter((_, i) => call.args[i - 1] === '--vex')).toEqual([join(call.cwd, 'vex-0.json'), join(call.cwd, 'vex-1.json')]);
  });

  it.each([
    ['', 'is no VEX document: it is not JSON'],
    ['{"@context":', 'is no VEX document: it is not JSON'],
    ['[]', 'is no VEX document: it is neither OpenVEX nor CSAF'],
    ['{"statements":[]}', 'is no VEX document: it is neither OpenVEX nor CSAF'],
    ['{"bomFormat":"CycloneDX","vulnerabilities":[]}', 'is of CycloneDX, which scanners take for SBOMs alone'],
    [`{"@context":"x","statements":[],"more":"${'x'.repeat(17 << 20)}"}`, 'is longer than 16 MB'],
  ])('that is none costs a clear line, and nothing is scanned (%#)', (text, message) => {
    const tools = folder();
    const scanner = installScanner(tools.path, 'trivy', { report: trivyJson([]) });
    const checked = folder({ Dockerfile: 'FROM registry.example/app:1.0\n', 'v.json': text });
    const { code, stderr } = bulkhead(['scan', '--vex', 'v.json'], { cwd: checked.path, env: { PATH: tools.path } });
    expect([code, scanner.calls()]).toEqual([2, []]);
    expect(stderr).toContain(`--vex: v.json ${message}`);
  });

  it('that is not there costs one too', () => {
    const { code, stderr } = bulkhead(['scan', '--vex', 'no.json'], { cwd: folder({}).path });
    expect(code).toBe(2);
    expect(stderr).toMatch(/--vex: no\.json: .*exist/);
  });
});
