import * as vscode from 'vscode';
import type { BaseLanguageClient, Diagnostic } from 'vscode-languageclient';
import {
  checkFileMethod,
  type CheckFileParams,
  type CheckFileResult,
  describeCheckMethod,
  type DiagnosticData,
  type WorkspaceSummary,
} from '../../shared/src/output/protocol/workspace';
import { findCandidates } from './find-files';
import { linkCodes } from './links';
import type { Pages } from './pages';
import { noToken, type ServerAccess } from './server';

/** What checking the workspace works with. */
export interface CheckContext extends ServerAccess {
  readonly pages: Pages;
}

/** Checks all files of the workspace, and keeps what was found in those that are not open. */
export interface WorkspaceCheck extends vscode.Disposable {
  /** Checks, in place of what an earlier run has shown; a run that is still going is ended. Shows its progress. */
  run(): Promise<WorkspaceSummary | undefined>;
  /** Takes the findings of files that are not open out of Problems. */
  clear(): void;
}

/** Files that the server is asked about at a time: it reads some while it checks others, and still answers whoever types. */
const maxRequests = 4;

type Found = CheckFileResult<vscode.Diagnostic>;

/**
 * Makes the check of the workspace. Its findings are a collection of its own, beside the one of open files: a server that offers the findings of a workspace would
 * be asked for them every two seconds, from the start, wanted or not.
 */
