import * as vscode from 'vscode';
import { commands as serverCommands } from '../../shared/src/output/protocol/messages';
import type { VerifyResult } from '../../shared/src/output/protocol/registry';
import { execute, type ServerAccess } from './server';

/** Asks who signed the images of a file; the server shows the progress, and what is wrong in place. Says what came of it, once. */
export async function verifySignatures(context: ServerAccess, uri: vscode.Uri): Promise<VerifyResult> {
  const client = await context.client();
  const at = { uri: client.code2ProtocolConverter.asUri(uri) };
  const result = await execute<VerifyResult>(client, serverCommands.verifySignatures, at);
  const { summary, signed, checked, refused } = result;
  const show = refused !== null || signed < checked ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
  if (!result.cancelled) void show(summary);
  return result;
}

/** Writes a command into a terminal, and leaves it to the user to run it. */
export function writeIntoTerminal(command: string): void {
  const terminal = vscode.window.activeTerminal ?? vscode.window.createTerminal('Bulkhead');
  terminal.show();
  // a line break would run it
  terminal.sendText(command.replace(/[^\x20-\x7e]/g, ''), false);
}
