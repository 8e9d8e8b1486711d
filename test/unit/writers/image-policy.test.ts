import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  createEngine,
  createWorkspaceIndex,
  defaultConfig,
  emptyWorkspace,
  imagePolicies,
  type PolicySigner,
  rules,
  signedImages,
} from '../../../shared/src/index';

const engine = createEngine(rules);
const key: PolicySigner = {
  key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }).toString(),
};
const workflow: PolicySigner = {
  issuer: 'https://token.actions.githubusercontent.com',
  subject: 'https://github.com/acme/web/.github/workflows/release.yml@refs/tags/v*',
};
const person: PolicySigner = { issuer: 'https://login.example.com', subject: 'release@example.com' };

const globs = (text: string): readonly string[] => [...text.matchAll(/- glob: '?([^'\n]*)/g)].map(match => match[1]!);

/** What a policy that only reports still says: the two things that it says why it does. */
function findingsOf(text: string): readonly string[] {
  const context = {
    config: { ...defaultConfig, profile: 'strict' as const },
    today: '2026-11-27',
    workspace: emptyWorkspace,
    digest: () => null,
  };
  return engine
    .open({ path: 'image-policy.yaml', text })
    .lint(context)
    .findings.filter(({ suppression }) => suppression === null)
    .map(({ rule, messageId }) => `${rule} ${messageId}`);
}

