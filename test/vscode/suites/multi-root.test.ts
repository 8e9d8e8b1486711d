import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, eventually, findings, findingsOf, folder, gone, open, ruleOf } from '../helpers';
import { latest } from '../samples';

const rule = 'dockerfile/latest-tag';

describe('a workspace of several folders', () => {
  afterEach(closeAll);

  it('gives each folder its own configuration', async () => {
    const config = vscode.Uri.joinPath(folder('second'), '.bulkhead.yaml');
    await vscode.workspace.fs.writeFile(config, new TextEncoder().encode(`rules:\n  ${rule}: off\n`));
    const first = await open('Dockerfile', latest, folder('first'));
    const second = await open('Dockerfile', `${latest}ADD a.js /\n`, folder('second'));
    await findingsOf(first.document.uri, rule);
    await findingsOf(second.document.uri, 'dockerfile/add-for-copy');
    await gone(second.document.uri, rule);
  });

  it('gives each folder its own settings', async () => {
    const settings = vscode.workspace.getConfiguration('bulkhead', folder('second'));
    await settings.update('rules', { 'dockerfile/add-for-copy': 'off' }, vscode.ConfigurationTarget.WorkspaceFolder);
    const text = 'FROM node:24\nADD a.js /\n';
    const first = await open('Dockerfile', text, folder('first'));
    const second = await open('Dockerfile', text, folder('second'));
    await findingsOf(first.document.uri, 'dockerfile/add-for-copy');
    await findingsOf(second.document.uri, 'dockerfile/root-user');
    await gone(second.document.uri, 'dockerfile/add-for-copy');
  });

  it('is checked folder by folder, each by its own configuration', async () => {
    const write = async (name: string, text: string): Promise<vscode.Uri> => {
      const uri = vscode.Uri.joinPath(folder(name), 'closed/Dockerfile');
      await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
      return uri;
    };
    const uris = [await write('first', `${latest}ADD a.js /\n`), await write('second', `${latest}ADD a.js /\n`)];
    const check = async (): Promise<void> => void (await vscode.commands.executeCommand('bulkhead.checkWorkspace'));
    const found = (): string[][] => uris.map(uri => findings(uri).map(ruleOf));
    await check();
    // word of the files just written, or of the settings changed above, may still come: a file is then checked again, and settings empty what was found before
    const [first, second] = await eventually('the findings of both folders', async () => {
      const complete = (): boolean => found().every(rules => rules.includes('dockerfile/root-user'));
      if (!complete()) await check();
      return complete() ? found() : undefined;
    });
    // the tests above have switched one off by the configuration of the second folder, and the other by its settings
    for (const id of [rule, 'dockerfile/add-for-copy']) assert.deepEqual([first!.includes(id), second!.includes(id)], [true, false], id);
    await vscode.commands.executeCommand('bulkhead.clearWorkspaceFindings');
  });

  it('loses and gains folders while it runs', async () => {
    assert.equal(vscode.workspace.workspaceFolders?.length, 2);
    const before = await open('Dockerfile', latest, folder('first'));
    await findingsOf(before.document.uri, rule);
    const third = vscode.Uri.joinPath(folder('first'), '../third');
    await vscode.workspace.fs.createDirectory(third);
    await vscode.workspace.fs.writeFile(
      vscode.Uri.joinPath(third, '.bulkhead.yaml'),
      new TextEncoder().encode(`rules:\n  ${rule}: error\n`),
    );
    vscode.workspace.updateWorkspaceFolders(2, 0, { uri: third, name: 'third' });
    const after = await open('Dockerfile', latest, third);
    const [found] = await findingsOf(after.document.uri, rule);
    assert.equal(found!.severity, vscode.DiagnosticSeverity.Error);
  });
});
