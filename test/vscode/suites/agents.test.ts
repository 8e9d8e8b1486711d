import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { callTool as call, closeAll, eventually, extensionId, folder, open, toolNames, writeFile } from '../helpers';
import { dockerfile, latest } from '../samples';

const digest = `sha256:${'a'.repeat(64)}`;

const refused = (name: string, input: object, why: RegExp): Promise<void> =>
  assert.rejects(
    async () => call(name, input),
    (error: Error) => why.test(error.message) || assert.fail(error.message),
  );

describe('tools for language models', () => {
  const seen: string[] = [];
  const registry = createServer((request, response) => {
    seen.push(request.url ?? '');
    if (request.url?.includes('slow')) return;
    response.writeHead(200, { 'content-type': 'application/vnd.oci.image.index.v1+json', 'docker-content-digest': digest }).end();
  });
  let host = '';
  before(async () => {
    await new Promise<void>(resolve => registry.listen(0, '127.0.0.1', resolve));
    host = `127.0.0.1:${(registry.address() as AddressInfo).port}`;
    await vscode.extensions.getExtension(extensionId)!.activate();
    await eventually('the tools', () => toolNames().length === 4);
  });
  after(() => {
    registry.close();
    registry.closeAllConnections();
  });
  afterEach(async () => {
    seen.length = 0;
    await closeAll();
  });

  it('lint a file by its path, as the editor has it, and by its URI where nobody has it open', async () => {
    const { document } = await open('Dockerfile', latest);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(1, 0), 'RUN sudo true\n');
    await vscode.workspace.applyEdit(edit);
    const unsaved = await eventually('the unsaved text', async () => {
      const text = await call('bulkhead_lint', { paths: [document.uri.fsPath] });
      return text.includes('dockerfile/sudo') ? text : undefined;
    });
    assert.match(unsaved, /^counts: \{"files":1,/);
    assert.match(unsaved, /"line":2,"column":5,"rule":"dockerfile\/sudo"/);
    assert.match(unsaved, /next: \{"tool":"bulkhead_(?:harden|explain)"/);
    const closed = await writeFile('Dockerfile', latest);
    assert.match(await call('bulkhead_lint', { paths: [closed.toString()] }), /dockerfile\/latest-tag/);
  });

  it('lint a folder', async () => {
    const uri = await writeFile('Dockerfile', latest);
    assert.match(await call('bulkhead_lint', { paths: [vscode.Uri.joinPath(uri, '..').fsPath] }), /dockerfile\/latest-tag/);
  });

  it('harden: a look changes nothing; a change is one step to undo, and is not saved', async () => {
    const uri = await writeFile('Dockerfile', dockerfile);
    const shown = await call('bulkhead_harden', { path: uri.fsPath });
    assert.match(shown, /\n {2}\+COPY server\.js \/app\//);
    assert.match(shown, /next: \{"tool":"bulkhead_harden","arguments":\{.*"write":true\}/);
    const document = await vscode.workspace.openTextDocument(uri);
    assert.equal(document.getText(), dockerfile);

    assert.match(await call('bulkhead_harden', { path: uri.fsPath, write: true }), /written: true/);
    await eventually('the change', () => document.getText().includes('COPY server.js /app/'));
    assert.match(document.getText(), /# the service itself\nCOPY server\.js/);
    assert.equal(document.isDirty, true);
    assert.equal(fs.readFileSync(uri.fsPath, 'utf8'), dockerfile);

    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('undo');
    await eventually('one undo takes all of it back', () => document.getText() === dockerfile);
  });

  it('explain a rule, by the name of another tool, too', async () => {
    assert.match(await call('bulkhead_explain', { rule: 'DL3007' }), /rule: "dockerfile\/latest-tag"/);
  });

  it('pin asks the registry of the image, and changes the text only where it is to', async () => {
    const { document } = await open('Dockerfile', `FROM ${host}/node:20.11.0\n`);
    const looked = await call('bulkhead_pin', { path: document.uri.fsPath });
    assert.ok(looked.includes(digest), looked);
    assert.deepEqual([...new Set(seen)], ['/v2/node/manifests/20.11.0']);
    assert.equal(document.getText(), `FROM ${host}/node:20.11.0\n`);
    assert.match(await call('bulkhead_pin', { path: document.uri.fsPath, write: true }), /written: true/);
    await eventually('the pin', () => document.getText() === `FROM ${host}/node:20.11.0@${digest}\n`);
    assert.equal(document.isDirty, true);
  });

  it('a call that is cancelled ends, though a registry is silent', async () => {
    const { document } = await open('Dockerfile', `FROM ${host}/slow:1\n`);
    const source = new vscode.CancellationTokenSource();
    const running = call('bulkhead_pin', { path: document.uri.fsPath }, source.token);
    await eventually('the question', () => seen.length > 0);
    source.cancel();
    await assert.rejects(running);
  });

  it('nothing outside of the folders is read, whatever it is called', async () => {
    const outside = fs.mkdtempSync(path.join(os.tmpdir(), 'bulkhead-outside-'));
    try {
      fs.writeFileSync(path.join(outside, 'Dockerfile'), 'FROM secret-of-another:latest\n');
      const inside = folder();
      const link = vscode.Uri.joinPath(inside, 'linked').fsPath;
      fs.symlinkSync(outside, link);
      const file = path.join(outside, 'Dockerfile');
      const up = path.relative(inside.fsPath, file);
      const names = [
        file,
        vscode.Uri.file(file).toString(),
        `${inside.fsPath}/${up}`,
        `${inside.toString()}/${up.replaceAll('/', '%2f')}`,
        `${inside.toString()}/%2e%2e/${path.basename(outside)}/Dockerfile`,
        up,
        path.join(link, 'Dockerfile'),
        link,
        '/dev/zero',
        'git:/Dockerfile',
        'https://example.com/Dockerfile',
        '/etc/passwd\0/Dockerfile',
      ];
      for (const name of names) {
        const text = await call('bulkhead_lint', { paths: [name] });
        assert.match(text, /^counts: \{"files":0,/, name);
        assert.doesNotMatch(text, /secret-of-another/, name);
        await refused('bulkhead_harden', { path: name, write: true }, /./);
      }
      assert.equal(fs.readFileSync(file, 'utf8'), 'FROM secret-of-another:latest\n');
    } finally {
      fs.rmSync(outside, { recursive: true, force: true });
      fs.rmSync(vscode.Uri.joinPath(folder(), 'linked').fsPath, { force: true });
    }
  });

  it('what is wrong with a call is said to the model', async () => {
    await refused('bulkhead_harden', { path: `${folder().fsPath}/none/Dockerfile` }, /does not exist/);
    await refused('bulkhead_harden', {}, /needs/);
    await refused('bulkhead_harden', { path: 'x', suppress: true }, /unknown argument "suppress"/);
    await refused('bulkhead_explain', { rule: 'nothing' }, /unknown rule/);
  });
});
