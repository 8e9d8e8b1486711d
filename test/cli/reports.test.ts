import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { addDockerfile, bulkhead, finePod, folder, privilegedPod, today } from './cli';

/** Where reports go, what is read from standard input, and what a run says beside its findings. */

const lint = (cwd: string, ...args: readonly string[]) => bulkhead(['lint', ...today, ...args], { cwd });

describe('reports in files', () => {
  const make = () => folder({ 'bad.yaml': privilegedPod, 'fine.yaml': finePod }).path;

  test('one run writes a log, SARIF and a summary of the job', () => {
    const cwd = make();
    const ran = lint(cwd, '--format', 'concise', '--format', 'sarif=out=1.sarif', '--summary', 'summary.md');
    const again = lint(cwd, '--format', 'concise', '--summary', 'summary.md');
    expect(ran).toMatchObject({ code: 1, stderr: '', stdout: again.stdout });
    expect(readFileSync(join(cwd, 'out=1.sarif'), 'utf8')).toBe(lint(cwd, '--format', 'sarif').stdout);
    // what other steps of the job have said stays
    const summary = readFileSync(join(cwd, 'summary.md'), 'utf8');
    expect(summary.split('## Bulkhead\n')).toHaveLength(3);
    expect(summary).toContain('`kubernetes/privileged`');
  });
  test('--output-file is written anew, without colours', () => {
    const cwd = make();
    for (const _ of [1, 2]) {
      const ran = bulkhead(['lint', ...today, '--output-file', 'report.txt'], { cwd, env: { FORCE_COLOR: '1' } });
      expect(ran).toMatchObject({ code: 1, stdout: '', stderr: '' });
    }
    expect(readFileSync(join(cwd, 'report.txt'), 'utf8')).toBe(lint(cwd).stdout);
  });
  test.each([
    [['--format', 'text', '--format', 'json'], 'only one --format can go to standard output'],
    [['--format', 'json=a', '--output-file', 'b'], '--output-file is for a --format that names no file'],
    [['--format', 'json=a', '--format', 'sarif=./a'], 'two reports cannot go to the same file'],
    [['--format', 'json='], '--format json= needs a file'],
    [['--format', 'json', '--statistics'], '--statistics is a separate format'],
    [['--format', 'json', '--max-findings', '3'], '--max-findings is for the formats text and concise'],
    [['--max-findings', '-1'], '--max-findings'],
    [['--output-file', 'fine.yaml'], 'which is one of the files to check'],
    [['-', 'fine.yaml'], 'standard input (-) cannot be combined with other paths'],
    [['-', '--fix'], '--fix changes files and cannot be combined with standard input'],
  ])('%j is refused, and writes nothing', (args, said) => {
    const cwd = make();
    const ran = lint(cwd, ...args);
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toContain(said);
    expect(ran.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(['a', 'b'].some(name => existsSync(join(cwd, name)))).toBe(false);
    expect(readFileSync(join(cwd, 'fine.yaml'), 'utf8')).toBe(finePod);
  });
  test('a link in the place of a report is not followed', () => {
    const { path: cwd, write } = folder({ 'bad.yaml': privilegedPod });
    write('precious', 'mine');
    symlinkSync('precious', join(cwd, 'report.json'));
    const ran = lint(cwd, '--format', 'json=report.json');
    expect(ran).toMatchObject({ code: 2, stderr: 'bulkhead: report.json: not written: it is a link\n' });
    expect(readFileSync(join(cwd, 'precious'), 'utf8')).toBe('mine');
    expect(lint(cwd, '--output-file', 'no/such/folder')).toMatchObject({
      code: 2,
      stderr: 'bulkhead: no/such/folder: not written: its folder does not exist\n',
    });
  });
});

describe('standard input (-)', () => {
  const cwd = folder({}).path;
  const from = (input: string, ...args: readonly string[]) => bulkhead([...args, '-', ...today], { cwd, input });

  test('many documents, as helm template gives them', () => {
    const ran = from(`${finePod}---\n${privilegedPod}`, 'lint', '--format', 'concise', '--profile', 'baseline');
    expect(ran).toMatchObject({ code: 1, stderr: '' });
    expect(ran.stdout).toMatch(/^-:\d+:\d+: error: .*\[kubernetes\/privileged\]\n1 file checked: 1 error\n$/);
  });
  test('a Dockerfile is known by its text', () => {
    expect(from(addDockerfile, 'lint', '--format', 'concise').stdout).toContain('[dockerfile/add-for-copy]');
  });
  test('harden prints the hardened text', () => {
    const ran = from(privilegedPod, 'harden');
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain('automountServiceAccountToken: false');
    expect(ran.stdout).not.toMatch(/^(---|\+\+\+|@@)/m);
  });
  test('what it cannot tell is said', () => {
    expect(from('hello\n', 'lint')).toMatchObject({ code: 2, stderr: expect.stringMatching(/^bulkhead: -: not checked: /) as string });
  });
});

describe('what a run says', () => {
  test('--fix: how many findings it fixed in which file', () => {
    const { path: cwd, read } = folder({ Dockerfile: addDockerfile });
    const ran = lint(cwd, '--fix');
    expect(read('Dockerfile')).not.toBe(addDockerfile);
    expect(ran.stderr).toMatch(/^bulkhead: Dockerfile: \d+ findings? fixed\n$/);
    expect(lint(cwd, '--fix').stderr).toBe('');
  });
  test('a configuration that is named and wrong: that, first and alone', () => {
    const { path: cwd } = folder({ 'bad.yaml': privilegedPod, 'wrong.yaml': 'profil: strict\nrules: 3\n' });
    expect(lint(cwd, '--config', 'nope.yaml')).toEqual({ code: 2, stdout: '', stderr: 'bulkhead: nope.yaml: does not exist\n' });
    for (const command of ['lint', 'harden']) {
      const ran = bulkhead([command, '--config', 'wrong.yaml'], { cwd });
      expect(ran).toMatchObject({ code: 2, stdout: '' });
      expect(ran.stderr).toMatch(/^bulkhead: wrong\.yaml:1:1: .*profil.*; wrong\.yaml:2:\d+: .*\n$/);
    }
  });
  test('an empty folder; --error-on-empty makes that fail', () => {
    const { path: cwd } = folder({ 'notes.txt': 'nothing\n' });
    expect(lint(cwd)).toEqual({
      code: 0,
      stdout: 'No files to check\n',
      stderr: 'bulkhead: found no file of a kind that it checks; with --error-on-empty, that is an error\n',
    });
    for (const path of ['.', 'notes.txt']) {
      expect(lint(cwd, '--error-on-empty', path)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('bulkhead: no file was checked (--error-on-empty)\n') as string,
      });
    }
    expect(lint(folder({ 'fine.yaml': finePod }).path, '--error-on-empty').code).toBe(0);
  });
  test('a named file of no kind that we check, whatever the format', () => {
    const { path: cwd } = folder({ 'notes.txt': 'nothing\n' });
    for (const format of ['text', 'json', 'github'])
      expect(lint(cwd, '--format', format, 'notes.txt').stderr).toMatch(/^bulkhead: notes\.txt: not checked: /);
    const stderr = 'bulkhead: notes.txt: not checked: neither its name nor its content suggests a container file\n';
    expect(lint(cwd, '--quiet', 'notes.txt')).toEqual({ code: 2, stdout: '', stderr });
    expect(lint(cwd, '--quiet', '--ignore-unknown', 'notes.txt')).toEqual({ code: 0, stdout: '', stderr: '' });
  });
  test('rules --profile: the rules of a profile and of those in it', () => {
    const ids = (profile: string) => bulkhead(['rules', '--profile', profile], { cwd: '.' }).stdout.trimEnd().split('\n');
    expect(ids('baseline').every(line => / baseline /.test(line))).toBe(true);
    expect(ids('strict').length).toBeGreaterThan(ids('recommended').length);
    expect(ids('strict').length).toBe(bulkhead(['rules'], { cwd: '.' }).stdout.trimEnd().split('\n').length);
  });
});
