import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import { root } from '../support/built';
import { nodeBundle } from '../support/bundle';
import { startMcp } from '../../tools/mcp-client';

const folder = mkdtempSync(join(tmpdir(), 'bulkhead-watchdog-'));
const cli = join(folder, 'cli.js');

beforeAll(async () => {
  // the command line as it ships, with rules that hang where a file asks them to
  await build({
    ...nodeBundle('server/src/cli/main.ts', cli),
    plugins: [
      {
        name: 'other-rules',
        setup: builder =>
          builder.onLoad({ filter: /shared[\\/]src[\\/]families[\\/]generated[\\/]index\.[jt]s$/ }, () => ({
            contents: `import { fakeRules } from './server-rules'; import { trickRules } from './trick-rules'; export const rules = [...fakeRules, ...trickRules];`,
            loader: 'ts',
            resolveDir: join(root, 'test/lsp'),
          })),
      },
    ],
  });
});

interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** What a file may take where time is what it runs out of. */
const shortTime = { BULKHEAD_TEST_CPU_MS: '700', BULKHEAD_TEST_MEMORY_MB: '1000' };

/** What it may take where that is memory: a busy machine may need long to fill it. */
const littleMemory = { BULKHEAD_TEST_CPU_MS: '60000', BULKHEAD_TEST_MEMORY_MB: '300' };

function run(args: readonly string[], cwd: string, { input = '', limits = shortTime } = {}): Ran {
  const env = { ...process.env, ...limits, NO_COLOR: '1' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { cwd, env, input, encoding: 'utf8', timeout: 110_000 });
  return { status, out: stdout, err: stderr };
}

