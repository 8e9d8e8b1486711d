import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { commands as serverCommands } from '../../shared/src/output/protocol/messages';
import type { PolicyParams, PolicyResult } from '../../shared/src/output/protocol/policies';
import { askForFolder, writeNew } from './new-file';
import { execute, type ServerAccess } from './server';

/** What a policy is written from, and the folder that it goes to. */
interface Source {
  readonly params: PolicyParams;
  readonly folder: vscode.Uri;
}

/** Palette, and the menu of a folder (`argument`): for what the active editor shows, else for a workspace folder. Gives the file that was written. */
export async function writePolicy(context: ServerAccess, kind: PolicyParams['kind'], argument: unknown): Promise<vscode.Uri | undefined> {
  const source = await sourceOf(await context.client(), kind, argument);
  return source && (await write(context, source));
}

/** The light bulb's: what is known is not asked. */
export async function writePolicyHere(context: ServerAccess, params: PolicyParams): Promise<vscode.Uri | undefined> {
  const uri = (await context.client()).protocol2CodeConverter.asUri(params.uri);
  return await write(context, { params, folder: vscode.Uri.joinPath(uri, '..') });
}

async function sourceOf(client: BaseLanguageClient, kind: PolicyParams['kind'], argument: unknown): Promise<Source | undefined> {
  const asUri = (uri: vscode.Uri): string => client.code2ProtocolConverter.asUri(uri);
  const active = vscode.window.activeTextEditor?.document.uri;
  const named = argument instanceof vscode.Uri ? argument : undefined;
  const known = named ?? (active && vscode.workspace.getWorkspaceFolder(active) ? active : undefined);
  const folder = known ?? (await askForFolder(vscode.l10n.t('Open a folder first.')))?.uri;
  if (folder === undefined) return undefined;
  const isFolder = folder !== active && ((await vscode.workspace.fs.stat(folder)).type & vscode.FileType.Directory) !== 0;
  return { params: { kind, uri: asUri(folder), isFolder }, folder: isFolder ? folder : vscode.Uri.joinPath(folder, '..') };
}

/** Asks for what is left open, one thing after the other, until there is a text; `undefined`: somebody did not want to go on. */
async function write(context: ServerAccess, { params, folder }: Source): Promise<vscode.Uri | undefined> {
  let asked = params.kind === 'image' && params.engine === undefined ? await withEngine(params) : params;
  while (asked !== undefined) {
    const result = await execute<PolicyResult>(await context.client(), serverCommands.policyText, asked);
    if (result.ok) return await keep(context, folder, result);
    if ('message' in result) {
      void vscode.window.showWarningMessage(result.message);
      return undefined;
    }
    asked = await choose(asked, result);
  }
  return undefined;
}

async function withEngine(params: PolicyParams): Promise<PolicyParams | undefined> {
  const items = [
    { label: 'Kyverno', description: 'ImageValidatingPolicy', engine: 'kyverno' },
    { label: 'Sigstore policy-controller', description: 'ClusterImagePolicy', engine: 'sigstore' },
  ] as const;
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('What should enforce the policy?') });
  return chosen && { ...params, engine: chosen.engine };
}

async function choose(
  params: PolicyParams,
  { choose: what, among }: Extract<PolicyResult, { choose: unknown }>,
): Promise<PolicyParams | undefined> {
  if (what === 'namespace') {
    const namespace = await vscode.window.showQuickPick(among, { placeHolder: vscode.l10n.t('Network policies for which namespace?') });
    return namespace === undefined ? undefined : { ...params, namespace };
  }
  if (what === 'images') {
    const placeHolder = vscode.l10n.t('Which of these images are signed?');
    const images = await vscode.window.showQuickPick(among, { placeHolder, canPickMany: true });
    return images === undefined || images.length === 0 ? undefined : { ...params, images };
  }
  const signer = await chooseSigner();
  return signer && { ...params, signer };
}

async function chooseSigner(): Promise<PolicyParams['signer'] | undefined> {
  const items = [
    { label: vscode.l10n.t('A public key'), description: 'cosign.pub', who: 'key' },
    { label: vscode.l10n.t('A workflow or a person, with keyless signing'), description: 'keyless', who: 'identity' },
  ] as const;
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Who signs the images?') });
  if (chosen === undefined) return undefined;
  if (chosen.who === 'key') {
    const [file] = (await vscode.window.showOpenDialog({ title: vscode.l10n.t('Public key'), canSelectMany: false })) ?? [];
    return file && { key: new TextDecoder().decode(await vscode.workspace.fs.readFile(file)) };
  }
  const identity = await vscode.window.showInputBox({
    prompt: vscode.l10n.t('The identity in the certificate; * matches any characters'),
    placeHolder: 'https://github.com/acme/web/.github/workflows/release.yml@refs/tags/v*',
    ignoreFocusOut: true,
  });
  if (!identity) return undefined;
  const issuer = await vscode.window.showInputBox({
    prompt: vscode.l10n.t('The issuer that vouches for the identity'),
    value: 'https://token.actions.githubusercontent.com',
    ignoreFocusOut: true,
  });
  return issuer ? { identity, issuer } : undefined;
}

/** Makes the file, opens it, and says what is left. One that is there already is opened and stays as it is. */
async function keep(
  { channel }: ServerAccess,
  folder: vscode.Uri,
  { text, fileName, left }: Extract<PolicyResult, { ok: true }>,
): Promise<vscode.Uri | undefined> {
  const uri = await writeNew(vscode.Uri.joinPath(folder, fileName), text);
  if (uri === undefined) return undefined;
  for (const clause of left) channel.info(`${fileName}: ${clause}`);
  if (left.length > 0)
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        '{0}: {1} items are left for you to resolve; see the first lines of the file and the output channel.',
        fileName,
        left.length,
      ),
    );
  return uri;
}
