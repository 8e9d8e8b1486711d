import * as vscode from 'vscode';
import type { HardenOutcome, LeftFinding } from './apply';
import { countFiles, countFindings } from './words';

/** One line about what harden did: "5 of 7 groups applied to deployment.yaml, 3 findings left". */
export function describeOutcome({ groups, offered, files, left }: HardenOutcome): string {
  const [only, ...more] = files;
  const place = only === undefined || more.length > 0 ? countFiles(files.length) : vscode.workspace.asRelativePath(only);
  const rest = left.length === 0 ? vscode.l10n.t('no findings left') : vscode.l10n.t('{0} left', countFindings(left.length));
  return vscode.l10n.t('{0} of {1} groups of fixes applied to {2}; {3}', groups, offered, place, rest);
}

/** A line for each finding that is left, for the output channel. */
export function describeLeft(left: readonly LeftFinding[]): readonly string[] {
  return left.map(({ uri, range, rule, message, reason }) => {
    const place = `${vscode.workspace.asRelativePath(uri)}:${range.start.line + 1}:${range.start.character + 1}`;
    return vscode.l10n.t('{0}: unresolved: {1}: {2} ({3})', place, rule, message, reason);
  });
}

/** Shows a message with a button for what is left, if something is. */
export async function announce(summary: string, left: readonly LeftFinding[]): Promise<void> {
  const details = vscode.l10n.t('Show Remaining Findings');
  const fill = vscode.l10n.t('Fill In Values');
  const asking = left.find(({ asks }) => asks)?.uri;
  const chosen = await vscode.window.showInformationMessage(summary, ...(asking ? [fill] : []), ...(left.length > 0 ? [details] : []));
  if (chosen === details) await showLeft(left);
  else if (chosen === fill) await vscode.commands.executeCommand('bulkhead.fillPlaces', asking);
}

/** Lists what is left and why; an entry goes to its place. */
export async function showLeft(left: readonly LeftFinding[]): Promise<void> {
  const items = left.map(finding => ({
    label: finding.message,
    description: `${vscode.workspace.asRelativePath(finding.uri)}:${finding.range.start.line + 1} · ${finding.rule}`,
    detail: finding.reason,
    finding,
  }));
  const title = vscode.l10n.t('{0} left to resolve, with reasons', countFindings(left.length));
  const chosen = await vscode.window.showQuickPick(items, { title, matchOnDescription: true, matchOnDetail: true });
  if (chosen !== undefined) await vscode.window.showTextDocument(chosen.finding.uri, { selection: chosen.finding.range });
}
