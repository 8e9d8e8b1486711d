import { describe, expect, it } from 'vitest';
import { fc } from '../../support/property';
import { contextFolder, ignoreFilePaths } from '../../../shared/src/workspace/build-context';
import {
  cleanPath,
  ignoredBy,
  ignoresEverything,
  mayHoldExceptions,
  parseIgnoreFile,
} from '../../../shared/src/families/dockerfile/model/ignore-file';
import { expectLinear } from '../../support/growth';

const ignored = (file: string, path: string): boolean => ignoredBy(parseIgnoreFile(file), cleanPath(path)) !== null;

// what the documentation of .dockerignore and moby/patternmatcher say
describe('ignoredBy', () => {
  it.each([
    ['foo', 'foo'],
    ['foo', 'foo/bar'],
    ['foo/', 'foo'],
    ['/foo', 'foo'],
    ['./foo', 'foo'],
    ['foo/../bar', 'bar'],
    ['foo/bar', 'foo/bar/baz'],
    ['*', 'foo'],
    ['*', 'foo/bar'],
    ['*.md', 'README.md'],
    ['*/temp*', 'somedir/temporary.txt'],
    ['*/temp*', 'somedir/temp'],
    ['*/*/temp*', 'somedir/subdir/temporary.txt'],
    ['temp?', 'tempa'],
    ['**', 'foo/bar'],
    ['**/foo', 'foo'],
    ['**/foo', 'a/b/foo'],
    ['**/foo', 'a/foo/b'],
    ['**/*.go', 'a.go'],
    ['**/*.go', 'x/y/a.go'],
    ['foo/**', 'foo/bar'],
    ['foo/**/bar', 'foo/bar'],
    ['foo/**/bar', 'foo/a/b/bar'],
    ['**foo', 'a/xfoo'],
    ['foo**', 'foobar/baz'],
    ['[a-c]x', 'bx'],
    ['[^a-c]x', 'dx'],
    ['a\\*', 'a*'],
    ['file.+()|{}$', 'file.+()|{}$'],
    ['日本', '日本/語'],
    ['*.md\n!README.md\nREADME*', 'README.md'],
    ['a\r\nb\r\n', 'b'],
    ['\uFEFFa', 'a'],
    ['  a  ', 'a'],
    ['!\na', 'a'],
    ['../a\nb', 'b'],
  ])('%j takes %s out', (file, path) => expect(ignored(file, path)).toBe(true));

  it.each([
    ['foo', 'foobar'],
    ['foo', 'a/foo'],
    ['#foo', '#foo'],
    ['', 'foo'],
    ['*.md', 'docs/README.md'],
    ['*/temp*', 'temp'],
    ['temp?', 'temp'],
    ['temp?', 'temp/'],
    ['**/foo', 'a/xfoo'],
    ['foo/**', 'foo'],
    ['foo/**/bar', 'foo/xbar'],
    ['[a-c]x', 'dx'],
    ['[a-c', '[a-c'],
    ['a\\*', 'ab'],
    ['*.md\n!README.md', 'README.md'],
    ['*\n!src', 'src/a.c'],
    ['foo\n!foo/bar', 'foo/bar'],
    ['FOO', 'foo'],
  ])('%j leaves %s', (file, path) => expect(ignored(file, path)).toBe(false));

  it('says which pattern', () => expect(ignoredBy(parseIgnoreFile('a\n **/b/ \n'), 'x/b/c')?.raw).toBe('**/b/'));

  it('takes linear time', () => {
    const file = '**/a'.repeat(200) + '/b';
    expectLinear(
      'a trap for backtracking',
      n => 'a/'.repeat(n),
      path => expect(ignored(file, path)).toBe(false),
      2000,
    );
  });

  it('never throws', () => {
    const text = fc.string({ unit: fc.constantFrom('*', '?', '[', ']', '^', '-', '\\', '/', '!', '.', 'a', 'b', '\n', '#') });
    fc.assert(
      fc.property(text, text, (file, path) => {
        mayHoldExceptions(parseIgnoreFile(file), cleanPath(path));
        ignored(file, path);
      }),
    );
  });
});

it.each([
  ['foo\n!foo/bar', 'foo', true],
  ['foo\n!foo/*/x', 'foo', true],
  ['foo\n!foo/*/x', 'foo/a', true],
  ['*\n!**/x', 'foo', true],
  ['*\n!bar', 'foo', false],
  ['*\n!bar', '.', true],
  ['foo', 'foo', false],
])('%j may hold exceptions below %s: %s', (file, path, expected) => expect(mayHoldExceptions(parseIgnoreFile(file), path)).toBe(expected));

it.each([
  ['*', true],
  ['**', true],
  ['.*', false],
  ['*\n!a', false],
  ['a', false],
])('%j ignores everything: %s', (file, expected) => expect(ignoresEverything(parseIgnoreFile(file))).toBe(expected));

it.each([
  ['./a//b/', 'a/b'],
  ['/a', 'a'],
  ['a/../..', '..'],
  ['/..', '.'],
  ['', '.'],
  ['../a', '../a'],
])('%j is cleaned to %j', (path, expected) => expect(cleanPath(path)).toBe(expected));

it('looks beside the Dockerfile, in its folder, at the top', () => {
  expect(ignoreFilePaths('a/b.Dockerfile')).toEqual(['a/b.Dockerfile.dockerignore', 'a/.dockerignore', '.dockerignore']);
  expect(ignoreFilePaths('Dockerfile')).toEqual(['Dockerfile.dockerignore', '.dockerignore']);
  expect(contextFolder('a/Dockerfile', { path: '.dockerignore', text: '' })).toBe('');
  expect(contextFolder('a/Dockerfile', { path: 'a/Dockerfile.dockerignore', text: '' })).toBe('a/');
  expect(contextFolder('Dockerfile', null)).toBe('');
});
