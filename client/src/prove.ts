import * as vscode from 'vscode';
import { ProgressType, type BaseLanguageClient } from 'vscode-languageclient';
import { commands as serverCommands } from '../../shared/src/output/protocol/messages';
import {
  confirmTrialMethod,
  type ConfirmTrialParams,
  type ProveParams,
  type ProveResult,
  type TrialConsent,
} from '../../shared/src/output/protocol/trial';
import type { ServerAccess } from './server';
import type { Texts } from './texts';

/** What trials are shown with. */
export interface ProveContext extends ServerAccess {
  readonly texts: Texts;
}

/** Asks a person, in a dialogue that blocks the window, before anything is started. */
export function answerTrials(client: BaseLanguageClient): vscode.Disposable {
  return client.onRequest(confirmTrialMethod, async ({ question, detail }: ConfirmTrialParams): Promise<TrialConsent> => {
    const start = vscode.l10n.t('Start');
    const use = vscode.l10n.t('Start and Use the Service Myself');
    const pull = vscode.l10n.t('Pull Images and Start');
    const answer = await vscode.window.showInformationMessage(question, { modal: true, detail }, start, use, pull);
    return answer === start ? 'start' : answer === use ? 'use' : answer === pull ? 'pull' : 'no';
  });
}

let trials = 0;

/** Has the server make a trial, with a notification that says what is tried and cancels it, and opens the report beside the file. Gives nothing where it was cancelled. */
export async function prove(context: ProveContext, params: ProveParams): Promise<ProveResult | undefined> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t('Bulkhead: proving that the service runs hardened'),
    cancellable: true,
  };
  const result = await vscode.window.withProgress(options, (progress, token) => run(context, params, progress, token));
  if (result) await show(context, result);
  return result;
}

async function run(
  context: ProveContext,
  params: ProveParams,
  shown: vscode.Progress<{ message?: string }>,
  token: vscode.CancellationToken,
): Promise<ProveResult | undefined> {
  const client = await context.client();
  const progress = `trial-${++trials}`;
  const listening = client.onProgress(new ProgressType<string>(), progress, message => shown.report({ message }));
  try {
    const request = { command: serverCommands.proveService, arguments: [{ ...params, progress } satisfies ProveParams] };
    // the answer to a request that was cancelled comes when what was started is removed
    return await client.sendRequest<ProveResult>('workspace/executeCommand', request, token);
  } catch (error) {
    if (token.isCancellationRequested) return undefined;
    throw error;
  } finally {
    listening.dispose();
  }
}

async function show({ channel, texts }: ProveContext, { state, name, summary, report }: ProveResult): Promise<void> {
  if (report !== null) {
    channel.info(report.trimEnd());
    const uri = texts.put(`${(name ?? '').split('/').at(-1) || 'image'} trial.txt`, report);
    await vscode.window.showTextDocument(uri, { preview: true, preserveFocus: true, viewColumn: vscode.ViewColumn.Beside });
  }
  if (state === 'proved' || state === 'partly') void vscode.window.showInformationMessage(summary);
  else if (state === 'cannot' || state === 'refused') void vscode.window.showWarningMessage(summary);
}
