import * as vscode from 'vscode';

/** What came of a check of the workspace. */
export interface WorkspaceSummary {
  /** Findings of all files that were checked, shown or not. */
  readonly findings: number;
  /** Those of them that VS Code shows as hints, which Problems does not list. */
  readonly hints: number;
  /** Files with findings. */
  readonly affected: number;
  /** Files that are ours and were checked. */
  readonly checked: number;
  /** Files that settings or a configuration leave out. */
  readonly excluded: number;
  /** Files that could not be read, or whose check failed. */
  readonly failed: number;
  /** Files that may be ours; of them `looked` were looked at. */
  readonly candidates: number;
  readonly looked: number;
  /** The limit of files, where there are more; else `null`. */
  readonly fileLimit: number | null;
  /** The limit of findings that are shown, where there are more; else `null`. */
  readonly findingLimit: number | null;
  readonly cancelled: boolean;
}

/** What came of a check of the workspace, in a few sentences: what was found, and all that keeps it from being the whole truth. */
export function describeCheck(summary: WorkspaceSummary): string {
  const { findings, hints, affected, checked, excluded, failed, candidates, looked, fileLimit, findingLimit, cancelled } = summary;
  const files = checked === 1 ? vscode.l10n.t('1 file') : vscode.l10n.t('{0} files', checked);
  const count = findings === 1 ? vscode.l10n.t('1 finding') : vscode.l10n.t('{0} findings', findings);
  const first =
    checked === 0 && findings === 0
      ? vscode.l10n.t('No Dockerfile and no manifest was checked')
      : findings === 0
        ? vscode.l10n.t('No findings in {0}', files)
        : vscode.l10n.t('{0} in {1} of {2}', count, affected, files);
  return [
    first,
    ...(hints > 0 ? [vscode.l10n.t('hints, which Problems does not list: {0}', hints)] : []),
    ...(cancelled ? [vscode.l10n.t('stopped after {0} of {1} files that may be ours', looked, candidates)] : []),
    ...(fileLimit === null ? [] : [limitOfFiles(candidates, fileLimit)]),
    ...(findingLimit === null ? [] : [vscode.l10n.t('Problems shows the first {0} (bulkhead.workspace.maxFindings)', findingLimit)]),
    ...(excluded > 0 ? [vscode.l10n.t('left out by settings or configuration: {0}', excluded)] : []),
    ...(failed > 0 ? [vscode.l10n.t('could not be checked: {0}', failed)] : []),
  ].join('; ');
}

function limitOfFiles(candidates: number, limit: number): string {
  return candidates >= limit
    ? vscode.l10n.t('there are more files than {0} (bulkhead.workspace.maxFiles)', limit)
    : vscode.l10n.t('part of the workspace could not be searched');
}
