import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fc } from '../../support/property';
import { afterAll, describe, expect, test } from 'vitest';
import { ignoreVerdict, parseIgnoreRules } from '../../../server/src/host/node/gitignore';
import type { Effort } from '../../../shared/src/index';

/** Whether a file is ignored, the folders above it asked first, as a walk does. */
function ignored(text: string, path: string, effort: Effort = { left: 1e9 }, ignoreCase = false): boolean {
  const rules = parseIgnoreRules(text, ignoreCase);
  const parts = path.split('/');
  return parts.some((_, i) => ignoreVerdict(rules, parts.slice(0, i + 1), 0, i + 1 < parts.length, effort) === true);
}

describe('patterns of .gitignore', () => {
  test.each<[patterns: string, ignoredPaths: string[], others: string[]]>([
    ['a.yaml', ['a.yaml', 'x/a.yaml', 'a.yaml/b'], ['b.yaml', 'xa.yaml']],
    ['/a.yaml', ['a.yaml'], ['x/a.yaml']],
    ['x/a.yaml', ['x/a.yaml'], ['y/x/a.yaml']],
    ['build/', ['build/x', 'y/build/x'], ['build', 'y/build']],
    ['*.gen.yaml\n!keep.gen.yaml', ['a.gen.yaml', 'x/b.gen.yaml'], ['keep.gen.yaml', 'x/keep.gen.yaml']],
    ['**/logs', ['logs', 'x/logs', 'x/y/logs/z'], ['xlogs']],
    ['logs/**', ['logs/a', 'logs/a/b'], ['logs', 'x/logs/a']],
    ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['a/xb', 'ab']],
    ['a/**/b/**/c', ['a/b/c', 'a/x/b/y/z/c'], ['a/b', 'a/c']],
    ['a**b/c', ['aXXb/c', 'ab/c'], ['a/b/c', 'aX/Yb/c']],
    ['[a-c]?.yaml', ['ab.yaml', 'c9.yaml'], ['d9.yaml', 'a.yaml']],
    ['[!a].yaml', ['b.yaml'], ['a.yaml']],
    ['[[:digit:]-]x', ['1x', '-x'], ['ax']],
    ['\\#a\n\\!b\n# c\n\\*d', ['#a', '!b', '*d'], ['a', 'c', '# c', 'xd']],
    ['a  \nb\\ \nc\r\nd', ['a', 'b ', 'c', 'd'], ['a  ', 'b']],
    ['\ufeffa', ['a'], []],
    ['a[', [], ['a[', 'a']],
    ['a\\', [], ['a\\', 'a']],
    ['/', [], ['a']],
    ['*\n!*.yaml', ['a', 'x/b.yaml'], ['a.yaml']],
    ['', [], ['a']],
  ])('%j', (patterns, ignoredPaths, others) => {
    expect([...ignoredPaths, ...others].filter(path => ignored(patterns, path))).toEqual(ignoredPaths);
  });

  test('in the case of the file system', () => {
    expect(ignored('Build/*.YAML', 'build/a.yaml')).toBe(false);
    expect(ignored('Build/*.YAML', 'build/a.yaml', { left: 1e9 }, true)).toBe(true);
  });

  test('steps are counted, whatever the pattern, and end the matching', () => {
    for (const pattern of ['**/a/'.repeat(50) + 'z', '*a'.repeat(500) + 'z', '?*'.repeat(500) + 'z', `a/${'**/'.repeat(500)}z`]) {
      const effort = { left: 1e9 };
      const path = `${'a/'.repeat(200)}${'a'.repeat(200)}`;
      ignoreVerdict(parseIgnoreRules(pattern, false), path.split('/'), 0, false, effort);
      expect(1e9 - effort.left).toBeLessThan(3 * pattern.length * path.length);
      const little = { left: 50 };
      expect(ignoreVerdict(parseIgnoreRules(pattern, false), path.split('/'), 0, false, little)).toBeNull();
      expect(little.left).toBeGreaterThan(-20);
    }
  });
});

describe('git itself as the judge', () => {
  const hasGit = spawnSync('git', ['--version']).status === 0;
  if (!hasGit) console.warn('skipped: comparison with git check-ignore, since there is no git');
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-ignore-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };

  const piece = fc.constantFrom(
    ...[
      'a',
      'b',
      'ab',
      '/',
      '/',
      '*',
      '**',
      '**/',
      '/**',
      '?',
      '[ab]',
      '[!a]',
      '[^b]',
      '[a-c]',
      '\\a',
      '!',
      '#',
      ' ',
      '\\ ',
      '.',
      '-',
      '[[:alpha:]]',
      '[[:nope:]]',
    ],
    ...['[]a]', '[a-]', '[', ']', '\\', '\\*', '***', '[a/b]'],
  );
  // git takes the literal beginning of a pattern off before it matches, and then `**` in `a**/b` for a `**` between slashes, which its manual says it is not
  const line = fc
    .array(piece, { maxLength: 6 })
    .map(parts => parts.join(''))
    .filter(text => !/[^/*]\*{2,}(?:\/|$)/.test(text));
  const patterns = fc.array(line, { minLength: 1, maxLength: 3 });
  const name = fc.constantFrom('a', 'b', 'c', 'ab', 'ba', 'abc', '.a', 'a b', 'x', 'a ', ']', '-', '*', '#a', '!a');
  const paths = fc.array(
    fc.array(name, { minLength: 1, maxLength: 4 }).map(parts => parts.join('/')),
    { minLength: 20, maxLength: 20 },
  );

  test.runIf(hasGit)('random patterns and paths', () => {
    execFileSync('git', ['init', '-q', folder], { env });
    fc.assert(
      fc.property(patterns, paths, (lines, names) => {
        const text = lines.join('\n');
        writeFileSync(join(folder, '.gitignore'), text);
        const { stdout } = spawnSync('git', ['-c', 'core.ignoreCase=false', 'check-ignore', '--no-index', '-z', '--stdin'], {
          cwd: folder,
          input: names.join('\0'),
          encoding: 'utf8',
          env,
        });
        const theirs = new Set(stdout.split('\0').filter(path => path !== ''));
        expect(names.filter(path => ignored(text, path)).sort()).toEqual(names.filter(path => theirs.has(path)).sort());
      }),
      { numRuns: 150, seed: 20261124 },
    );
  });
});
