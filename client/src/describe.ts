import * as vscode from 'vscode';
import type { DocumentInfo, HardenFileResult } from '../../shared/src/output/protocol/messages';

/** What a person is told about a fix-all. */
export interface Description {
  /** One line. */
  readonly summary: string;
  /** For the output channel: each change with what it assumes, then each finding that was left, with the reason. */
  readonly details: readonly string[];
  /** Whether the editor refused the change. */
  readonly warning: boolean;
}

/** Describes the result of fix-all on the file of that name. */
export function describeFixAll(name: string, result: HardenFileResult): Description {
  const { groups, left } = result;
  const rest = left.length === 0 ? '' : vscode.l10n.t('; {0} left to you', left.length);
  const details = [
    ...groups.map(group => {
      const assumes = group.assumes.length === 0 ? '' : ` (${vscode.l10n.t('assumes: {0}', group.assumes.join('; '))})`;
      return `${name}: ${group.class}: ${group.label}${assumes}`;
    }),
    ...left.map(({ range, rule, message, reason }) => {
      const place = `${name}:${range.start.line + 1}:${range.start.character + 1}`;
      return `${place}: ${vscode.l10n.t('left: {0}: {1} ({2})', rule, message, reason)}`;
    }),
  ];
  if (result.snippets.length > 0)
    return { summary: vscode.l10n.t('{0} is a template and is left as it is', name) + rest, details, warning: false };
  if (groups.length === 0) return { summary: vscode.l10n.t('Nothing to change in {0}', name) + rest, details, warning: false };
  if (!result.applied && result.failure !== null) {
    return { summary: vscode.l10n.t('{0} was not changed: {1}', name, result.failure), details, warning: true };
  }
  const changes = groups.length === 1 ? vscode.l10n.t('1 change') : vscode.l10n.t('{0} changes', groups.length);
  return { summary: vscode.l10n.t('Bulkhead: {0} in {1}', changes, name) + rest, details, warning: false };
}

/** A Markdown page that answers "why is this (not) reported?". */
export function describeInfo(name: string, info: DocumentInfo): string {
  const none = vscode.l10n.t('none');
  const { status } = info;
  const rows: [string, string][] = [
    [vscode.l10n.t('Language'), info.languageId ?? none],
    [vscode.l10n.t('Workspace folder'), info.workspaceFolder ?? none],
    [vscode.l10n.t('Index'), info.indexFolder === null ? none : `${info.indexFolder} (${info.indexedFiles})`],
    [vscode.l10n.t('Kubernetes version'), info.kubernetesVersion ?? none],
    [vscode.l10n.t('Rules'), String(info.rules)],
    [vscode.l10n.t('Server version'), info.serverVersion],
  ];
  if (status !== null) {
    rows.unshift(
      [vscode.l10n.t('State'), status.reason === null ? status.state : `${status.state}: ${status.reason}`],
      [vscode.l10n.t('Family'), status.family],
      [vscode.l10n.t('Profile'), status.profile],
      [vscode.l10n.t('Configuration file'), status.config ?? none],
      [vscode.l10n.t('Configuration problems'), String(status.configProblems)],
      [
        vscode.l10n.t('Findings'),
        Object.entries(status.counts)
          .map(([severity, count]) => `${count} ${severity}`)
          .join(', '),
      ],
      [vscode.l10n.t('Suppressed'), String(status.suppressed)],
      [vscode.l10n.t('Time'), `${status.durationMs.toFixed(1)} ms`],
    );
  }
  return [`# Bulkhead: ${oneLine(name)}`, '', ...rows.map(([label, value]) => `- ${label}: ${oneLine(value)}`), ''].join('\n');
}

/** A name may hold line breaks: no line of the page comes from it. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}
