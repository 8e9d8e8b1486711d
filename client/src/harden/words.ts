import * as vscode from 'vscode';
import type { GroupSummary, HardenChoice, LeftSummary } from '../../../shared/src/output/protocol/messages';

/** A class of fixes for people. */
export function className(kind: GroupSummary['class']): string {
  switch (kind) {
    case 'safe':
      return vscode.l10n.t('safe');
    case 'review':
      return vscode.l10n.t('review');
    default:
      return vscode.l10n.t('your decision');
  }
}

/** "1 finding", "7 findings". */
export function countFindings(count: number): string {
  return count === 1 ? vscode.l10n.t('1 finding') : vscode.l10n.t('{0} findings', count);
}

/** "1 file", "7 files". */
export function countFiles(count: number): string {
  return count === 1 ? vscode.l10n.t('1 file') : vscode.l10n.t('{0} files', count);
}

/** The last part of an address. */
export function baseName({ path }: { readonly path: string }): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Edits in the editor's terms. */
export function editsOf({ edits }: Pick<HardenChoice, 'edits'>): vscode.TextEdit[] {
  return edits.map(({ range, newText }) => vscode.TextEdit.replace(toRange(range), newText));
}

/** A range in the editor's terms. */
export function toRange({ start, end }: LeftSummary['range']): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}
