import { spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ensureContainerPackages, ensureRegistryPackages, root } from '../setup.mjs';
import { attest, makeKey } from './attestations';
import { baseImage, releaseStorage, storage } from './base-image';
import type { Manifest } from './checks';
import { tryArtifacts } from './installed';
import { must } from './run';
import { runWorkflow, type Machine, type Fake } from './steps';

/**
 * `npm run release:dry`: a whole release on this machine. Its workflows run step by step on a clone with a commit and a tag as a release has them; programs that
 * publish are replaced, a registry of this machine takes the image, and a key of this machine signs. Then each artifact is installed and used as a user would.
 * Needs root on Debian, as `npm run containers` does. `--keep` leaves the folder; `--no-vscode` does not start VS Code.
 */

const scratch = mkdtempSync(join(tmpdir(), 'bulkhead-release-'));
const bin = join(scratch, 'bin');
const attestations = join(scratch, 'attestations');
const store = join(scratch, 'artifacts');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
const extension = `${manifest.publisher}.${manifest.name}`;
const repository = /github\.com\/(.+)\.git$/.exec(manifest.repository?.url ?? '')?.[1] ?? 'acme/bulkhead';

/** A repository of this commit with what a person does for a release (docs/releasing.md): names, the section of the changelog, a tag on main. */
function makeOrigin(version: string): { readonly origin: string; readonly commit: string } {
  const origin = join(scratch, 'origin');
  must('git', ['clone', '--quiet', '--no-hardlinks', root, origin], scratch);
  cpSync(join(root, 'node_modules'), join(origin, 'node_modules'), { recursive: true, verbatimSymlinks: true });
  const edit = (file: string, change: (text: string) => string): void =>
    writeFileSync(join(origin, file), change(readFileSync(join(origin, file), 'utf8')));
  const channels = {
    ...manifest.channels,
    ...{ marketplace: extension, openVsx: extension, npm: manifest.channels.npm ?? manifest.name },
    ...{ image: `ghcr.io/${repository.toLowerCase()}`, action: repository },
  };
  edit('package.json', text => {
    const named = { repository: { type: 'git', url: `https://github.com/${repository}.git` }, channels };
    return JSON.stringify({ ...(JSON.parse(text) as object), ...named }, null, 2) + '\n';
  });
  edit('CHANGELOG.md', text => text.replace('## Unreleased', `## ${version} - 2026-12-01`));
  must('npm', ['run', '--silent', 'generate'], origin);
  rmSync(join(origin, 'node_modules'), { recursive: true });
  const git = ['-c', 'user.name=Releaser', '-c', 'user.email=releaser@example.com'];
  must('git', ['checkout', '--quiet', '-B', 'main'], origin);
  must('git', [...git, 'commit', '--quiet', '--all', '--allow-empty', '--message', `Release ${version}`], origin);
  must('git', [...git, 'tag', '--force', `v${version}`], origin);
  return { origin, commit: must('git', ['rev-parse', 'HEAD'], origin) };
}

/** Starts a registry on loopback; gives its port and how to end it. */
async function startRegistry(): Promise<{ readonly port: number; readonly stop: () => void }> {
  const port = await new Promise<number>(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = server.address() as { port: number };
      server.close(() => resolve(free));
    });
  });
  const config = join(scratch, 'registry.yml');
  writeFileSync(
    config,
    `version: 0.1\nstorage: { filesystem: { rootdirectory: ${scratch}/registry } }\nhttp: { addr: '127.0.0.1:${port}' }\n`,
  );
  const child = spawn('docker-registry', ['serve', config], { stdio: 'ignore' });
  for (let tries = 0; ; tries++) {
    if ((await fetch(`http://127.0.0.1:${port}/v2/`).catch(() => null))?.ok) break;
    if (tries > 300) throw new Error('docker-registry does not start');
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  return { port, stop: () => child.kill() };
}

/** Fakes of the programs that publish, first on the path. */
function writePrograms(folder: string, names: readonly string[]): void {
  mkdirSync(folder, { recursive: true });
  for (const name of names) {
    const file = join(folder, name);
    rmSync(file, { force: true });
    writeFileSync(
      file,
      `#!/bin/sh\nexec '${process.execPath}' --import '${root}/node_modules/tsx/dist/loader.mjs' '${root}/tools/release/fake.ts' ${name} "$@"\n`,
    );
    chmodSync(file, 0o755);
  }
}

