import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, eventually, findings, findingsOf, ruleOf, rulesIn, writeFile } from '../helpers';
import { latest } from '../samples';

/** What the command gives, as far as it is looked at here. */
interface Summary {
  readonly findings: number;
  readonly affected: number;
  readonly checked: number;
  readonly excluded: number;
  readonly fileLimit: number | null;
  readonly findingLimit: number | null;
  readonly cancelled: boolean;
}

const rule = 'dockerfile/latest-tag';
const check = async (): Promise<Summary> => await vscode.commands.executeCommand<Summary>('bulkhead.checkWorkspace');
const rulesOf = (uri: vscode.Uri): string[] => findings(uri).map(ruleOf).sort();

describe('Check Workspace', () => {
  const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('bulkhead');
  afterEach(async () => {
    for (const name of ['workspace.maxFiles', 'workspace.maxFindings', 'exclude']) await settings().update(name, undefined);
    await vscode.commands.executeCommand('bulkhead.clearWorkspaceFindings');
    await closeAll();
  });

  it('shows the findings of files that are not open, and counts all', async () => {
    const uri = await writeFile('Dockerfile', latest);
    assert.deepEqual(rulesOf(uri), []);
    // word of settings that an earlier test has put back may still come, and empties what was found before it
    let summary = await check();
    await eventually(
      'the findings',
      async () => {
        if (!rulesOf(uri).includes(rule)) summary = await check();
        return rulesOf(uri).includes(rule);
      },
      30_000,
    );
    const all = vscode.languages.getDiagnostics().map(([file]) => findings(file).flatMap(rulesIn).length);
    assert.equal(
      summary.findings,
      all.reduce((sum, count) => sum + count, 0),
    );
    assert.equal(summary.affected, all.filter(count => count > 0).length);
    assert.ok(summary.checked >= summary.affected);
    assert.equal(summary.cancelled, false);
    await vscode.commands.executeCommand('bulkhead.clearWorkspaceFindings');
    assert.deepEqual(rulesOf(uri), []);
  });

  it('ends in Problems, whatever the panel showed before', async function () {
    // a worker of the browser may not read the clipboard, by which the test sees it
    if (typeof process === 'undefined' || process.versions?.node === undefined) this.skip();
    await writeFile('Dockerfile', latest);
    await vscode.commands.executeCommand('workbench.action.output.toggleOutput');
    await check();
    // the command copies what has the focus in Problems, and does nothing where that is not in front
    await eventually('Problems to have the focus', async () => {
      await vscode.env.clipboard.writeText('nothing');
      await vscode.commands.executeCommand('list.focusFirst');
      await vscode.commands.executeCommand('problems.action.copy');
      return (await vscode.env.clipboard.readText()).includes('bulkhead');
    });
  });

  it('shows a file once while it is open, and what is on disk once it is closed', async () => {
    const uri = await writeFile('Dockerfile', latest);
    await check();
    await eventually('the findings', () => rulesOf(uri).includes(rule), 12_000);
    const closed = rulesOf(uri);
    const editor = await vscode.window.showTextDocument(uri, { preview: false });
    // both collections would list each finding twice
    await eventually(
      'the findings of the editor',
      () => rulesOf(uri).length > 0 && new Set(rulesOf(uri)).size === rulesOf(uri).length,
      12_000,
    );
    await editor.edit(builder => builder.replace(new vscode.Range(0, 0, 1, 0), 'FROM node:20.11.1\n'));
    await eventually('the edit to be checked', () => !rulesOf(uri).includes(rule), 12_000);
    await editor.document.save();
    await closeAll();
    await eventually('the rest of the findings', () => rulesOf(uri).length > 0 && !rulesOf(uri).includes(rule), 12_000);
    assert.notDeepEqual(rulesOf(uri), closed);
  });

  it('forgets what a file said before it changed on disk', async () => {
    const uri = await writeFile('Dockerfile', latest);
    await check();
    await eventually('the findings', () => rulesOf(uri).includes(rule), 12_000);
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode('FROM node:20.11.1\n'));
    await eventually('the change', () => !rulesOf(uri).includes(rule) && rulesOf(uri).length > 0, 12_000);
    await vscode.workspace.fs.delete(uri);
    await eventually('the deletion', () => rulesOf(uri).length === 0, 12_000);
  });

  it('says where a limit cuts it off, and what settings leave out', async () => {
    const uris = [await writeFile('Dockerfile', latest), await writeFile('Dockerfile', latest)];
    await settings().update('workspace.maxFindings', 1);
    const shown = (): number => vscode.languages.getDiagnostics().reduce((sum, [file]) => sum + findings(file).length, 0);
    // a setting arrives when it does, and so does what an editor that an earlier test has closed takes away
    const eventuallySays = async (what: string, holds: (summary: Summary) => boolean): Promise<true> =>
      eventually(what, async () => holds(await check()) || undefined, 30_000);
    await eventuallySays('one finding of more', few => few.findingLimit === 1 && few.findings > 1 && shown() === 1);
    await settings().update('workspace.maxFindings', undefined);
    await settings().update('workspace.maxFiles', 1);
    await eventuallySays('one file of more', summary => summary.fileLimit === 1);
    await settings().update('workspace.maxFiles', undefined);
    const folders = uris.map(uri => vscode.workspace.asRelativePath(uri).replace(/\/[^/]*$/, '/**'));
    await settings().update('exclude', [folders[0]]);
    await eventuallySays('one file left out', summary => summary.excluded === 1);
    assert.deepEqual(rulesOf(uris[0]!), []);
    assert.ok(rulesOf(uris[1]!).includes(rule));
  });

  it('is emptied by a changed configuration, which may say something else', async () => {
    const uri = await writeFile('Dockerfile', latest);
    await check();
    assert.ok(rulesOf(uri).length > 0);
    // the watcher of a busy host may miss a file that is made while it starts anew: it is saved again, as somebody would
    let saved = -Infinity;
    await eventually(
      'empty Problems',
      async () => {
        if (Date.now() - saved > 5000) {
          saved = Date.now();
          await writeFile('.bulkhead.yaml', `profile: baseline # ${saved}\n`);
        }
        return rulesOf(uri).length === 0;
      },
      25_000,
    );
  });

  it('reads a file that is open as the editor has it', async () => {
    const uri = await writeFile('Dockerfile', 'FROM node:20.11.1\n');
    const editor = await vscode.window.showTextDocument(uri, { preview: false });
    await editor.edit(builder => builder.replace(new vscode.Range(0, 0, 1, 0), latest));
    await findingsOf(uri, rule);
    await check();
    assert.equal(rulesOf(uri).filter(found => found === rule).length, 1);
  });
});
