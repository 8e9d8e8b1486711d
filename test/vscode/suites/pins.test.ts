import * as assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import { actionsAt, closeAll, eventually, findings, findingsOf, open, pause, ruleOf } from '../helpers';

const digest = `sha256:${'a'.repeat(64)}`;

/** The registry lives in the extension host, as the look-ups do: nothing of it goes through the server. */
describe('pins', () => {
  const seen: string[] = [];
  let dropped = 0;
  const registry = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    // somebody who waits in vain goes away
    response.on('close', () => void (response.writableEnded || dropped++));
    if (request.url?.includes('missing')) response.writeHead(404).end();
    else if (request.url?.includes('broken')) response.writeHead(200, { 'docker-content-digest': 'sha256:0' }).end('<html>');
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
    dropped = 0;
    // one that says what was not pinned has a button of its own, which would be taken for that of a progress
    await vscode.commands.executeCommand('notifications.clearAll');
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

  it('a look-up that takes too long is cancelled by its progress', async () => {
    const { document } = await open('Dockerfile', `FROM ${host}/slow:1\n`);
    await findingsOf(document.uri, 'dockerfile/missing-digest');
    let done = false;
    const running = Promise.resolve(vscode.commands.executeCommand<{ pinned: number; cancelled: boolean }>('bulkhead.pin', document.uri));
    void running.finally(() => (done = true));
    await eventually('the request', () => seen.some(line => line.includes('/slow/')));
    // "Cancel" is the primary action of the progress, which comes up after a moment
    await eventually('the end', async () => {
      await vscode.commands.executeCommand('notification.acceptPrimaryAction');
      return done;
    });
    const result = await running;
    assert.equal(result.cancelled, true);
    assert.equal(result.pinned, 0);
    await eventually('the closed connection', () => dropped > 0);
    assert.equal(document.getText(), `FROM ${host}/slow:1\n`);
    assert.deepEqual(
      findings(document.uri).filter(diagnostic => ruleOf(diagnostic) === 'bulkhead/failed-lookup'),
      [],
    );
  });

  it('an error is shown once, in place, and stands in the log', async () => {
    const { document } = await open('Dockerfile', `FROM ${host}/broken:1\n`);
    const [found] = await findingsOf(document.uri, 'dockerfile/missing-digest');
    const action = await pinAction(document.uri, found!.range);
    assert.equal(action.edit, undefined);
    const failures = await findingsOf(document.uri, 'bulkhead/failed-lookup');
    await pause(300);
    assert.equal(failures.length, 1);
    const [{ message, range, severity }] = failures as [vscode.Diagnostic];
    assert.match(message, /broken:1 was not pinned: .* reports sha256:0, but the body has sha256:/);
    assert.equal(document.getText(range), `${host}/broken:1`);
    assert.equal(severity, vscode.DiagnosticSeverity.Information);
    assert.equal(findings(document.uri).filter(diagnostic => ruleOf(diagnostic) === 'bulkhead/failed-lookup').length, 1);
    await vscode.commands.executeCommand('bulkhead.showOutput');
    await eventually('the log', () =>
      vscode.workspace.textDocuments.some(log => log.uri.scheme === 'output' && log.getText().includes(`${host}/broken:1: mismatch: `)),
    );
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
