import * as assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import { actionsAt, closeAll, eventually, findingsOf, open } from '../helpers';

const digest = `sha256:${'a'.repeat(64)}`;

/** The registry lives in the extension host, as the look-ups do: nothing of it goes through the server. */
describe('pins', () => {
  const seen: string[] = [];
  const registry = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    if (request.url?.includes('missing')) response.writeHead(404).end();
    else if (!request.url?.includes('slow')) {
      response.writeHead(200, { 'content-type': 'application/vnd.oci.image.index.v1+json', 'docker-content-digest': digest }).end();
    }
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

  const pinAction = async (uri: vscode.Uri, range: vscode.Range): Promise<vscode.CodeAction> =>
    await eventually('the action', async () => (await actionsAt(uri, range, 'quickfix')).find(({ title }) => /^Pin /.test(title)));

  it('the quick fix asks the registry when it is taken, and not before', async () => {
    const { document } = await open('Dockerfile', `FROM ${host}/node:20.11.0-alpine\n`);
    const [found] = await findingsOf(document.uri, 'dockerfile/missing-digest');
    assert.deepEqual(seen, []);
    const action = await pinAction(document.uri, found!.range);
    assert.ok(action.edit, 'the test asks for resolved actions');
    await vscode.workspace.applyEdit(action.edit);
    assert.equal(document.getText(), `FROM ${host}/node:20.11.0-alpine@${digest}\n`);
    // the probe for TLS never becomes a request
    assert.deepEqual([...new Set(seen)], ['HEAD /v2/node/manifests/20.11.0-alpine']);
  });

  it('all images of a file; what failed is said and the rest is done', async () => {
    const { document } = await open('Dockerfile', `FROM ${host}/node:21 AS a\nFROM ${host}/missing:1\n`);
    await findingsOf(document.uri, 'dockerfile/missing-digest');
    const result = await vscode.commands.executeCommand<{ pinned: number; left: { reasonId: string }[] }>('bulkhead.pin', document.uri);
    assert.equal(result.pinned, 1);
    assert.deepEqual(
      result.left.map(({ reasonId }) => reasonId),
      ['not-found'],
    );
    assert.equal(document.getText(), `FROM ${host}/node:21@${digest} AS a\nFROM ${host}/missing:1\n`);
  });

  it('nothing is offered where look-ups are off', async () => {
    const settings = vscode.workspace.getConfiguration('bulkhead');
    await settings.update('registry.lookup', 'off', vscode.ConfigurationTarget.Workspace);
    try {
      const { document } = await open('Dockerfile', `FROM ${host}/node:22\n`);
      const [found] = await findingsOf(document.uri, 'dockerfile/missing-digest');
      await eventually('no action', async () => {
        const titles = (await actionsAt(document.uri, found!.range, 'quickfix')).map(({ title }) => title);
        return titles.length > 0 && titles.every(title => !/^Pin /.test(title));
      });
      seen.length = 0;
      await vscode.commands.executeCommand('bulkhead.pin', document.uri);
      assert.deepEqual(seen, []);
    } finally {
      await settings.update('registry.lookup', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });
});
