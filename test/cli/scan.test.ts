import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { fakeVersion, installScanner, type FakeScanner, type ScannerCall } from '../support/fake-scanner';
import { entry, trivyJson } from '../support/scan-report';
import { hasSamples, sample } from '../unit/scan/samples';
import { bulkhead, cli, folder, type Ran } from './cli';

const bad = trivyJson([entry('CVE-2099-1', 'CRITICAL', '1.1'), entry('CVE-2099-2', 'LOW')]);
const clean = trivyJson([]);

/** The user's own folder of programs lies beside the one that is checked. */
function scanned(
  files: Readonly<Record<string, string>>,
  fake: FakeScanner,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
) {
  const tools = folder();
  const scanner = installScanner(tools.path, 'trivy', fake);
  const checked = folder(files);
  const ran = bulkhead(['scan', ...args], { cwd: checked.path, env: { PATH: `${tools.path}:${process.env['PATH']}`, ...env } });
  return { ...ran, calls: scanner.calls(), path: checked.path };
}

/** Each call for an image, without those for the version. */
const imageCalls = (calls: readonly ScannerCall[]): readonly ScannerCall[] => calls.filter(({ args }) => args[0] !== 'version');

const dockerfile = { Dockerfile: 'FROM registry.example/app:1.0\n' };

