import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import type { HardenPlan } from '../../../shared/src/output/protocol/messages';
import { findCandidates } from '../find-files';
import { requestPlan } from './requests';

/** Plans of the files of the workspace. */
export interface Scan {
  /** Files with something to apply. */
  readonly plans: readonly (readonly [vscode.Uri, HardenPlan])[];
  /** Files with findings, but nothing to apply. */
  readonly others: readonly (readonly [vscode.Uri, HardenPlan])[];
  /** Files that were looked at, whatever was in them. */
  readonly files: number;
  /** Whether that was all of them. */
  readonly complete: boolean;
}

/** Plans harden for every file of the workspace, open or not; `undefined`: it was cancelled. */
export async function scanWorkspace(client: BaseLanguageClient): Promise<Scan | undefined> {
  const title = vscode.l10n.t('Planning hardening');
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (progress, token) => {
    const maxFiles = vscode.workspace.getConfiguration('bulkhead.workspace').get<number>('maxFiles', 5000);
    const { uris, complete } = await findCandidates(client, maxFiles, token);
    const plans: [vscode.Uri, HardenPlan][] = [];
    const others: [vscode.Uri, HardenPlan][] = [];
    for (const [i, uri] of uris.entries()) {
      if (token.isCancellationRequested) return undefined;
      const message = vscode.l10n.t('{0} of {1}: {2}', i + 1, uris.length, vscode.workspace.asRelativePath(uri));
      progress.report({ message, increment: 100 / uris.length });
      const plan = await requestPlan(client, uri, token).catch((error: unknown) => {
        if (token.isCancellationRequested) return null;
        throw error;
      });
      if (plan === null) continue;
      if (plan.groups.length > 0) plans.push([uri, plan]);
      else if (plan.left.length > 0) others.push([uri, plan]);
    }
    return token.isCancellationRequested ? undefined : { plans, others, files: uris.length, complete };
  });
}
