import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import type { PlannedElsewhere } from '../../../shared/src/output/protocol/messages';
import { createTexts } from '../texts';
import { requestPlan } from './requests';
import { baseName, editsOf } from './words';

/** Texts for another file. Menus of the manifest know the schemes: those of the first can be written to their file, the others only copied. */
const writableScheme = 'bulkhead-elsewhere';
const copyScheme = 'bulkhead-snippet';

/** What harden would write into another file than the one that was asked about: a chart's values, a kustomize patch. */
export interface Elsewhere extends vscode.Disposable {
  /** Shows a text as a read-only document. */
  show(source: vscode.Uri, item: PlannedElsewhere): Promise<vscode.Uri>;
  /** Shows all texts of a file, and offers to write or copy the first one. */
  offer(source: vscode.Uri, items: readonly PlannedElsewhere[], message: string): Promise<void>;
  /** Writes a shown text to the file that it belongs into; gives that file, or `undefined` where it did not. */
  write(shown: vscode.Uri): Promise<vscode.Uri | undefined>;
  copy(shown: vscode.Uri): Promise<void>;
}

/** A text that is shown, and the file that it was made for. */
interface Shown {
  readonly source: vscode.Uri;
  readonly item: PlannedElsewhere;
}

/** Makes the documents. `client` gives the running client, or throws with a readable message. */
export function createElsewhere(client: () => Promise<BaseLanguageClient>): Elsewhere {
  const writable = createTexts(writableScheme);
  const others = createTexts(copyScheme);
  const shown = new Map<string, Shown>();

  const show = async (source: vscode.Uri, item: PlannedElsewhere, preview = true): Promise<vscode.Uri> => {
    const texts = item.target === null ? others : writable;
    const text = `# ${item.title.replace(/[\r\n]+/g, ' ')}\n${item.text}`;
    const uri = texts.put(nameOf(source, item), text);
    shown.set(uri.toString(), { source, item });
    await vscode.window.showTextDocument(uri, { preview, viewColumn: vscode.ViewColumn.Beside, preserveFocus: true });
    return uri;
  };
  const find = (uri: vscode.Uri): Shown => {
    const found = shown.get(uri.toString());
    if (found === undefined) throw new Error(vscode.l10n.t('This text is from an earlier window. Harden the file again.'));
    return found;
  };
  const copy = async (uri: vscode.Uri): Promise<void> => {
    await vscode.env.clipboard.writeText(find(uri).item.text);
    vscode.window.setStatusBarMessage(vscode.l10n.t('Copied'), 4000);
  };
  const write = async (uri: vscode.Uri): Promise<vscode.Uri | undefined> => {
    const { source, item } = find(uri);
    // The file may have changed since: what is written is made for the text of now.
    const plan = await requestPlan(await client(), source);
    const name = vscode.workspace.asRelativePath(source);
    const now = plan?.elsewhere.find(({ title, target }) => title === item.title && target?.uri === item.target?.uri);
    if (now?.target == null) throw new Error(vscode.l10n.t('{0} no longer needs this change.', name));
    if (now.text !== item.text) {
      await show(source, now);
      throw new Error(vscode.l10n.t('{0} has changed: the text was updated, and nothing was written.', name));
    }
    const target = (await client()).protocol2CodeConverter.asUri(now.target.uri);
    const edit = new vscode.WorkspaceEdit();
    if (now.target.exists) edit.set(target, editsOf(now.target));
    else edit.createFile(target, { contents: new TextEncoder().encode(now.target.newText) });
    if (!(await vscode.workspace.applyEdit(edit))) {
      throw new Error(vscode.l10n.t('{0} could not be changed.', vscode.workspace.asRelativePath(target)));
    }
    await vscode.window.showTextDocument(target, { preview: false });
    return target;
  };

  return {
    show,
    copy,
    write,
    async offer(source, items, message) {
      const documents: vscode.Uri[] = [];
      // the next one would take the place of a preview
      for (const item of items) documents.push(await show(source, item, items.length === 1));
      const [first] = items;
      const [document] = documents;
      if (first === undefined || document === undefined) return;
      const button =
        first.target === null
          ? vscode.l10n.t('Copy')
          : vscode.l10n.t('Write to {0}', baseName((await client()).protocol2CodeConverter.asUri(first.target.uri)));
      if ((await vscode.window.showInformationMessage(message, button)) !== button) return;
      await (first.target === null ? copy(document) : write(document));
    },
    dispose() {
      writable.dispose();
      others.dispose();
    },
  };
}

/** A name for the tab: that of the file that the text belongs into, below the file that it was made for. */
function nameOf(source: vscode.Uri, { target }: PlannedElsewhere): string {
  const file = target === null ? 'patch.yaml' : baseName({ path: target.uri });
  return `${vscode.workspace.asRelativePath(source)}/${decodeURIComponent(file)}`;
}
