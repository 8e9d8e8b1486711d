#!/usr/bin/env node
// `node tools/release/artifacts.mjs`: makes everything that a release publishes, in release/, and what it is published with, in release-tools/. The jobs that
// publish take these bytes and build nothing. BULKHEAD_IMAGE_BASE names a base image to use instead of the one in the Dockerfile.
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../setup.mjs';

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const target = join(root, 'release');
const tools = join(root, 'release-tools');
const name = `bulkhead-${version}`;
const { BULKHEAD_IMAGE_BASE: imageBase } = process.env;
const base = imageBase === undefined ? [] : ['--from', imageBase, '--pull=never'];

/** Runs a program in the checkout, and ends the process where that fails. Gives what it printed last. */
function run(program, ...args) {
  const { status, stdout, error } = spawnSync(program, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (status === 0) return stdout.trim().split('\n').at(-1);
  console.error(`${[program, ...args].join(' ')}: ${error?.message ?? `exit code ${status}\n${stdout}`}`);
  process.exit(1);
}

/** An archive of a folder, the same for the same files: sorted, of no one, and of the time of the commit. */
function archive(file, parent, folder) {
  const time = run('git', 'log', '-1', '--format=%cI');
  const plain = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mode=u+rwX,go+rX,go-w', `--mtime=${time}`];
  run('tar', ...plain, '--use-compress-program=gzip -n', '-cf', file, '-C', parent, folder);
}

for (const folder of [target, tools]) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
}

run('npm', 'run', '--silent', 'package');
cpSync(join(root, 'dist/bulkhead.vsix'), join(target, `${name}.vsix`));

// a name with a scope makes another file name
renameSync(join(target, run('npm', 'pack', '--silent', './dist/npm', '--pack-destination', target)), join(target, `${name}.tgz`));

const standalone = mkdtempSync(join(tmpdir(), 'standalone-'));
cpSync(join(root, 'dist/npm'), join(standalone, name), { recursive: true });
symlinkSync('cli.js', join(standalone, name, 'bulkhead'));
archive(join(target, `${name}-standalone.tar.gz`), standalone, name);
rmSync(standalone, { recursive: true });

const sbom = join(target, `${name}.cdx.json`);
run('node_modules/.bin/cyclonedx-esbuild', 'dist/metafile.json', '--output-reproducible', '--validate', '--output-file', sbom);

const image = `localhost/${name}-${process.pid}`;
const platforms = ['--platform', 'linux/amd64,linux/arm64', '--manifest', image];
run(
  'buildah',
  'build',
  ...base,
  ...platforms,
  '--timestamp',
  run('git', 'log', '-1', '--format=%ct'),
  '--file',
  'tools/release/Dockerfile',
  'dist/npm',
);
run('buildah', 'manifest', 'push', '--all', image, `oci-archive:${join(target, `${name}-image.tar`)}`);
run('buildah', 'manifest', 'rm', image);

const publishers = mkdtempSync(join(tmpdir(), 'publishers-'));
cpSync(join(root, 'tools/release/publishers'), publishers, { recursive: true });
run('npm', 'ci', '--silent', '--ignore-scripts', '--prefix', publishers);
archive(join(tools, 'publishers.tgz'), publishers, 'node_modules');
rmSync(publishers, { recursive: true });

const digest = (file, algorithm, encoding) => createHash(algorithm).update(readFileSync(file)).digest(encoding);
const changes = readFileSync(join(root, 'CHANGELOG.md'), 'utf8')
  .split(/^## /m)
  .find(section => section.startsWith(version));
const integrity = `sha512-${digest(join(target, `${name}.tgz`), 'sha512', 'base64')}`;
const notes = `${(changes ?? '').replace(/^.*\n+/, '')}\nThe integrity of the npm package, which the action asks for: \`${integrity}\`\n`;
writeFileSync(join(target, 'NOTES.md'), notes);

for (const [folder, sums] of [
  [target, 'SHA256SUMS'],
  [tools, 'TOOLS256SUMS'],
]) {
  const lines = readdirSync(folder)
    .sort()
    .map(file => `${digest(join(folder, file), 'sha256', 'hex')}  ${file}\n`);
  writeFileSync(join(folder, sums), lines.join(''));
  process.stdout.write(lines.join(''));
}
