import { describe, expect, it } from 'vitest';
import { isCommit, parsePin, parseUses, printPin, repositoryOf } from '../../../shared/src/syntax/action/reference';
import { compareVersions, mostExact, namesOneOf, parseVersion, versionIn } from '../../../shared/src/syntax/action/version';

const commit = '0123456789abcdef0123456789abcdef01234567';

describe('a pin as a text', () => {
  it.each([
    [{ commit, versions: ['v4.2.2', 'v4'], foreign: false }, `${commit}#v4.2.2~v4`],
    [{ commit, versions: [], foreign: false }, commit],
    [{ commit, versions: [], foreign: true }, `${commit}!`],
  ])('%o', (pin, text) => {
    expect(printPin(pin)).toBe(text);
    expect(parsePin(text)).toEqual(pin);
  });
});

describe('what a uses names', () => {
  it.each([
    ['actions/checkout@v4', 'actions', 'checkout', '', 'v4'],
    ['github/codeql-action/upload-sarif@v3', 'github', 'codeql-action', 'upload-sarif', 'v3'],
    ['o/r/.github/workflows/build.yml@release/v1', 'o', 'r', '.github/workflows/build.yml', 'release/v1'],
    [`o/r@${commit}`, 'o', 'r', '', commit],
  ])('%s is an action', (text, owner, repo, path, ref) => {
    const uses = parseUses(text);
    expect(uses).toMatchObject({ kind: 'action', owner, repo, path, ref });
    if (uses.kind !== 'action') return;
    expect(text.slice(uses.ranges.ref.start, uses.ranges.ref.end)).toBe(ref);
  });

  it.each([
    ['./.github/actions/x', { kind: 'local', path: '.github/actions/x' }],
    ['$/.github/actions/x', { kind: 'local', path: '.github/actions/x' }],
    ['docker://alpine:3.22', { kind: 'docker', image: 'alpine:3.22', start: 9 }],
  ])('%s is none', (text, uses) => {
    expect(parseUses(text)).toEqual(uses);
  });

  it.each([
    '',
    'actions/checkout',
    'checkout@v4',
    '../x/y@v1',
    'o/r@',
    'o/r@${{ inputs.ref }}',
    'o/r@a..b',
    'o/r@a b',
    'o/r@/x',
    'o/r@v1?x=y',
    'o/..@v1',
    `node@sha256:${'0'.repeat(64)}`,
    `library/node@sha256:${'0'.repeat(64)}`,
  ])('%j is nothing that could be asked for', text => {
    expect(parseUses(text)).toEqual({ kind: 'invalid' });
  });

  it('knows a repository in any case, and a commit by its length', () => {
    expect(repositoryOf({ owner: 'Azure', repo: 'Login' })).toBe('azure/login');
    expect(isCommit(commit)).toBe(true);
    expect(isCommit(commit + commit.slice(0, 24))).toBe(true);
    expect(isCommit(commit.slice(0, 7))).toBe(false);
  });
});

describe('versions of actions', () => {
  it.each([
    ['v4', [4], ''],
    ['0.28.0', [0, 28, 0], ''],
    ['v1.2.3-beta.1', [1, 2, 3], 'beta.1'],
  ])('reads %s', (text, numbers, suffix) => expect(parseVersion(text)).toMatchObject({ numbers, suffix }));

  it.each(['main', 'release/v1', 'v1.2.3.4', '', 'v', commit])('%j is no version', text => expect(parseVersion(text)).toBeNull());

  it('orders versions, and knows what belongs to one', () => {
    const compare = (a: string, b: string): number => Math.sign(compareVersions(parseVersion(a)!, parseVersion(b)!));
    expect(compare('v4', 'v4.0.1')).toBe(-1);
    expect(compare('1.10.0', 'v1.9.9')).toBe(1);
    expect(compare('v1.0.0-rc1', 'v1.0.0')).toBe(-1);
    expect(compare('v4', '4.0.0')).toBe(0);
    expect(namesOneOf('4', ['stable', 'v4.2.2'])).toBe(true);
    expect(namesOneOf('v4', ['v40.2.2'])).toBe(false);
    expect(namesOneOf('stable', ['stable'])).toBe(false);
  });

  it('takes the most exact tag of a commit, the highest of those', () => {
    expect(mostExact(['v4', 'latest', 'v4.2.2', 'v4.2'])).toBe('v4.2.2');
    expect(mostExact(['v1.2.3', 'v1.10.0'])).toBe('v1.10.0');
    expect(mostExact(['stable'])).toBeNull();
  });

  it.each([
    [' v4.2.2', 'v4.2.2'],
    [' v4.2.2 (2024-10-23)', 'v4.2.2'],
    [' tag=v4', 'v4'],
    [' ratchet:actions/checkout@v4', 'v4'],
    [' pin@v4.1', 'v4.1'],
    [' 0.28.0', '0.28.0'],
    [' v4.2.2, keep in step with build.yml', 'v4.2.2'],
    [' 4', '4'],
  ])('finds the version in %j', (comment, version) => {
    const found = versionIn(comment)!;
    expect(found.text).toBe(version);
    expect(comment.slice(found.range.start, found.range.end)).toBe(version);
  });

  it.each(['', ' main', ' keep 2 of them', ' see build.yml'])('finds none in %j', comment => expect(versionIn(comment)).toBeNull());
});
