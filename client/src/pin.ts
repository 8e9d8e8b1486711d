import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { commands as serverCommands } from '../../shared/src/protocol/messages';
import type { PinFilesResult } from '../../shared/src/protocol/registry';
import { findCandidates } from './find-files';
import { did } from './getting-started';

/** What pinning works with. */
export interface PinContext {
  readonly channel: vscode.LogOutputChannel;
  client(): Promise<BaseLanguageClient>;
}

const maxFiles = 5000;

/** Pins the images of files; the server shows the progress, with a way to cancel. Says what came of it, once. */
export async function pin(context: PinContext, uris: readonly vscode.Uri[]): Promise<PinFilesResult> {
  const client = await context.client();
  const params = { command: serverCommands.pinFiles, arguments: [{ uris: uris.map(uri => client.code2ProtocolConverter.asUri(uri)) }] };
  const result = await client.sendRequest<PinFilesResult>('workspace/executeCommand', params);
  if (result.pinned > 0) did('pin');
  if (!result.cancelled) void report(context, result);
  return result;
}

/** Pins the images of every file of the workspace, of so many of them. */
export async function pinWorkspace(context: PinContext): Promise<PinFilesResult> {
  const { uris } = await findCandidates(await context.client(), maxFiles);
  return await pin(context, uris);
}

/** Forgets every look-up. */
export async function clearRegistryCache(context: PinContext): Promise<void> {
  const client = await context.client();
  await client.sendRequest('workspace/executeCommand', { command: serverCommands.clearLookups, arguments: [] });
}

async function report({ channel }: PinContext, { pinned, files, current, left }: PinFilesResult): Promise<void> {
  const failed = left.filter(image => image.failed);
  for (const { uri, image, reason, failed: isFailure } of left) {
    const line = `${vscode.workspace.asRelativePath(vscode.Uri.parse(uri))}: ${image}: ${reason}`;
    if (isFailure) channel.warn(line);
    else channel.info(line);
  }
  const summary = [
    vscode.l10n.t('{0} images pinned in {1} files', pinned, files),
    ...(current > 0 ? [vscode.l10n.t('{0} already pinned', current)] : []),
    ...(left.length > failed.length ? [vscode.l10n.t('{0} left to you', left.length - failed.length)] : []),
    ...(failed.length > 0 ? [vscode.l10n.t('{0} not looked up', failed.length)] : []),
  ].join(', ');
  const details = vscode.l10n.t('Show Output');
  const show = failed.length > 0 ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
  const choice = left.length > 0 ? await show(summary, details) : await show(summary);
  if (choice === details) channel.show(true);
}
