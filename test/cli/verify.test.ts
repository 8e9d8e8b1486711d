import { spawn } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  bundleOf,
  encoded,
  keyPair,
  putBundles,
  repositoryWithImage,
  serve,
  type ServedRegistry,
  signature,
  signedImage,
  statementOf,
} from '../unit/signature/artefacts';
import { cli, folder, type Folder, type Ran } from './cli';

const mine = keyPair('P-256');
const theirs = keyPair('P-256');

const images = {
  'team/app': signedImage('app', mine.key),
  'team/other': signedImage('other', theirs.key),
  'team/bare': repositoryWithImage('bare'),
  'hub/base': repositoryWithImage('base'),
};
const attested = images['team/app'];
const provenance = statementOf(attested.digest, 'https://slsa.dev/provenance/v1', {
  runDetails: { builder: { id: 'https://ci.example.com/builder' } },
});
putBundles(attested.repository, attested.digest, [bundleOf(provenance, signature(encoded(provenance), theirs.key))]);

let registry: ServedRegistry;
let host = '';
beforeAll(async () => {
  registry = await serve(images, name => name === 'team/broken');
  host = registry.host;
});
afterAll(() => registry.close());

/** Not synchronously: the registry lives in this process. */
function bulkhead(files: Folder, ...args: string[]): Promise<Ran> {
  const env = { PATH: process.env['PATH'], HOME: join(files.path, '.home') };
  const child = spawn(process.execPath, [cli, 'verify', ...args, '--allow-registry', host], {
    cwd: files.path,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise(resolve => child.on('close', code => resolve({ code, stdout, stderr })));
}

const signers = (images: string, key = 'keys/cosign.pub'): string => `trustedSigners:\n  - images: ${images}\n    key: ${key}\n`;

describe('bulkhead verify', () => {
  it('says who signed which digest, and what else is said of it', async () => {
    const files = folder({ 'cosign.pub': mine.pem, Dockerfile: `FROM ${host}/team/app:1.0\n` });
    const { code, stdout, stderr } = await bulkhead(files, '--key', 'cosign.pub');
    expect(stdout).toMatch(
      new RegExp(
        `^signed:\n  Dockerfile:1:6: ${host}/team/app:1.0 is ${attested.digest}, signed with cosign\\.pub \\(key [0-9a-f]{16}\\)\n` +
          '    provenance of https://ci\\.example\\.com/builder: signed by someone else \\(signature not verified\\)\n$',
      ),
    );
    expect(stderr).toBe('1 image checked: 1 signed as required\n');
    expect(code).toBe(0);
  });

  it('puts what is wrong first, and fails', async () => {
    const files = folder({
      'cosign.pub': mine.pem,
      'compose.yaml': ['app', 'other', 'bare'].reduce(
        (text, name) => `${text}  ${name}:\n    image: ${host}/team/${name}:1.0\n`,
        'services:\n',
      ),
    });
    const { code, stdout } = await bulkhead(files, '--key', 'cosign.pub', 'compose.yaml');
    const lines = stdout.split('\n').filter(line => !line.startsWith('    '));
    expect(lines.map(line => line.replace(/sha256:[0-9a-f]{64}/, 'D').replace(/key [0-9a-f]{16}/, 'key K'))).toEqual([
      'not signed:',
      `  compose.yaml:7:12: ${host}/team/bare:1.0 is D`,
      'not signed by an allowed signer:',
      `  compose.yaml:5:12: ${host}/team/other:1.0 is D: a signature was made with another key`,
      'signed:',
      `  compose.yaml:3:12: ${host}/team/app:1.0 is D, signed with cosign.pub (key K)`,
      '',
    ]);
    expect(code).toBe(1);
  });

  it('cannot tell what the registry does not show', async () => {
    const files = folder({ 'cosign.pub': mine.pem });
    const { code, stdout } = await bulkhead(files, '--key', 'cosign.pub', `${host}/team/broken:1.0`);
    expect(stdout).toBe(
      `could not be determined:\n  ${host}/team/broken:1.0: ${host} denies access to team/broken: it is private or does not exist\n`,
    );
    expect(code).toBe(2);
  });

  it('asks for signers of the configuration, and says where they stand', async () => {
    const files = folder({
      '.bulkhead.yaml': signers(`["${host}/team"]`),
      'keys/cosign.pub': mine.pem,
      Dockerfile: `FROM ${host}/hub/base:1.0 AS base\nFROM ${host}/team/other:1.0\n`,
    });
    const { code, stdout, stderr } = await bulkhead(files);
    expect(stdout).toContain(`not signed by an allowed signer:\n  Dockerfile:2:6: ${host}/team/other:1.0 is `);
    expect(stdout).toContain(`not verified: no required signer is named:\n  Dockerfile:1:6: ${host}/hub/base:1.0\n`);
    expect(stderr).toBe('allowed signers are set by .bulkhead.yaml\n1 image checked: 0 signed as required\n');
    expect(code).toBe(1);
    // a person's own word counts in place of what stands beside the files
    files.write('own.pub', theirs.pem);
    expect((await bulkhead(files, '--key', 'own.pub', `${host}/team/other:1.0`)).code).toBe(0);
  });

  it('one of several signers is enough', async () => {
    const files = folder({
      '.bulkhead.yaml': `${signers(`${host}/team`)}  - images: "${host}/*"\n    key: other.pub\n`,
      'keys/cosign.pub': mine.pem,
      'other.pub': theirs.pem,
      Dockerfile: `FROM ${host}/team/app:1.0\nFROM ${host}/team/other:1.0\n`,
    });
    expect((await bulkhead(files)).code).toBe(0);
  });

  it('gives JSON', async () => {
    const files = folder({ 'cosign.pub': mine.pem, Dockerfile: `FROM ${host}/team/app:1.0\n` });
    const { stdout } = await bulkhead(files, '--key', 'cosign.pub', '--format', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      images: [
        {
          path: 'Dockerfile',
          range: { start: { line: 0, character: 5 }, end: { line: 0, character: 5 + `${host}/team/app:1.0`.length } },
          image: `${host}/team/app:1.0`,
          state: 'signed',
          digest: attested.digest,
          signers: [{ kind: 'key', path: 'cosign.pub' }],
          signersFrom: null,
          signer: { kind: 'key', path: 'cosign.pub' },
          format: 'simple',
          attestations: [{ predicateType: 'https://slsa.dev/provenance/v1', signed: 'other', builder: 'https://ci.example.com/builder' }],
        },
      ],
      summary: { images: 1, signed: 1, unsigned: 0, otherSigner: 0, unknown: 0, notChecked: 0 },
    });
  });

  it('asks about an image once, however often it is named', async () => {
    const files = folder({ 'cosign.pub': mine.pem, Dockerfile: `FROM ${host}/team/bare:1.0 AS a\nFROM ${host}/team/bare:1.0\n` });
    registry.asked.length = 0;
    await bulkhead(files, '--key', 'cosign.pub');
    expect(registry.asked.filter(url => url.endsWith('/manifests/1.0'))).toHaveLength(1);
  });

  describe('an identity', () => {
    const who = [
      '--identity',
      'https://github.com/acme/*/.github/workflows/release.yml@refs/tags/*',
      '--issuer',
      'https://token.example.com',
    ];
    const script = (body: string, version = '3.1.3'): string =>
      `#!/bin/sh\nif [ "$1" = version ]; then echo '{"gitVersion":"v${version}"}'; exit 0; fi\n${body}\n`;
    const says = (digest: string): string => `echo '[{"critical":{"image":{"docker-manifest-digest":"${digest}"}}}]'`;
    const run = async (body: string, { version = '3.1.3', at = '../tools/cosign', image = 'team/other:1.0' } = {}): Promise<Ran> => {
      const files = folder({ 'work/.git/HEAD': 'ref: refs/heads/main\n' });
      const tool = files.write(join('work', at), script(body, version));
      chmodSync(tool, 0o755);
      return await bulkhead(
        { ...files, path: join(files.path, 'work') },
        ...who,
        ...(at.startsWith('../') ? ['--cosign', at] : []),
        `${host}/${image}`,
      );
    };

    it('is verified by the cosign of the user, with the digest', async () => {
      const { digest } = images['team/other'];
      const { code, stdout } = await run(`printf '%s\\n' "$@" > "$HOME/../asked"; pwd >> "$HOME/../asked"; ${says(digest)}`);
      expect(stdout).toContain(
        `is ${digest}, signed by https://github.com/acme/*/.github/workflows/release.yml@refs/tags/*, according to https://token.example.com\n`,
      );
      expect(code).toBe(0);
    });

    it.each([
      [
        'of another image',
        says(`sha256:${'0'.repeat(64)}`),
        {},
        2,
        'could not be determined:',
        'cosign speaks of another image than it was asked about',
      ],
      [
        'that nobody has',
        'echo "no matching signatures: none of the expected identities matched" >&2; exit 12',
        {},
        1,
        'not signed by an allowed signer:',
        'a signature is of another identity',
      ],
      [
        'that cannot be found out',
        'echo "getting trusted root: no route to host" >&2; exit 1',
        {},
        2,
        'could not be determined:',
        'cosign: getting trusted root: no route to host',
      ],
      [
        'by a cosign that is too old',
        says(images['team/other'].digest),
        { version: '3.0.3' },
        2,
        'could not be determined:',
        'cosign 3.0.3 is too old to be believed',
      ],
      ['that prints no end', 'yes', {}, 2, 'could not be determined:', 'cosign could not be run'],
      ['of an image that is not signed', says('x'), { image: 'team/bare:1.0' }, 1, 'not signed:', 'team/bare:1.0'],
      [
        'by a cosign that lies in the checked folder',
        says(images['team/other'].digest),
        { at: 'cosign' },
        2,
        'could not be determined:',
        'which is not on the path',
      ],
    ] as const)('%s', async (_, body, options, code, heading, reason) => {
      const ran = await run(body, options);
      expect(ran.stdout).toContain(heading);
      expect(ran.stdout).toContain(reason);
      expect(ran.code).toBe(code);
    });

    it('writes nothing into the terminal but text', async () => {
      const { stdout } = await run("printf 'no route \\033[2J\\033]0;x\\007' >&2; exit 1");
      expect(stdout).toContain('cosign: no route \ufffd[2J\ufffd]0;x\ufffd\n');
    });

    it('needs its issuer', async () => {
      const { code, stderr } = await bulkhead(folder(), '--identity', 'a@example.com', `${host}/team/app:1.0`);
      expect(stderr).toContain('--identity and --issuer must be used together');
      expect(code).toBe(2);
    });
  });

  it.each([
    ['nobody named', {}, [], 'no signer is named: give --key FILE, or --identity and --issuer, or "trustedSigners" in .bulkhead.yaml'],
    ['no such key', {}, ['--key', 'a.pub'], 'a.pub: does not exist'],
    [
      'a private key',
      { 'a.key': '-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\nAA==\n-----END ENCRYPTED SIGSTORE PRIVATE KEY-----\n' },
      ['--key', 'a.key'],
      'a.key: it is a private key: a check needs the public one',
    ],
    ['a key of the configuration that leads out', { '.bulkhead.yaml': signers('["*"]', '../../../../etc/hostname') }, [], 'hostname: '],
    [
      'a signer without images',
      { '.bulkhead.yaml': 'trustedSigners:\n  - key: a.pub\n' },
      [],
      'A signer needs "images": the images that must be signed',
    ],
  ])('refuses: %s', async (_, more, args, message) => {
    const { code, stderr } = await bulkhead(folder({ Dockerfile: `FROM ${host}/team/app:1.0\n`, ...more }), ...args);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});
