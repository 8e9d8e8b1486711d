import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, eventually, findingsOf, folder, open } from '../helpers';
import { latest } from '../samples';

const rule = 'dockerfile/latest-tag';

describe('commands', () => {
  afterEach(closeAll);

  it('Restart Server: findings are there again', async () => {
    const { document } = await open('Dockerfile', latest);
    await findingsOf(document.uri, rule);
    await vscode.commands.executeCommand('bulkhead.restart');
    await findingsOf(document.uri, rule);
  });

  it('Show Info for This File: a page that never asks to be saved', async () => {
    const { document } = await open('Dockerfile', latest);
    await findingsOf(document.uri, rule);
    await vscode.commands.executeCommand('bulkhead.showFileInfo');
    // Markdown's own extension shows a preview of it; where that is off, as here, an editor does
    const shown = await eventually('the page', () => vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'bulkhead-info'));
    for (const word of ['Dockerfile', 'checked', 'recommended']) assert.ok(shown.getText().includes(word), shown.getText());
    assert.equal(
      vscode.workspace.textDocuments.some(({ isDirty, isUntitled }) => isDirty || isUntitled),
      false,
    );
  });

  it('Show Info for This File: why a file that is never handed over has no findings', async () => {
    await open('pod.json', '{"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"name":"web","image":"nginx"}]}}');
    await vscode.commands.executeCommand('bulkhead.showFileInfo');
    const shown = await eventually('the page', () => vscode.workspace.textDocuments.find(({ uri }) => uri.path.endsWith('pod.json.md')));
    assert.match(shown.getText(), /does not check files of the language json/);
  });

  it('Explain Rule: the page of the finding under the cursor, without a network', async () => {
    const editor = await open('Dockerfile', latest);
    await findingsOf(editor.document.uri, rule);
    editor.selection = new vscode.Selection(0, 12, 0, 12);
    await vscode.commands.executeCommand('bulkhead.explainRule');
    await eventually('the page', () =>
      vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).find(({ label }) => label.includes('latest-tag')),
    );
  });

  it('the code of a finding leads to a page that the editor shows, and so does the hover, in a part without words of the file', async () => {
    const editor = await open('Dockerfile', latest);
    const [finding] = await findingsOf(editor.document.uri, rule);
    assert.ok(typeof finding!.code === 'object');
    const { target } = finding!.code;
    assert.equal(target.scheme, 'bulkhead-page');
    assert.match((await vscode.workspace.openTextDocument(target)).getText(), /^# /);

    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      editor.document.uri,
      finding!.range.start,
    );
    const contents = hovers.flatMap(hover => hover.contents as vscode.MarkdownString[]);
    const [links, ...more] = contents.filter(({ isTrusted }) => Boolean(isTrusted));
    assert.deepEqual(more, []);
    assert.deepEqual(links!.isTrusted, { enabledCommands: ['bulkhead.explainRule', 'bulkhead.lookUpImages'] });
    for (const part of links!.value.split(' · '))
      assert.match(
        part,
        /^\[(?:Documentation for [a-z/-]+\]\(command:bulkhead\.explainRule|Look Up Image\]\(command:bulkhead\.lookUpImages)\?[\w%.-]+\)$/,
      );
    for (const { value, isTrusted } of contents) if (!isTrusted) assert.doesNotMatch(value, /command:|https:\/\/bulkhead/);
  });

  it('Create Configuration File: valid as it is, and never over one that exists', async () => {
    const uri = vscode.Uri.joinPath(folder(), '.bulkhead.yaml');
    await open('Dockerfile', latest);
    try {
      await vscode.commands.executeCommand('bulkhead.createConfig');
      assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), uri.toString());
      const created = vscode.window.activeTextEditor?.document.getText() ?? '';
      assert.match(created, /^profile: recommended$/m);
      await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode('profile: strict\n'));
      await vscode.commands.executeCommand('bulkhead.createConfig');
      const kept = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
      assert.equal(kept, 'profile: strict\n');
    } finally {
      await closeAll();
      await vscode.workspace.fs.delete(uri);
    }
  });
});
