import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, eventually, findingsOf, open, writeFile } from '../helpers';
import { latest } from '../samples';

/** What the command gives, as far as it is looked at here. */
interface Shown {
  readonly html: string;
  readonly checked: number;
  readonly findings: number;
  readonly failed: readonly unknown[];
  readonly complete: boolean;
}

const show = async (): Promise<Shown | undefined> => await vscode.commands.executeCommand<Shown | undefined>('bulkhead.showPosture');
const pages = (): vscode.Tab[] =>
  vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('bulkhead.posture'));

describe('Show Posture', () => {
  afterEach(async () => {
    await vscode.workspace.getConfiguration('bulkhead').update('workspace.maxFiles', undefined);
    await closeAll();
  });

  it('shows one page of the workspace beside the editors, and makes it anew', async () => {
    const uri = await writeFile('Dockerfile', latest);
    const first = await show();
    assert.ok(first && first.checked > 0 && first.findings > 0, JSON.stringify({ ...first, html: '' }));
    assert.deepEqual(first.failed, []);
    assert.equal(first.complete, true);
    assert.match(first.html, /dockerfile\/latest-tag/);
    assert.match(first.html, /default-src 'none'; style-src 'unsafe-inline'/);
    await eventually('the page', () => pages().length === 1);
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode('FROM scratch\n'));
    const second = await vscode.commands.executeCommand<Shown>('bulkhead.refreshPosture');
    assert.ok(second.findings < first.findings);
    assert.equal(pages().length, 1);
  });

  it('leads to files and to the pages of rules', async () => {
    const uri = await writeFile('Dockerfile', latest);
    const { html } = (await show())!;
    const name = vscode.workspace.asRelativePath(uri);
    const link = html.split('<a href="').find(part => part.includes(`<code>${name}</code>`))!;
    const [, command, argument] = /^command:([^?]*)\?([^"]*)"/.exec(link)!;
    await vscode.commands.executeCommand(command!, ...(JSON.parse(decodeURIComponent(argument!)) as unknown[]));
    await eventually('the file', () => vscode.window.activeTextEditor?.document.uri.toString() === uri.toString());
    assert.match(html, /href="command:bulkhead\.explainRule\?%5B%22dockerfile%2Flatest-tag%22%5D"/);
    // what no page of ours says opens nothing
    await closeAll();
    for (const wrong of [-1, 1e9, '0', undefined, { uri: 'file:///etc/passwd' }]) await vscode.commands.executeCommand(command!, wrong);
    assert.equal(vscode.window.activeTextEditor, undefined);
  });

  it('takes the text of an editor, and says where a limit cuts it off', async () => {
    const { document } = await open('Dockerfile', latest);
    await findingsOf(document.uri, 'dockerfile/latest-tag');
    await writeFile('Dockerfile', latest);
    await vscode.workspace.getConfiguration('bulkhead').update('workspace.maxFiles', 1);
    const shown = await show();
    assert.equal(shown?.complete, false);
    assert.ok(shown.checked <= 1);
  });
});

describe('a baseline', () => {
  it('is never taken from the settings of a workspace', async () => {
    const own = vscode.workspace.getConfiguration('bulkhead');
    const refused = await own.update('baseline', 'hidden.json', vscode.ConfigurationTarget.Workspace).then(
      () => false,
      () => true,
    );
    assert.equal(refused, true);
    assert.equal(own.inspect('baseline')?.workspaceValue, undefined);
  });
});
