import type * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import {
  hardenChoiceMethod,
  hardenPlanMethod,
  type HardenChoice,
  type HardenChoiceParams,
  type HardenPlan,
  type HardenPlanParams,
} from '../../../shared/src/output/protocol/messages';
import type { Checklist } from './checklist';

/** The plan of a file, open or not; `null`: it is not one of ours. */
export async function requestPlan(
  client: BaseLanguageClient,
  uri: vscode.Uri,
  token?: vscode.CancellationToken,
): Promise<HardenPlan | null> {
  const params: HardenPlanParams = { uri: client.code2ProtocolConverter.asUri(uri) };
  return send<HardenPlan | null>(client, hardenPlanMethod, params, token);
}

/** The outcome of what is ticked; `null`: the plan is out of date. */
export async function requestChoice(
  client: BaseLanguageClient,
  uri: vscode.Uri,
  { plan, ticked }: Checklist,
  token?: vscode.CancellationToken,
): Promise<HardenChoice | null> {
  const params: HardenChoiceParams = { uri: client.code2ProtocolConverter.asUri(uri), key: plan.key, groups: [...ticked] };
  return send<HardenChoice | null>(client, hardenChoiceMethod, params, token);
}

/** The client takes an absent token for one more parameter of the request. */
function send<Result>(
  client: BaseLanguageClient,
  method: string,
  params: object,
  token: vscode.CancellationToken | undefined,
): Promise<Result> {
  return token === undefined ? client.sendRequest<Result>(method, params) : client.sendRequest<Result>(method, params, token);
}
