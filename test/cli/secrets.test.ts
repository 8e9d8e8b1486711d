import { generateKeyPairSync } from 'node:crypto';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { allKept } from '../support/kept';
import { planted } from '../support/planted';
import { spellings } from '../support/spellings';
import { bulkhead, folder as folderOf, type Ran, today } from './cli';

// One folder with all of them, so that each command runs once, and so that files ask about each other.
const all = [...planted, ...spellings];
const files = Object.fromEntries(
  all.flatMap(({ path, text, beside = {} }, i) =>
    [...Object.entries(beside), [path, text] as const].map(([name, own]) => [`${i}/${name}`, own]),
  ),
);
const pieces = all.flatMap((spelling, i) => spelling.pieces.map(piece => ({ piece, name: `${String(i)}: ${spelling.name}` })));
const heldBy = (...outputs: readonly string[]): readonly string[] =>
  pieces.filter(({ piece }) => outputs.some(output => output.includes(piece))).map(({ name }) => name);

const folder = folderOf({ ...files, '.bulkhead.yaml': 'profile: strict\n' }).path;
const out = folderOf({ 'key.pem': generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }) });
const cache = folderOf().path;
// registries are asked, and nobody answers
const env = { XDG_CACHE_HOME: cache, HTTPS_PROXY: 'http://127.0.0.1:9', HTTP_PROXY: 'http://127.0.0.1:9' };
const run = (args: readonly string[], cwd = folder): Ran => bulkhead(args, { cwd, env });
const formats = ['text', 'concise', 'json', 'sarif', 'github', 'gitlab', 'junit', 'rdjson', 'markdown'];

/**
 * What keeps the bytes of a file, since it would be of no use otherwise: the diff of harden and pin without --mask, what --stdin-filename and convert print,
 * files that are written into the workspace, and the names and labels in policies. Everything else is here.
 */
describe('no output of the command line, and no file that it writes beside, holds a credential', () => {
  test('there are more than 300, in all families, each with a value of its own', () => {
    expect(all.length).toBeGreaterThan(360);
    expect(new Set(all.map(spelling => spelling.pieces[0])).size).toBe(all.length);
    expect(new Set(all.map(({ path }) => path)).size).toBeGreaterThan(18);
  });

  test('lint, in every format, to files and standard output, with a summary; with what was kept it says the same', () => {
    const targets = formats.map(format => `--format=${format}=${join(out.path, format)}`);
    const { stdout, stderr } = run(['lint', ...today, ...targets, '--summary', join(out.path, 'summary')]);
    expect(heldBy(stdout, stderr)).toEqual([]);
    for (const name of [...formats, 'summary']) {
      expect(out.read(name).length, name).toBeGreaterThan(1000);
      expect(heldBy(out.read(name)), name).toEqual([]);
    }
    const fresh = run(['lint', ...today, '--no-cache']);
    expect(fresh.stdout.length).toBeGreaterThan(100_000);
    expect(heldBy(fresh.stdout, fresh.stderr)).toEqual([]);
    for (const what of ['cold', 'warm']) expect(run(['lint', ...today]), what).toEqual(fresh);
  });

  test.each([
    ['harden', '--format', 'json', ...today],
    ['harden', '--mask', ...today],
    ['harden', '--safe-only', '--check', '--mask', ...today],
    ['report', ...today],
    ['pin', '--mask'],
    ['pin', '--format', 'json'],
    ['scan'],
    ['verify', '--key', join(out.path, 'key.pem')],
    ['init', 'network-policy', '--namespace', 'shop', '--output-file', join(out.path, 'policy.yaml')],
  ])('%s %s %s', (...command) => {
    const { stdout, stderr } = run(command);
    expect(stdout.length + stderr.length).toBeGreaterThan(50);
    expect(heldBy(stdout, stderr)).toEqual([]);
  });

  test('baseline, and lint with it', () => {
    const file = join(out.path, 'baseline.json');
    // where a configuration is wrong, none is written
    const paths = all.flatMap(({ path }, i) => (path === '.bulkhead.yaml' ? [] : `${i}`));
    const made = run(['baseline', ...today, '--output-file', file, ...paths]);
    const compared = run(['lint', ...today, '--baseline', file]);
    expect(out.read('baseline.json').length).toBeGreaterThan(10_000);
    expect(heldBy(made.stdout, made.stderr, compared.stdout, compared.stderr, out.read('baseline.json'))).toEqual([]);
  });

  test('lint --fix and harden --write', () => {
    const copy = folderOf().path;
    cpSync(folder, copy, { recursive: true });
    for (const command of [
      ['lint', '--fix'],
      ['harden', '--write'],
    ]) {
      const { stdout, stderr } = run([...command, ...today], copy);
      expect(stdout.length + stderr.length).toBeGreaterThan(1000);
      expect(heldBy(stdout, stderr)).toEqual([]);
    }
  });

  test('what all of these have kept', () => {
    const kept = allKept(cache);
    expect(kept).toContain('dockerfile/missing-digest');
    expect(kept).toContain('"type":"build"');
    expect(heldBy(kept)).toEqual([]);
  });
});

