import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import JSZip from 'jszip';
import { parse } from 'yaml';
import { findZizmor, root } from '../setup.mjs';
import { openChoices, problemsOf, type Demands, type Manifest } from './checks';
import { allowedInVsix, npmLimit, vsixLimit } from './contents';
import { must, run } from './run';

/**
 * `npm run release:check`: what has to hold before a release, offline. `--tag vX.Y.Z`: for this tag; `--repository OWNER/NAME --publishes`: of this repository, to
 * a channel; `--built`: also the files in release/. Exit code 1 with a line for each problem.
 */

const [, , ...args] = process.argv;
const option = (name: string): string | null => (args.includes(name) ? (args[args.indexOf(name) + 1] ?? null) : null);
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** What our own linter and zizmor say about our own workflows, actions and Dockerfile. */
function checkOurs(): readonly string[] {
  const program = join(root, 'dist/cli.js');
  if (!existsSync(program)) must(process.execPath, ['tools/build.mjs'], root);
  const lint = run(
    process.execPath,
    [
      program,
      'lint',
      '--profile',
      'strict',
      '--no-cache',
      '--format',
      'concise',
      '.github',
      'action',
      'integrations',
      'tools/release/Dockerfile',
    ],
    root,
  );
  const zizmor = findZizmor();
  if (zizmor === null) console.log('skipped: zizmor over our workflows: it is not installed (pip install zizmor)');
  const audit =
    zizmor === null
      ? { code: 0, out: '', err: '' }
      : run(zizmor, ['--offline', '--quiet', '--persona', 'auditor', '.github', 'action'], root);
  return [
    ...(lint.code === 0 && lint.out.includes('no findings') ? [] : [`bulkhead lint:\n${lint.out}${lint.err}`]),
    ...(audit.code === 0 ? [] : [`zizmor:\n${audit.out}${audit.err}`]),
  ];
}

/** What is wrong with the files in release/. */
async function checkBuilt({ version, repository }: Manifest): Promise<readonly string[]> {
  const folder = join(root, 'release');
  if (!existsSync(join(folder, 'SHA256SUMS'))) return ['release/ is empty: node tools/release/artifacts.mjs'];
  const sums = readFileSync(join(folder, 'SHA256SUMS'), 'utf8')
    .trim()
    .split('\n')
    .map(line => [line.slice(66), line.slice(0, 64)] as const);
  const changed = sums.filter(
    ([name, sum]) =>
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex') !== sum,
  );
  const wanted = ['.vsix', '.tgz', '-standalone.tar.gz', '.cdx.json', '-image.tar'].map(suffix => `bulkhead-${version}${suffix}`);
  const names = [...wanted, 'NOTES.md', 'SHA256SUMS'].sort();
  const zip = await JSZip.loadAsync(readFileSync(join(folder, wanted[0]!)));
  const inside = Object.keys(zip.files);
  const readme = await zip.file('extension/readme.md')!.async('string');
  const manifest = JSON.parse(read('dist/npm/package.json')) as Readonly<Record<string, unknown>>;
  const size = (name: string): number => statSync(join(folder, name)).size;
  return [
    ...(readdirSync(folder).sort().join() === names.join() ? [] : [`release/ has ${readdirSync(folder).sort().join(', ')}`]),
    ...changed.map(([name]) => `${name} is not what its checksum says`),
    ...inside.filter(name => !allowedInVsix.some(pattern => pattern.test(name))).map(name => `${name} is not to be in the .vsix`),
    // without a repository they lead nowhere: an open choice
    ...picturesOf(readme)
      .filter(address => repository !== undefined && !address.startsWith('https://'))
      .map(address => `the picture ${address} is not on https`),
    ...Object.keys(manifest)
      .filter(key => /dependencies|scripts|private/i.test(key))
      .map(key => `the npm package has "${key}"`),
    ...(size(wanted[0]!) < vsixLimit ? [] : [`the .vsix has ${size(wanted[0]!)} bytes, at most ${vsixLimit} are agreed`]),
    ...(size(wanted[1]!) < npmLimit ? [] : [`the npm package has ${size(wanted[1]!)} bytes, at most ${npmLimit} are agreed`]),
  ];
}

const picturesOf = (page: string): readonly string[] =>
  [...page.matchAll(/!\[[^\]]*\]\(([^)\s]+)\)|<img\b[^>]*\ssrc="([^"]+)"/g)].map(([, first, second]) => first ?? second!);

async function main(): Promise<void> {
  const manifest = JSON.parse(read('package.json')) as Manifest;
  const action = (file: string): string => (parse(read(file)) as { inputs: { version: { default: string } } }).inputs.version.default;
  const facts = {
    manifest,
    changelog: read('CHANGELOG.md'),
    versions: {
      'action/action.yml': action('action/action.yml'),
      'action/harden/action.yml': action('action/harden/action.yml'),
      'integrations/pre-commit/package.json': (JSON.parse(read('integrations/pre-commit/package.json')) as { version: string }).version,
    },
    names: { 'action/install.sh': /^package=(.*)$/m.exec(read('action/install.sh'))![1]! },
  };
  const demands: Demands = { tag: option('--tag'), repository: option('--repository'), publishes: args.includes('--publishes') };
  const problems = [...problemsOf(facts, demands), ...checkOurs(), ...(args.includes('--built') ? await checkBuilt(manifest) : [])];
  for (const problem of problems) console.error(`problem: ${problem}`);
  for (const choice of openChoices(facts)) console.log(`open: ${choice}`);
  console.log(problems.length === 0 ? `version ${manifest.version}: no problem` : `${problems.length} problem(s)`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}

void main();
