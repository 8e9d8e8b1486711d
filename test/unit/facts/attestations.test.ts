import { describe, expect, it } from 'vitest';
import { neverCancelled } from '../../../shared/src/base/ports/cancellation';
import { type AttestedImage, isAttestedImage, readAttestations } from '../../../shared/src/services/facts/attestations';
import { endpointOf } from '../../../shared/src/services/registry/names';
import { digestOf } from '../../support/image-chain';
import { makeLayered } from '../../support/layered-image';
import { clientOf } from '../signature/artefacts';

const hash = 'a'.repeat(64);
const spdx = 'https://spdx.dev/Document';
const slsa = { old: 'https://slsa.dev/provenance/v0.2', new: 'https://slsa.dev/provenance/v1' } as const;
const endpoint = endpointOf('registry.example.com/app:1.0');

/** What attestations with these statements claim, and how much was asked for. */
async function claimed(statements: Readonly<Record<string, unknown>>, change: (blobs: Map<string, Buffer>) => void = () => undefined) {
  const { digest, manifests, blobs } = makeLayered({ layers: [[]], statements });
  change(blobs);
  const client = clientOf({ manifests, blobs });
  const index = manifests.get(digest)!;
  const { manifests: entries } = JSON.parse(index) as { manifests: readonly { digest: string; platform: { architecture: string } }[] };
  const manifest = manifests.get(entries.find(({ platform }) => platform.architecture === 'amd64')!.digest)!;
  if (!endpoint.ok) throw new Error(endpoint.failure.message);
  const attested = await readAttestations(client, endpoint.value, { index, manifest }, neverCancelled);
  expect(isAttestedImage(JSON.parse(JSON.stringify(attested)))).toBe(true);
  return { ...attested, asked: client.asked.length };
}

const nothing: AttestedImage = { bases: [], source: null, platform: null, packages: null, system: null, problems: [] };
const materials = [
  { uri: 'pkg:docker/debian@13-slim?platform=linux%2Famd64', digest: { sha256: hash } },
  { uri: 'pkg:docker/registry.example.com%2Fteam/base@1.2', digest: {} },
  { uri: 'pkg:docker/docker/dockerfile@1.7', digest: { sha256: hash } },
  { uri: 'pkg:docker/docker/buildkit-syft-scanner@stable-1' },
  { uri: 'https://example.com/archive.tgz', digest: { sha256: hash } },
];
const bases = [
  { name: 'debian:13-slim', digest: `sha256:${hash}` },
  { name: 'registry.example.com/team/base:1.2', digest: null },
];
const source = 'https://git.example.com/acme/app.git#refs/heads/main';
const packages = [
  { name: 'app', primaryPackagePurpose: 'CONTAINER' },
  { name: 'bash', externalRefs: [{ referenceLocator: 'pkg:deb/debian/bash@5.2?arch=amd64&distro=debian-13' }] },
  { name: 'curl', externalRefs: [{ referenceLocator: 'pkg:deb/debian/curl@8' }] },
];

describe('attestations of an image', () => {
  it.each<readonly [string, Readonly<Record<string, unknown>>, Partial<AttestedImage>]>([
    ['none', {}, {}],
    [
      'a provenance of SLSA 0.2',
      { [slsa.old]: { materials, invocation: { configSource: { uri: source }, environment: { platform: 'linux/amd64' } } } },
      { bases, source, platform: 'linux/amd64' },
    ],
    [
      'a provenance of SLSA 1',
      {
        [slsa.new]: {
          buildDefinition: {
            externalParameters: { configSource: { uri: source } },
            internalParameters: { builderPlatform: 'linux/arm64' },
            resolvedDependencies: materials,
          },
        },
      },
      { bases, source, platform: 'linux/arm64' },
    ],
    ['packages, with the system that theirs are of', { [spdx]: { packages } }, { packages: 2, system: 'debian 13' }],
    [
      'packages, with a system among them',
      { [spdx]: { packages: [...packages, { name: 'alpine', versionInfo: '3.22.1', primaryPackagePurpose: 'OPERATING-SYSTEM' }] } },
      { packages: 2, system: 'alpine 3.22.1' },
    ],
    ['both', { [slsa.old]: { materials }, [spdx]: { packages: [] } }, { bases, packages: 0 }],
    ['of another kind', { 'https://example.com/other': { packages } }, {}],
    [
      'that are not what they should be',
      { [spdx]: { packages: 'none' }, [slsa.new]: { buildDefinition: 3 } },
      { packages: 0, problems: ['its provenance: "buildDefinition" is not an object'] },
    ],
  ])('%s', async (_, statements, expected) => {
    expect(await claimed(statements)).toMatchObject({ ...nothing, ...expected });
  });

  it('are read up to 4 MiB, and larger ones not asked for', async () => {
    const large = { packages: [{ name: 'x'.repeat(5 << 20) }] };
    const { problems, asked } = await claimed({ [spdx]: large });
    expect({ problems, asked }).toEqual({ problems: ['its SBOM has more than 4 MiB'], asked: 1 });
  });

  it('that are not there, or not JSON, are said to be', async () => {
    const drop = (blobs: Map<string, Buffer>): void => {
      for (const [digest, bytes] of blobs) if (bytes.toString().includes('predicateType')) blobs.delete(digest);
    };
    expect((await claimed({ [spdx]: {} }, drop)).problems).toEqual(['the registry has no such blob']);
    const spoil = (blobs: Map<string, Buffer>): void => {
      for (const [digest, bytes] of blobs) if (bytes.toString().includes('predicateType')) blobs.set(digest, Buffer.from('<html>'));
    };
    expect((await claimed({ [spdx]: {} }, spoil)).problems).toEqual(['its SBOM: its statement is not JSON']);
  });

  it('are those of the image, and not of another in the index', async () => {
    const { digest, manifests, blobs } = makeLayered({ layers: [[]], statements: { [spdx]: { packages } } });
    const client = clientOf({ manifests, blobs });
    if (!endpoint.ok) throw new Error(endpoint.failure.message);
    const other = { index: manifests.get(digest)!, manifest: '{"other":1}' };
    expect(digestOf(other.manifest)).not.toBe(digest);
    expect(await readAttestations(client, endpoint.value, other, neverCancelled)).toEqual(nothing);
    expect(await readAttestations(client, endpoint.value, { ...other, index: null }, neverCancelled)).toEqual(nothing);
    expect(client.asked).toEqual([]);
  });
});
