import * as vscode from 'vscode';
import type { ConvertParams } from '../../shared/src/output/protocol/convert';
import { commands as serverCommands, type DocumentInfo, type HardenFileResult } from '../../shared/src/output/protocol/messages';
import type { PolicyParams } from '../../shared/src/output/protocol/policies';
import type { ScanImagesParams } from '../../shared/src/output/protocol/scan';
import type { ProveParams, ProveResult } from '../../shared/src/output/protocol/trial';
import type { WorkspaceCheck } from './check-workspace';
import { convert, convertHere } from './convert';
import { createConfiguration } from './create-configuration';
import { did } from './getting-started';
import { answerQuestions, fillPlaces, showEffective } from './interview';
import { originalOf } from './harden/diff';
import type { Harden } from './harden/harden';
import type { Row } from './harden/rows';
import type { Pages } from './pages';
import type { PostureView } from './posture';
import { clearRegistryCache, lookUp, lookUpArchive, lookUpWorkspace, pin, pinWorkspace } from './pin';
import { prove } from './prove';
import type { Scans, ScanRow } from './scans';
import { isCandidate } from './selector';
import { execute, type ServerAccess } from './server';
import type { Texts } from './texts';
import { verifySignatures, writeIntoTerminal } from './verify';
import { writePipeline } from './write-pipeline';
import { writePolicy, writePolicyHere } from './write-policy';

/** What the commands work with. */
export interface CommandContext extends ServerAccess {
  readonly harden: Harden;
  readonly pages: Pages;
  readonly posture: PostureView;
  readonly workspaceCheck: WorkspaceCheck;
  readonly scans: Scans;
  /** Read-only documents. */
  readonly texts: Texts;
  restart(): Promise<void>;
}

/** How long the result of a command stays in the status bar, in milliseconds. */
const messageTime = 8000;

/** Registers the palette's commands. Their work is done by the server, so that other editors have it too; here it is shown. */
export function registerCommands(context: CommandContext): vscode.Disposable {
  const { harden } = context;
  const register = (name: string, run: (...args: unknown[]) => unknown): vscode.Disposable =>
    vscode.commands.registerCommand(`bulkhead.${name}`, async (...args: unknown[]) => {
      try {
        return await run(...args);
      } catch (error) {
        // The palette would block the window with a dialog.
        const message = error instanceof Error ? error.message : String(error);
        context.channel.error(message);
        void offerDetails(context, vscode.window.showErrorMessage, message);
        return undefined;
      }
    });
  return vscode.Disposable.from(
    register('harden', argument => onTarget(argument, uri => harden.open(uri))),
    register('hardenWorkspace', () => harden.openWorkspace()),
    register('hardenTick', (uri, id, on) => harden.tick(uri as vscode.Uri, String(id), on === true)),
    register('hardenToggle', () => harden.toggleFocused()),
    register('hardenShow', row => harden.show(row as Row)),
    register('hardenApply', () => harden.apply(false)),
    register('hardenApplySafe', () => harden.apply(true)),
    register('hardenDiscard', () => harden.discard()),
    register('hardenWrite', argument => withShown(argument, uri => harden.elsewhere.write(uri))),
    register('hardenCopy', argument => withShown(argument, uri => harden.elsewhere.copy(uri))),
    register('answerQuestions', argument =>
      answerQuestions(context, (argument as { readonly uris?: vscode.Uri[] } | undefined)?.uris ?? harden.uris()),
    ),
    register('fillPlaces', argument => onTarget(argument, uri => fillPlaces(context, uri))),
    register('showEffective', argument => onTarget(argument, uri => showEffective(context, uri))),
    register('fixAll', argument => fixAll(context, argument)),
    register('pin', argument => onTarget(argument, uri => pin(context, [uri]))),
    register('pinWorkspace', () => pinWorkspace(context)),
    register('lookUp', argument => onTarget(argument, uri => lookUp(context, uri))),
    register('lookUpWorkspace', () => lookUpWorkspace(context)),
    register('lookUpArchive', picked => lookUpArchive(context, picked as vscode.Uri | undefined)),
    register('verifySignaturesHere', argument => onTarget(argument, uri => verifySignatures(context, uri))),
    register('writeCommand', command => writeIntoTerminal(String(command))),
    register('scanImage', async argument => {
      const params = has(argument, 'position') ? (argument as ScanImagesParams) : await atCursor(context, argument);
      return params === undefined ? undefined : await context.scans.scan(params);
    }),
    register('prove', argument => proveHere(context, argument)),
    register('scanAllImages', async () => {
      if (vscode.workspace.workspaceFolders !== undefined) return await context.scans.scanWorkspace();
      const params = await atCursor(context, undefined);
      return params === undefined ? undefined : await context.scans.scan({ uri: params.uri });
    }),
    register('clearScanResults', () => context.scans.clear()),
    register('openAdvisory', row => context.scans.openAdvisory(row as ScanRow)),
    // a menu gives the selected rows as a second argument
    register('ignoreVulnerability', (row, reason) => context.scans.ignore(row as ScanRow, typeof reason === 'string' ? reason : undefined)),
    register('checkWorkspace', () => context.workspaceCheck.run()),
    register('showPosture', () => context.posture.show()),
    register('refreshPosture', () => context.posture.show()),
    register('openPosturedFile', place => context.posture.open(place)),
    register('clearWorkspaceFindings', () => context.workspaceCheck.clear()),
    register('clearRegistryCache', () => clearRegistryCache(context)),
    register('showFileInfo', argument => showInfo(context, argument)),
    register('explainRule', argument => context.pages.explain(typeof argument === 'string' ? argument : ruleAtCursor())),
    register('convert', () => convert(context)),
    register('hardenCommand', () => convert(context, 'command')),
    register('convertHere', params => convertHere(context, params as ConvertParams)),
    register('createConfig', () => createConfiguration()),
    register('writeImagePolicy', argument => writePolicy(context, 'image', argument)),
    register('writeNetworkPolicy', argument => writePolicy(context, 'network', argument)),
    register('writePolicyHere', params => writePolicyHere(context, params as PolicyParams)),
    register('writePipeline', async argument => writePipeline(await context.client(), namedBy(argument))),
    register('restart', () => context.restart()),
    register('showOutput', () => context.channel.show(true)),
  );
}

