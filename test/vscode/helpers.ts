import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';

/** What the manifest names; who publishes it is not decided yet. */
export const extensionId = vscode.extensions.all.find(({ id }) => id.endsWith('.bulkhead'))?.id ?? 'no extension';

/** Asks again until there is an answer: everything between two processes takes its time. Fails with the last error. */
export async function eventually<Value>(what: string, ask: () => Value | Promise<Value>, timeout = 30_000): Promise<NonNullable<Value>> {
  const end = Date.now() + timeout;
  let last: unknown;
  for (;;) {
    try {
      const value = await ask();
      if (value !== undefined && value !== null && value !== false) return value;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`${what}: not within ${timeout} ms${last instanceof Error ? `: ${last.message}` : ''}`);
    await pause(50);
  }
}

/** Resolves after so many milliseconds. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds));
}

/** The first workspace folder, or the one of that name. */
export function folder(name?: string): vscode.Uri {
  const found = vscode.workspace.workspaceFolders?.find(candidate => name === undefined || candidate.name === name);
  assert.ok(found, `no workspace folder ${name ?? ''}`);
  return found.uri;
}

/** Writes a file into a fresh folder of the workspace. */
export async function writeFile(name: string, text: string, parent = folder()): Promise<vscode.Uri> {
  const uri = vscode.Uri.joinPath(parent, `case-${crypto.randomUUID().slice(0, 8)}`, name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return uri;
}

/** Writes a file into a fresh folder and opens it. */
export async function open(name: string, text: string, parent = folder()): Promise<vscode.TextEditor> {
  // Not as a preview: the next file would take its place and its findings would go.
  return vscode.window.showTextDocument(await writeFile(name, text, parent), { preview: false });
}

/** Our diagnostics of a document. */
export function findings(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'bulkhead');
}

/** The rule of a diagnostic. */
export function ruleOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === 'object' ? code.value : code);
}

/** The rules of the findings that a diagnostic stands for: of one, or of all that are shown as one. */
export function rulesIn(diagnostic: vscode.Diagnostic): readonly string[] {
  const { data } = diagnostic as { readonly data?: { readonly findings?: readonly { readonly rule: string }[] } };
  return data?.findings?.map(({ rule }) => rule) ?? [ruleOf(diagnostic)];
}

/** Waits for the findings of a rule. */
export function findingsOf(uri: vscode.Uri, rule: string): Promise<vscode.Diagnostic[]> {
  return eventually(`findings of ${rule}`, () => {
    const found = findings(uri).filter(diagnostic => rulesIn(diagnostic).includes(rule));
    return found.length > 0 ? found : undefined;
  });
}

/** Waits until a rule has no findings. Something else must have been reported before, or this proves nothing. */
export function gone(uri: vscode.Uri, rule: string): Promise<true> {
  return eventually(`no finding of ${rule}`, () => findings(uri).every(diagnostic => !rulesIn(diagnostic).includes(rule)) || undefined);
}

/** The text that a diagnostic underlines, and where: `line:character text`, counted from 0. */
export function underlined(document: vscode.TextDocument, { range }: vscode.Diagnostic): string {
  return `${range.start.line}:${range.start.character} ${document.getText(range)}`;
}

/** Waits for code actions at a range. VS Code gives none at all when a provider registers meanwhile, so it is asked again. */
export function actionsAt(uri: vscode.Uri, range: vscode.Range, kind?: string): Promise<vscode.CodeAction[]> {
  return eventually('code actions', async () => {
    const found = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', uri, range, kind, 50);
    return found.length > 0 ? found : undefined;
  });
}

/**
 * Closes all editors without saving, so that a failed test does not disturb the next one. Busy, VS Code may owe an answer for good, though it
 * has done what was asked, or may have dropped the request: what counts is what is open, and it is asked again.
 */
export async function closeAll(): Promise<void> {
  const asked = (answer: Thenable<unknown>): Promise<unknown> => Promise.race([answer, pause(3000)]);
  const dirty = (): vscode.TextDocument[] => vscode.workspace.textDocuments.filter(({ isDirty, isClosed }) => isDirty && !isClosed);
  await eventually(
    'all editors to close',
    async () => {
      for (const document of dirty()) {
        // another editor may open meanwhile, such as the settings that a test has changed
        await asked(vscode.window.showTextDocument(document));
        if (vscode.window.activeTextEditor?.document !== document) return false;
        await asked(vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor'));
      }
      // closing an editor with changes would bring up a dialog
      if (dirty().length > 0) return false;
      await asked(vscode.commands.executeCommand('workbench.action.closeAllEditors'));
      return vscode.window.tabGroups.all.every(({ tabs }) => tabs.length === 0);
    },
    60_000,
  );
}

/** What VS Code has of tools since 1.95; the types are those of the oldest that is supported. */
interface Tools {
  readonly tools: readonly { readonly name: string }[];
  invokeTool(
    name: string,
    options: { readonly input: object; readonly toolInvocationToken: undefined },
    token?: vscode.CancellationToken,
  ): Thenable<{ readonly content: readonly { readonly value: string }[] }>;
}
const { lm } = vscode as unknown as { readonly lm: Tools };

/** Our tools that language models are offered. */
export function toolNames(): readonly string[] {
  return lm.tools.map(({ name }) => name).filter(name => name.startsWith('bulkhead_'));
}

/** What a tool answers a model. No model is needed, and in a test run VS Code takes every confirmation for given. */
export async function callTool(name: string, input: object, token?: vscode.CancellationToken): Promise<string> {
  const { content } = await lm.invokeTool(name, { input, toolInvocationToken: undefined }, token);
  return content.map(({ value }) => value).join('');
}
