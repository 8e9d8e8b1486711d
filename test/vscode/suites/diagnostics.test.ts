import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { pagesAddress } from '../../../tools/pages-address';
import { closeAll, eventually, extensionId, findings, findingsOf, gone, open, ruleOf, underlined } from '../helpers';
import { latest, privileged } from '../samples';

describe('diagnostics', () => {
  afterEach(closeAll);

  it('underline exactly the risky token of a Dockerfile', async () => {
    const { document } = await open('Dockerfile', latest);
    const [found] = await findingsOf(document.uri, 'dockerfile/latest-tag');
    assert.equal(underlined(document, found!), '0:10 latest');
    assert.equal(found!.source, 'bulkhead');
    assert.equal(found!.severity, vscode.DiagnosticSeverity.Warning);
    // on the web as soon as package.json says where that is
    const pages = pagesAddress(vscode.extensions.getExtension(extensionId)!.packageJSON as Parameters<typeof pagesAddress>[0]);
    const target = String(typeof found!.code === 'object' ? found!.code.target : '');
    if (pages === null) assert.match(target, /^bulkhead-page:.*latest-tag/);
    else assert.equal(target, `${pages}dockerfile/latest-tag.md`);
  });

  it('underline exactly the risky token of a manifest', async () => {
    const { document } = await open('agent.yaml', privileged);
    const [found] = await findingsOf(document.uri, 'kubernetes/privileged');
    assert.match(underlined(document, found!), /^9:(8 privileged|8 privileged: true|20 true)$/);
    assert.equal(found!.severity, vscode.DiagnosticSeverity.Error);
  });

  it('count characters as the editor does, behind an emoji and with CRLF', async () => {
    const { document } = await open('Dockerfile', '# 🐳 image\r\nARG NAME="🐳🐳"\r\nFROM node:latest\r\n');
    const [found] = await findingsOf(document.uri, 'dockerfile/latest-tag');
    assert.equal(underlined(document, found!), '2:10 latest');
  });

  it('follow what is typed', async () => {
    const { document } = await open('Dockerfile', 'FROM node:24\n');
    const type = async (text: string): Promise<void> => {
      const edit = new vscode.WorkspaceEdit();
      edit.replace(document.uri, new vscode.Range(0, 10, 0, document.lineAt(0).text.length), text);
      await vscode.workspace.applyEdit(edit);
    };
    await type('latest');
    await findingsOf(document.uri, 'dockerfile/latest-tag');
    await type('24');
    await gone(document.uri, 'dockerfile/latest-tag');
  });

  it('are there for a file that was never saved', async () => {
    const document = await vscode.workspace.openTextDocument({ language: 'dockerfile', content: latest });
    await vscode.window.showTextDocument(document);
    const [found] = await findingsOf(document.uri, 'dockerfile/latest-tag');
    assert.equal(underlined(document, found!), '0:10 latest');
    const manifest = await vscode.workspace.openTextDocument({ language: 'yaml', content: privileged });
    await vscode.window.showTextDocument(manifest);
    await findingsOf(manifest.uri, 'kubernetes/privileged');
  });

  it('are not doubled', async () => {
    const { document } = await open('Dockerfile', latest);
    await findingsOf(document.uri, 'dockerfile/latest-tag');
    const seen = findings(document.uri).map(found => `${ruleOf(found)} ${underlined(document, found)}`);
    assert.deepEqual([...new Set(seen)], seen);
  });

  it('explain themselves on hover', async () => {
    const { document } = await open('Dockerfile', latest);
    await findingsOf(document.uri, 'dockerfile/latest-tag');
    const text = await eventually('hover', async () => {
      const at = new vscode.Position(0, 12);
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, at);
      return hovers
        .flatMap(hover => hover.contents)
        .map(content => (typeof content === 'string' ? content : content.value))
        .find(value => value.includes('dockerfile/latest-tag'));
    });
    assert.match(text, /bulkhead-ignore dockerfile\/latest-tag/);
  });
});