function project(files: Readonly<Record<string, string>>): string {
  const made = mkdtempSync(join(folder, 'project-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(made, name), text);
  return made;
}

const trick = (name: string): string => `FROM a\nVOLUME ${name}\n`;
const fine = 'FROM a\nUSER root\n';

interface Finding {
  readonly rule: string;
  readonly severity: string;
  readonly message: string;
}

/** The findings of a JSON report, by file. */
function findings({ out }: Ran): Record<string, string[]> {
  const { files } = JSON.parse(out) as { files: { path: string; findings: Finding[] }[] };
  return Object.fromEntries(
    files.map(file => [file.path, file.findings.map(({ rule, severity, message }) => `${rule} ${severity} ${message}`)]),
  );
}

const timedOut = ['bulkhead/incomplete error File was not checked: the check took more than 0.7 s'];
const tooMuch = ['bulkhead/incomplete error File was not checked: the check took more than 300 MB of memory'];
const root0 = ['dockerfile/fake-root warning Runs as root'];

describe('a file that never comes to an end', () => {
  test.each([
    ['named, beside another one', ['a.dockerfile', 'b.dockerfile']],
    ['found in a folder', ['.']],
  ])('%s: it is an error, and the run goes on', (_, paths) => {
    const cwd = project({ 'a.dockerfile': trick('regexp'), 'b.dockerfile': fine });
    const ran = run(['lint', '--format', 'json', ...paths], cwd);
    expect(findings(ran)).toEqual({ 'a.dockerfile': timedOut, 'b.dockerfile': root0 });
    expect([ran.status, ran.err]).toEqual([1, 'bulkhead: a.dockerfile: gave up after 0.7 s\n']);
  });

  test.each([
    ['run out of time', 'loop', 'regexp', timedOut, shortTime],
    ['use all the memory', 'memory', 'arrays', tooMuch, littleMemory],
  ])('several that %s, and one that is fine', (_, first, last, expected, limits) => {
    const cwd = project({ 'a.dockerfile': trick(first), 'b.dockerfile': fine, 'c.dockerfile': trick(last) });
    const ran = run(['lint', '--format', 'json', '--profile', 'baseline'], cwd, { limits });
    expect(findings(ran)).toEqual({ 'a.dockerfile': expected, 'b.dockerfile': root0, 'c.dockerfile': expected });
    expect(ran.status).toBe(1);
  });

  test('on standard input, which is read once', () => {
    const ran = run(['lint', '--format', 'json', '--stdin-filename', 'Dockerfile'], project({}), { input: trick('loop') });
    expect([ran.status, findings(ran)]).toEqual([1, { Dockerfile: timedOut }]);
    const hardened = run(['harden', '--stdin-filename', 'Dockerfile'], project({}), { input: trick('loop') });
    expect([hardened.status, hardened.out]).toEqual([0, trick('loop')]);
    expect(hardened.err).toContain('File was not checked: the check took more than 0.7 s [bulkhead/incomplete]: the file is not checked');
  });

  test('harden writes the others, once, and says what it did to them', () => {
    const cwd = project({ 'a.dockerfile': fine, 'b.dockerfile': trick('regexp'), 'c.dockerfile': fine });
    const ran = run(['harden', '--write', '--format', 'json'], cwd);
    const { files } = JSON.parse(ran.out) as { files: { path: string; applied: unknown[]; left: { rule: string; reasonId: string }[] }[] };
    expect(files.map(({ path, applied, left }) => [path, applied.length, left.map(({ rule, reasonId }) => `${rule} ${reasonId}`)])).toEqual(
      [
        ['a.dockerfile', 1, []],
        ['b.dockerfile', 0, ['bulkhead/incomplete incomplete']],
        ['c.dockerfile', 1, []],
      ],
    );
    expect(readFileSync(join(cwd, 'a.dockerfile'), 'utf8')).not.toContain('root');
    expect(readFileSync(join(cwd, 'b.dockerfile'), 'utf8')).toBe(trick('regexp'));
    expect(run(['harden', '--check', '--safe-only'], cwd).status).toBe(1);
  });
});

test.each([
  ['run out of time', 'regexp', 'the check took more than 0.7 s', shortTime],
  ['use all the memory', 'arrays', 'the check took more than 300 MB of memory', littleMemory],
])('a server for agents answers for all files beside those that %s, and lives', async (_, name, expected, limits) => {
  const server = startMcp(cli, [], project({ 'a.dockerfile': fine, 'b.dockerfile': trick(name), 'c.dockerfile': fine }), limits);
  const call = (paths: readonly string[]): ReturnType<typeof server.call> => server.call('lint_container_config', { paths });
  const [all, one] = await Promise.all([call(['.']), call(['c.dockerfile'])]);
  expect(all.structured).toMatchObject({ counts: { files: 3, error: 1, warning: 2 }, findings: [{ path: 'b.dockerfile' }, {}, {}] });
  expect(all.text).toContain(expected);
  expect(one.structured).toMatchObject({ counts: { files: 1, warning: 1 } });
  // the text is not tried again
  expect((await call(['b.dockerfile'])).text).toContain(expected);
  expect(await server.end()).toBe(0);
  expect(server.stderr().match(/gave up/g)).toHaveLength(1);
});

test('many files are checked as few are', () => {
  const names = Array.from({ length: 120 }, (_, i) => `${String(i).padStart(3, '0')}.dockerfile`);
  const cwd = project(Object.fromEntries(names.map(name => [name, fine])));
  const ran = run(['lint', '--format', 'json'], cwd);
  expect([ran.status, ran.err]).toEqual([1, '']);
  expect(findings(ran)).toEqual(Object.fromEntries(names.map(name => [name, root0])));
});

test('what is slow, and no slower than one file may be, is checked as ever', () => {
  const cwd = project({ 'a.dockerfile': trick('slow'), 'b.dockerfile': fine });
  const ran = run(['lint', '--format', 'json', 'a.dockerfile', 'b.dockerfile'], cwd);
  expect(findings(ran)['a.dockerfile']).toEqual(['dockerfile/fake-trick warning Trick slow']);
  expect([ran.status, ran.err]).toEqual([1, '']);
});

test('a mistake in the arguments is said the same way wherever it is found', () => {
  const cwd = project({ 'a.dockerfile': fine });
  const said = 'bulkhead: --today must be a date such as 2026-11-24, not "x"; see bulkhead lint --help\n';
  for (const path of ['a.dockerfile', '.']) {
    const { status, out, err } = run(['lint', '--today', 'x', path], cwd);
    expect([status, out, err]).toEqual([2, '', said]);
  }
});
