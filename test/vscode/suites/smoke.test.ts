import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually, extensionId, findings, open } from '../helpers';

describe('extension', () => {
  it('is activated by a Dockerfile', async () => {
    await open('Dockerfile', 'FROM node:latest\n');
    await eventually('activation', () => vscode.extensions.getExtension(extensionId)?.isActive);
  });

  it('registers what its manifest contributes', async () => {
    const manifest = vscode.extensions.getExtension(extensionId)?.packageJSON as { contributes: { commands: { command: string }[] } };
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      manifest.contributes.commands.filter(({ command }) => !registered.has(command)),
      [],
    );
  });

  it('stays silent about a file that is not its own', async () => {
    const ours = await open('Dockerfile', 'FROM node:latest\n');
    const { document } = await open('settings.yaml', 'image: node:latest\nprivileged: true\n');
    await eventually('findings', () => findings(ours.document.uri).length > 0);
    assert.deepEqual(findings(document.uri), []);
  });
});
