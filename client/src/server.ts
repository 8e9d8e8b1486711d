import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';

/** What works with the server, and logs. */
export interface ServerAccess {
  readonly channel: vscode.LogOutputChannel;
  /** The running client; starts it where it has stopped. Throws with a readable message where that fails. */
  readonly client: () => Promise<BaseLanguageClient>;
}

/** For requests that are never cancelled: the client would take an absent token for one more parameter. */
export const noToken = new vscode.CancellationTokenSource().token;

/** Has the server run one of its commands. */
export function execute<Result>(client: BaseLanguageClient, command: string, argument?: object): Promise<Result> {
  return client.sendRequest<Result>('workspace/executeCommand', { command, arguments: argument ? [argument] : [] });
}
