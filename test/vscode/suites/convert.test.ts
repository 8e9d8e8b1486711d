import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, eventually, extensionId, open } from '../helpers';

const script = '#!/bin/sh\ndocker run -d --name web \\\n  -p 8080:80 \\\n  nginx:1.29.1\n';
const compose = 'services:\n  web:\n    image: nginx:1.29.1\n';

/** The document that a conversion opened. */
const made = (part: string): Promise<vscode.TextDocument> =>
  eventually('the result', () => vscode.workspace.textDocuments.find(document => document.isUntitled && document.getText().includes(part)));

describe('conversions', () => {
  afterEach(closeAll);

  // a script starts nothing by itself
  before(() => vscode.extensions.getExtension(extensionId)!.activate());

  it('Convert: the light bulb on a docker run opens a Compose file', async () => {
    const { document } = await open('run.sh', script);
    const action = await eventually('the action', async () => {
      const range = new vscode.Range(2, 3, 2, 3);
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        range,
        'refactor.rewrite',
      );
      return actions.find(({ title }) => title === 'Convert to a Compose service');
    });
    await vscode.commands.executeCommand(action.command!.command, ...(action.command!.arguments as unknown[]));
    const result = await made('services:\n  web:\n');
    assert.match(result.languageId, /^(?:yaml|dockercompose)$/);
    assert.ok(result.getText().includes('no-new-privileges:true'), result.getText());
  });

  it('Convert: the light bulb on a service opens manifests', async () => {
    const { document } = await open('compose.yaml', compose);
    const action = await eventually('the action', async () => {
      const range = new vscode.Range(2, 6, 2, 6);
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        range,
        'refactor.rewrite',
      );
      return actions.find(({ title }) => title === 'Convert to Kubernetes manifests');
    });
    await vscode.commands.executeCommand(action.command!.command, ...(action.command!.arguments as unknown[]));
    assert.equal((await made('kind: Deployment')).languageId, 'yaml');
  });

  it('Harden a docker run Command: what is selected, in a document of any language', async () => {
    const document = await vscode.workspace.openTextDocument({
      language: 'plaintext',
      content: 'Run this:\n\n    $ docker run -d --name db postgres:16.4\n',
    });
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(2, 0, 2, 43);
    await vscode.commands.executeCommand('bulkhead.hardenCommand');
    const result = await made('--cap-drop ALL');
    assert.equal(result.languageId, 'shellscript');
  });
});
