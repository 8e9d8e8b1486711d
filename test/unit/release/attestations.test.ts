import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { attest, makeKey, problemOf, verifyAsGh, type Builder } from '../../../tools/release/attestations';

/** The dry run refuses what a real release has to refuse: files that something else built, or that were changed. */

const scratch = mkdtempSync(join(tmpdir(), 'bulkhead-attestations-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const builder: Builder = {
  repository: 'acme/bulkhead',
  workflow: '.github/workflows/build-release.yml',
  ref: 'refs/tags/v1.2.3',
  commit: 'c'.repeat(40),
};
const file = join(scratch, 'bulkhead-1.2.3.vsix');
const sha256 = createHash('sha256').update('built').digest('hex');
const sums = `${sha256}  bulkhead-1.2.3.vsix\n`;
writeFileSync(file, 'built');
const folder = join(scratch, 'attestations');
attest(folder, makeKey(folder), sums, builder);

it('takes what was built, by its file or digest', () => {
  expect(problemOf(folder, file, builder)).toBeNull();
  expect(problemOf(folder, `sha256:${sha256}`, builder)).toBeNull();
});

it.each<[string, Partial<Builder>, string]>([
  ['another repository', { repository: 'evil/bulkhead' }, 'another repository'],
  ['another workflow', { workflow: '.github/workflows/ci.yml' }, 'another workflow'],
  ['another tag', { ref: 'refs/tags/v1.2.4' }, 'another ref'],
  ['a branch of the name', { ref: 'refs/heads/v1.2.3' }, 'another ref'],
  ['another commit', { commit: 'd'.repeat(40) }, 'another commit'],
])('refuses the work of %s', (_name, change, problem) => {
  expect(problemOf(folder, file, { ...builder, ...change })).toBe(problem);
});

it('refuses a changed file, and one that only an SBOM is about', () => {
  const changed = join(scratch, 'changed.vsix');
  writeFileSync(changed, 'changed');
  expect(problemOf(folder, changed, builder)).toBe('nothing that is signed is about this file');
  const other = join(scratch, 'sbom');
  writeFileSync(join(scratch, 'sbom.json'), '{}');
  attest(other, makeKey(other), sums, builder, join(scratch, 'sbom.json'));
  expect(problemOf(other, file, builder)).toMatch(/^another repository/);
});

it('refuses what another key has signed', () => {
  const forged = join(scratch, 'forged');
  attest(forged, makeKey(forged), sums, builder);
  cpSync(join(folder, 'key.pem'), join(forged, 'key.pem'));
  expect(problemOf(forged, file, builder)).toBe('nothing that is signed is about this file');
});

it('reads the options of gh', () => {
  const { repository, workflow, ref, commit } = builder;
  const options = [
    '--repo',
    repository,
    '--deny-self-hosted-runners',
    '--signer-workflow',
    `${repository}/${workflow}`,
    '--source-ref',
    ref,
  ];
  expect(verifyAsGh(folder, [file, ...options, '--source-digest', commit])).toBeNull();
  expect(verifyAsGh(folder, [file, ...options, '--source-digest', '0'.repeat(40)])).toBe('another commit');
  expect(verifyAsGh(folder, [join(scratch, 'missing'), ...options])).toBe('no such file');
});