export function createWorkspaceCheck(context: CheckContext): WorkspaceCheck {
  const collection = vscode.languages.createDiagnosticCollection('bulkhead-workspace');
  /** The files of the last run whose findings are to be shown while they are not open. */
  const files = new Map<string, vscode.Uri>();
  /** Those of them that may have changed, and are to be checked again. */
  const stale = new Set<string>();
  let rechecking = false;
  let watching: vscode.Disposable | null = null;
  let running: vscode.CancellationTokenSource | null = null;

  const clear = (): void => {
    running?.cancel();
    running = null;
    watching?.dispose();
    watching = null;
    files.clear();
    stale.clear();
    collection.clear();
    void vscode.commands.executeCommand('setContext', 'bulkhead.workspaceChecked', false);
  };
  const check = async (uri: vscode.Uri, token: vscode.CancellationToken): Promise<Found> => {
    for (let tries = 0; ; tries++) {
      const client = await context.client();
      const params: CheckFileParams = { uri: client.code2ProtocolConverter.asUri(uri) };
      try {
        const result = await client.sendRequest<CheckFileResult<Diagnostic>>(checkFileMethod, params, token);
        const diagnostics = await client.protocol2CodeConverter.asDiagnostics([...result.diagnostics]);
        await linkCodes(diagnostics, context.pages);
        return { ...result, diagnostics };
      } catch (error) {
        // a server that another file brought down is there again for the next try
        if (tries > 0 || token.isCancellationRequested) throw error;
      }
    }
  };

  /** Finds out what is in a file that is not what it was: one after the other, however many they are. Until then it shows what it showed, so that nothing flickers. */
  const recheck = async (uri: vscode.Uri): Promise<void> => {
    const key = uri.toString();
    if (!files.has(key)) return;
    stale.add(key);
    if (rechecking) return;
    rechecking = true;
    for (const next of stale) {
      // before the check: what changes during it makes another one
      stale.delete(next);
      const file = files.get(next);
      if (!file) continue;
      try {
        const found = await check(file, noToken);
        const { visibleDocuments } = await context.client();
        if (files.has(next) && !visibleDocuments.isVisible(file)) collection.set(file, found.diagnostics);
      } catch (error) {
        collection.delete(file);
        context.channel.error(`${next}: ${messageOf(error)}`);
      }
    }
    rechecking = false;
  };

  /** Follows the editors and the disk, so that nothing is shown twice, and nothing that is no longer so. */
  const watch = ({ visibleDocuments }: BaseLanguageClient): vscode.Disposable => {
    const watcher = vscode.workspace.createFileSystemWatcher('**/*');
    const changed = (uri: vscode.Uri): void => {
      if (uri.path.endsWith('/.bulkhead.yaml')) clear();
      // what is open is checked as it is edited, and once more when it is closed
      else if (!visibleDocuments.isVisible(uri)) void recheck(uri);
    };
    return vscode.Disposable.from(
      watcher,
      watcher.onDidChange(changed),
      watcher.onDidCreate(changed),
      watcher.onDidDelete(changed),
      visibleDocuments.onOpen(uris => uris.forEach(uri => collection.delete(uri))),
      // it was edited, perhaps, and saved, perhaps
      visibleDocuments.onClose(uris => uris.forEach(uri => void recheck(uri))),
      vscode.workspace.onDidChangeConfiguration(event => {
        if (event.affectsConfiguration('bulkhead')) clear();
      }),
      vscode.workspace.onDidChangeWorkspaceFolders(clear),
      vscode.workspace.onDidGrantWorkspaceTrust(clear),
    );
  };

  const runOn = async (
    progress: vscode.Progress<{ message?: string; increment?: number }>,
    token: vscode.CancellationToken,
  ): Promise<WorkspaceSummary> => {
    const settings = vscode.workspace.getConfiguration('bulkhead.workspace');
    const maxFiles = settings.get<number>('maxFiles', 5000);
    const maxFindings = settings.get<number>('maxFindings', 5000);
    const client = await context.client();
    progress.report({ message: vscode.l10n.t('looking for files') });
    const { uris, complete } = await findCandidates(client, maxFiles, token);
    watching = watch(client);
    const counts = { findings: 0, hints: 0, affected: 0, checked: 0, excluded: 0, failed: 0, looked: 0 };
    let entries = 0;
    const take = (uri: vscode.Uri, { state, reason, diagnostics }: Found): void => {
      if (state === 'excluded' || state === 'disabled') counts.excluded++;
      else if (state === 'unreadable' || state === 'failed') {
        counts.failed++;
        context.channel.warn(`${vscode.workspace.asRelativePath(uri)}: ${reason ?? state}`);
      } else if (state !== 'ignored') counts.checked++;
      if (diagnostics.length === 0) return;
      counts.findings += countFindings(diagnostics);
      counts.hints += countFindings(diagnostics.filter(({ severity }) => severity === vscode.DiagnosticSeverity.Hint));
      counts.affected++;
      const room = diagnostics.slice(0, Math.max(0, maxFindings - entries));
      entries += diagnostics.length;
      if (room.length === 0) return;
      files.set(uri.toString(), uri);
      if (!client.visibleDocuments.isVisible(uri)) collection.set(uri, room);
    };
    const queue = uris.values();
    const work = async (): Promise<void> => {
      for (const uri of queue) {
        if (token.isCancellationRequested) return;
        try {
          const found = await check(uri, token);
          // what comes late belongs to a run that another has replaced
          if (token.isCancellationRequested) return;
          take(uri, found);
        } catch (error) {
          if (token.isCancellationRequested) return;
          counts.failed++;
          context.channel.error(`${vscode.workspace.asRelativePath(uri)}: ${messageOf(error)}`);
        }
        counts.looked++;
        const message = vscode.l10n.t('{0} of {1} files, {2} findings', counts.looked, uris.length, counts.findings);
        progress.report({ message, increment: 100 / uris.length });
      }
    };
    await Promise.all(Array.from({ length: maxRequests }, work));
    return {
      ...counts,
      candidates: uris.length,
      fileLimit: complete ? null : maxFiles,
      findingLimit: entries > maxFindings ? maxFindings : null,
      cancelled: token.isCancellationRequested,
    };
  };

  return {
    async run() {
      if (vscode.workspace.workspaceFolders === undefined) {
        void vscode.window.showInformationMessage(vscode.l10n.t('Open a folder first.'));
        return undefined;
      }
      clear();
      const source = (running = new vscode.CancellationTokenSource());
      const options = {
        location: vscode.ProgressLocation.Notification,
        title: vscode.l10n.t('Bulkhead: checking the workspace'),
        cancellable: true,
      };
      try {
        const summary = await vscode.window.withProgress(options, async (progress, token) => {
          token.onCancellationRequested(() => source.cancel());
          return await runOn(progress, source.token);
        });
        // another run has taken its place, or what it found is not wanted any more
        if (running !== source) return undefined;
        void vscode.commands.executeCommand('setContext', 'bulkhead.workspaceChecked', files.size > 0);
        void tell(summary, context);
        return summary;
      } finally {
        if (running === source) running = null;
        source.dispose();
      }
    },
    clear,
    dispose() {
      clear();
      collection.dispose();
    },
  };
}

/** How many findings some entries are: what is shown as one may be several. */
function countFindings(diagnostics: readonly vscode.Diagnostic[]): number {
  return diagnostics.reduce((sum, diagnostic) => {
    const { data } = diagnostic as { readonly data?: Partial<DiagnosticData> };
    return sum + (data?.findings?.length ?? 1);
  }, 0);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Says what came of it, once; the findings are in Problems, which is shown. */
async function tell(summary: WorkspaceSummary, { channel, client }: ServerAccess): Promise<void> {
  if (summary.findings > summary.hints) await vscode.commands.executeCommand('workbench.actions.view.problems');
  const output = vscode.l10n.t('Show Output');
  const isWarning = summary.failed > 0;
  const show = isWarning ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
  const text = await (await client()).sendRequest<string>(describeCheckMethod, summary);
  if ((await show(text, ...(isWarning ? [output] : []))) === output) channel.show(true);
}
