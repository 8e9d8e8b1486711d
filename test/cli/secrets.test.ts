import { describe, expect, test } from 'vitest';
import { spellings } from '../support/spellings';
import { bulkhead, folder as folderOf, today } from './cli';

// One folder with all of them, so that each command runs once.
const files = Object.fromEntries(spellings.map(({ path, text }, i) => [`${String(i)}/${path}`, text]));
const pieces = spellings.flatMap((spelling, i) => spelling.pieces.map(piece => ({ piece, name: `${String(i)}: ${spelling.name}` })));
const heldBy = (output: string): readonly string[] => pieces.filter(({ piece }) => output.includes(piece)).map(({ name }) => name);
const options = ['--profile', 'strict', ...today];

describe('no output of the command line holds a credential', () => {
  const folder = folderOf(files).path;
  test.each([
    ...['text', 'concise', 'json', 'sarif', 'github', 'gitlab', 'junit', 'rdjson', 'markdown'].map(format => ['lint', '--format', format]),
    ['harden', '--format', 'json'],
    ['harden', '--mask'],
    ['harden', '--check', '--mask'],
    ['harden', '--safe-only', '--mask'],
  ])('%s %s %s', (...command) => {
    const { code, stdout, stderr } = bulkhead([...command.filter(part => part !== undefined), ...options], { cwd: folder });
    expect(code).toBeLessThan(2);
    expect(stdout.length + stderr.length).toBeGreaterThan(1000);
    expect(heldBy(stdout + stderr)).toEqual([]);
  });

  test('harden without --mask keeps the bytes of the file in the diff', () => {
    const { stdout, stderr } = bulkhead(['harden', ...options], { cwd: folder });
    expect(heldBy(stdout).length).toBeGreaterThan(30);
    expect(heldBy(stderr)).toEqual([]);
    expect(stderr).toContain('; --mask masks it, for logs');
  });

  test('the lines with a credential are named; --mask changes nothing else', () => {
    const text = [
      ...['apiVersion: v1', 'kind: Pod', 'metadata: {name: web}', 'spec:', '  containers:', '    - name: web', '      image: alpine:3.22'],
      ...['      env:', '        - name: DB_PASSWORD', '          value: hunter2-hunter2', ''],
    ].join('\r\n');
    const cwd = folderOf({ 'pod.yaml': text }).path;
    const plain = bulkhead(['harden', ...options], { cwd });
    const masked = bulkhead(['harden', '--mask', ...options], { cwd });
    expect(plain.stdout).toContain('hunter2-hunter2');
    expect(plain.stderr).toContain('pod.yaml: the diff shows what looks like a credential (line 10); --mask masks it, for logs');
    expect(masked.stdout).toBe(plain.stdout.replaceAll('hunter2-hunter2', '********'));
    expect(masked.stderr).toContain('pod.yaml: credentials in the diff are masked, so it does not apply');
  });

  test.each([
    [['harden', '--mask', '--write'], '--mask is for the diff'],
    [['harden', '--mask', '--format', 'json'], '--mask is for the diff'],
    [['pin', '--mask', '--check'], '--mask is for the diff'],
  ])('%j is refused', (command, message) => {
    const { code, stderr } = bulkhead(command, { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  test('wrong usage does not repeat a credential', () => {
    const { stderr } = bulkhead(['lint', '--token=hunter2-hunter2'], { cwd: folder });
    expect(stderr).toContain('unknown option --token');
    expect(stderr).not.toContain('hunter2');
    expect(bulkhead(['lint', '--rule', 'password=hunter2-hunter2'], { cwd: folder }).stderr).not.toContain('hunter2-hunter2');
  });
});
