import * as vscode from 'vscode';
import { ProgressType } from 'vscode-languageclient';
import {
  explainRuleCommand,
  openPosturedCommand,
  postureMethod,
  type PosturedFile,
  type PostureParams,
  type PostureResult,
} from '../../shared/src/output/protocol/posture';
import { findCandidates } from './find-files';
import type { ServerAccess } from './server';

/** What came of it. */
export interface ShownPosture extends PostureResult {
  /** Whether there may be more files than were looked at. */
  readonly complete: boolean;
}

/** The posture of the workspace, as one page beside the editors. */
export interface PostureView extends vscode.Disposable {
  /** Makes the page anew, and shows it in place of the last one. Shows its progress; gives nothing where it was cancelled. */
  show(): Promise<ShownPosture | undefined>;
  /** Opens a file that the page names, by its place among those that were asked for. */
  open(place: unknown): Promise<void>;
}

/** The type of the webview, which menus ask for. */
const viewType = 'bulkhead.posture';

/** A server that a file brought down is there again, and leaves that file alone. */
const maxTries = 3;

/** Makes the view. Its page has no script, and its links run two commands of ours and nothing else. */
export function createPostureView({ channel, client }: ServerAccess): PostureView {
  let panel: vscode.WebviewPanel | null = null;
  let uris: readonly vscode.Uri[] = [];
  let runs = 0;

  const put = (html: string): void => {
    if (panel) panel.reveal(undefined, true);
    else {
      const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
      panel = vscode.window.createWebviewPanel(viewType, vscode.l10n.t('Posture'), column, {
        enableScripts: false,
        enableForms: false,
        enableFindWidget: true,
        enableCommandUris: [openPosturedCommand, explainRuleCommand],
        localResourceRoots: [],
      });
      panel.onDidDispose(() => (panel = null));
    }
    panel.webview.html = html;
  };

  const ask = async (
    folder: vscode.Uri,
    found: readonly vscode.Uri[],
    heard: (done: number) => void,
    token: vscode.CancellationToken,
  ): Promise<PostureResult> => {
    for (let tries = 1; ; tries++) {
      const running = await client();
      const asUri = (uri: vscode.Uri): string => running.code2ProtocolConverter.asUri(uri);
      const files = found.map((uri): PosturedFile => ({ uri: asUri(uri), name: vscode.workspace.asRelativePath(uri) }));
      const progress = `posture-${++runs}`;
      const params: PostureParams = { folder: asUri(folder), files, progress };
      const listening = running.onProgress(new ProgressType<number>(), progress, heard);
      try {
        return await running.sendRequest<PostureResult>(postureMethod, params, token);
      } catch (error) {
        if (tries === maxTries || token.isCancellationRequested) throw error;
      } finally {
        listening.dispose();
      }
    }
  };

  const make = async (
    folder: vscode.Uri,
    progress: vscode.Progress<{ message?: string; increment?: number }>,
    token: vscode.CancellationToken,
  ): Promise<ShownPosture | undefined> => {
    progress.report({ message: vscode.l10n.t('looking for files') });
    const maxFiles = vscode.workspace.getConfiguration('bulkhead.workspace').get<number>('maxFiles', 5000);
    const found = await findCandidates(await client(), maxFiles, token);
    let last = 0;
    const heard = (done: number): void => {
      const message = vscode.l10n.t('{0} of {1} files', done, found.uris.length);
      progress.report({ message, increment: (100 * Math.max(0, done - last)) / found.uris.length });
      last = done;
    };
    try {
      const result = await ask(folder, found.uris, heard, token);
      if (token.isCancellationRequested) return undefined;
      uris = found.uris;
      put(result.html);
      return { ...result, complete: found.complete };
    } catch (error) {
      if (token.isCancellationRequested) return undefined;
      throw error;
    }
  };

  return {
    async show() {
      const folder = vscode.workspace.workspaceFolders?.[0];
      if (folder === undefined) {
        void vscode.window.showInformationMessage(vscode.l10n.t('Open a folder first.'));
        return undefined;
      }
      const options = {
        location: vscode.ProgressLocation.Notification,
        title: vscode.l10n.t('Bulkhead: summarizing the workspace'),
        cancellable: true,
      };
      const shown = await vscode.window.withProgress(options, (progress, token) => make(folder.uri, progress, token));
      if (shown) void tellMissing(shown, channel);
      return shown;
    },
    async open(place) {
      const uri = typeof place === 'number' ? uris[place] : undefined;
      if (uri !== undefined) await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.One });
    },
    dispose() {
      panel?.dispose();
    },
  };
}

/** Says what keeps the page from being the whole truth. */
async function tellMissing({ complete, failed }: ShownPosture, channel: vscode.LogOutputChannel): Promise<void> {
  for (const { name, reason } of failed) channel.warn(`${name}: ${reason}`);
  const parts = [
    ...(complete ? [] : [vscode.l10n.t('not all files in the workspace were checked (bulkhead.workspace.maxFiles)')]),
    ...(failed.length > 0 ? [vscode.l10n.t('could not be checked: {0}', failed.length)] : []),
  ];
  if (parts.length === 0) return;
  const output = vscode.l10n.t('Show Output');
  const message = vscode.l10n.t('The posture report is incomplete: {0}', parts.join('; '));
  if ((await vscode.window.showWarningMessage(message, ...(failed.length > 0 ? [output] : []))) === output) channel.show(true);
}
