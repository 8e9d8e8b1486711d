import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { built } from '../support/built';
import { answerAsGithub, commit, type FakeOptions } from '../support/fake-github';
import { folder, homeOf, type Folder, type Ran } from './cli';

const cli = built('cli.js');
const seen: string[] = [];
let limit: FakeOptions['limit'];
let origin = '';
const server = createServer((request, response) => {
  const path = (request.url ?? '').replace(/^\/api\/v3\//, '').replace(/\?.*$/, '');
  seen.push(`${request.headers.authorization ?? 'nobody'}: ${path}`);
  const { status, headers, body } = answerAsGithub(path, { origin, ...(limit && { limit }) });
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
});
beforeAll(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

/** Not synchronously: the server lives in this process. */
function bulkhead(files: Folder, args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const env = { ...more, BULKHEAD_GITHUB_SERVER: origin, PATH: process.env['PATH'], HOME: homeOf(files).path };
  const child = spawn(process.execPath, [cli, ...args], { cwd: files.path, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise(resolve => child.on('close', code => resolve({ code, stdout, stderr })));
}

const path = '.github/workflows/ci.yaml';
const workflow = (first: string, second: string): string =>
  `on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: ${first}\n      - uses: ${second}\n`;

describe('bulkhead pin, in workflows', () => {
  it('pins, checks, and asks nobody again within the hour', async () => {
    const files = folder({ [path]: workflow('acme/scan@v1', 'acme/old-name@main # the scanner') });
    expect((await bulkhead(files, ['pin', '--check'])).code).toBe(1);
    const asked = seen.length;
    expect(await bulkhead(files, ['pin', '--write'])).toEqual({ code: 0, stdout: `${path}: 2 images pinned\n`, stderr: '' });
    expect(seen).toHaveLength(asked);
    const pinned = workflow(`acme/scan@${commit('a')} # v1.2.0`, `acme/old-name@${commit('a')} # v1.2.0, the scanner`);
    expect(files.read(path)).toBe(pinned);
    expect(await bulkhead(files, ['pin', '--check'])).toEqual({ code: 0, stdout: '', stderr: '2 images already pinned\n' });
    expect(new Set(seen.map(line => line.split(':')[0]))).toEqual(new Set(['nobody']));
  });

  it('tells of a commit that only a fork has, and sends the token that was given for this alone', async () => {
    seen.length = 0;
    const files = folder({ [path]: workflow(`acme/scan@${commit('f')} # v1.2.0`, './here') });
    const { code, stderr } = await bulkhead(files, ['pin'], { BULKHEAD_GITHUB_TOKEN: 'given', GITHUB_TOKEN: 'other' });
    expect(code).toBe(2);
    expect(stderr).toBe(
      `not looked up:\n  ${path}:7:15: acme/scan@${commit('f')}: ffffffffffff is on no branch and no tag of acme/scan: only a fork has it [workflow/impostor-commit]\n`,
    );
    expect(new Set(seen.map(line => line.split(':')[0]))).toEqual(new Set(['Bearer given']));
  });

  it('reports it as a finding of harden --pin, which asks what commits the pinned actions have', async () => {
    const files = folder({ [path]: workflow(`acme/scan@${commit('f')} # v1.2.0`, './here') });
    const { stdout } = await bulkhead(files, ['harden', '--pin', '--format', 'json']);
    const { files: found } = JSON.parse(stdout) as { files: readonly { left: readonly { rule: string; reasonId: string }[] }[] };
    expect(found.flatMap(({ left }) => left)).toContainEqual(
      expect.objectContaining({ rule: 'workflow/impostor-commit', reasonId: 'attended' }),
    );
  });

  it('leaves what is younger than the minimum age, by the date of the commit', async () => {
    const files = folder({ [path]: workflow('acme/scan@v1', './here') });
    const young = await bulkhead(files, ['pin', '--min-age', '9999w']);
    expect(young).toMatchObject({ code: 0, stdout: '' });
    expect(young.stderr).toBe(
      `left for you to resolve:\n  ${path}:7:15: acme/scan@v1 (of 2026-01-02T03:04:05Z): it is younger than the minimum age\n`,
    );
    expect((await bulkhead(files, ['pin', '--check', '--min-age', '1h'])).code).toBe(1);
    for (const wrong of ['7', '7 days', '-1d', '']) expect((await bulkhead(files, ['pin', '--min-age', wrong])).code).toBe(2);
  });

  it('takes the minimum age of the configuration, where the command line has none', async () => {
    const files = folder({ [path]: workflow('acme/scan@v1', './here'), '.bulkhead.yaml': 'pinMinAge: 9999w\n' });
    const young = await bulkhead(files, ['pin']);
    expect(young.stderr).toContain('acme/scan@v1 (of 2026-01-02T03:04:05Z): it is younger than the minimum age');
    expect((await bulkhead(files, ['pin', '--check', '--min-age', '1h'])).code).toBe(1);
  });

  it('says how long the limit holds', async () => {
    limit = { status: 403, reset: Math.floor(Date.now() / 1000) + 3000 };
    const { code, stderr } = await bulkhead(folder({ [path]: workflow('acme/scan@v1', './here') }), ['pin']);
    limit = undefined;
    expect(code).toBe(2);
    expect(stderr).toMatch(/is not accepting any more requests for now \(403\): try again in 50 minutes; a token raises the limit/);
  });
});
