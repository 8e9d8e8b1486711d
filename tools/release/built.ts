import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import JSZip from 'jszip';
import type { Manifest } from './checks';
import { allowedInNpm, allowedInVsix, npmLimit, vsixLimit } from './contents';
import { must } from './run';

/** What has to hold of the files that a release publishes. */

const picturesOf = (page: string): readonly string[] =>
  [...page.matchAll(/!\[[^\]]*\]\(([^)\s]+)\)|<img\b[^>]*\ssrc="([^"]+)"/g)].map(([, first, second]) => first ?? second!);

/** Names of scripts that a package manager or VS Code runs by itself. */
const runsByItself = /^(?:(?:pre|post)?install|(?:pre|post)?prepare|prepublish|dependencies|vscode:uninstall)$/;

type Package = Readonly<Record<string, unknown>> & { readonly version?: string; readonly scripts?: Readonly<Record<string, string>> };

const problemsOfVsix = async (bytes: Buffer, { version, repository }: Manifest): Promise<readonly string[]> => {
  const zip = await JSZip.loadAsync(bytes);
  const textOf = async (name: string): Promise<string> => (await zip.file(`extension/${name}`)?.async('string')) ?? '';
  const pages = [await textOf('readme.md'), await textOf('changelog.md')].join('\n');
  const manifest = JSON.parse((await textOf('package.json')) || '{}') as Package;
  return [
    ...Object.values(zip.files).flatMap(({ name, dir }) =>
      dir || allowedInVsix.some(pattern => pattern.test(name)) ? [] : [`${name} is not to be in the .vsix`],
    ),
    ...picturesOf(pages)
      // those beside the page lead nowhere without a repository, which is an open choice
      .filter(address => !address.startsWith('https://') && (repository !== undefined || /^[\w+.-]+:|^\/\//.test(address)))
      .map(address => `the picture ${address} is not on https`),
    ...(manifest.version === version ? [] : [`the .vsix is of version ${manifest.version}, package.json of ${version}`]),
    ...Object.keys(manifest.scripts ?? {}).flatMap(name => (runsByItself.test(name) ? [`the .vsix has the script "${name}"`] : [])),
    ...(bytes.length < vsixLimit ? [] : [`the .vsix has ${bytes.length} bytes, at most ${vsixLimit} are agreed`]),
  ];
};

function problemsOfNpm(file: string, { version }: Manifest): readonly string[] {
  const names = must('tar', ['-tzf', file], '.').split('\n');
  const manifest = JSON.parse(must('tar', ['-xOzf', file, 'package/package.json'], '.')) as Package;
  const { length } = readFileSync(file);
  return [
    ...names.flatMap(name => (allowedInNpm.test(name) ? [] : [`${name} is not to be in the npm package`])),
    ...Object.keys(manifest).flatMap(key => (/dependencies|scripts|private/i.test(key) ? [`the npm package has "${key}"`] : [])),
    ...(manifest.version === version ? [] : [`the npm package is of version ${manifest.version}, package.json of ${version}`]),
    ...(length < npmLimit ? [] : [`the npm package has ${length} bytes, at most ${npmLimit} are agreed`]),
  ];
}

/** What is wrong with the files of a folder such as release/, in words. */
export async function problemsOfBuilt(folder: string, manifest: Manifest): Promise<readonly string[]> {
  if (!existsSync(join(folder, 'SHA256SUMS'))) return ['release/ is empty: node tools/release/artifacts.mjs'];
  const bytesOf = (name: string): Buffer => readFileSync(join(folder, name));
  const sums = bytesOf('SHA256SUMS').toString('utf8').trim().split('\n');
  const base = `bulkhead-${manifest.version}`;
  const wanted = ['.vsix', '.tgz', '-standalone.tar.gz', '.cdx.json', '-image.tar'].map(suffix => `${base}${suffix}`);
  const names = readdirSync(folder).sort();
  if (names.join() !== [...wanted, 'NOTES.md', 'SHA256SUMS'].sort().join()) return [`release/ has ${names.join(', ')}`];
  const summed = sums.map(line => line.slice(66)).sort();
  return [
    ...(summed.join() === names.filter(name => name !== 'SHA256SUMS').join() ? [] : [`SHA256SUMS names ${summed.join(', ')}`]),
    ...sums.flatMap(line =>
      createHash('sha256')
        .update(bytesOf(line.slice(66)))
        .digest('hex') === line.slice(0, 64)
        ? []
        : [`${line.slice(66)} is not what its checksum says`],
    ),
    ...(await problemsOfVsix(bytesOf(`${base}.vsix`), manifest)),
    ...problemsOfNpm(join(folder, `${base}.tgz`), manifest),
  ];
}
