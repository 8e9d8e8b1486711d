import * as fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Hover, MarkupContent } from 'vscode-languageserver';
import { afterEach, describe, expect, test } from 'vitest';
import { committedPath, printCommitted } from '../../shared/src/services/facts/committed';
import { makeIndexed } from '../support/image-chain';
import { bundleServer, startClient, until, type TestClient } from './client';
import { makeFolder } from './folders';

/** Facts of images that are committed, as an editor uses them. */
const server = bundleServer('server/src/main.node.ts');
let client: TestClient | undefined;

afterEach(async () => {
  await client?.stop();
  client = undefined;
});

const image = makeIndexed({ config: { User: '' } });
const name = 'registry.example.com/web:1.0';
const committed = printCommitted([{ reference: name, ...image }]);
const pod = `apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: ${name}@${image.digest}
      securityContext: { runAsNonRoot: true }
`;

/** The rules of the findings in a document. */
async function rulesOf(uri: string): Promise<readonly unknown[]> {
  return (await client!.items(uri)).map(({ code }) => code);
}

/** Whether it is known that the image is root, so that the pod cannot start. */
async function isKnown(uri: string): Promise<boolean> {
  return (await rulesOf(uri)).includes('kubernetes/image-user-mismatch');
}

describe('facts of images in .bulkhead/images.json', () => {
  test('count as on the command line, and follow the file', async () => {
    const folder = makeFolder({ 'pod.yaml': pod, [committedPath]: committed });
    client = await startClient({ server, folders: [folder] });
    const uri = `${folder}/pod.yaml`;
    await client.open(uri, pod);
    await until('facts', () => isKnown(uri));
    const file = `${folder}/${committedPath}`;
    fs.writeFileSync(fileURLToPath(file), committed.replace('\\"User\\":\\"\\"', '\\"User\\":\\"0\\"'));
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: file, type: 2 }] });
    await until('no facts', async () => !(await isKnown(uri)));
    fs.writeFileSync(fileURLToPath(file), committed);
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: file, type: 2 }] });
    await until('facts again', () => isKnown(uri));
  });

  test('are shown where the image is named', async () => {
    const folder = makeFolder({ 'pod.yaml': pod, [committedPath]: committed });
    client = await startClient({ server, folders: [folder] });
    const uri = `${folder}/pod.yaml`;
    await client.open(uri, pod);
    await until('facts', () => isKnown(uri));
    const position = { line: 6, character: 20 };
    const shown = await client.connection.sendRequest<Hover>('textDocument/hover', { textDocument: { uri }, position });
    expect((shown.contents as MarkupContent).value)
      .toContain(`registry.example.com/web:1.0: facts from its configuration for linux/amd64 (verified by its digest)

- user: root
- working directory: /
- \`${image.digest}\``);
  });

  test('do not count in a workspace that is not trusted', async () => {
    const folder = makeFolder({ 'pod.yaml': pod, [committedPath]: committed });
    client = await startClient({ server, folders: [folder], options: { trusted: false } });
    const uri = `${folder}/pod.yaml`;
    await client.open(uri, pod);
    await until('findings', async () => (await rulesOf(uri)).length > 0);
    expect(await isKnown(uri)).toBe(false);
  });
});
