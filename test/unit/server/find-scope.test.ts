import { describe, expect, it, test } from 'vitest';
import { decideLater, decideNow, type Answer } from '../../../server/src/decisions/deciding';
import { findBuildContext } from '../../../server/src/decisions/find-build-context';
import { findRepository, findScope, type ScopeHost, type TreeHost } from '../../../server/src/decisions/find-scope';

/** A tree of folders, by paths with `/`; `answer` says whether hosts answer at once. */
function treeOf(files: readonly string[], answer: <T>(value: T) => Answer<T>): ScopeHost<string> & TreeHost {
  const has = (path: string): boolean => files.some(file => file === path || file.startsWith(`${path}/`));
  const inside = (folder: string): string => (folder === '/' ? '' : folder);
  return {
    home: '/home/me',
    parentOf: place => (place === '/' ? null : place.slice(0, place.lastIndexOf('/')) || '/'),
    isIn: (folder, place) => place === folder || place.startsWith(`${inside(folder)}/`),
    isRepository: folder => answer(has(`${inside(folder)}/.git`)),
    configIn: folder => answer(has(`${inside(folder)}/.bulkhead.yaml`) ? `${inside(folder)}/.bulkhead.yaml` : null),
  };
}

/** [what, files, the files' folder, workspace folder, configuration and base that are found] */
const cases: readonly (readonly [string, readonly string[], string, string | null, string | null, string | null])[] = [
  ['nothing', [], '/a/b', null, null, null],
  ['a workspace folder', [], '/a/b', '/a', null, '/a'],
  ['a repository', ['/a/.git'], '/a/b', null, null, '/a'],
  ['a repository in a workspace folder', ['/a/b/.git'], '/a/b/c', '/a', null, '/a/b'],
  ['a repository around a workspace folder', ['/a/.git'], '/a/b/c', '/a/b', null, '/a'],
  ['the nearest configuration', ['/a/.git', '/a/.bulkhead.yaml', '/a/b/.bulkhead.yaml'], '/a/b/c', null, '/a/b/.bulkhead.yaml', '/a/b'],
  ['none above the repository', ['/.bulkhead.yaml', '/a/.bulkhead.yaml', '/a/b/.git'], '/a/b/c', null, null, '/a/b'],
  ['none above the repository in a workspace folder', ['/a/.bulkhead.yaml', '/a/b/.git'], '/a/b/c', '/a', null, '/a/b'],
  ['none above the workspace folder', ['/a/.git', '/a/.bulkhead.yaml'], '/a/b/c', '/a/b', null, '/a'],
  ['one in the workspace folder itself', ['/home/me/.bulkhead.yaml'], '/home/me/x', '/home/me', '/home/me/.bulkhead.yaml', '/home/me'],
  ['not the one at home', ['/home/me/.bulkhead.yaml', '/home/.bulkhead.yaml'], '/home/me/x', null, '/home/.bulkhead.yaml', '/home'],
  ['the one at home for files there', ['/home/me/.bulkhead.yaml'], '/home/me', null, '/home/me/.bulkhead.yaml', '/home/me'],
  ['the one at home in a repository', ['/home/.git', '/home/me/.bulkhead.yaml'], '/home/me/x', null, '/home/me/.bulkhead.yaml', '/home/me'],
  ['not the one at the root of the disk', ['/.bulkhead.yaml'], '/a', null, null, null],
];

describe('the configuration and the base of a folder', () => {
  it.each(cases)('%s', async (_, files, folder, workspace, config, base) => {
    const [now, later] = [treeOf(files, value => value), treeOf(files, value => Promise.resolve(value))];
    const atOnce = decideNow(findScope(folder, decideNow(findRepository(folder, now)), workspace, null, now));
    expect(atOnce).toEqual({ config, base });
    expect(await decideLater(findScope(folder, await decideLater(findRepository(folder, later)), workspace, null, later))).toEqual(atOnce);
  });

  it.each([
    ['what it speaks for', 'c', '/b', '/a', '/w', '/b'],
    ['the repository, where it speaks for nothing', 'c', null, '/a', '/w', '/a'],
    ['the repository, where it is not there', null, '/b', '/a', '/w', '/a'],
    ['the workspace folder, where there is no repository', null, '/b', null, '/w', '/w'],
  ])('a chosen configuration: %s', (_, config, speaksFor, repository, workspace, base) => {
    const host = treeOf(['/x/.bulkhead.yaml'], value => value);
    const found = decideNow(findScope('/x', repository, workspace, { config, baseIn: () => speaksFor }, host));
    expect(found).toEqual({ config, base });
  });
});

describe('a build context', () => {
  const contextOf = (path: string, files: Readonly<Record<string, string>>): readonly [unknown, readonly string[]] => {
    const asked: string[] = [];
    const read = (name: string): string | null => {
      asked.push(name);
      return files[name] ?? null;
    };
    return [decideNow(findBuildContext(path, { read, exist: names => names.map(name => name in files) })), asked];
  };

  it.each([
    [
      'the folder of the Dockerfile',
      'a/Dockerfile',
      { 'a/.env': '', '.npmrc': '' },
      { ignore: null, untracked: null, secrets: ['.env'], open: [] },
      4,
    ],
    [
      'that of the ignore file',
      'a/Dockerfile',
      { '.dockerignore': 'x', '.env': '' },
      { ignore: { path: '.dockerignore', text: 'x' }, untracked: null, secrets: ['.env'], open: [] },
      4,
    ],
    [
      'the first ignore file, and none after it is read',
      'a/b',
      { 'a/b.dockerignore': '', 'a/.gitignore': 'y', '.dockerignore': 'x' },
      { ignore: { path: 'a/b.dockerignore', text: '' }, untracked: { path: 'a/.gitignore', text: 'y' }, secrets: [], open: [] },
      2,
    ],
    [
      'a file of settings without credentials, which is read',
      'a/Dockerfile',
      { 'a/.npmrc': '; ours\nengine-strict = true\n//npm.example.com/:_authToken=${NPM_TOKEN}\n' },
      { ignore: null, untracked: null, secrets: [], open: ['.npmrc'] },
      5,
    ],
  ])('%s', (_, path, files, context, reads) => {
    const [found, asked] = contextOf(path, files);
    expect(found).toEqual(context);
    expect(asked).toHaveLength(reads);
  });

  it.each(['//npm.example.com/:_authToken=abc', '_auth=YTpi', 'proxy=http://bob:hunter22@proxy.example.com', 'strange'])(
    'whose .npmrc may hold a credential: %s',
    text => {
      const [found] = contextOf('a/Dockerfile', { 'a/.npmrc': `engine-strict=true\r\n${text}\r\n` });
      expect(found).toMatchObject({ secrets: ['.npmrc'], open: [] });
    },
  );
});

test('what fails later is thrown where it was asked', async () => {
  const host = treeOf([], value => value);
  const failing = { ...host, isRepository: () => Promise.reject(new Error('gone')) };
  await expect(decideLater(findRepository('/a', failing))).rejects.toThrow('gone');
});
