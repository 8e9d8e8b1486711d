import * as assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import { digestOf, keyPair, payloadOf, putSimple, repositoryWithImage, signature, type Repository } from '../../unit/signature/artefacts';
import { actionsAt, closeAll, eventually, findings, findingsOf, ruleOf, writeFile } from '../helpers';

const mine = keyPair('P-256');
const signed = repositoryWithImage('signed');
const payload = payloadOf(signed.digest);
putSimple(signed.repository, signed.digest, [{ payload, signature: signature(payload, mine.key) }]);
const bare = repositoryWithImage('bare');
const images: Readonly<Record<string, Repository>> = { 'team/app': signed.repository, 'team/bare': bare.repository };

/** The registry lives in the extension host, as the checks do. */
describe('signatures', () => {
  const seen: string[] = [];
  const registry = createServer((request, response) => {
    seen.push(request.url ?? '');
    const [, name = '', kind = '', reference = ''] = /^\/v2\/(.+)\/(manifests|blobs)\/([^/]+)$/.exec(request.url ?? '') ?? [];
    const body = kind === 'manifests' ? images[name]?.manifests.get(reference) : images[name]?.blobs.get(reference);
    if (body === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'docker-content-digest': digestOf(body) }).end(request.method === 'HEAD' ? undefined : body);
  });
  let host = '';
  before(async () => {
    await new Promise<void>(resolve => registry.listen(0, '127.0.0.1', resolve));
    host = `127.0.0.1:${(registry.address() as AddressInfo).port}`;
  });
  after(() => {
    registry.close();
    registry.closeAllConnections();
  });
  afterEach(async () => {
    seen.length = 0;
    await closeAll();
  });

  /** Opens a Dockerfile beside the configuration that says who has to sign. */
  const openBeside = async (text: string): Promise<vscode.TextEditor> => {
    const config = await writeFile('.bulkhead.yaml', `trustedSigners:\n  - images: ${host}/team\n    key: keys/cosign.pub\n`);
    const write = async (name: string, content: string): Promise<vscode.Uri> => {
      const uri = vscode.Uri.joinPath(config, '..', name);
      await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(content));
      return uri;
    };
    await write('keys/cosign.pub', mine.pem);
    return await vscode.window.showTextDocument(await write('Dockerfile', text), { preview: false });
  };

  it('are asked for by the command, and not before; what is missing stands at the image, and hover says who signed', async () => {
    const { document } = await openBeside(`FROM ${host}/team/app:1.0 AS a\nFROM ${host}/team/bare:1.0\n`);
    await findingsOf(document.uri, 'dockerfile/missing-digest');
    assert.deepEqual(seen, []);
    const result = await vscode.commands.executeCommand<{ checked: number; signed: number }>('bulkhead.verifySignaturesHere', document.uri);
    assert.deepEqual([result.checked, result.signed], [2, 1]);
    const [found] = await findingsOf(document.uri, 'bulkhead/unsigned-image');
    assert.equal(document.getText(found!.range), `${host}/team/bare:1.0`);
    assert.equal(findings(document.uri).filter(one => ruleOf(one) === 'bulkhead/unsigned-image').length, 1);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      new vscode.Position(0, 8),
    );
    const text = hovers
      .flatMap(({ contents }) => contents.map(content => (typeof content === 'string' ? content : content.value)))
      .join('\n');
    assert.match(text, /is signed with the key keys\/cosign\.pub/);
  });

  it('the light bulb writes the command that signs into the terminal, and does not run it', async () => {
    const { document } = await openBeside(`FROM ${host}/team/bare:1.0\n`);
    const at = new vscode.Range(0, 8, 0, 8);
    const verify = await eventually('the action', async () =>
      (await actionsAt(document.uri, at, 'quickfix')).find(({ title }) => title.startsWith('Verify the signature')),
    );
    await vscode.commands.executeCommand(verify.command!.command, ...(verify.command!.arguments as unknown[]));
    await findingsOf(document.uri, 'bulkhead/unsigned-image');
    const sign = await eventually('the action', async () =>
      (await actionsAt(document.uri, at, 'quickfix')).find(({ title }) => title.startsWith('Write the command that signs')),
    );
    assert.deepEqual(sign.command!.arguments, [`cosign sign --key cosign.key ${host}/team/bare@${bare.digest}`]);
  });
});
