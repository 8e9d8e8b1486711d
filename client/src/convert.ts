import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import type { ConvertParams, ConvertResult, ConvertTarget } from '../../shared/src/output/protocol/convert';
import { commands as serverCommands } from '../../shared/src/output/protocol/messages';
import { execute, type ServerAccess } from './server';

/** What is converted: a text, or a place in a document that the server knows. */
type Source = Omit<ConvertParams, 'target'>;

/** Palette: what is selected, else what stands under the cursor, else what somebody pastes. `target`: asked for where it is not known. */
export async function convert(context: ServerAccess, target?: ConvertTarget): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const client = await context.client();
  const source = editor && (await sourceIn(client, editor));
  const chosen = target ?? (await chooseTarget());
  if (chosen === undefined) return;
  if (source) {
    const result = await ask(client, { ...source, target: chosen });
    // what a document says of the place goes no further: nothing there, and a text is asked for
    if (result !== null) return show(context, result);
  }
  const text = await pasted();
  if (text === undefined) return;
  const uri = editor && client.code2ProtocolConverter.asUri(editor.document.uri);
  await show(context, await ask(client, { target: chosen, text, ...(uri !== undefined && { uri }) }));
}

/** The light bulb's: the place and the target are known. */
export async function convertHere(context: ServerAccess, params: ConvertParams): Promise<void> {
  await show(context, await ask(await context.client(), params));
}

function ask(client: BaseLanguageClient, params: ConvertParams): Promise<ConvertResult | null> {
  return execute(client, serverCommands.convertText, params);
}

/** A command that somebody sees in front of them. */
const command = /\b(?:docker|podman|nerdctl)\b.{0,200}\b(?:run|create)\b/;

async function sourceIn(client: BaseLanguageClient, { document, selection }: vscode.TextEditor): Promise<Source | undefined> {
  const uri = client.code2ProtocolConverter.asUri(document.uri);
  if (!selection.isEmpty) return { text: document.getText(selection), uri };
  const position = { line: selection.active.line, character: selection.active.character };
  const known = await ask(client, { target: 'kubernetes', uri, position });
  if (known !== null) return { uri, position };
  // in a document of another language: the line, and those that it continues or that continue it
  const continues = (line: number): boolean => line >= 0 && document.lineAt(line).text.trimEnd().endsWith('\\');
  let first = position.line;
  while (continues(first - 1)) first--;
  let last = position.line;
  while (continues(last) && last + 1 < document.lineCount) last++;
  const text = document.getText(new vscode.Range(first, 0, last, document.lineAt(last).text.length));
  return command.test(text) ? { text, uri } : undefined;
}

async function chooseTarget(): Promise<ConvertTarget | undefined> {
  const items: (vscode.QuickPickItem & { readonly target: ConvertTarget })[] = [
    { label: vscode.l10n.t('Compose file'), target: 'compose' },
    { label: vscode.l10n.t('Kubernetes manifests'), target: 'kubernetes' },
    { label: vscode.l10n.t('Hardened command'), target: 'command' },
  ];
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Convert to what?') });
  return chosen?.target;
}

/** The command that somebody pastes; the clipboard's, where it holds one, stands there already. */
async function pasted(): Promise<string | undefined> {
  const clipboard = await vscode.env.clipboard.readText();
  const value = clipboard.length < 20_000 && command.test(clipboard) ? oneLine(clipboard) : '';
  const text = await vscode.window.showInputBox({
    value,
    prompt: vscode.l10n.t('Paste a docker run command'),
    placeHolder: 'docker run -d --name web -p 8080:80 nginx:1.29.1',
    ignoreFocusOut: true,
  });
  if (text === undefined || text.trim() === '') return undefined;
  return text === value ? clipboard : oneLine(text);
}

/** What a box of one line makes of several: the line breaks are gone, and the backslashes in front of them continue nothing. */
function oneLine(text: string): string {
  return text
    .replace(/\\\r?\n/g, ' ')
    .replace(/\r?\n/g, ' ')
    .replace(/\\[ \t]{0,200}(?=-{1,2}[A-Za-z])|\\[ \t]{1,200}/g, ' ');
}

async function show({ channel }: ServerAccess, result: ConvertResult | null): Promise<void> {
  if (result === null) {
    void vscode.window.showInformationMessage(vscode.l10n.t('There is no command or service here that can be converted.'));
    return;
  }
  if (!result.ok) {
    void vscode.window.showErrorMessage(result.message);
    return;
  }
  const { text, languageId, notes, left } = result;
  // not every version has the language of Compose files
  const language = (await vscode.languages.getLanguages()).includes(languageId) ? languageId : 'yaml';
  const document = await vscode.workspace.openTextDocument({ language, content: text });
  await vscode.window.showTextDocument(document);
  for (const line of notes) channel.info(line);
  for (const { rule, message } of left) channel.info(`${message} [${rule}]`);
  if (notes.length + left.length > 0) void offerNotes(channel, notes.length, left.length);
}

async function offerNotes(channel: vscode.LogOutputChannel, notes: number, left: number): Promise<void> {
  const details = vscode.l10n.t('Show Output');
  const rest = left === 1 ? vscode.l10n.t('1 finding left to you') : vscode.l10n.t('{0} findings left to you', left);
  const hints = notes === 1 ? vscode.l10n.t('1 note') : vscode.l10n.t('{0} notes', notes);
  // what is left may be the worst of it
  const summary = left === 0 ? vscode.l10n.t('Converted and hardened: {0}', hints) : vscode.l10n.t('Converted, {0}: {1}', rest, hints);
  if ((await vscode.window.showInformationMessage(summary, details)) === details) channel.show(true);
}
