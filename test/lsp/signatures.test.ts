import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CodeAction, Diagnostic, Hover } from 'vscode-languageserver/node';
import type { VerifyResult } from '../../shared/src/output/protocol/registry';
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
import { bundleServer, startClient, until, type ClientOptions, type TestClient } from './client';

const server = bundleServer('server/src/main.node.ts');
const mine = keyPair('P-256');
const signed = signedImage('signed', mine.key);
const claim = statementOf(signed.digest, 'https://example.com/[click](command:evil)');
putBundles(signed.repository, signed.digest, [bundleOf(claim, signature(encoded(claim), keyPair('P-256').key))]);
let registry: ServedRegistry;
let host = '';
beforeAll(async () => {
  registry = await serve({ 'team/app': signed, 'team/bare': repositoryWithImage('bare') });
  host = registry.host;
});
afterAll(() => registry.close());

const clients: TestClient[] = [];
const folders: string[] = [];
afterEach(async () => {
  registry.asked.length = 0;
  await Promise.all(clients.splice(0).map(client => client.stop()));
  folders.splice(0).forEach(folder => rmSync(folder, { recursive: true, force: true }));
});

/** A client with a folder that holds these files, and a Dockerfile open in it. */
async function start(
  files: Readonly<Record<string, string>>,
  text: string,
  options: Partial<ClientOptions> = {},
): Promise<{ client: TestClient; uri: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-signatures-'));
  folders.push(folder);
  mkdirSync(join(folder, 'keys'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const client = await startClient({ server, folders: [pathToFileURL(folder).href], ...options });
  clients.push(client);
  const uri = pathToFileURL(join(folder, 'Dockerfile')).href;
  await client.open(uri, text, 'dockerfile');
  return { client, uri };
}

const config = (): Readonly<Record<string, string>> => ({
  '.bulkhead.yaml': `trustedSigners:\n  - images: ${host}/team\n    key: keys/cosign.pub\n`,
  'keys/cosign.pub': mine.pem,
});
const verify = (client: TestClient, uri: string): Promise<VerifyResult> =>
  client.connection.sendRequest('workspace/executeCommand', { command: 'bulkhead.verifySignatures', arguments: [{ uri }] });
const signatures = async (client: TestClient, uri: string): Promise<readonly Diagnostic[]> =>
  (await client.items(uri)).filter(({ code }) => /^bulkhead\/(?:unsigned-image|unknown-signature)$/.test(String(code)));

describe('signatures in an editor', () => {
  test('nothing is asked before somebody asks; what is missing then stands at the image, and hover says who signed', async () => {
    const text = `FROM ${host}/team/app:1.0 AS a\nFROM ${host}/team/bare:1.0\n`;
    const { client, uri } = await start(config(), text);
    expect(await signatures(client, uri)).toEqual([]);
    expect(registry.asked).toEqual([]);
    expect(await verify(client, uri)).toEqual({
      checked: 2,
      signed: 1,
      uncovered: 0,
      cancelled: false,
      refused: null,
      summary: '1 of 2 images signed as required',
    });
    const [found, ...more] = await until('the finding', async () => {
      const diagnostics = await signatures(client, uri);
      return diagnostics.length > 0 ? diagnostics : null;
    });
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      code: 'bulkhead/unsigned-image',
      severity: 2,
      message: `${host}/team/bare:1.0 is not signed`,
      range: { start: { line: 1, character: 5 }, end: { line: 1, character: 5 + `${host}/team/bare:1.0`.length } },
    });
    const hover = await client.connection.sendRequest<Hover>('textDocument/hover', {
      textDocument: { uri },
      position: { line: 0, character: 8 },
    });
    const { value } = hover.contents as { value: string };
    expect(value).toContain(`${signed.digest} is signed with key keys/cosign.pub`);
    // whoever may push to the registry wrote it: it makes no link
    expect(value).toContain('\\[click\\](command:evil): signed by someone else (signature not verified)');
  });

  test('the light bulb offers it at images that somebody has to sign', async () => {
    const { client, uri } = await start(config(), `FROM ${host}/team/app:1.0 AS a\nFROM ${host}/other/app:1.0\n`);
    const titles = async (line: number): Promise<readonly string[]> => {
      const range = { start: { line, character: 6 }, end: { line, character: 6 } };
      const actions = await client.connection.sendRequest<CodeAction[]>('textDocument/codeAction', {
        textDocument: { uri },
        range,
        context: { diagnostics: [] },
      });
      return actions.map(({ title }) => title).filter(title => title.startsWith('Verify'));
    };
    expect(await titles(0)).toEqual([`Verify the signature of ${host}/team/app:1.0`]);
    expect(await titles(1)).toEqual([]);
    expect(registry.asked).toEqual([]);
  });

  test('what cannot be found out is an information', async () => {
    const { client, uri } = await start({ ...config(), 'keys/cosign.pub': 'no key' }, `FROM ${host}/team/app:1.0\n`);
    await verify(client, uri);
    const [found] = await until('the finding', async () => {
      const diagnostics = await signatures(client, uri);
      return diagnostics.length > 0 ? diagnostics : null;
    });
    expect(found).toMatchObject({ code: 'bulkhead/unknown-signature', severity: 3 });
    expect(found!.message).toBe(
      `Cannot determine whether ${host}/team/app:1.0 is signed: the file with the key: it holds no public key in PEM`,
    );
    expect(registry.asked).toEqual([]);
  });

  test.each([
    ['nobody named', {}, {}, 'No required signer is named for these images: see "trustedSigners" in .bulkhead.yaml'],
    ['an untrusted workspace', null, { options: { trusted: false } }, 'Signatures are not verified in an untrusted workspace'],
    ['nobody to ask', null, { options: { registry: 'none' as const } }, 'Registries cannot be queried for digests in a browser'],
  ])('refuses, and says why: %s', async (_, files, options, refused) => {
    const { client, uri } = await start(files ?? config(), `FROM ${host}/team/app:1.0\n`, options);
    expect(await verify(client, uri)).toMatchObject({ checked: 0, refused });
    expect(registry.asked).toEqual([]);
  });
});