describe.each(['kyverno', 'sigstore'] as const)('for %s', engineName => {
  test.each<[what: string, signers: readonly PolicySigner[]]>([
    ['a key', [key]],
    ['a workflow', [workflow]],
    ['a person', [person]],
    ['several', [key, workflow, person]],
  ])('signed by %s: silent in the strict profile', (_, signers) => {
    for (const enforce of [true, false])
      for (const transparency of signers.some(signer => !('key' in signer)) ? [true] : [true, false])
        for (const images of [
          ['ghcr.io/acme/*'],
          ['ghcr.io/acme/web', 'docker.io/acme/api', 'docker.io/library/own'],
          ['registry.example.com:5000/*'],
          ['docker.io/acme/*'],
        ])
          expect(findingsOf(imagePolicies([{ images, signers }], { engine: engineName, enforce, transparency })), images.join(' ')).toEqual(
            [],
          );
  });

  test('it reports at first, and refuses where that is asked for', () => {
    const signed = [{ images: ['ghcr.io/acme/web'], signers: [key] }];
    const [audit, deny] = [false, true].map(enforce => imagePolicies(signed, { engine: engineName, enforce, transparency: true }));
    expect(audit).toMatch(engineName === 'kyverno' ? /^ {2}validationActions: \[Audit\]$/m : /^ {2}mode: warn$/m);
    expect(deny).toMatch(engineName === 'kyverno' ? /^ {2}validationActions: \[Deny\]$/m : /^ {2}mode: enforce$/m);
    // done as the comment says, nothing is left of it
    const done = audit!
      .replace(/^.*bulkhead-ignore policy\/audit-only.*\n/m, '')
      .replace('[Audit]\n', '[Deny]\n')
      .replace('mode: warn', 'mode: enforce')
      .replace(/^ *# To enforce it.*\n/m, '');
    expect(done).toBe(deny);
  });

  test('a star in an identity stands for any characters, and nothing else in it stands for anything', () => {
    const text = imagePolicies([{ images: ['ghcr.io/acme/web'], signers: [workflow] }], {
      engine: engineName,
      enforce: true,
      transparency: true,
    });
    expect(text).toContain("subjectRegExp: '^https://github\\.com/acme/web/\\.github/workflows/release\\.yml@refs/tags/v.*$'");
  });

  test('several signers are several documents or alternatives', () => {
    const signed = [
      { images: ['ghcr.io/acme/web'], signers: [key, person] },
      { images: ['ghcr.io/acme/api'], signers: [person] },
    ];
    const text = imagePolicies(signed, { engine: engineName, enforce: true, transparency: true });
    expect(text.split('\n---\n')).toHaveLength(2);
    expect(text).toMatch(/^ {2}name: signed-images-2$/m);
    if (engineName === 'kyverno') expect(text).toContain('verifyImageSignatures(image, [attestors.release, attestors.release2]) > 0');
  });
});

describe('patterns', () => {
  const of = (engineName: 'kyverno' | 'sigstore', image: string): readonly string[] =>
    globs(imagePolicies([{ images: [image], signers: [key] }], { engine: engineName, enforce: true, transparency: true }));

  test.each<[image: string, kyverno: readonly string[], sigstore: readonly string[]]>([
    ['ghcr.io/acme/web', ['ghcr.io/acme/web', 'ghcr.io/acme/web:*', 'ghcr.io/acme/web@*'], ['ghcr.io/acme/web:**', 'ghcr.io/acme/web@**']],
    ['ghcr.io/acme/*', ['ghcr.io/acme/*'], ['ghcr.io/acme/**']],
    ['docker.io/acme/*', ['acme/*', 'docker.io/acme/*', 'index.docker.io/acme/*'], ['index.docker.io/acme/**']],
  ])('%s', (image, kyverno, sigstore) => {
    expect(of('kyverno', image)).toEqual(kyverno);
    expect(of('sigstore', image)).toEqual(sigstore);
  });

  test('an image of Docker Hub in each of its spellings, by tag, by digest, and without', () => {
    expect(of('kyverno', 'docker.io/library/own')).toHaveLength(18);
    expect(of('kyverno', 'docker.io/library/own')).toEqual(
      expect.arrayContaining(['own', 'own@*', 'library/own:*', 'index.docker.io/library/own@*']),
    );
    expect(of('sigstore', 'docker.io/library/own')).toEqual(['index.docker.io/library/own:**', 'index.docker.io/library/own@**']);
  });
});

describe('which images', () => {
  const store = createWorkspaceIndex({ complete: true });
  const pod = (name: string, image: string): string =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec: {containers: [{name: main, image: '${image}'}]}\n`;
  const files = {
    'web/Dockerfile': 'FROM scratch\n',
    'postgres/Dockerfile': 'FROM scratch\n',
    'compose.yaml': 'services:\n  api:\n    image: acme/api\n    build: ./api\n',
    'api/Dockerfile': 'FROM scratch\n',
    'all.yaml': [
      pod('web', 'ghcr.io/acme/web:1'),
      pod('web-2', 'ghcr.io/acme/web@sha256:' + 'a'.repeat(64)),
      pod('api', 'acme/api:2'),
      pod('db', 'postgres:16'),
      pod('x', '{{ x }}'),
    ].join('---\n'),
  };
  for (const [path, text] of Object.entries(files)) store.update(path, engine.open({ path, text }).facts());
  const base = { signers: [], trusted: [], read: () => null, repositories: [] };

  test('those that are built here, for signers that are given', () => {
    expect(signedImages(store.index, { ...base, signers: [key] })).toEqual({
      signed: [{ images: ['docker.io/acme/api', 'ghcr.io/acme/web'], signers: [key] }],
      others: ['docker.io/library/postgres'],
    });
  });

  test('those that are named: one that runs here itself, of others what is below', () => {
    expect(signedImages(store.index, { ...base, signers: [key], repositories: ['ghcr.io/acme/web', 'docker.io/acme'] })).toEqual({
      signed: [{ images: ['ghcr.io/acme/web', 'docker.io/acme/*'], signers: [key] }],
      others: ['docker.io/library/postgres'],
    });
  });

  test('those that the configuration names signers of, by who signs them', () => {
    const trusted = [
      { images: ['ghcr.io/acme'], key: null, identity: workflow.subject, issuer: workflow.issuer },
      { images: ['docker.io/acme', 'ghcr.io'], key: null, identity: person.subject, issuer: person.issuer },
      { images: ['docker.io/acme'], key: 'cosign.pub', identity: null, issuer: null },
    ];
    const read = (signer: (typeof trusted)[number] | { key: string | null; identity: string | null; issuer: string | null }) =>
      signer.key === null ? { issuer: signer.issuer!, subject: signer.identity! } : null;
    expect(signedImages(store.index, { ...base, trusted, read })).toEqual({
      signed: [
        { images: ['docker.io/acme/api'], signers: [person] },
        { images: ['ghcr.io/acme/web'], signers: [workflow, person] },
      ],
      others: ['docker.io/library/postgres'],
    });
  });
});
