import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { findActionlint, findZizmor, root } from '../setup.mjs';
import { problemsOfBuilt } from './built';
import { openChoices, problemsOf, type Demands, type Manifest } from './checks';
import { must, run } from './run';

/**
 * `npm run release:check`: what has to hold before a release, offline. `--tag vX.Y.Z`: for this tag; `--repository OWNER/NAME --publishes`: of this repository, to
 * a channel; `--built`: also the files in release/. Exit code 1 with a line for each problem.
 */

const [, , ...args] = process.argv;
const option = (name: string): string | null => (args.includes(name) ? (args[args.indexOf(name) + 1] ?? null) : null);
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** What our own linter, zizmor and actionlint say about our own workflows, actions and Dockerfile. */
function checkOurs(): readonly string[] {
  const program = join(root, 'dist/cli.js');
  if (!existsSync(program)) must(process.execPath, ['tools/build.mjs'], root);
  const places = ['.github', 'action', 'integrations', 'tools/release/Dockerfile'];
  const lint = run(process.execPath, [program, 'lint', '--profile', 'strict', '--no-cache', '--format', 'concise', ...places], root);
  const others = [
    ['zizmor', findZizmor(), ['--offline', '--quiet', '--persona', 'auditor', '.github', 'action'], 'pip install zizmor'],
    ['actionlint', findActionlint(), [], 'go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12'],
  ] as const;
  return [
    ...(lint.code === 0 && lint.out.includes('no findings') ? [] : [`bulkhead lint:\n${lint.out}${lint.err}`]),
    ...others.flatMap(([name, file, args, how]) => {
      if (file === null) console.log(`skipped: ${name} over our workflows: it is not installed (${how})`);
      const { code, out, err } = file === null ? { code: 0, out: '', err: '' } : run(file, args, root);
      return code === 0 ? [] : [`${name}:\n${out}${err}`];
    }),
  ];
}

async function main(): Promise<void> {
  const manifest = JSON.parse(read('package.json')) as Manifest;
  const action = (file: string): string => (parse(read(file)) as { inputs: { version: { default: string } } }).inputs.version.default;
  const facts = {
    manifest,
    changelog: read('CHANGELOG.md'),
    versions: {
      'package-lock.json': (JSON.parse(read('package-lock.json')) as { version: string }).version,
      'action/action.yml': action('action/action.yml'),
      'action/harden/action.yml': action('action/harden/action.yml'),
      'integrations/pre-commit/package.json': (JSON.parse(read('integrations/pre-commit/package.json')) as { version: string }).version,
    },
    names: { 'action/install.sh': /^package=(.*)$/m.exec(read('action/install.sh'))![1]! },
  };
  const demands: Demands = { tag: option('--tag'), repository: option('--repository'), publishes: args.includes('--publishes') };
  const problems = [
    ...problemsOf(facts, demands),
    ...checkOurs(),
    ...(args.includes('--built') ? await problemsOfBuilt(join(root, 'release'), manifest) : []),
  ];
  for (const problem of problems) console.error(`problem: ${problem}`);
  for (const choice of openChoices(facts)) console.log(`open: ${choice}`);
  console.log(problems.length === 0 ? `version ${manifest.version}: no problem` : `${problems.length} problem(s)`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}

void main();
