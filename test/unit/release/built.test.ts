import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import JSZip from 'jszip';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { problemsOfBuilt } from '../../../tools/release/built';
import type { Manifest } from '../../../tools/release/checks';
import { npmLimit, vsixLimit } from '../../../tools/release/contents';

/** What `npm run release:check -- --built` refuses of the files of a release: each is made right here, and then one thing of it wrong. */

const manifest: Manifest = {
  name: 'bulkhead',
  version: '1.2.3',
  publisher: 'acme',
  repository: { url: 'https://github.com/acme/bulkhead.git' },
  engines: { vscode: '^1.91.0', node: '>=20.0.0' },
  devDependencies: {},
  channels: { marketplace: null, openVsx: null, npm: null, image: null, action: null, preCommit: null, gitlab: null },
};

type Files = Record<string, string | Buffer>;
const right = (): { vsix: Files; npm: Files; beside: Files } => ({
  vsix: {
    'extension/package.json': JSON.stringify({ version: '1.2.3', scripts: { test: 'node test.mjs' } }),
    'extension/readme.md': '![Findings](https://raw.example.com/findings.png)\n',
    'extension/changelog.md': '## 1.2.3 - 2026-12-01\n',
    'extension/dist/client.js': '',
  },
  npm: { 'package.json': JSON.stringify({ name: 'bulkhead', version: '1.2.3', bin: { bulkhead: 'cli.js' } }), 'cli.js': '' },
  beside: { 'bulkhead-1.2.3-standalone.tar.gz': 's', 'bulkhead-1.2.3.cdx.json': '{}', 'bulkhead-1.2.3-image.tar': 'i', 'NOTES.md': 'n' },
});

let scratch: string;
beforeEach(() => void (scratch = mkdtempSync(join(tmpdir(), 'bulkhead-built-'))));
afterEach(() => rmSync(scratch, { recursive: true }));

/** Writes a release; gives its folder. `after` changes files that have their checksums already. */
async function release({ vsix, npm, beside }: ReturnType<typeof right>, after: Files = {}): Promise<string> {
  const folder = join(scratch, 'release');
  const source = join(scratch, 'package');
  for (const made of [folder, source]) mkdirSync(made);
  const zip = new JSZip();
  for (const [name, text] of Object.entries(vsix)) zip.file(name, text, { createFolders: false });
  writeFileSync(join(folder, 'bulkhead-1.2.3.vsix'), await zip.generateAsync({ type: 'nodebuffer' }));
  for (const [name, text] of Object.entries(npm)) writeFileSync(join(source, name), text);
  execFileSync('tar', ['-czf', join(folder, 'bulkhead-1.2.3.tgz'), '-C', scratch, ...Object.keys(npm).map(name => `package/${name}`)]);
  for (const [name, text] of Object.entries(beside)) writeFileSync(join(folder, name), text);
  const digest = (name: string): string =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
  const sums = readdirSync(folder).map(name => `${digest(name)}  ${name}\n`);
  writeFileSync(join(folder, 'SHA256SUMS'), sums.join(''));
  for (const [name, text] of Object.entries(after)) writeFileSync(join(folder, name), text);
  return folder;
}

/** A file of `size` bytes that no compression makes smaller. */
const noise = (size: number): Buffer =>
  Buffer.concat(Array.from({ length: size / 32 + 1 }, (_, at) => createHash('sha256').update(`${at}`).digest()));

