import * as vscode from 'vscode';
import { closeAll, eventually, findings, findingsOf, gone, open, ruleOf } from '../helpers';
import { latest } from '../samples';

const rule = 'dockerfile/latest-tag';
const off = `rules:\n  ${rule}: off\n`;

function write(uri: vscode.Uri, text: string): Thenable<void> {
  return vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
}

describe('configuration', () => {
  afterEach(closeAll);

  it('takes effect when the file is written, changed and deleted', async () => {
    const { document } = await open('Dockerfile', latest);
    await findingsOf(document.uri, rule);
    const config = vscode.Uri.joinPath(document.uri, '../.bulkhead.yaml');
    await write(config, off);
    await gone(document.uri, rule);
    await write(config, off.replace('off', 'hint'));
    await eventually('the severity', () => findings(document.uri).some(({ severity }) => severity === vscode.DiagnosticSeverity.Hint));
    await write(config, off);
    await gone(document.uri, rule);
    await vscode.workspace.fs.delete(config);
    await findingsOf(document.uri, rule);
  });

  it('is checked itself, while the last good version holds', async () => {
    const { document } = await open('Dockerfile', latest);
    const uri = vscode.Uri.joinPath(document.uri, '../.bulkhead.yaml');
    await write(uri, off);
    await gone(document.uri, rule);
    const config = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(config);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, new vscode.Position(0, 0), 'profle: strict\n');
    await vscode.workspace.applyEdit(edit);
    await eventually('the problem on its key', () =>
      findings(uri).some(found => ruleOf(found) === 'bulkhead/invalid-config' && config.getText(found.range) === 'profle'),
    );
    await gone(document.uri, rule);
  });

  it('in the settings takes effect at once', async () => {
    const { document } = await open('Dockerfile', latest);
    await findingsOf(document.uri, rule);
    const settings = vscode.workspace.getConfiguration('bulkhead');
    try {
      await settings.update('rules', { [rule]: 'off' }, vscode.ConfigurationTarget.Workspace);
      await gone(document.uri, rule);
      await settings.update('rules', undefined, vscode.ConfigurationTarget.Workspace);
      await findingsOf(document.uri, rule);
      await settings.update('enable', false, vscode.ConfigurationTarget.Workspace);
      await eventually('silence', () => findings(document.uri).length === 0);
    } finally {
      await settings.update('rules', undefined, vscode.ConfigurationTarget.Workspace);
      await settings.update('enable', undefined, vscode.ConfigurationTarget.Workspace);
    }
    await findingsOf(document.uri, rule);
  });
});
