import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, eventually, findings, open } from '../helpers';

describe('where there is no other extension for a file', () => {
  afterEach(closeAll);

  it('A script that runs a container is checked, whatever was open before', async () => {
    const { document } = await open('start.sh', '#!/bin/sh\ndocker run -d --privileged --name web nginx:1.29.1\n');
    await eventually('findings', () => findings(document.uri).length > 0);
    const actions = await eventually('the light bulb', async () => {
      const range = new vscode.Range(1, 48, 1, 48);
      const found = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, range);
      return found.length > 0 ? found : null;
    });
    assert.ok(
      actions.some(({ title }) => title.startsWith('Harden this command')),
      actions.map(({ title }) => title).join('\n'),
    );
  });

  it('Stages have symbols, and their names lead to them', async () => {
    const { document } = await open('Dockerfile', 'FROM node:24 AS build\nFROM node:24-slim\nCOPY --from=build /app /app\n');
    const symbols = await eventually('symbols', async () => {
      const found = await vscode.commands.executeCommand<vscode.DocumentSymbol[] | undefined>(
        'vscode.executeDocumentSymbolProvider',
        document.uri,
      );
      return found && found.length > 0 ? found : null;
    });
    assert.deepEqual(
      symbols.map(({ name }) => name),
      ['build', '1'],
    );
    const places = await vscode.commands.executeCommand<(vscode.Location | vscode.LocationLink)[]>(
      'vscode.executeDefinitionProvider',
      document.uri,
      new vscode.Position(2, 14),
    );
    const [place] = places.map(found => ('range' in found ? found.range : found.targetRange));
    assert.deepEqual(place?.start, new vscode.Position(0, 16));
  });

  it('Show Info writes a page', async () => {
    const { document } = await open('Dockerfile', 'FROM node:24\n');
    await eventually('findings', () => findings(document.uri).length > 0);
    await vscode.commands.executeCommand('bulkhead.showFileInfo', document.uri);
    const page = await eventually('the page', () => vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'bulkhead-info'));
    assert.match(page.getText(), /^# Bulkhead: Dockerfile\n[^]*- Family: dockerfile\n/);
  });
});
