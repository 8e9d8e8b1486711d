import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imagePolicies, type PolicySigner } from '../../shared/src/index';
import {
  bundleOf,
  encoded,
  keyPair,
  payloadOf,
  push,
  putBundles,
  putSimple,
  repositoryWithImage,
  signature,
  statementOf,
  type Repository,
} from '../unit/signature/artefacts';
import { missingPackages, scratchFolder, startRegistry, stopAll, type RealRegistry } from './real';

// The policies that `init image-policy` writes, as the engines that enforce them take them: Kyverno 1.19.1 and policy-controller 0.13.1, over images in Debian's
// registry. Where the engines are not at hand, what is written is compared with what they took then.

/** kubectl-kyverno, policy-controller's policy-tester, and cosign 3. */
const [kyverno = '', tester = '', cosign = ''] = ['KYVERNO', 'POLICY_TESTER', 'COSIGN'].map(name => process.env[`BULKHEAD_${name}`]);
const engines = [
  ['kyverno', kyverno],
  ['sigstore', tester],
] as const;
const isAbsent = missingPackages.length > 0 || !existsSync(kyverno) || !existsSync(tester);
if (isAbsent)
  console.log('skipped: verdicts of Kyverno and policy-controller: BULKHEAD_KYVERNO and BULKHEAD_POLICY_TESTER do not name them');

/** An image in the registry, and whether an engine lets it run. */
interface Case {
  readonly name: string;
  readonly fill: (repository: Repository, digest: string) => void;
  readonly runs: Readonly<Record<'kyverno' | 'sigstore', boolean>>;
}

const [mine, theirs] = [keyPair('P-256'), keyPair('P-256')];

const simple = (key: typeof mine.key) => (repository: Repository, digest: string) =>
  putSimple(repository, digest, [{ payload: payloadOf(digest), signature: signature(payloadOf(digest), key) }]);

const bundle = (key: typeof mine.key) => (repository: Repository, digest: string) => {
  const statement = statementOf(digest);
  putBundles(repository, digest, [bundleOf(statement, signature(encoded(statement), key))]);
};

const cases: readonly Case[] = [
  { name: 'signed-as-by-cosign-2', fill: simple(mine.key), runs: { kyverno: true, sigstore: true } },
  // policy-controller 0.13 reads bundles of identities alone, which the policy says
  { name: 'signed-as-by-cosign-3', fill: bundle(mine.key), runs: { kyverno: true, sigstore: false } },
  { name: 'signed-by-another', fill: simple(theirs.key), runs: { kyverno: false, sigstore: false } },
  { name: 'signed-by-another-as-by-cosign-3', fill: bundle(theirs.key), runs: { kyverno: false, sigstore: false } },
  { name: 'unsigned', fill: () => undefined, runs: { kyverno: false, sigstore: false } },
];

const names = [...cases.map(({ name }) => name), 'signed-by-cosign'];

const policyFor = (engine: 'kyverno' | 'sigstore', host: string, pem: string, enforce = true): string =>
  imagePolicies([{ images: names.map(name => `${host}/acme/${name}`), signers: [{ key: pem }] }], { engine, enforce, transparency: false });

describe.each(engines)('a policy for %s', engine => {
  it('is written as the engine took it', async () => {
    const pem = '-----BEGIN PUBLIC KEY-----\nKEY\n-----END PUBLIC KEY-----\n';
    await expect(policyFor(engine, 'registry.example.com', pem)).toMatchFileSnapshot(`policies/${engine}.yaml`);
    await expect(policyFor(engine, 'registry.example.com', pem, false)).toMatchFileSnapshot(`policies/${engine}-reporting.yaml`);
    await expect(everySigner(engine)).toMatchFileSnapshot(`policies/${engine}-signers.yaml`);
  });
});

/** A policy with every kind of signer, whose Sigstore nobody can ask here. */
function everySigner(engine: 'kyverno' | 'sigstore'): string {
  const key = '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqzgby1s45PN7HUftSwQT9oh9lKVj\n/mvrd+pjZK3niCdy/xzNi2eq4BI9hCFksKay+TJJEJAEYwGyFu2wvXZNXw==\n-----END PUBLIC KEY-----\n'; // prettier-ignore
  const signers: readonly PolicySigner[] = [
    { key },
    {
      issuer: 'https://token.actions.githubusercontent.com',
      subject: 'https://github.com/acme/web/.github/workflows/release.yml@refs/tags/v*',
    },
    { issuer: 'https://login.example.com', subject: 'release@example.com' },
  ];
  const images = ['ghcr.io/acme/*', 'docker.io/library/own', 'registry.example.com:5000/acme/web'];
  return imagePolicies([{ images, signers }], { engine, enforce: true, transparency: true });
}

