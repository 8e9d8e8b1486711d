import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { built, root } from '../support/built';

// The built command line beside a made-up translation: every text in brackets that no file here has. What is English outside of them has no key.

const files = {
  Dockerfile: 'FROM node:latest\nENV NAME="日本語の値" PASSWORD=hunter2hunter2\nADD server.js /app/\nCMD ["node", "server.js"]\n',
  'deploy.yaml':
    'apiVersion: v1\nkind: Pod\nmetadata:\n  name: shop # ただ一つ\nspec:\n  hostNetwork: true\n  containers:\n    - name: shop\n      image: registry.example.com/acme/shop:1.2.3\n      securityContext: { privileged: true }\n',
  'compose.yaml': 'services:\n  web:\n    image: nginx\n    privileged: true\n    ports: ["6379:6379"]\n',
};

let folder: string;
let workspace: string;

beforeAll(() => {
  built('cli.js');
  folder = mkdtempSync(join(tmpdir(), 'bulkhead-language-'));
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  mkdirSync(join(folder, 'dist'));
  for (const name of ['cli.js', 'command.js', 'rules.json']) copyFileSync(join(root, 'dist', name), join(folder, 'dist', name));
  for (const [from, to] of [
    ['en', 'ja'],
    ['cli.en', 'cli.ja'],
  ] as const) {
    const table = JSON.parse(readFileSync(join(root, `l10n/${from}.json`), 'utf8')) as Record<string, string>;
    put(`dist/l10n/${to}.json`, JSON.stringify(Object.fromEntries(Object.entries(table).map(([key, text]) => [key, `«${text}»`]))));
  }
  put('dist/rules.ja.json', JSON.stringify({ 'english-only': '英語のみ', 'dockerfile/sudo': '# 題\n\n理由。\n' }));
  for (const [name, text] of Object.entries(files)) put(`workspace/${name}`, text);
  workspace = join(folder, 'workspace');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): { readonly out: string; readonly status: number | null } {
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(folder, 'dist/cli.js'), ...args], {
    cwd: workspace,
    encoding: 'utf8',
    // a SARIF report has the pages of all rules: over the megabyte that Node takes by itself
    maxBuffer: 2 ** 26,
    env: { ...process.env, XDG_CACHE_HOME: join(folder, 'cache'), LANG: '', LC_ALL: '', LC_MESSAGES: '', ...env },
  });
  return { out: stdout + stderr, status };
}

/** What stays when all that has a key is taken out: lines of files, of diffs and of rules aside. */
function englishIn(out: string): readonly string[] {
  let text = out;
  for (let before = ''; before !== text;) [before, text] = [text, text.replace(/«[^«»]*»/g, '·')];
  return text.split('\n').filter(line => {
    const isOfFile = /^ *\d+ \| |^[-+ @]|^ +\| /.test(line) && !/ = /.test(line);
    const rest = line.replace(
      /\[?[a-z]+\/[a-z-]+\]?|^\w+(?:\/[\w-]+)+:$|\S+\.(?:yaml|json|js)\S*|Dockerfile\S*|"[^"]*"|`[^`]*`|--[\w-]+/g,
      '',
    );
    return !isOfFile && /[A-Za-z]{3}/.test(rest);
  });
}

describe('in another language', () => {
  test.each([
    ['lint', '.'],
    ['lint', '--statistics', '.'],
    ['lint', '--format', 'concise', '.'],
    ['lint', 'no-such-file'],
    ['lint', '--no-such-option'],
    ['lint', '--profile', 'strong', '.'],
    ['harden', '.'],
    ['harden', '--check', '.'],
    ['explain', '--file', 'deploy.yaml'],
    ['explain', '--effective', 'deploy.yaml'],
    ['explain', 'no-such-rule'],
    ['baseline', '--output-file', 'b.json'],
    ['verify', '.'],
    ['--help'],
    ...['lint', 'harden', 'pin', 'facts', 'prove', 'scan', 'verify', 'convert', 'report', 'baseline', 'rules', 'explain', 'init'].map(
      name => [name, '--help'],
    ),
  ])('%s %s %s', (...args) => {
    const { out } = run([...args, '--locale', 'ja']);
    expect(out).toContain('«');
    // forms of values in helps are no words of ours
    expect(englishIn(out).filter(line => !/^ {2}--/.test(line))).toEqual([]);
  });

  test('a page in English says that it is, one in Japanese is shown', () => {
    expect(run(['explain', 'dockerfile/latest-tag', '--locale', 'ja']).out).toContain('(英語のみ)');
    const { out } = run(['explain', 'dockerfile/sudo', '--locale', 'ja']);
    expect(out).toContain('理由。');
    expect(out).not.toContain('英語のみ');
  });
});

describe('the language is no part of', () => {
  const withoutTime = (out: string): string => out.replace(/"durationMs": [\d.]+/, '');

  test.each(['json', 'sarif', 'gitlab', 'github', 'junit', 'rdjson'])('a report for programs: %s', format => {
    const english = withoutTime(run(['lint', '--format', format, '.']).out);
    expect(withoutTime(run(['lint', '--format', format, '--locale', 'ja', '.']).out)).toBe(english);
  });

  test('what is kept between runs: each language is the same with it and without it', () => {
    for (const args of [
      ['lint', '.'],
      ['lint', '--locale', 'ja', '.'],
      ['lint', '.'],
      ['lint', '--locale', 'ja', '.'],
    ]) {
      const kept = run(args);
      expect(kept).toEqual(run([...args, '--no-cache']));
      expect(kept.out.includes('«')).toBe(args.includes('ja'));
      expect(kept.out).not.toContain('internal-error');
    }
  });

  test('the exit code', () => {
    expect(run(['lint', '--locale', 'ja', '.']).status).toBe(run(['lint', '.']).status);
    expect(run(['lint', '--locale', 'fr', '.'])).toMatchObject({
      status: 2,
      out: expect.stringContaining('--locale must be one of en, ja') as string,
    });
  });
});

test('the system has no say where no person looks', () => {
  expect(run(['lint', '.'], { LANG: 'ja_JP.UTF-8' }).out).not.toContain('«');
});

test('carets stand under what they mean, in columns', () => {
  const { out } = run(['lint', '--rule', 'dockerfile/secret-in-arg-or-env=error', 'Dockerfile']);
  const lines = out.split('\n');
  const at = lines.findIndex(line => /ENV NAME="日本語の値" PASSWORD/.test(line));
  // five characters of two columns each come before it
  expect(lines[at + 1]!.indexOf('^')).toBe(lines[at]!.indexOf('PASSWORD') + 5);
});
