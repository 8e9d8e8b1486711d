import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { commands as serverCommands } from '../../shared/src/output/protocol/messages';
import {
  pickerCommands,
  suppressionChoicesMethod,
  type RuleChoice,
  type Suppressible,
  type SuppressionChoices,
  type SuppressionPlace,
  type SuppressionQuestion,
  type SuppressParams,
  type SuppressResult,
} from '../../shared/src/output/protocol/pickers';
import { execute } from './server';

/** Registers what the light bulb's "Suppress…" and "Documentation…" run. `client` gives the running client; it may reject. */
export function registerPickers(client: () => Promise<BaseLanguageClient>): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand(pickerCommands.suppress, async (question: SuppressionQuestion) => {
      try {
        await suppress(await client(), question);
      } catch (error) {
        void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
      }
    }),
    vscode.commands.registerCommand(pickerCommands.documentation, async (rules: readonly RuleChoice[]) => {
      const items = rules.map(({ rule, title }) => ({ label: title, description: rule, rule }));
      const chosen = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Which rule?'), matchOnDescription: true });
      if (chosen !== undefined) await vscode.commands.executeCommand('bulkhead.explainRule', chosen.rule);
    }),
  );
}

/** Which finding, where and why: each is asked only where there is a choice. */
async function suppress(client: BaseLanguageClient, question: SuppressionQuestion): Promise<void> {
  const choices = await client.sendRequest<SuppressionChoices | null>(suppressionChoicesMethod, question);
  if (choices === null) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Nothing can be suppressed here.'));
    return;
  }
  const finding = await chooseFinding(choices.findings);
  const placed = finding && (await choosePlace(finding, choices));
  if (!finding || !placed) return;
  const until = placed.place === 'config' ? await chooseEnd(choices) : null;
  if (until === undefined) return;
  const params: SuppressParams = {
    uri: question.uri,
    findings: finding.findings,
    place: placed.place,
    ...(placed.reason !== '' && { reason: placed.reason }),
    ...(until !== null && { until }),
  };
  const config = placed.place === 'config' ? dirtyDocuments() : null;
  const result = await execute<SuppressResult>(client, serverCommands.suppress, params);
  if (config !== null && result.applied && result.uri !== null) await saveConfiguration(vscode.Uri.parse(result.uri, true), config);
}

async function chooseFinding(findings: readonly Suppressible[]): Promise<Suppressible | undefined> {
  if (findings.length === 1) return findings[0];
  const items = findings.map(finding => ({ label: finding.message, description: finding.rules.join(', '), finding }));
  const placeHolder = vscode.l10n.t('Suppress which finding?');
  return (await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true }))?.finding;
}

interface Place extends vscode.QuickPickItem {
  readonly place: SuppressionPlace;
}

/** Asks where, and why in the same box: what is typed is no filter but the reason, so that who has none to give presses Enter once. */
async function choosePlace(
  finding: Suppressible,
  { config, requireReason }: SuppressionChoices,
): Promise<{ readonly place: SuppressionPlace; readonly reason: string } | undefined> {
  const rules = finding.rules.join(', ');
  const labels: Readonly<Record<SuppressionPlace, string>> = {
    line: vscode.l10n.t('On this line'),
    file: vscode.l10n.t('In this file'),
    config: vscode.l10n.t('In the configuration'),
  };
  const details: Readonly<Record<SuppressionPlace, string>> = {
    line: `# bulkhead-ignore ${rules}`,
    file: `# bulkhead-ignore-file ${rules}`,
    config: config === null ? '' : config.exists ? config.name : vscode.l10n.t('{0} (will be created)', config.name),
  };
  const pick = vscode.window.createQuickPick<Place>();
  pick.title = vscode.l10n.t('Suppress {0}', rules);
  pick.placeholder = requireReason
    ? vscode.l10n.t('Type the reason, then choose where to suppress it')
    : vscode.l10n.t('Type a reason (optional), then choose where to add the suppression');
  pick.items = finding.places.map(place => ({ label: labels[place], description: details[place], alwaysShow: true, place }));
  pick.ignoreFocusOut = true;
  const chosen = await new Promise<{ place: SuppressionPlace; reason: string } | undefined>(resolve => {
    pick.onDidAccept(() => {
      const [item] = pick.activeItems;
      resolve(item && { place: item.place, reason: pick.value.trim() });
    });
    pick.onDidHide(() => resolve(undefined));
    pick.show();
  });
  pick.dispose();
  if (chosen === undefined || chosen.reason !== '' || !requireReason) return chosen;
  const reason = await vscode.window.showInputBox({
    title: vscode.l10n.t('Suppress {0}', rules),
    prompt: vscode.l10n.t('The configuration requires a reason'),
    ignoreFocusOut: true,
    validateInput: value => (value.trim() === '' ? vscode.l10n.t('The configuration requires a reason') : undefined),
  });
  return reason === undefined ? undefined : { place: chosen.place, reason: reason.trim() };
}

/** When an exception ends: an ISO date, or `null` for never. `undefined`: the user has thought better of it. */
async function chooseEnd({ until }: SuppressionChoices): Promise<string | null | undefined> {
  const items = [
    { label: vscode.l10n.t('No end date'), date: null },
    ...until.map(({ days, date }) => ({ label: vscode.l10n.t('For {0} days', days), description: vscode.l10n.t('until {0}', date), date })),
  ];
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Until when?') });
  return chosen === undefined ? undefined : chosen.date;
}

/** The documents that hold something to save. */
export function dirtyDocuments(): ReadonlySet<string> {
  return new Set(vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty).map(({ uri }) => uri.toString()));
}

/** Nobody sees a configuration that an edit has changed in the background: it is saved, unless it holds what somebody has still to save. */
export async function saveConfiguration(uri: vscode.Uri, dirty: ReadonlySet<string>): Promise<void> {
  if (!dirty.has(uri.toString())) await (await vscode.workspace.openTextDocument(uri)).save();
}
