import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseBaseline } from '../../shared/src/output/report/baseline';
import { bulkhead, finePod, folder, privilegedPod, today } from './cli';

/** A baseline: what was there when a project began is hidden, what is new is not. */

const name = '.bulkhead-baseline.json';
const sudo = 'FROM debian:12.5\nRUN sudo make\nUSER 1000\n';

function project(files: Readonly<Record<string, string>> = { Dockerfile: sudo, 'pod.yaml': privilegedPod }) {
  const made = folder(files);
  const run = (...args: readonly string[]) => bulkhead([...args, ...today], { cwd: made.path });
  return { ...made, run, lint: (...args: readonly string[]) => run('lint', '--baseline', name, ...args) };
}

describe('a baseline', () => {
  test('hides what was there, and says how much that is; what is new shows', () => {
    const { run, lint, write, read } = project();
    expect(run('baseline').stdout).toMatch(/^\.bulkhead-baseline\.json: \d+ findings in 2 files\n$/);
    expect(lint()).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^2 files checked: no findings \(\d+ in the baseline\)\n$/) as string,
    });
    // nobody named it
    expect(run('lint').code).toBe(1);

    write('Dockerfile', `# moved\n\n${sudo}RUN sudo make\n`);
    const again = lint('--format', 'concise');
    expect(again.code).toBe(1);
    expect(again.stdout.match(/^Dockerfile:.*$/gm)).toEqual([expect.stringMatching(/^Dockerfile:6:5: warning: .*\[dockerfile\/sudo\]$/)]);
    expect(run('baseline', '--check')).toMatchObject({
      code: 1,
      stdout: `Dockerfile: new: dockerfile/sudo\n${name}: 1 finding would be added, 0 would be removed\n`,
    });
    expect(JSON.parse(read(name))).toMatchObject({ schemaVersion: 1 });
  });

  test('what is gone from it is said, and goes when it is written anew', () => {
    const { run, lint, write } = project();
    run('baseline');
    write('Dockerfile', sudo.replace('sudo ', ''));
    expect(lint().stderr).toBe(
      `bulkhead: ${name}: 1 finding recorded in the file is no longer found; run bulkhead baseline to rewrite the file\n`,
    );
    expect(run('baseline', '--check')).toMatchObject({ code: 0, stdout: `${name}: 0 findings would be added, 1 would be removed\n` });
    expect(run('baseline').stdout).toContain('(0 added, 1 removed)');
    expect(lint().stderr).toBe('');
  });

  test('JSON and SARIF keep what it hides', () => {
    const { run, lint, write } = project();
    run('baseline');
    write('pod.yaml', `${privilegedPod}---\n${privilegedPod.replace('name: web', 'name: other')}`);
    const json = JSON.parse(lint('--format', 'json').stdout) as {
      files: { path: string; findings: { suppressed: boolean; suppression: { kind: string } | null; fixes: unknown[] }[] }[];
    };
    const kinds = new Set(json.files.flatMap(({ findings }) => findings.map(({ suppression }) => suppression?.kind ?? 'new')));
    expect([...kinds].sort()).toEqual(['baseline', 'new']);
    // with the fixes that they have
    expect(json.files.some(({ findings }) => findings.some(({ suppressed, fixes }) => suppressed && fixes.length > 0))).toBe(true);
    const sarif = JSON.parse(lint('--format', 'sarif').stdout) as {
      runs: { results: { baselineState: string; suppressions: unknown[] }[] }[];
    };
    const states = sarif.runs[0]!.results.map(({ baselineState }) => baselineState);
    expect([...new Set(states)].sort()).toEqual(['new', 'unchanged']);
    expect(sarif.runs[0]!.results.every(({ suppressions }) => suppressions.length === 0)).toBe(true);
    expect(run('lint', '--format', 'sarif').stdout).not.toContain('baselineState');
  });

  test('says the same from what is kept as without it', () => {
    const { run, lint, write } = project();
    run('baseline');
    write('pod.yaml', `${privilegedPod}---\n${privilegedPod.replace('name: web', 'name: other')}`);
    const first = lint('--no-cache');
    for (let i = 0; i < 2; i++) expect(lint()).toEqual(first);
    write(name, JSON.stringify({ schemaVersion: 1, files: {} }));
    expect(lint().stdout).toBe(run('lint', '--no-cache').stdout);
  });

  test('holds no finding of the engine itself, and nothing that is suppressed', () => {
    const { run, lint, read } = project({
      'pod.yaml': '# bulkhead-ignore kubernetes/no-such-rule\n' + finePod,
      Dockerfile: `FROM debian:12.5\n# bulkhead-ignore dockerfile/sudo -- needed\nRUN sudo make\nUSER 1000\n`,
    });
    run('baseline', '--profile', 'strict');
    expect(read(name)).not.toMatch(/bulkhead\/|dockerfile\/sudo/);
    expect(lint('--profile', 'strict').stdout).toContain('[bulkhead/unknown-suppression]');
  });

  test.each([
    ['nope.json', null, 'nope.json: does not exist'],
    ['x.json', '{', 'x.json: is not a baseline: it is not JSON'],
    ['x.json', '[]', 'x.json: is not a baseline written by bulkhead baseline'],
    ['x.json', '{"schemaVersion":2,"files":{}}', 'x.json: is a baseline from another version of Bulkhead'],
    ['x.json', '{"schemaVersion":1,"files":{"a":{"b":[1]}}}', 'x.json: is not a baseline written by bulkhead baseline'],
  ])('%s with %j is refused, and hides nothing', (file, text, said) => {
    const { run, write } = project();
    if (text !== null) write(file, text);
    expect(run('lint', '--baseline', file)).toEqual({ code: 2, stdout: '', stderr: `bulkhead: ${said}\n` });
  });

  test('names of members of objects are names of files', () => {
    const parsed = parseBaseline('{"schemaVersion":1,"files":{"__proto__":{"toString":["a"]},"constructor":{}}}');
    expect(parsed.ok && parsed.value.has('__proto__', { rule: 'toString', fingerprint: 'a' })).toBe(true);
    expect(parsed.ok && parsed.value.has('constructor', { rule: 'toString', fingerprint: 'a' })).toBe(false);
    expect(parsed.ok && parsed.value.has('toString', { rule: 'x', fingerprint: 'a' })).toBe(false);
  });

  test('is not written where a file could not be read, nor through a link', () => {
    const { run, path, write } = project();
    expect(run('baseline', '.', 'missing.yaml')).toMatchObject({ code: 2, stdout: '' });
    write('precious', 'mine');
    symlinkSync('precious', join(path, 'link.json'));
    const ran = run('baseline', '--output-file', 'link.json');
    expect(ran.code).toBe(2);
    expect(readFileSync(join(path, 'precious'), 'utf8')).toBe('mine');
    symlinkSync('elsewhere', join(path, 'dangling.json'));
    expect(run('baseline', '--output-file', 'dangling.json').code).toBe(2);
  });
});
