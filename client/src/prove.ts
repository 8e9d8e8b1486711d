import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { commands as serverCommands } from '../../shared/src/output/protocol/messages';
import {
  confirmTrialMethod,
  type ConfirmTrialParams,
  type ProveParams,
  type ProveResult,
  type TrialConsent,
} from '../../shared/src/output/protocol/trial';
import type { Texts } from './texts';

/** What trials are shown with. */
export interface ProveContext {
  readonly channel: vscode.LogOutputChannel;
  readonly texts: Texts;
  readonly client: () => Promise<BaseLanguageClient>;
}

/** Asks a person, in a dialogue that blocks the window, before anything is started. */
export function answerTrials(client: BaseLanguageClient): vscode.Disposable {
  return client.onRequest(confirmTrialMethod, async ({ question, detail }: ConfirmTrialParams): Promise<TrialConsent> => {
    const start = vscode.l10n.t('Start');
    const pull = vscode.l10n.t('Fetch Images and Start');
    const answer = await vscode.window.showInformationMessage(question, { modal: true, detail }, start, pull);
    return answer === start ? 'start' : answer === pull ? 'pull' : 'no';
  });
}

/** Has the server make a trial, which shows its progress, and opens its report beside the file. Says what came of it, once. */
export async function prove({ channel, texts, client }: ProveContext, params: ProveParams): Promise<ProveResult> {
  const request = { command: serverCommands.proveService, arguments: [params] };
  const result = await (await client()).sendRequest<ProveResult>('workspace/executeCommand', request);
  const { state, name, summary, report } = result;
  if (report !== null) {
    channel.info(report.trimEnd());
    const uri = texts.put(`${(name ?? '').split('/').at(-1) || 'image'} trial.txt`, report);
    await vscode.window.showTextDocument(uri, { preview: true, preserveFocus: true, viewColumn: vscode.ViewColumn.Beside });
  }
  if (state === 'proved' || state === 'partly') void vscode.window.showInformationMessage(summary);
  else if (state === 'cannot' || state === 'refused') void vscode.window.showWarningMessage(summary);
  return result;
}
