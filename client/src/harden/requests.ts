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
import { noToken } from '../server';
import type { Checklist } from './checklist';

/** The plan of a file, open or not; `null`: it is not one of ours. */
export async function requestPlan(client: BaseLanguageClient, uri: vscode.Uri, token = noToken): Promise<HardenPlan | null> {
  const params: HardenPlanParams = { uri: client.code2ProtocolConverter.asUri(uri) };
  return client.sendRequest<HardenPlan | null>(hardenPlanMethod, params, token);
}

/** The outcome of what is ticked; `null`: the plan is out of date. */
export async function requestChoice(
  client: BaseLanguageClient,
  uri: vscode.Uri,
  { plan, ticked }: Checklist,
  token = noToken,
): Promise<HardenChoice | null> {
  const params: HardenChoiceParams = { uri: client.code2ProtocolConverter.asUri(uri), key: plan.key, groups: [...ticked] };
  return client.sendRequest<HardenChoice | null>(hardenChoiceMethod, params, token);
}
