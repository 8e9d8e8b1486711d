import * as vscode from 'vscode';
import { commands as serverCommands } from '../../shared/src/output/protocol/messages';
import type { VerifyResult } from '../../shared/src/output/protocol/registry';
import { execute, type ServerAccess } from './server';

/** Asks who signed the images of a file; the server shows the progress, and what is wrong in place. Says what came of it, once. */
export async function verifySignatures(context: ServerAccess, uri: vscode.Uri): Promise<VerifyResult> {
  const client = await context.client();
  const at = { uri: client.code2ProtocolConverter.asUri(uri) };
  const result = await execute<VerifyResult>(client, serverCommands.verifySignatures, at);
  if (!result.cancelled) say(result);
  return result;
}

function say({ checked, signed, uncovered, refused }: VerifyResult): void {
  if (refused !== null) void vscode.window.showWarningMessage(refused);
  else if (checked === 0) void vscode.window.showInformationMessage(vscode.l10n.t('This file names no image.'));
  else {
    const parts = [
      vscode.l10n.t('{0} of {1} images signed as required', signed, checked),
      ...(uncovered > 0 ? [vscode.l10n.t('{0} not verified: nobody is named who has to sign', uncovered)] : []),
    ];
    const show = signed < checked ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
    void show(parts.join(', '));
  }
}

/** Writes a command into a terminal, and leaves it to the user to run it. */
export function writeIntoTerminal(command: string): void {
  const terminal = vscode.window.activeTerminal ?? vscode.window.createTerminal('Bulkhead');
  terminal.show();
  // a line break would run it
  terminal.sendText(command.replace(/[^\x20-\x7e]/g, ''), false);
}
