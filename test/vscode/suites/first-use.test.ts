import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { firstUse } from '../../support/first-use';
import { actionsAt, closeAll, eventually, findingsOf, gone, open, underlined } from '../helpers';

/** The first test of the editor. */
describe('first use', () => {
  afterEach(closeAll);

  for (const { title, file, text, rule, token, entry, mended } of firstUse) {
    it(`${title}: one squiggle, one click, the right bytes, one undo`, async () => {
      const { document } = await open(file, text);
      const found = await findingsOf(document.uri, rule);
      assert.deepEqual(
        found.map(finding => underlined(document, finding)),
        [token],
      );
      const fix = await eventually('the entry', async () =>
        (await actionsAt(document.uri, found[0]!.range, 'quickfix')).find(action => entry.test(action.title)),
      );
      await vscode.window.showTextDocument(document);
      assert.ok(await vscode.workspace.applyEdit(fix.edit!));
      assert.equal(document.getText(), mended);
      await gone(document.uri, rule);
      await vscode.commands.executeCommand('undo');
      await eventually('the undone text', () => document.getText() === text);
      await findingsOf(document.uri, rule);
    });
  }
});
