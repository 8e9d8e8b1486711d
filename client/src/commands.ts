import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { commands as serverCommands, type DocumentInfo, type HardenFileResult } from '../../shared/src/protocol/messages';
import type { WorkspaceCheck } from './check-workspace';
import { createConfiguration } from './create-configuration';
import { describeHarden, describeInfo } from './describe';
import type { Pages } from './pages';
import { clearRegistryCache, pin, pinWorkspace } from './pin';
import type { Preview } from './preview';
import { isCandidate } from './selector';

/** What the commands work with. */
export interface CommandContext {
  readonly channel: vscode.LogOutputChannel;
  readonly preview: Preview;
  readonly pages: Pages;
  readonly workspaceCheck: WorkspaceCheck;
  /** The running client; starts it where it has stopped. Throws with a readable message where that fails. */
  client(): Promise<BaseLanguageClient>;
  restart(): Promise<void>;
}

/** How long the result of a command stays in the status bar, in milliseconds. */
const messageTime = 8000;

/** Registers the palette's commands. Their work is done by the server, so that other editors have it too; here it is shown. */
export function registerCommands(context: CommandContext): vscode.Disposable {
  const register = (name: string, run: (argument: unknown) => unknown): vscode.Disposable =>
    vscode.commands.registerCommand(`bulkhead.${name}`, async (argument: unknown) => {
      try {
        return await run(argument);
      } catch (error) {
        // The palette would block the window with a dialog.
        const message = error instanceof Error ? error.message : String(error);
        context.channel.error(message);
        void offerDetails(context, vscode.window.showErrorMessage, message);
        return undefined;
      }
    });
  return vscode.Disposable.from(
    register('harden', argument => change(context, serverCommands.hardenFile, argument)),
    register('fixAll', argument => change(context, serverCommands.fixAllSafe, argument)),
    register('previewHardened', async argument => {
      const uri = await target(argument);
      if (uri !== undefined) await context.preview.show(uri);
    }),
    register('pin', async argument => {
      const uri = await target(argument);
      return uri === undefined ? undefined : await pin(context, [uri]);
    }),
    register('pinWorkspace', () => pinWorkspace(context)),
    register('checkWorkspace', () => context.workspaceCheck.run()),
    register('clearWorkspaceFindings', () => context.workspaceCheck.clear()),
    register('clearRegistryCache', () => clearRegistryCache(context)),
    register('showFileInfo', argument => showInfo(context, argument)),
    register('explainRule', argument => context.pages.explain(typeof argument === 'string' ? argument : ruleAtCursor())),
    register('createConfig', () => createConfiguration()),
    register('restart', () => context.restart()),
    register('showOutput', () => context.channel.show(true)),
  );
}

/** The document that a command is about: its argument (from a menu or another extension), else the active editor's. */
async function target(argument: unknown): Promise<vscode.Uri | undefined> {
  if (argument instanceof vscode.Uri) {
    // The server knows open documents only.
    await vscode.workspace.openTextDocument(argument);
    return argument;
  }
  const document = vscode.window.activeTextEditor?.document;
  if (document !== undefined && isCandidate(document)) return document.uri;
  void vscode.window.showInformationMessage(vscode.l10n.t('Open a Dockerfile or a Kubernetes manifest first.'));
  return undefined;
}

function execute<Result>(client: BaseLanguageClient, command: string, uri: vscode.Uri): Promise<Result> {
  const params = { command, arguments: [{ uri: client.code2ProtocolConverter.asUri(uri) }] };
  return client.sendRequest<Result>('workspace/executeCommand', params);
}

async function change(context: CommandContext, command: string, argument: unknown): Promise<HardenFileResult | undefined> {
  const uri = await target(argument);
  if (uri === undefined) return undefined;
  const result = await execute<HardenFileResult>(await context.client(), command, uri);
  const name = vscode.workspace.asRelativePath(uri);
  const description = describeHarden(name, result);
  for (const line of description.details) context.channel.info(line);
  if (result.snippets.length > 0) await showSnippets(result.snippets);
  if (description.warning) await offerDetails(context, vscode.window.showWarningMessage, description.summary);
  // A command that changes nothing must say so; one that changes the file under the cursor has been seen to work.
  else if (result.groups.length === 0) void offerDetails(context, vscode.window.showInformationMessage, description.summary);
  else if (result.applied) vscode.window.setStatusBarMessage(description.summary, messageTime);
  return result;
}

/** Opens what a chart's values, or a kustomize patch, would need, beside the template that cannot be edited. */
async function showSnippets(snippets: readonly string[]): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language: 'yaml', content: snippets.join('---\n') });
  await vscode.window.showTextDocument(document, { preview: true, viewColumn: vscode.ViewColumn.Beside, preserveFocus: true });
}

type ShowMessage = (message: string, ...items: string[]) => Thenable<string | undefined>;

async function offerDetails(context: CommandContext, show: ShowMessage, summary: string): Promise<void> {
  const details = vscode.l10n.t('Show Output');
  if ((await show(summary, details)) === details) context.channel.show(true);
}

async function showInfo(context: CommandContext, argument: unknown): Promise<void> {
  const uri = await target(argument);
  if (uri === undefined) return;
  const info = await execute<DocumentInfo | null>(await context.client(), serverCommands.showInfo, uri);
  if (info === null) return;
  const content = describeInfo(vscode.workspace.asRelativePath(uri), info);
  const document = await vscode.workspace.openTextDocument({ language: 'markdown', content });
  await vscode.window.showTextDocument(document, { preview: true, viewColumn: vscode.ViewColumn.Beside });
}

/** The rule of the finding under the cursor, if there is one: of several the one that underlines least, then the worst. */
function ruleAtCursor(): string | undefined {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return undefined;
  const { document, selection } = editor;
  const length = ({ range }: vscode.Diagnostic): number => document.offsetAt(range.end) - document.offsetAt(range.start);
  const [found] = vscode.languages
    .getDiagnostics(document.uri)
    .filter(({ source, range }) => source === 'bulkhead' && range.contains(selection.active))
    .sort((a, b) => length(a) - length(b) || a.severity - b.severity);
  return typeof found?.code === 'object' ? String(found.code.value) : found?.code?.toString();
}
