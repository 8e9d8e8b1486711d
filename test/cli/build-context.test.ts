import { describe, expect, test } from 'vitest';
import { bulkhead, folder, today } from './cli';

const dockerfile = 'FROM nginx:1.29\nCOPY README.md docs /x/\nCOPY . /app\n';

/** What the rules about ignore files say of a file: rule and line, from 1. */
function said(cwd: string, args: readonly string[], input?: string): string[] {
  const rules = ['--rule', 'dockerfile/ignored-copy=warning', '--rule', 'dockerfile/broad-copy=info'];
  const { stdout } = bulkhead(['lint', '--format', 'json', ...today, ...rules, ...args], { cwd, ...(input !== undefined && { input }) });
  const { files } = JSON.parse(stdout) as {
    files: { findings: { rule: string; messageId: string; range: { start: { line: number } } }[] }[];
  };
  return files
    .flatMap(file => file.findings)
    .filter(({ rule }) => /(?:ignored|broad)-copy$/.test(rule))
    .map(({ rule, messageId, range }) => `${rule.split('/')[1]} ${messageId} ${range.start.line + 1}`);
}

describe('the ignore file of a Dockerfile', () => {
  test.each<[what: string, files: Readonly<Record<string, string>>, path: string, expected: readonly string[]]>([
    ['in its folder', { 'a/Dockerfile': dockerfile, 'a/.dockerignore': '*.md\n' }, 'a/Dockerfile', ['ignored-copy path 2']],
    [
      'of its own name',
      { Dockerfile: dockerfile, 'Dockerfile.dockerignore': 'docs\n', '.dockerignore': '*.md\n' },
      'Dockerfile',
      ['ignored-copy path 2'],
    ],
    [
      'at the top',
      { '.bulkhead.yaml': '', 'a/Dockerfile': dockerfile, '.dockerignore': '**/*.md\n' },
      'a/Dockerfile',
      ['ignored-copy path 2'],
    ],
    ['nowhere', { Dockerfile: dockerfile }, 'Dockerfile', ['broad-copy unguarded 3']],
    ['nowhere, beside secrets', { Dockerfile: dockerfile, '.env': '' }, 'Dockerfile', ['broad-copy exposed 3']],
    ['without the secrets', { Dockerfile: dockerfile, '.env': '', '.dockerignore': 'x\n' }, 'Dockerfile', ['broad-copy exposed 3']],
    ['with the secrets', { Dockerfile: dockerfile, '.env': '', '.dockerignore': '.env\n' }, 'Dockerfile', []],
  ])('%s', (_what, files, path, expected) => {
    expect(said(folder(files).path, [path])).toEqual(expected);
  });

  test('counts for standard input under its name', () => {
    const { path } = folder({ 'a/.dockerignore': '*.md\n' });
    expect(said(path, ['--stdin-filename', 'a/Dockerfile'], dockerfile)).toEqual(['ignored-copy path 2']);
    expect(said(path, ['--stdin-filename', 'nowhere/Dockerfile'], dockerfile)).toEqual([]);
  });
});
