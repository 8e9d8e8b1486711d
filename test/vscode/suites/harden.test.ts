import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, eventually, findingsOf, open, pause } from '../helpers';
import { deployment, dockerfile } from '../samples';

/** What a harden command gives. */
interface Result {
  readonly applied: boolean;
  readonly groups: readonly { readonly class: string; readonly rules: readonly string[] }[];
}

/** Runs a command that opens the refactor preview, and gives its promise, since it ends only when the preview is answered. */
function startHarden(uri: vscode.Uri): Thenable<Result> {
  return vscode.commands.executeCommand<Result>('bulkhead.harden', uri);
}

/** Applies what is ticked in the refactor preview. The preview needs a moment until it listens. */
async function answerPreview(command: 'apply' | 'discard', running: Thenable<Result>): Promise<Result> {
  let result: Result | undefined;
  void running.then(value => (result = value));
  return eventually('the answer to the preview', async () => {
    if (result === undefined) {
      await pause(300);
      await vscode.commands.executeCommand(`refactorPreview.${command}`);
    }
    return result;
  });
}

describe('harden', () => {
  afterEach(closeAll);

  it('applies the safe groups and leaves out a review group that is not confirmed; one undo takes it back', async () => {
    const { document } = await open('Dockerfile', dockerfile);
    await findingsOf(document.uri, 'dockerfile/add-for-copy');
    const result = await answerPreview('apply', startHarden(document.uri));
    assert.equal(result.applied, true);
    assert.ok(result.groups.some(group => group.class === 'safe') && result.groups.some(group => group.class === 'review'));
    assert.equal(document.getText(), dockerfile.replace('ADD server.js', 'COPY server.js'));
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), dockerfile);
  });

  it('changes nothing when the preview is discarded', async () => {
    const { document } = await open('web.yaml', deployment);
    await findingsOf(document.uri, 'kubernetes/privilege-escalation');
    await answerPreview('discard', startHarden(document.uri));
    assert.equal(document.getText(), deployment);
  });

  it('fixes all safe problems without asking, with one undo', async () => {
    const text = dockerfile.replace('CMD', 'ADD lib.js /app/\nCMD');
    const { document } = await open('Dockerfile', text);
    await findingsOf(document.uri, 'dockerfile/add-for-copy');
    await vscode.commands.executeCommand('bulkhead.fixAll');
    assert.equal(document.getText(), text.replaceAll('ADD', 'COPY'));
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), text);
  });

  it('shows a preview beside the file, touches nothing, and follows the file', async () => {
    const { document } = await open('web.yaml', deployment);
    await findingsOf(document.uri, 'kubernetes/privilege-escalation');
    await vscode.commands.executeCommand('bulkhead.previewHardened');
    const input = await eventually('the diff editor', () => {
      const active = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      return active instanceof vscode.TabInputTextDiff ? active : undefined;
    });
    assert.equal(input.original.toString(), document.uri.toString());
    const preview = await vscode.workspace.openTextDocument(input.modified);
    assert.equal(preview.languageId, 'yaml');
    for (const line of ['allowPrivilegeEscalation: false', 'readOnlyRootFilesystem: true', 'drop:', '# the only one']) {
      assert.ok(preview.getText().includes(line), `${line} is in\n${preview.getText()}`);
    }
    assert.equal(document.getText(), deployment);
    assert.equal(document.isDirty, false);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), '# a new line\n');
    await vscode.workspace.applyEdit(edit);
    await eventually('the preview follows', () => preview.getText().startsWith('# a new line\n'));
  });

  it('leaves a template of a chart as it is, and shows what to write elsewhere', async () => {
    const text = deployment.replace('name: shop\nspec', 'name: {{ .Release.Name }}\nspec');
    const { document } = await open('chart/templates/deployment.yaml', text);
    await findingsOf(document.uri, 'kubernetes/privilege-escalation');
    await vscode.commands.executeCommand('bulkhead.harden', document.uri);
    assert.equal(document.getText(), text);
    const shown = await eventually('the patch', () =>
      vscode.workspace.textDocuments.find(({ isUntitled, uri }) => isUntitled && uri.scheme === 'untitled'),
    );
    assert.equal(shown.languageId, 'yaml');
    for (const line of ['allowPrivilegeEscalation: false', 'readOnlyRootFilesystem: true', 'name: shop'])
      assert.ok(shown.getText().includes(line), line);
  });

  it('shows the preview again after the file has changed', async () => {
    const { document } = await open('web.yaml', deployment);
    await vscode.commands.executeCommand('bulkhead.previewHardened', document.uri);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), '# later\n');
    await vscode.workspace.applyEdit(edit);
    await vscode.commands.executeCommand('bulkhead.previewHardened', document.uri);
    await eventually('the new text', () => {
      const active = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      if (!(active instanceof vscode.TabInputTextDiff)) return undefined;
      return vscode.workspace.textDocuments
        .find(({ uri }) => uri.toString() === active.modified.toString())
        ?.getText()
        .startsWith('# later\n');
    });
  });
});