describe('bulkhead scan', () => {
  it('reports on the tag, and fails as lint does', () => {
    const { code, stdout, stderr } = scanned(dockerfile, { report: bad });
    expect(stdout).toBe(
      'Dockerfile: 1 error\n\n' +
        'Dockerfile:1:27: error: registry.example/app:1.0: 1 critical with a fix; 2 in all (Trivy 0.74.0) [bulkhead/vulnerable-image]\n' +
        ' 1 | FROM registry.example/app:1.0\n   |                           ^^^\n' +
        '   = libmade 1.0: critical CVE-2099-1, fixed in 1.1\n\n' +
        '1 file checked: 1 error\n',
    );
    expect(stderr).toMatch(/^bulkhead: Trivy 0\.74\.0, database of 2026-11-26 \(.*\)\n$/);
    expect(code).toBe(1);
    expect(scanned(dockerfile, { report: bad }, ['--fail-on', 'never', '--quiet'])).toMatchObject({ code: 0, stderr: '' });
  });

  it('says that nothing was found, and never by silence', () => {
    const { code, stdout, stderr } = scanned(dockerfile, { report: clean });
    expect([code, stdout]).toEqual([0, '1 file checked: no findings\n']);
    expect(stderr).toContain('registry.example/app:1.0: no known vulnerabilities\n');
  });

  it('scans each image once, by its whole name and nothing else', () => {
    const files = {
      Dockerfile: 'FROM node:20 AS a\nFROM node:20\n',
      'compose.yaml': 'services:\n  a:\n    image: registry:2\n  b:\n    image: node:20\n',
    };
    const calls = imageCalls(scanned(files, { report: clean }).calls);
    expect(calls.map(({ args }) => args.slice(-2))).toEqual([
      ['--', 'docker.io/library/node:20'],
      ['--', 'docker.io/library/registry:2'],
    ]);
  });

  it('has the scanner run in an empty folder with an empty configuration, and removes it', () => {
    const files = {
      ...dockerfile,
      'trivy.yaml': 'output: /tmp/x\n',
      '.trivyignore': 'CVE-2099-2\n',
      'a/.trivyignore.yaml': 'vulnerabilities: []\n',
    };
    const { calls, path } = scanned(files, { report: bad }, [], { TRIVY_OUTPUT: 'x', TRIVY_SEVERITY: 'LOW', TRIVY_CACHE_DIR: '/cache' });
    const [call] = imageCalls(calls);
    expect(call!.files).toEqual({ 'empty.yaml': '{}\n', '.trivyignore': 'CVE-2099-2\n' });
    expect(call!.args).toContain(join(call!.cwd, 'empty.yaml'));
    expect(call!.args[call!.args.indexOf('--ignorefile') + 1]).toBe(join(call!.cwd, '.trivyignore'));
    expect(call!.cwd.startsWith(path)).toBe(false);
    expect(existsSync(call!.cwd)).toBe(false);
    expect(Object.keys(call!.env).filter(name => name.startsWith('TRIVY_'))).toEqual([
      'TRIVY_CACHE_DIR',
      'TRIVY_DISABLE_TELEMETRY',
      'TRIVY_SKIP_VERSION_CHECK',
    ]);
    expect(imageCalls(scanned(files, { report: bad }, ['--no-ignore', '--no-update']).calls)[0]!.args).toEqual(
      expect.not.arrayContaining(['--ignorefile']),
    );
    expect(imageCalls(scanned(files, { report: bad }, ['--no-update']).calls)[0]!.args).toContain('--skip-db-update');
  });

  it('names the ignore file that is there, and not the copy that the scanner has read', () => {
    const hidden = {
      Type: 'vulnerability',
      Status: 'ignored',
      Statement: 'known',
      Source: '/tmp/copy/.trivyignore.yaml',
      Finding: entry('CVE-2099-9', 'HIGH'),
    };
    const report = trivyJson([], { Results: [{ ExperimentalModifiedFindings: [hidden] }] });
    const files = { 'a/Dockerfile': 'FROM registry.example/app:1.0\n', '.trivyignore.yaml': 'vulnerabilities:\n  - id: CVE-2099-9\n' };
    const { stdout, stderr } = scanned(files, { report });
    expect(stderr).toContain('CVE-2099-9 of libmade is left out by .trivyignore.yaml: known\n');
    expect(stdout).toBe('1 file checked: no findings (1 suppressed)\n');
  });

  it('goes by the report, and not by the exit code', () => {
    expect(scanned(dockerfile, { report: bad, code: 1 }).code).toBe(1);
    expect(scanned(dockerfile, { report: clean, code: 42 }).code).toBe(0);
    const { code, stderr } = scanned(dockerfile, { report: 'Usage:\n', code: 0 });
    expect(code).toBe(2);
    expect(stderr).toContain('registry.example/app:1.0: not scanned: Trivy: its report is not JSON\n');
  });

  const faults: readonly (readonly [string, FakeScanner, readonly string[], RegExp])[] = [
    ['hangs', { instead: 'hang' }, ['--timeout', '1'], /Trivy: it was stopped because it had not finished after 1 s/],
    ['prints 500 MB', { instead: 'flood' }, [], /Trivy: it was stopped: it printed more than 64 MB/],
    ['is killed', { instead: 'kill' }, [], /Trivy: it was killed by SIGKILL: it may have run out of memory/],
    ['fills the disk', { errors: 'FATAL write /tmp/l: no space left on device\n', code: 1 }, [], /Trivy: the disk is full/],
    ['has no database', { errors: 'FATAL init error: DB error: x\n', code: 1 }, [], /it has no vulnerability database/],
    [
      'lies about its version',
      { report: trivyJson([], { Trivy: { Version: '0.69.4' } }) },
      [],
      /identifies itself as 0\.74\.0, but its report says 0\.69\.4/,
    ],
    ['does not say its version', { version: 'hello' }, [], /does not report its version the way Trivy does/],
    [
      'is another one',
      { report: JSON.stringify({ summary: { fatal: 0 }, details: [] }) },
      [],
      /it was run as Trivy but identifies itself as Dockle/,
    ],
    ['breaks off', { report: bad.slice(0, -5) }, [], /its report is not JSON, or is truncated/],
    ['has no such platform', { report: clean }, ['--platform', 'linux/arm64'], /the image has no linux\/arm64 variant: amd64 was scanned/],
    ['cannot be started', { version: '' }, ['--tool', '/bin'], /\/bin: the file name does not show which scanner the program is/],
  ];
  it('says first that nothing was scanned, where nothing was', () => {
    const { stderr, stdout } = scanned(dockerfile, { instead: 'kill' });
    expect(stderr.split('\n')[0]).toBe('bulkhead: no image was scanned: what follows does not cover images');
    expect(stdout).toContain('not everything could be checked');
  });

  it.each(faults)('a scanner that %s costs a clear line', (_, fake, args, message) => {
    const { code, stderr, stdout, calls } = scanned(dockerfile, fake, args);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
    expect(stdout).not.toContain('error:');
    for (const { cwd, pid } of calls) {
      expect(existsSync(cwd)).toBe(false);
      expect(isRunning(pid)).toBe(false);
    }
  });

  it('asks a version that is known to be malware for nothing but its version', () => {
    const { code, stderr, calls } = scanned(dockerfile, { version: fakeVersion.replace('0.74.0', '0.69.4'), report: clean });
    expect(code).toBe(2);
    expect(stderr).toContain('Trivy 0.69.4 was published with malware in it');
    expect(calls.map(({ args }) => args)).toEqual([['version', '--format', 'json']]);
  });

  it('ends the scanner when it is ended itself', async () => {
    const tools = folder();
    const scanner = installScanner(tools.path, 'trivy', { instead: 'hang' });
    const checked = folder(dockerfile);
    const child = spawn(process.execPath, [cli, 'scan'], { cwd: checked.path, env: { ...process.env, PATH: tools.path }, stdio: 'ignore' });
    await vi.waitUntil(() => imageCalls(scanner.calls()).length > 0, { timeout: 30_000 });
    const [call] = imageCalls(scanner.calls());
    const ended = new Promise<number | null>(resolve => child.on('exit', resolve));
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    await vi.waitUntil(() => !isRunning(call!.pid), { timeout: 10_000 });
    expect(existsSync(call!.cwd)).toBe(false);
  });

  it('runs nothing out of the folder that is checked, but what is named', () => {
    const checked = folder(dockerfile);
    const scanner = installScanner(join(checked.path, 'bin'), 'trivy', { report: clean });
    const run = (...args: string[]): Ran =>
      bulkhead(['scan', 'Dockerfile', ...args], { cwd: checked.path, env: { PATH: `${join(checked.path, 'bin')}:bin:.` } });
    expect(run()).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/trivy is not run: it lies in the folder that is checked/) as string,
    });
    expect(scanner.calls()).toEqual([]);
    expect(run('--tool', 'bin/trivy').code).toBe(0);
    // nor does what is named find another program there
    expect(scanner.calls().filter(({ env }) => env['PATH'] !== undefined)).toEqual([]);
    expect(scanner.calls()).not.toEqual([]);
  });

  it.each([
    ['a repository in it', 'shop/.git/HEAD', 'shop'],
    ['an empty .git in it', 'shop/.git/x', 'shop'],
    ['one in the other', 'shop/.git/HEAD', 'shop/web'],
    ['a file that is named from elsewhere', 'shop/.git/HEAD', null],
  ])('nor out of the repository around it: %s', (_what, nested, cwd) => {
    const text = dockerfile.Dockerfile;
    const outer = folder({ '.git/HEAD': '', [nested]: '', 'shop/Dockerfile': text, 'shop/web/.git/HEAD': '', 'shop/web/Dockerfile': text });
    const bin = join(outer.path, 'node_modules/.bin');
    const scanner = installScanner(bin, 'trivy', { report: clean });
    const ran = bulkhead(['scan', cwd === null ? join(outer.path, 'shop/Dockerfile') : 'Dockerfile'], {
      cwd: cwd === null ? folder().path : join(outer.path, cwd),
      env: { PATH: bin },
    });
    expect(ran.stderr).toMatch(/trivy is not run: it lies in the folder that is checked/);
    expect(ran.code).toBe(2);
    expect(scanner.calls()).toEqual([]);
  });

  it('lets no file choose a host of this machine or of a private network', () => {
    const hosts = ['169.254.169.254', '127.0.0.1:5000', 'localhost:5000', '10.0.0.1', '[::1]:5000', '2852039166', 'x.localhost'];
    const text = `services:\n${hosts.map((host, i) => `  s${i}:\n    image: "${host}/a:1"\n`).join('')}`;
    const { code, stderr, calls } = scanned({ 'compose.yaml': text }, { report: clean });
    expect(code).toBe(2);
    expect(imageCalls(calls).map(({ args }) => args.at(-1))).toEqual(['docker.io/2852039166/a:1']);
    expect(stderr.match(/which a file may not choose/g)).toHaveLength(hosts.length - 1);
    const allowed = scanned({ 'compose.yaml': text }, { report: clean }, [
      '--allow-registry',
      '10.0.0.1',
      '--allow-registry',
      'localhost:5000',
    ]);
    expect(imageCalls(allowed.calls)).toHaveLength(3);
    expect(scanned({}, { report: clean }, ['127.0.0.1:5000/a:1']).code).toBe(0);
  });

  it('takes images from the command line, and tells them from files', () => {
    const { code, stdout } = scanned({}, { report: bad }, ['node:20', 'registry.example/app:1.0']);
    expect(code).toBe(1);
    expect(stdout).toContain(' 2 | registry.example/app:1.0\n');
    for (const path of ['deploy/web.yaml', 'Dockerfile', 'report.json'])
      expect(scanned({}, { report: clean }, [path])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('does not exist') as string,
        calls: [],
      });
  });

  it('reads a report and starts nothing', () => {
    const { code, stdout, calls } = scanned({ ...dockerfile, 'r.json': bad }, {}, ['--input', 'r.json']);
    expect([code, calls]).toEqual([1, []]);
    expect(stdout).toContain('Dockerfile:1:27: error:');
    // one that is about no image that is named here
    expect(scanned({ 'r.json': bad }, {}, ['--input', 'r.json']).stdout).toContain(
      'r.json:1:1: error: registry.example/app:1.0: 1 critical',
    );
    expect(scanned({ 'r.json': '{}' }, {}, ['--input', 'r.json'])).toMatchObject({ code: 2 });
    const malware = trivyJson([], { Trivy: { Version: '0.69.5' } });
    expect(scanned({ 'r.json': malware }, {}, ['--input', 'r.json'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('malware') as string,
    });
  });

  it('puts what lint finds into the same report, in every format', () => {
    const file = { Dockerfile: 'FROM registry.example/app:1.0\nADD a.txt /x/\n' };
    const rulesOf = (stdout: string): readonly string[] =>
      (JSON.parse(stdout) as { files: { findings: { rule: string }[] }[] }).files[0]!.findings.map(({ rule }) => rule);
    expect(rulesOf(scanned(file, { report: bad }, ['--format', 'json']).stdout)).toEqual(['bulkhead/vulnerable-image']);
    const both = rulesOf(scanned(file, { report: bad }, ['--format', 'json', '--lint']).stdout);
    expect(both).toContain('bulkhead/vulnerable-image');
    expect(both).toContain('dockerfile/add-for-copy');
    const sarif = JSON.parse(scanned(file, { report: bad }, ['--format', 'sarif']).stdout) as {
      runs: { results: { ruleId: string; locations: { physicalLocation: { region: object } }[] }[] }[];
    };
    expect(sarif.runs[0]!.results[0]).toMatchObject({
      ruleId: 'bulkhead/vulnerable-image',
      locations: [{ physicalLocation: { region: { startLine: 1, startColumn: 27, endColumn: 30 } } }],
    });
  });

  it('never prints what the report says of the environment of the image, nor what steers a terminal', () => {
    const hostile = trivyJson([
      { ...entry('CVE-2099-1', 'HIGH', '1.1'), PkgName: '\u001b[2Jlib', InstalledVersion: 'password=hunter2example' },
    ]);
    for (const format of ['text', 'json', 'sarif', 'markdown']) {
      const { stdout, stderr } = scanned(dockerfile, { report: hostile }, ['--format', format]);
      expect(stdout + stderr).not.toMatch(/do-not-keep-me|hunter2example/);
      expect(stdout + stderr).not.toContain('\u001b');
    }
  });

  it('advises by scanning the newest patch release too, and asks a registry for tags then alone', async () => {
    const asked: string[] = [];
    const registry = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end(JSON.stringify({ name: 'app', tags: ['1.0.0', '1.0.4', '1.1.0'] }));
    });
    await new Promise<void>(resolve => registry.listen(0, '127.0.0.1', resolve));
    const host = `127.0.0.1:${(registry.address() as AddressInfo).port}`;
    const tools = folder();
    const less = trivyJson([entry('CVE-2099-2', 'LOW')]);
    installScanner(tools.path, 'trivy', { report: bad, reports: { [`${host}/app:1.0.4`]: less } });
    const checked = folder({ Dockerfile: `FROM ${host}/app:1.0.0\n` });
    // not synchronously: the registry lives in this process
    const run = (...args: string[]): Promise<string> =>
      new Promise(resolve => {
        const env = { ...process.env, PATH: tools.path, HOME: checked.path };
        const child = spawn(process.execPath, [cli, 'scan', '--allow-registry', host, ...args], { cwd: checked.path, env });
        let said = '';
        child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
        child.on('close', () => resolve(said));
      });
    try {
      expect(await run()).not.toContain(' of the ');
      expect(asked).toEqual([]);
      expect(await run('--advise')).toContain(`${host}/app:1.0.0: 1.0.4 has 1 of the 2\n`);
      expect(asked.filter(path => path.includes('/tags/list'))).toHaveLength(1);
    } finally {
      registry.close();
      registry.closeAllConnections();
    }
  });

  it.skipIf(!hasSamples)('says what the recorded scan with an ignore file left out', () => {
    const { stderr } = scanned(dockerfile, { version: sample('trivy-version.json'), report: sample('trivy-image-ignored.json') });
    expect(stderr).toContain('CVE-2099-0001 of libssl3 is left out by ignore.yaml: not reachable, TLS ends at the proxy\n');
    expect(stderr).toContain('alpine 3.19.0 gets no security updates any more');
    const listed = JSON.parse(
      scanned(dockerfile, { version: sample('trivy-version.json'), report: sample('trivy-image-ignored.json') }, ['--format', 'json'])
        .stdout,
    ) as {
      files: { findings: { message: string; suppressed: boolean; suppression: unknown }[] }[];
    };
    expect(listed.files[0]!.findings.filter(({ suppressed }) => suppressed)).toMatchObject([
      {
        message: 'registry.example/app:1.0: CVE-2099-0001 in libssl3 is ignored by ignore.yaml',
        suppression: { kind: 'file', reason: 'not reachable, TLS ends at the proxy', peer: 'trivy' },
      },
    ]);
    expect(scanned(dockerfile, { errors: sample('trivy-error-nodb.txt'), code: 1 }).stderr).toContain('no vulnerability database');
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