describe.skipIf(isAbsent)('what the engines say', { timeout: 120_000 }, () => {
  const folder = isAbsent ? '' : scratchFolder();
  const env = { HOME: folder, PATH: process.env['PATH'], COSIGN_PASSWORD: '' };
  const images = new Map<string, string>();
  let registry: RealRegistry;
  beforeAll(async () => {
    registry = await startRegistry('open');
    for (const { name, fill } of cases) {
      const { repository, digest } = repositoryWithImage(name);
      fill(repository, digest);
      await push(repository, registry.host, `acme/${name}`);
      images.set(name, digest);
    }
  }, 60_000);
  afterAll(stopAll);

  /** Runs a program; gives its exit code and what it says. */
  const run = (program: string, args: readonly string[]): Promise<{ readonly code: number; readonly said: string }> =>
    promisify(execFile)(program, args, { env, cwd: folder, timeout: 60_000 }).then(
      ({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }),
      (error: { code?: number; stdout?: string; stderr?: string }) => ({
        code: error.code ?? -1,
        said: `${error.stdout}${error.stderr}`,
      }),
    );

  const judge = (engine: 'kyverno' | 'sigstore', policy: string, image: string) => {
    const [file, pod] = [join(folder, 'policy.yaml'), join(folder, 'pod.yaml')];
    writeFileSync(file, policy);
    if (engine === 'sigstore') return run(tester, ['-policy', file, '-image', image]);
    writeFileSync(
      pod,
      `apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec: {containers: [{name: web, image: '${image}'}]}\n`,
    );
    return run(kyverno, ['apply', file, '--resource', pod, '--registry']);
  };

  it.each(engines.flatMap(([engine]) => cases.map(({ name, runs }) => [engine, name, runs[engine]] as const)))(
    '%s, %s: runs: %s',
    async (engine, name, runs) => {
      const { code, said } = await judge(
        engine,
        policyFor(engine, registry.host, mine.pem),
        `${registry.host}/acme/${name}@${images.get(name)}`,
      );
      expect({ said, code }).toMatchObject({ code: runs ? 0 : 1 });
      // refused for the signature, and for nothing else
      if (!runs) expect(said).toMatch(engine === 'kyverno' ? /the image is not signed/ : /no (?:matching )?signatures(?: found)?/);
    },
  );

  it('by tag: policy-controller resolves it; the command of Kyverno writes no digest, which its webhook does first', async () => {
    const tag = (name: string): string => `${registry.host}/acme/${name}:1.0`;
    const policy = policyFor('sigstore', registry.host, mine.pem);
    expect((await judge('sigstore', policy, tag('signed-as-by-cosign-2'))).code).toBe(0);
    expect((await judge('sigstore', policy, tag('unsigned'))).code).toBe(1);
    const { said } = await judge('kyverno', policyFor('kyverno', registry.host, mine.pem), tag('signed-as-by-cosign-2'));
    expect(said).toContain('does not have a digest');
  });

  it('an image of somebody else is left alone by Kyverno', async () => {
    const { code, said } = await judge(
      'kyverno',
      policyFor('kyverno', registry.host, mine.pem),
      `${registry.host}/acme/unsigned-not@${images.get('unsigned')}`,
    );
    expect({ code, said }).toMatchObject({ code: 0 });
  });

  it('policy-controller only warns where the policy says so', async () => {
    const policy = policyFor('sigstore', registry.host, mine.pem, false);
    expect((await judge('sigstore', policy, `${registry.host}/acme/unsigned:1.0`)).code).toBe(0);
  });

  it('every kind of signer is a policy that they take', async () => {
    const kyvernoSaid = await judge('kyverno', everySigner('kyverno'), 'other.example.com/app:1');
    expect(kyvernoSaid).toMatchObject({ code: 0 });
    expect(kyvernoSaid.said).not.toMatch(/error: [1-9]|failed|invalid/i);
    const { said } = await judge('sigstore', everySigner('sigstore'), 'other.example.com/app:1');
    expect(said).toContain('Policy was successfully validated');
    expect(said).not.toMatch(/warning/i);
  });

  it.skipIf(!existsSync(cosign))('signed by cosign itself, in the format that each reads', async () => {
    const { repository, digest } = repositoryWithImage('cosign');
    await push(repository, registry.host, 'acme/signed-by-cosign');
    const image = `${registry.host}/acme/signed-by-cosign@${digest}`;
    expect(await run(cosign, ['generate-key-pair'])).toMatchObject({ code: 0 });
    const pem = readFileSync(join(folder, 'cosign.pub'), 'utf8');
    for (const engine of ['kyverno', 'sigstore'] as const)
      expect((await judge(engine, policyFor(engine, registry.host, pem), image)).code, 'before').toBe(1);
    const old = ['--new-bundle-format=false', '--use-signing-config=false', '--tlog-upload=false'];
    expect(await run(cosign, ['sign', '--key', 'cosign.key', ...old, '--allow-http-registry', '-y', image])).toMatchObject({ code: 0 });
    for (const engine of ['kyverno', 'sigstore'] as const)
      expect((await judge(engine, policyFor(engine, registry.host, pem), image)).code, 'after').toBe(0);
  });
});
