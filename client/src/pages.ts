import * as vscode from 'vscode';

/** Scheme of the virtual documents that hold the pages of rules. */
const scheme = 'bulkhead-page';

/** The virtual document of a rule's page. */
export function pageUri(rule: string): vscode.Uri {
  return vscode.Uri.from({ scheme, path: `/${rule}.md`, query: rule });
}

/** The pages of the rules, shipped with the extension: they need no network. */
export interface Pages extends vscode.Disposable {
  /** The rules that have a page. */
  known(): Promise<ReadonlyMap<string, unknown>>;
  /** Shows the page of a rule; gives false where there is none. */
  open(rule: string): Promise<boolean>;
  /** Shows the page of a rule, or lets the user choose one. */
  explain(rule: string | undefined): Promise<void>;
}

/** Takes the folder of the extension. The pages are read when the first one is asked for. */
export function createPages(extensionUri: vscode.Uri): Pages {
  let loading: Promise<ReadonlyMap<string, string>> | undefined;
  const load = (): Promise<ReadonlyMap<string, string>> => (loading ??= readPages(vscode.Uri.joinPath(extensionUri, 'dist/rules.json')));

  const provider: vscode.TextDocumentContentProvider = {
    provideTextDocumentContent: async uri => (await load()).get(uri.query) ?? '',
  };
  const registration = vscode.workspace.registerTextDocumentContentProvider(scheme, provider);

  const open = async (rule: string): Promise<boolean> => {
    if (!(await load()).has(rule)) return false;
    const uri = pageUri(rule);
    try {
      await vscode.commands.executeCommand('markdown.showPreview', uri);
    } catch {
      // The Markdown extension can be switched off.
      await vscode.window.showTextDocument(uri, { preview: true });
    }
    return true;
  };
  return {
    known: load,
    open,
    async explain(rule) {
      if (rule !== undefined && (await open(rule))) return;
      const items = [...(await load())].map(([id, page]) => ({ label: id, detail: titleOf(page) }));
      const placeHolder = vscode.l10n.t('Which rule?');
      const chosen = await vscode.window.showQuickPick(items, { placeHolder, matchOnDetail: true });
      if (chosen !== undefined) await open(chosen.label);
    },
    dispose() {
      registration.dispose();
    },
  };
}

/** Reads the bundled pages: an object from rule id to Markdown. An unreadable file gives none. */
async function readPages(uri: vscode.Uri): Promise<ReadonlyMap<string, string>> {
  try {
    const content: unknown = JSON.parse(new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)));
    const entries = Object.entries(content as Record<string, unknown>);
    return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch {
    return new Map();
  }
}

function titleOf(page: string): string {
  return /^# (.+)$/m.exec(page)?.[1] ?? '';
}
