import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commands } from '../../../shared/src/output/protocol/messages';
import { closeAll, eventually, extensionId, findingsOf, open } from '../helpers';

/** The server has commands of its own, which are there as soon as it runs. */
const isRunning = async (): Promise<boolean> => (await vscode.commands.getCommands()).includes(commands.showInfo);

/** In a window of its own: a server that was started stays. */
describe('activation', () => {
  after(closeAll);

  it('other YAML activates the extension and starts no server; once it is ours, the server is there', async () => {
    const { document } = await open('site.yaml', 'site_name: Shop\n');
    const extension = vscode.extensions.getExtension(extensionId)!;
    await eventually('activation', () => extension.isActive);
    await extension.activate();
    await open('other.yaml', 'theme: dark\n');
    await open('build.sh', 'make all\n');
    assert.equal(await isRunning(), false);

    const edit = new vscode.WorkspaceEdit();
    edit.replace(
      document.uri,
      new vscode.Range(0, 0, 1, 0),
      'services:\n  web:\n    image: example.com/shop/web:1.2\n    privileged: true\n',
    );
    assert.ok(await vscode.workspace.applyEdit(edit));
    await findingsOf(document.uri, 'compose/privileged');
    assert.equal(await isRunning(), true);
  });
});
