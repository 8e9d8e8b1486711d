import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import type { ConvertParams, ConvertResult, ConvertTarget } from '../../shared/src/output/protocol/convert';
import { commands as serverCommands } from '../../shared/src/output/protocol/messages';
import { execute, type ServerAccess } from './server';

/** Palette: what is selected, else what stands under the cursor, else what somebody pastes. `target`: asked for where it is not known. */
export async function convert(context: ServerAccess, target?: ConvertTarget): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const client = await context.client();
  const uri = editor && client.code2ProtocolConverter.asUri(editor.document.uri);
  const chosen = target ?? (await chooseTarget());
  if (chosen === undefined) return;
  const about = { target: chosen, ...(uri !== undefined && { uri }) };
  const result = editor ? await ask(client, { ...about, ...sourceIn(editor) }) : null;
  // what a document says of the place goes no further: nothing there, and a text is asked for
  if (result !== null) return show(context, result);
  const text = await paste();
  if (text !== undefined) await show(context, await ask(client, { ...about, text, pasted: true }));
}

/** The light bulb's: the place and the target are known. */
export async function convertHere(context: ServerAccess, params: ConvertParams): Promise<void> {
  await show(context, await ask(await context.client(), params));
}

function ask(client: BaseLanguageClient, params: ConvertParams): Promise<ConvertResult | null> {
  return execute(client, serverCommands.convertText, params);
}

/** What is selected, else the place of the cursor. */
function sourceIn({ document, selection: { isEmpty, active }, selection }: vscode.TextEditor): Omit<ConvertParams, 'target'> {
  const { line, character } = active;
  return isEmpty ? { text: document.getText(), position: { line, character } } : { text: document.getText(selection) };
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
async function paste(): Promise<string | undefined> {
  const clipboard = await vscode.env.clipboard.readText();
  const isCommand = clipboard.length < 20_000 && /\b(?:docker|podman|nerdctl)\b.{0,200}\b(?:run|create)\b/.test(clipboard);
  const value = isCommand ? clipboard.replace(/\r?\n/g, ' ') : '';
  const text = await vscode.window.showInputBox({
    value,
    prompt: vscode.l10n.t('Paste a docker run command'),
    placeHolder: 'docker run -d --name web -p 8080:80 nginx:1.29.1',
    ignoreFocusOut: true,
  });
  if (text?.trim()) return text === value ? clipboard : text;
  return undefined;
}

async function show({ channel }: ServerAccess, result: ConvertResult | null): Promise<void> {
  if (result === null) {
    void vscode.window.showInformationMessage(vscode.l10n.t('No command or service here can be converted.'));
    return;
  }
  if (!result.ok) {
    void vscode.window.showErrorMessage(result.message);
    return;
  }
  const { text, languageId, notes, left, summary } = result;
  // not every version has the language of Compose files
  const language = (await vscode.languages.getLanguages()).includes(languageId) ? languageId : 'yaml';
  const document = await vscode.workspace.openTextDocument({ language, content: text });
  await vscode.window.showTextDocument(document);
  for (const line of notes) channel.info(line);
  for (const { rule, message } of left) channel.info(`${message} [${rule}]`);
  const details = vscode.l10n.t('Show Output');
  const said = summary === null ? Promise.resolve() : vscode.window.showInformationMessage(summary, details);
  void said.then(answer => answer === details && channel.show(true));
}
