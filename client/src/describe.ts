import * as vscode from 'vscode';
import type { HardenFileResult } from '../../shared/src/output/protocol/messages';

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
