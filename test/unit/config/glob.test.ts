import { describe, expect, test } from 'vitest';
import { matchGlob, matchGlobs } from '../../../shared/src/base/text/glob';
import { expectLinear } from '../../support/growth';

const cases: [pattern: string, path: string, expected: boolean][] = [
  ['*.yaml', 'a.yaml', true],
  ['*.yaml', 'deploy/a.yaml', true],
  ['*.yaml', 'a.yml', false],
  ['*.yaml', '.yaml', true],
  ['/*.yaml', 'deploy/a.yaml', false],
  ['./*.yaml', 'a.yaml', true],
  ['deploy/*.yaml', 'deploy/a.yaml', true],
  ['deploy/*.yaml', 'deploy/b/a.yaml', false],
  ['deploy/*.yaml', 'x/deploy/a.yaml', false],
  ['deploy/**', 'deploy/b/a.yaml', true],
  ['deploy/**', 'deploy', false],
  ['deploy/**/*.yaml', 'deploy/a.yaml', true],
  ['deploy/**/*.yaml', 'deploy/b/c/a.yaml', true],
  ['**/test/**', 'test/a', true],
  ['**/test/**', 'x/y/test/a/b', true],
  ['**/test/**', 'x/mytest/a', false],
  ['**', 'a/b/c', true],
  ['vendor', 'vendor/a/b.yaml', true],
  ['vendor', 'x/vendor/b.yaml', true],
  ['vendor/', 'vendor/b.yaml', true],
  ['vendor/', 'vendor', false],
  ['/vendor', 'x/vendor/b.yaml', false],
  ['a?c', 'abc', true],
  ['a?c', 'a/c', false],
  ['[a-c]x', 'bx', true],
  ['[!a-c]x', 'bx', false],
  ['[!a-c]x', 'dx', true],
  ['[a', '[a', true],
  ['*.{yaml,yml}', 'x/a.yml', true],
  ['*.{yaml,yml}', 'x/a.json', false],
  ['{a,b/{c,d}}/e', 'b/d/e', true],
  ['{a,b/{c,d}}/e', 'b/e', false],
  ['{a', '{a', true],
  ['a**b', 'axxb', true],
  ['a**b', 'ax/xb', false],
  ['\\*', '*', true],
  ['\\*', 'a', false],
  ['Dockerfile*', 'svc/Dockerfile.prod', true],
  ['café/*', 'café/x', true],
  ['?', '😀', true],
  ['', 'a', false],
];

describe('matchGlob', () => {
  test.each(cases)('%s on %s is %s', (pattern, path, expected) => {
    expect(matchGlob(pattern, path)).toBe(expected);
  });

  test.each<[string, (n: number) => readonly [pattern: string, path: string]]>([
    ['stars', n => ['*a'.repeat(40) + 'b', 'a'.repeat(n)]],
    ['folders', n => ['**/'.repeat(40) + 'b', 'a/'.repeat(n) + 'c']],
    ['open braces', n => ['{'.repeat(n), 'a']],
    ['nested braces', n => ['{a,{b,'.repeat(n) + '}'.repeat(2 * n), 'a']],
  ])('a trap for backtracking takes linear time: %s', (name, make) => {
    expectLinear(name, make, ([pattern, path]) => expect(matchGlob(pattern, path)).toBe(false), 5000);
  });
});

test('the last glob of a list decides', () => {
  expect(matchGlobs(['vendor', '!vendor/ours'], 'vendor/a.yaml')).toBe(true);
  expect(matchGlobs(['vendor', '!vendor/ours'], 'vendor/ours/a.yaml')).toBe(false);
  expect(matchGlobs([], 'a')).toBe(false);
});
