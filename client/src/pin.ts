import * as vscode from 'vscode';
import { commands as serverCommands } from '../../shared/src/output/protocol/messages';
import type { LookUpImagesResult, PinFilesResult } from '../../shared/src/output/protocol/registry';
import { findCandidates } from './find-files';
import { did } from './getting-started';
import { execute, type ServerAccess } from './server';

const maxFiles = 5000;

/** Pins the images of files; the server shows the progress, with a way to cancel. Says what came of it, once. */
export async function pin(context: ServerAccess, uris: readonly vscode.Uri[]): Promise<PinFilesResult> {
  const client = await context.client();
  const addresses = uris.map(uri => client.code2ProtocolConverter.asUri(uri));
  const result = await execute<PinFilesResult>(client, serverCommands.pinFiles, { uris: addresses });
  if (result.pinned > 0) did('pin');
  if (!result.cancelled) void report(context, uris, result);
  return result;
}

/** Pins the images of every file of the workspace, of so many of them. */
export async function pinWorkspace(context: ServerAccess): Promise<PinFilesResult> {
  const { uris } = await findCandidates(await context.client(), maxFiles);
  return await pin(context, uris);
}

/** Asks registries what the images of a file are; the server shows the progress, and says what came of it. */
export async function lookUp(context: ServerAccess, uri: vscode.Uri): Promise<LookUpImagesResult> {
  const client = await context.client();
  return await execute(client, serverCommands.lookUpImages, { uri: client.code2ProtocolConverter.asUri(uri) });
}

/** The same for every file of the workspace, of so many of them; the server says first how many requests go where. */
export async function lookUpWorkspace(context: ServerAccess): Promise<LookUpImagesResult> {
  const client = await context.client();
  const { uris } = await findCandidates(client, maxFiles);
  return await execute(client, serverCommands.lookUpImages, { uris: uris.map(uri => client.code2ProtocolConverter.asUri(uri)) });
}

/** Takes what an archive or an OCI layout on this machine, which somebody picks, says of its images; no registry is asked. */
export async function lookUpArchive(context: ServerAccess, picked?: vscode.Uri): Promise<LookUpImagesResult | undefined> {
  const options = { canSelectFolders: true, title: vscode.l10n.t('docker save archive or OCI layout') };
  const uri = picked ?? (await vscode.window.showOpenDialog(options))?.[0];
  if (!uri) return undefined;
  const client = await context.client();
  return await execute(client, serverCommands.lookUpImages, { archives: [client.code2ProtocolConverter.asUri(uri)] });
}

/** Forgets every look-up. */
export async function clearRegistryCache(context: ServerAccess): Promise<void> {
  await execute(await context.client(), serverCommands.clearLookups);
}

/** Says what came of it, and leaves a trace of all that was not pinned in the log. */
async function report(context: ServerAccess, uris: readonly vscode.Uri[], result: PinFilesResult): Promise<void> {
  const { channel } = context;
  for (const { uri, image, reason, failed } of result.left) {
    const line = `${vscode.workspace.asRelativePath(vscode.Uri.parse(uri))}: ${image}: ${reason}`;
    if (failed) channel.warn(line);
    else channel.info(line);
  }
  const { summary } = result;
  const [retry, details] = [vscode.l10n.t('Retry'), vscode.l10n.t('Show Output')];
  const choice = result.left.some(({ failed }) => failed)
    ? await vscode.window.showWarningMessage(summary, retry, details)
    : result.left.length > 0
      ? await vscode.window.showInformationMessage(summary, details)
      : await vscode.window.showInformationMessage(summary);
  if (choice === retry) await pin(context, uris);
  if (choice === details) channel.show(true);
}