/** The document that a command is about: its argument (from a menu, a code action or another extension), else the active editor's. */
async function target(argument: unknown, isMeant = isCandidate): Promise<vscode.Uri | undefined> {
  const named = namedBy(argument);
  if (named !== undefined) {
    // The server knows open documents only.
    await vscode.workspace.openTextDocument(named);
    return named;
  }
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  // somebody who reads the walkthrough, or another page, means the file beside it
  const shown = activeTextEditor === undefined ? visibleTextEditors : [activeTextEditor];
  const [document, another] = shown.map(editor => editor.document).filter(isMeant);
  if (document !== undefined && another === undefined) return document.uri;
  const original = activeTextEditor === undefined ? undefined : originalOf(activeTextEditor.document.uri);
  if (original !== undefined) return original;
  void vscode.window.showInformationMessage(
    vscode.l10n.t('First, open a file that Bulkhead checks, such as a Dockerfile, a manifest or a Compose file.'),
  );
  return undefined;
}

async function onTarget<Result>(argument: unknown, run: (uri: vscode.Uri) => Promise<Result>): Promise<Result | undefined> {
  const uri = await target(argument);
  return uri === undefined ? undefined : await run(uri);
}

/** The document that an argument of a menu, a code action or another extension names. */
function namedBy(argument: unknown): vscode.Uri | undefined {
  if (argument instanceof vscode.Uri) return argument;
  const isNamed = typeof argument === 'object' && argument !== null && 'uri' in argument && typeof argument.uri === 'string';
  return isNamed ? vscode.Uri.parse(argument.uri as string, true) : undefined;
}

/** Proves what an action of the light bulb, or a lens, names, else what is at the cursor. */
async function proveHere(context: CommandContext, argument: unknown): Promise<ProveResult | undefined> {
  const params = has(argument, 'name') ? (argument as ProveParams) : await atCursor(context, argument);
  return params === undefined ? undefined : await prove(context, params);
}

/** Whether an action of the light bulb, or a lens, has said already what is meant of a document. */
const has = (argument: unknown, member: string): boolean => typeof argument === 'object' && argument !== null && member in argument;

/** The place of the cursor in the document that is meant. */
async function atCursor(
  context: CommandContext,
  argument: unknown,
): Promise<{ readonly uri: string; readonly position?: Required<ScanImagesParams>['position'] } | undefined> {
  const uri = await target(argument);
  if (uri === undefined) return undefined;
  const { code2ProtocolConverter: convert } = await context.client();
  const editor = vscode.window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri.toString());
  return { uri: convert.asUri(uri), ...(editor && { position: convert.asPosition(editor.selection.active) }) };
}

async function fixAll(context: CommandContext, argument: unknown): Promise<HardenFileResult | undefined> {
  const uri = await target(argument);
  if (uri === undefined) return undefined;
  const client = await context.client();
  const result = await execute<HardenFileResult>(client, serverCommands.fixAllSafe, { uri: client.code2ProtocolConverter.asUri(uri) });
  if (result.applied) did('fix');
  const description = result.words;
  for (const line of description.details) context.channel.info(line);
  if (description.warning) await offerDetails(context, vscode.window.showWarningMessage, description.summary);
  // A command that changes nothing must say so; one that changes the file under the cursor has been seen to work.
  else if (result.groups.length === 0) void offerDetails(context, vscode.window.showInformationMessage, description.summary);
  else if (result.applied) vscode.window.setStatusBarMessage(description.summary, messageTime);
  return result;
}

/** Runs what is about a text for another file: the one that a menu names, else the one in the active editor. */
async function withShown<Result>(argument: unknown, run: (uri: vscode.Uri) => Promise<Result>): Promise<Result | undefined> {
  const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
  return uri === undefined ? undefined : await run(uri);
}

type ShowMessage = (message: string, ...items: string[]) => Thenable<string | undefined>;

async function offerDetails(context: CommandContext, show: ShowMessage, summary: string): Promise<void> {
  const details = vscode.l10n.t('Show Output');
  if ((await show(summary, details)) === details) context.channel.show(true);
}

/** Shows why a file is checked as it is, or not; one that is never handed over goes with the question. */
async function showInfo({ client, texts }: CommandContext, argument: unknown): Promise<void> {
  const uri = await target(argument, ({ uri: shown }) => originalOf(shown) === undefined);
  if (uri === undefined) return;
  const document = await vscode.workspace.openTextDocument(uri);
  const running = await client();
  const text = isCandidate(document) ? {} : { languageId: document.languageId, text: document.getText() };
  const asked = { uri: running.code2ProtocolConverter.asUri(uri), ...text };
  const info = await execute<DocumentInfo | null>(running, serverCommands.showInfo, asked);
  if (info) await texts.showPage(`${vscode.workspace.asRelativePath(uri)}.md`, info.page);
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
