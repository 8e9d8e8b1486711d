import { lstatSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
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
      {
        '.bulkhead.yaml': '',
        'compose.yaml': 'services: {web: {build: {context: ., dockerfile: a/Dockerfile}}}\n',
        'a/Dockerfile': dockerfile,
        '.dockerignore': '**/*.md\n',
      },
      'a/Dockerfile',
      ['ignored-copy path 2'],
    ],
    [
      'at the top, where nothing says that it is built there',
      { '.bulkhead.yaml': '', 'a/Dockerfile': dockerfile, '.dockerignore': '**/*.md\n' },
      'a/Dockerfile',
      [],
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

describe('a .dockerignore that is not there', () => {
  const files = {
    'a/Dockerfile': 'FROM node:24\nWORKDIR /app\nCOPY . .\nRUN npm ci\n',
    'a/py.Dockerfile': 'FROM python:3.13\nCOPY .env.test /x/\nCOPY . /app/\nRUN git describe\n',
    'a/.env': 'A=1\n',
  };
  const accept = ['--accept', 'dockerfile/broad-copy', ...today];

  test('is told in JSON as a file to create', () => {
    const { path: cwd } = folder(files);
    const { stdout } = bulkhead(['lint', 'a/Dockerfile', '--format', 'json', ...today], { cwd });
    const report = JSON.parse(stdout) as { files: { findings: { rule: string; fixes: { id: string; changes: object[] }[] }[] }[] };
    const fixes = report.files[0]!.findings.find(({ rule }) => rule === 'dockerfile/broad-copy')!.fixes;
    const start = { line: 0, character: 0 };
    const newText = '.env\n.git\n**/.env*\n!**/.env.example\n**/*.pem\n**/*.key\n**/node_modules\nDockerfile\n.dockerignore\n';
    expect(fixes).toMatchObject([
      {
        id: 'create',
        class: 'attended',
        changes: [{ path: 'a/.dockerignore', create: true, edits: [{ range: { start, end: start }, newText }] }],
      },
    ]);
  });

  test('is listed, and written once somebody agrees: what every Dockerfile of the folder can do without', () => {
    const { path: cwd, read } = folder(files);
    expect(bulkhead(['harden', ...today], { cwd }).stderr).toMatch(
      /a\/Dockerfile:3:6: .*\[dockerfile\/broad-copy\]: needs your confirmation that it is correct/,
    );
    expect(() => read('a/.dockerignore')).toThrow();
    const shown = '.env\n**/*.pem\n**/*.key\n.dockerignore\n';
    const { stdout } = bulkhead(['harden', ...accept], { cwd });
    expect(stdout).toContain(`--- /dev/null\n+++ b/a/.dockerignore\n@@ -0,0 +1,4 @@\n${shown.replace(/^(?=.)/gm, '+')}`);
    expect(() => read('a/.dockerignore')).toThrow();
    const { stdout: said, stderr } = bulkhead(['harden', '--write', ...accept], { cwd });
    expect(said).toMatch(/^a\/\.dockerignore: written$/m);
    expect(stderr).not.toMatch(/broad-copy/);
    expect(read('a/.dockerignore')).toBe(shown);
    expect(bulkhead(['harden', '--check', ...accept], { cwd }).code).toBe(0);
  });

  test('never replaces what is there, a broken link included', () => {
    const { path: cwd } = folder(files);
    symlinkSync('nowhere', join(cwd, 'a/.dockerignore'));
    const { stdout } = bulkhead(['harden', '--write', ...accept], { cwd });
    expect(stdout).not.toMatch(/dockerignore/);
    expect(lstatSync(join(cwd, 'a/.dockerignore')).isSymbolicLink()).toBe(true);
  });
});
