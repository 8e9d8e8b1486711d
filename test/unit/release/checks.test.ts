import { describe, expect, it } from 'vitest';
import { openChoices, problemsOf, type Demands, type Facts, type Manifest } from '../../../tools/release/checks';

/** What stops a release, and what only a person has to decide yet. */

const none = { marketplace: null, openVsx: null, npm: null, image: null, action: null, preCommit: null, gitlab: null };
const manifest: Manifest = {
  name: 'bulkhead',
  version: '1.2.3',
  publisher: 'acme',
  repository: { url: 'https://github.com/acme/bulkhead.git' },
  engines: { vscode: '^1.91.0', node: '>=20.0.0' },
  devDependencies: { '@types/vscode': '1.91.0', '@types/node': '^20.19.0' },
  channels: { ...none, marketplace: 'acme.bulkhead', npm: 'bulkhead' },
};
const facts: Facts = {
  manifest,
  changelog: '# Changelog\n\n## 1.2.3 - 2026-12-01\n\nText.\n\n## 1.2.2 - 2026-11-01\n',
  versions: { 'action/action.yml': '1.2.3' },
  names: { 'action/install.sh': 'bulkhead' },
};
const release: Demands = { tag: 'v1.2.3', repository: 'acme/bulkhead', publishes: true };
const withManifest = (change: Partial<Manifest>): Facts => ({ ...facts, manifest: { ...manifest, ...change } });

describe('problemsOf', () => {
  it('has none of a release that is right', () => expect(problemsOf(facts, release)).toEqual([]));

  it.each<[string, Facts, Demands, RegExp]>([
    ['another tag', facts, { ...release, tag: 'v1.2.4' }, /^the tag is v1\.2\.4, the version 1\.2\.3$/],
    [
      'a version with a suffix',
      { ...withManifest({ version: '1.2.3-beta' }), versions: {}, changelog: '## 1.2.3-beta - 2026-12-01\n' },
      { ...release, tag: 'v1.2.3-beta' },
      /three numbers only/,
    ],
    ['a changelog that was not dated', { ...facts, changelog: '## Unreleased\n' }, release, /^CHANGELOG\.md begins with "Unreleased"/],
    ['an old section first', { ...facts, changelog: '## 1.2.2 - 2026-11-01\n' }, release, /begins with "1\.2\.2 - 2026-11-01"/],
    [
      'an action of another version',
      { ...facts, versions: { 'action/action.yml': '1.2.2' } },
      release,
      /^action\/action\.yml names version 1\.2\.2/,
    ],
    [
      'an action that installs another name',
      { ...facts, names: { 'action/install.sh': 'other' } },
      release,
      /installs "other", npm has "bulkhead"/,
    ],
    ['a fork that publishes', facts, { ...release, repository: 'evil/bulkhead' }, /^repository\.url is .*acme.*, not .*evil/],
    ['a repository in other letters', facts, { ...release, repository: 'Acme/bulkhead' }, /^repository\.url/],
    [
      'a publisher that another name follows',
      withManifest({ publisher: 'other' }),
      release,
      /^channels\.marketplace is acme\.bulkhead, the extension other\.bulkhead$/,
    ],
    ['declarations of a newer VS Code', withManifest({ engines: { vscode: '^1.90.0', node: '>=20.0.0' } }), release, /^engines\.vscode is/],
    ['declarations of a newer Node', withManifest({ engines: { vscode: '^1.91.0', node: '>=18.0.0' } }), release, /^engines\.node is/],
  ])('%s', (_name, given, demands, problem) => {
    expect(problemsOf(given, demands)).toEqual([expect.stringMatching(problem)]);
  });

  it('asks no names of a fork that publishes nothing, and no date before there is a tag', () => {
    expect(problemsOf(facts, { tag: 'v1.2.3', repository: 'fork/bulkhead', publishes: false })).toEqual([]);
    expect(problemsOf({ ...facts, changelog: '## Unreleased\n' }, { tag: null, repository: null, publishes: false })).toEqual([]);
  });
});

it('openChoices names what is not decided', () => {
  const { repository, ...rest } = manifest;
  expect(repository).toBeDefined();
  expect(openChoices({ ...facts, manifest: { ...rest, channels: none } })).toEqual([
    'repository is not set in package.json',
    expect.stringContaining('marketplace, openVsx, npm, image, action, preCommit, gitlab') as string,
  ]);
  expect(openChoices({ ...facts, manifest: { ...manifest, channels: { ...none, marketplace: 'acme.bulkhead' } } })).toEqual([
    expect.not.stringContaining('marketplace') as string,
  ]);
});