describe('the diff', () => {
  test('of harden keeps the bytes of the file without --mask', () => {
    const { stdout, stderr } = run(['harden', ...today]);
    expect(heldBy(stdout).length).toBeGreaterThan(60);
    expect(heldBy(stderr)).toEqual([]);
    expect(stderr).toContain('; use --mask to mask it in logs');
  });

  test('the lines with a credential are named; --mask changes nothing else', () => {
    const text = [
      ...['apiVersion: v1', 'kind: Pod', 'metadata: {name: web}', 'spec:', '  containers:', '    - name: web', '      image: alpine:3.22'],
      ...['      env:', '        - name: DB_PASSWORD', '          value: hunter2-hunter2', ''],
    ].join('\r\n');
    const cwd = folderOf({ 'pod.yaml': text }).path;
    const options = ['--profile', 'strict', ...today];
    const plain = bulkhead(['harden', ...options], { cwd });
    const masked = bulkhead(['harden', '--mask', ...options], { cwd });
    expect(plain.stdout).toContain('hunter2-hunter2');
    expect(plain.stderr).toContain('pod.yaml: the diff shows what looks like a credential (line 10); use --mask to mask it in logs');
    expect(masked.stdout).toBe(plain.stdout.replaceAll('hunter2-hunter2', '********'));
    expect(masked.stderr).toContain('pod.yaml: credentials in the diff are masked, so the diff cannot be applied');
  });

  test.each([
    [['harden', '--mask', '--write'], '--mask is for the diff'],
    [['harden', '--mask', '--format', 'json'], '--mask is for the diff'],
    [['pin', '--mask', '--check'], '--mask is for the diff'],
  ])('%j is refused', (command, message) => {
    const { code, stderr } = run(command);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

test('invalid usage, wrong configurations and what cannot be read do not repeat a credential', () => {
  const cwd = folderOf({
    'wrong.yaml': 'profile: "token=hunter2-hunter2"\nrules: {kubernetes/x: "password: hunter2-hunter2"}\n',
    'broken.json': '{"password": "hunter2-hunter2"',
    'run.sh': 'docker run -e DB_PASSWORD=${P:-hunter2-hunter2} --nope=hunter2-hunter2 "$(echo hunter2-hunter2\n',
  }).path;
  const said = (...args: readonly string[]): string => {
    const { code, stdout, stderr } = bulkhead(args, { cwd });
    expect(code).toBe(2);
    return stdout + stderr;
  };
  expect(said('lint', '--token=hunter2-hunter2')).toContain('unknown option --token');
  for (const args of [
    ['lint', '--token=hunter2-hunter2'],
    ['lint', '--rule', 'password=hunter2-hunter2'],
    ['lint', '--config', 'wrong.yaml'],
    ['lint', '--baseline', 'broken.json'],
    ['scan', '--input', 'broken.json'],
    ['explain', 'token=hunter2-hunter2'],
    ['convert', 'run.sh'],
    ['verify', 'https://ci:hunter2-hunter2@registry.example.com/web'],
  ])
    expect(said(...args), args.join(' ')).not.toContain('hunter2-hunter2');
});