describe('problemsOfBuilt', () => {
  it('has none of files that are right', async () => expect(await problemsOfBuilt(await release(right()), manifest)).toEqual([]));

  it.each<[string, (files: ReturnType<typeof right>) => void, RegExp]>([
    [
      'a file more in the .vsix',
      ({ vsix }) => (vsix['extension/dist/command.js'] = ''),
      /^extension\/dist\/command\.js is not to be in the \.vsix$/,
    ],
    ['a key in the .vsix', ({ vsix }) => (vsix['extension/.env'] = ''), /^extension\/\.env is not to be/],
    ['a file more in the npm package', ({ npm }) => (npm['test.js'] = ''), /^package\/test\.js is not to be in the npm package$/],
    ['a file more beside them', ({ beside }) => (beside['.env'] = ''), /^release\/ has \.env, /],
    ['a file that was not made', ({ beside }) => delete beside['bulkhead-1.2.3.cdx.json'], /^release\/ has /],
    [
      'a picture over http',
      ({ vsix }) => (vsix['extension/readme.md'] = '![a](http://example.com/a.png)'),
      /^the picture http:\/\/example\.com\/a\.png/,
    ],
    [
      'a picture over http in HTML',
      ({ vsix }) => (vsix['extension/changelog.md'] = '<img alt="" src="http://a.example/b.png">'),
      /^the picture http:/,
    ],
    ['a picture that lies beside the page', ({ vsix }) => (vsix['extension/readme.md'] = '![a](docs/a.png)'), /^the picture docs\/a\.png/],
    [
      'an install script of npm',
      ({ npm }) => (npm['package.json'] = '{"version":"1.2.3","scripts":{"postinstall":"node x"}}'),
      /^the npm package has "scripts"$/,
    ],
    [
      'a dependency of npm',
      ({ npm }) => (npm['package.json'] = '{"version":"1.2.3","dependencies":{"a":"1"}}'),
      /^the npm package has "dependencies"$/,
    ],
    [
      'a script that VS Code runs',
      ({ vsix }) => (vsix['extension/package.json'] = '{"version":"1.2.3","scripts":{"vscode:uninstall":"node x"}}'),
      /^the \.vsix has the script "vscode:uninstall"$/,
    ],
    [
      'a .vsix of another version',
      ({ vsix }) => (vsix['extension/package.json'] = '{"version":"1.2.2"}'),
      /^the \.vsix is of version 1\.2\.2, package\.json of 1\.2\.3$/,
    ],
    [
      'an npm package of another version',
      ({ npm }) => (npm['package.json'] = '{"version":"1.2.2"}'),
      /^the npm package is of version 1\.2\.2/,
    ],
    ['a .vsix that is too large', ({ vsix }) => (vsix['extension/dist/core.js'] = noise(vsixLimit)), /^the \.vsix has \d+ bytes/],
    ['an npm package that is too large', ({ npm }) => (npm['core.js'] = noise(npmLimit)), /^the npm package has \d+ bytes/],
  ])('%s', async (_name, change, problem) => {
    const files = right();
    change(files);
    expect(await problemsOfBuilt(await release(files), manifest)).toEqual([expect.stringMatching(problem)]);
  });

  it('a file that was changed after its checksum was taken', async () => {
    const folder = await release(right(), { 'bulkhead-1.2.3-image.tar': 'another' });
    expect(await problemsOfBuilt(folder, manifest)).toEqual(['bulkhead-1.2.3-image.tar is not what its checksum says']);
  });

  it('a file without a checksum', async () => {
    const folder = await release(right());
    const sums = readFileSync(join(folder, 'SHA256SUMS'), 'utf8');
    writeFileSync(join(folder, 'SHA256SUMS'), sums.replace(/^.*\.vsix\n/m, ''));
    expect(await problemsOfBuilt(folder, manifest)).toEqual([expect.stringMatching(/^SHA256SUMS names /)]);
  });

  it('asks where pictures beside the page lead only once the repository is known', async () => {
    const { repository, ...unknown } = manifest;
    expect(repository).toBeDefined();
    const files = right();
    files.vsix['extension/readme.md'] = '![a](docs/a.png) ![b](http://example.com/b.png)';
    expect(await problemsOfBuilt(await release(files), unknown)).toEqual([expect.stringContaining('http://example.com/b.png') as string]);
  });

  it('nothing that was built', async () => {
    expect(await problemsOfBuilt(scratch, manifest)).toEqual([expect.stringContaining('is empty') as string]);
  });
});
