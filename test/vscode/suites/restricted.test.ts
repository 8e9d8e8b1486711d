import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { installScanner } from '../../support/fake-scanner';
import { actionsAt, callTool, closeAll, eventually, extensionId, findings, findingsOf, folder, open, ruleOf, writeFile } from '../helpers';
import { dockerfile, latest } from '../samples';

const rule = 'dockerfile/latest-tag';

describe('a workspace that is not trusted', () => {
  afterEach(closeAll);

  it('is opened restricted', () => {
    assert.equal(vscode.workspace.isTrusted, false);
  });

  it('is checked all the same', async () => {
    const { document } = await open('Dockerfile', latest);
    await findingsOf(document.uri, rule);
    assert.equal(vscode.extensions.getExtension(extensionId)?.isActive, true);
  });

  it('is checked as a whole when somebody asks', async () => {
    const uri = await writeFile('Dockerfile', latest);
    await vscode.commands.executeCommand('bulkhead.checkWorkspace');
    assert.ok(findings(uri).map(ruleOf).includes(rule));
    await vscode.commands.executeCommand('bulkhead.clearWorkspaceFindings');
  });

  it('has no image scanned, whoever asks', async () => {
    const { document } = await open('Dockerfile', latest);
    const [found] = await findingsOf(document.uri, rule);
    const actions = await actionsAt(document.uri, found!.range, 'quickfix');
    // VS Code leaves out what is disabled, or says that it is
    assert.deepEqual(
      actions.filter(({ title, disabled }) => title.startsWith('Scan ') && disabled === undefined),
      [],
    );
    assert.equal(await vscode.commands.executeCommand('bulkhead.scanImage', document.uri), undefined);
  });

  it('is linted and explained to language models; nothing is changed or sent for them, whatever they call', async () => {
    const uri = await writeFile('Dockerfile', dockerfile);
    assert.match(await callTool('bulkhead_lint', { paths: [uri.fsPath] }), /"rule":"dockerfile\//);
    assert.match(await callTool('bulkhead_explain', { rule }), /latest-tag/);
    for (const [name, input] of [
      ['bulkhead_harden', { path: uri.fsPath }],
      ['bulkhead_harden', { path: uri.fsPath, write: true }],
      ['bulkhead_pin', { path: uri.fsPath }],
    ] as const)
      await assert.rejects(async () => callTool(name, input), /not trusted/);
    assert.equal((await vscode.workspace.openTextDocument(uri)).getText(), dockerfile);
  });

  it('has no image looked up, whoever asks', async () => {
    const { document } = await open('Dockerfile', latest);
    const { found, refused } = await vscode.commands.executeCommand<{ found: number; refused: string }>('bulkhead.lookUp', document.uri);
    assert.deepEqual({ found, refused }, { found: 0, refused: 'Images are not looked up in an untrusted workspace' });
  });

  it('starts no program of the user, though a scanner is there', async () => {
    const tools = fs.mkdtempSync(path.join(os.tmpdir(), 'bulkhead-restricted-'));
    const configuration = vscode.workspace.getConfiguration('bulkhead');
    try {
      const scanner = installScanner(tools, 'trivy', {});
      await configuration.update('scan.path', scanner.path, vscode.ConfigurationTarget.Global);
      await eventually('the setting', () => vscode.workspace.getConfiguration('bulkhead').get('scan.path') === scanner.path);
      const { document } = await open('Dockerfile', latest);
      await findingsOf(document.uri, rule);
      const at = new vscode.Position(0, 8);
      await vscode.commands.executeCommand('vscode.executeHoverProvider', document.uri, at);
      await actionsAt(document.uri, new vscode.Range(at, at), 'quickfix');
      for (const command of ['scanImage', 'scanAllImages', 'verifySignature']) {
        const argument = { uri: document.uri.toString(), position: { line: 0, character: 8 } };
        await Promise.resolve(vscode.commands.executeCommand(`bulkhead.${command}`, argument)).catch(() => null);
      }
      assert.deepEqual(scanner.calls(), []);
    } finally {
      await configuration.update('scan.path', undefined, vscode.ConfigurationTarget.Global);
      fs.rmSync(tools, { recursive: true, force: true });
    }
  });

  it('cannot choose another configuration file', async () => {
    const settings = vscode.Uri.joinPath(folder(), '.vscode/settings.json');
    const hidden = vscode.Uri.joinPath(folder(), 'hidden.yaml');
    const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
    await vscode.workspace.fs.writeFile(hidden, encode(`rules:\n  ${rule}: off\n`));
    await vscode.workspace.fs.writeFile(
      settings,
      encode(JSON.stringify({ 'bulkhead.configPath': 'hidden.yaml', 'bulkhead.run': 'onSave' })),
    );
    // The other setting of the same file shows that it has been read.
    await eventually('the settings', () => vscode.workspace.getConfiguration('bulkhead').get('run') === 'onSave');
    assert.equal(vscode.workspace.getConfiguration('bulkhead', folder()).get('configPath'), null);
    const { document } = await open('Dockerfile', latest);
    await findingsOf(document.uri, rule);
    assert.ok(findings(document.uri).length > 0);
  });
});