/** What the actions of the workflows do here. */
function fakesFor(origin: string, commit: string, tag: string): Readonly<Record<string, Fake>> {
  const key = makeKey(attestations);
  let artifacts = 0;
  return {
    'actions/checkout': (_inputs, { workspace }) => void must('git', ['clone', '--quiet', '--branch', tag, origin, workspace], scratch),
    // the Node of this machine; it comes after what publishes has been unpacked
    'actions/setup-node': (_inputs, { workspace }) => {
      const programs = join(workspace, 'release/node_modules/.bin');
      if (existsSync(programs)) writePrograms(programs, ['vsce', 'ovsx', 'npm']);
    },
    'actions/upload-artifact': ({ path = '' }, { workspace }) => {
      const id = String(++artifacts);
      cpSync(join(workspace, path), join(store, id), { recursive: true });
      return { 'artifact-id': id };
    },
    'actions/download-artifact': ({ 'artifact-ids': ids = '', path = '' }, { workspace }) => {
      for (const id of ids.split(',')) cpSync(join(store, id), join(workspace, path), { recursive: true });
    },
    'actions/attest': (inputs, { workspace, workflow, permissions }) => {
      if (permissions['id-token'] !== 'write' || permissions['attestations'] !== 'write') throw new Error('attest: the job may not');
      const { 'subject-checksums': checksums, 'subject-digest': digest, 'subject-name': name, 'sbom-path': sbom } = inputs;
      const sums =
        checksums === undefined ? `${digest?.replace('sha256:', '')}  ${name}` : readFileSync(join(workspace, checksums), 'utf8');
      const builder = { repository, workflow, ref: `refs/tags/${tag}`, commit };
      attest(attestations, key, sums, builder, sbom === undefined ? undefined : join(workspace, sbom));
    },
    'azure/login': (_inputs, { permissions }) => {
      if (permissions['id-token'] !== 'write') throw new Error('azure/login: the job has no identity');
    },
    'sigstore/cosign-installer': () => {},
  };
}

async function main(): Promise<void> {
  const missing = [...ensureContainerPackages(), ...ensureRegistryPackages()];
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || missing.length > 0) {
    console.error(`the dry run of a release needs root on Debian${missing.length > 0 ? `, and apt-get install ${missing.join(' ')}` : ''}`);
    process.exitCode = 2;
    return;
  }
  const { version } = manifest;
  const tag = `v${version}`;
  const { origin, commit } = makeOrigin(version);
  const registry = await startRegistry();
  let leftOut: string | null;
  try {
    const base = baseImage(scratch);
    writePrograms(bin, ['gh', 'cosign', 'npm', 'skopeo']);
    const image = `127.0.0.1:${registry.port}/${repository.toLowerCase()}`;
    const machine: Machine = {
      ...{ checkout: origin, scratch: join(scratch, 'jobs'), fakes: fakesFor(origin, commit, tag) },
      environment: {
        ...{ HOME: process.env['HOME'] ?? scratch, LANG: 'C.UTF-8', ...storage(scratch), PATH: `${bin}${delimiter}${process.env['PATH']}` },
        ...{
          GITHUB_REPOSITORY: repository,
          GITHUB_REF: `refs/tags/${tag}`,
          GITHUB_REF_NAME: tag,
          GITHUB_SHA: commit,
          GITHUB_ACTOR: 'releaser',
        },
        ...{ BULKHEAD_DRY_RUN: scratch, BULKHEAD_IMAGE_BASE: base },
      },
      vars: {
        AZURE_CLIENT_ID: 'client',
        AZURE_TENANT_ID: 'tenant',
        OPEN_VSX: extension,
        NPM: 'true',
        IMAGE: image,
        RELEASE_PAGE: 'true',
      },
      // hours of tests: `npm test` has its own place
      skips: step => step.run === '.ci/run',
    };
    const { jobs } = runWorkflow('.github/workflows/release.yml', {}, machine);
    const skipped = Object.entries(jobs).filter(([, { state }]) => state !== 'success');
    if (skipped.length > 0) throw new Error(`not run: ${skipped.map(([name]) => name).join(', ')}`);
    leftOut = tryArtifacts({ scratch, machine, image, version });
  } finally {
    registry.stop();
    for (const folder of [scratch, join(scratch, 'user')]) releaseStorage(folder);
    if (process.argv.includes('--keep')) console.log(`kept: ${scratch}`);
    else rmSync(scratch, { recursive: true, force: true });
  }
  console.log(`\nThe release ${tag} was made, published into nothing, installed and used${leftOut === null ? '' : `, but for ${leftOut}`}`);
}

void main();
