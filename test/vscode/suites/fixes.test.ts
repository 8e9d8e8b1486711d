import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { actionsAt, closeAll, eventually, findingsOf, gone, open } from '../helpers';
import { deployment, dockerfile, latest } from '../samples';

describe('fixes', () => {
  afterEach(closeAll);

  it('apply from the light bulb, as an edit that can be previewed', async () => {
    const { document } = await open('web.yaml', deployment);
    const [found] = await findingsOf(document.uri, 'kubernetes/privilege-escalation');
    const forbids = ({ title }: vscode.CodeAction): boolean => title === 'allowPrivilegeEscalation: false (review)';
    const fix = await eventually('the fix', async () => (await actionsAt(document.uri, found!.range, 'quickfix')).find(forbids));
    assert.equal(fix.isPreferred, undefined, 'it is for review');
    assert.ok(fix.edit, 'the action carries its edit');
    // behind the edit, the walkthrough hears of it
    assert.equal(fix.command?.command, '_bulkhead.did');
    await vscode.workspace.applyEdit(fix.edit);
    assert.equal(document.getText(), `${deployment}          securityContext:\n            allowPrivilegeEscalation: false\n`);
    await gone(document.uri, 'kubernetes/privilege-escalation');
  });

  it('put the cursor into a place to fill, and leave what looks like a variable as it is', async () => {
    const { document } = await open('web.yaml', deployment.replace(/\n$/, ' # ${CLIPBOARD} \\ }\n'));
    const before = document.getText();
    const [found] = await findingsOf(document.uri, 'kubernetes/missing-memory-limit');
    const fix = await eventually('the fix', async () =>
      (await actionsAt(document.uri, found!.range, 'quickfix')).find(({ title }) => title.startsWith('Limit memory')),
    );
    // an editor with tab stops is the one that is active
    const editor = await vscode.window.showTextDocument(document);
    await vscode.workspace.applyEdit(fix.edit!);
    const written = (value: string): string => `${before}          resources:\n            limits:\n              memory: ${value}\n`;
    assert.equal(document.getText(), written(''));
    await eventually('the cursor in the place', () => editor.selection.active.isEqual(document.positionAt(written('').length - 1)));
    await vscode.commands.executeCommand('type', { text: '512Mi' });
    assert.equal(document.getText(), written('512Mi'));
    await gone(document.uri, 'kubernetes/missing-memory-limit');
  });

  it('offer what to do in a fixed order: fix, suppress, documentation', async () => {
    const { document } = await open('web.yaml', deployment);
    const [found] = await findingsOf(document.uri, 'kubernetes/privilege-escalation');
    const kinds = await eventually('all kinds', async () => {
      const seen = (await actionsAt(document.uri, found!.range, 'quickfix')).map(({ kind }) => kind?.value ?? '');
      return seen.some(kind => kind.endsWith('documentation')) ? seen : undefined;
    });
    assert.deepEqual([...new Set(kinds)], ['quickfix', 'quickfix.bulkhead.suppress', 'quickfix.bulkhead.documentation']);
  });

  it('suppress a finding in two key presses: one on the entry, one on the first choice', async () => {
    const { document } = await open('Dockerfile', 'FROM node:26.1.0\nUSER 1000\nADD server.js /srv/\n');
    const [found] = await findingsOf(document.uri, 'dockerfile/add-for-copy');
    const actions = await actionsAt(document.uri, found!.range, 'quickfix.bulkhead.suppress');
    assert.deepEqual(
      actions.map(({ title }) => title),
      ['Suppress…'],
    );
    const { command, arguments: own } = actions[0]!.command!;
    // the first press of Enter
    const done = vscode.commands.executeCommand(command, ...(own as unknown[]));
    // The second: the box may not be there yet, and then the command accepts nothing.
    await eventually('the suppression', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return document.getText().includes('# bulkhead-ignore dockerfile/add-for-copy\n');
    });
    await done;
    await gone(document.uri, 'dockerfile/add-for-copy');
  });

  it('suppress a finding on its line', async () => {
    const { document } = await open('Dockerfile', latest);
    const [found] = await findingsOf(document.uri, 'dockerfile/latest-tag');
    const actions = await actionsAt(document.uri, found!.range, 'quickfix.bulkhead.suppress.line');
    const suppress = actions.find(({ title }) => title.includes('dockerfile/latest-tag'));
    await vscode.workspace.applyEdit(suppress!.edit!);
    assert.match(document.getText(), /^# bulkhead-ignore dockerfile\/latest-tag.*\nFROM node:latest\n$/);
    await gone(document.uri, 'dockerfile/latest-tag');
  });

  it('apply on save, safe ones only', async () => {
    const { document } = await open('Dockerfile', dockerfile);
    await findingsOf(document.uri, 'dockerfile/add-for-copy');
    const settings = vscode.workspace.getConfiguration('editor', { languageId: 'dockerfile' });
    await settings.update('codeActionsOnSave', { 'source.fixAll.bulkhead': 'explicit' }, vscode.ConfigurationTarget.Workspace);
    try {
      // The setting reaches the window a moment after this call returns: a save before that changes nothing.
      let added = '';
      const saved = await eventually('the saved file', async () => {
        const edit = new vscode.WorkspaceEdit();
        edit.insert(document.uri, document.positionAt(document.getText().length), '# changed\n');
        added += '# changed\n';
        await vscode.workspace.applyEdit(edit);
        await vscode.commands.executeCommand('workbench.action.files.save');
        const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(document.uri));
        return text.includes('COPY') ? text : undefined;
      });
      assert.equal(saved, `${dockerfile.replace('ADD server.js', 'COPY server.js')}${added}`);
    } finally {
      await settings.update('codeActionsOnSave', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  it('give source.harden on request: it opens the checklist', async () => {
    const { document } = await open('Dockerfile', dockerfile);
    await findingsOf(document.uri, 'dockerfile/add-for-copy');
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const actions = await actionsAt(document.uri, whole, 'source.harden.bulkhead');
    assert.equal(actions.length, 1);
    const { command } = actions[0]!;
    assert.ok(command);
    await vscode.commands.executeCommand(command.command, ...((command.arguments ?? []) as unknown[]));
    await eventually('the diff', () => vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputTextDiff);
    await vscode.commands.executeCommand('bulkhead.hardenDiscard');
    assert.equal(document.getText(), dockerfile);
  });
});
