import type * as vscode from 'vscode';
import type { DocumentStatus } from '../../shared/src/output/protocol/messages';

/** The editor's translation. */
type L10n = Pick<typeof vscode.l10n, 't'>;

/** How many findings Problems lists, alone or in an entry with others. */
function listed({ counts, hintsAlone }: DocumentStatus): number {
  return counts.error + counts.warning + counts.info + counts.hint - hintsAlone;
}

/** The first line of the language status: the state, and how many findings Problems lists. */
export function headline(status: DocumentStatus, l10n: L10n): string {
  const { state, hintsAlone: hint, family } = status;
  const total = listed(status);
  const findings =
    total === 1
      ? l10n.t('1 finding')
      : total > 1
        ? l10n.t('{0} findings', total)
        : hint === 1
          ? l10n.t('1 hint')
          : hint > 1
            ? l10n.t('{0} hints', hint)
            : l10n.t('No findings');
  switch (state) {
    case 'checked':
      return findings;
    case 'limited':
      return l10n.t('Partly checked: {0}', findings);
    case 'ignored':
      return family === 'none' ? l10n.t('Not a container file') : l10n.t('Not checked');
    case 'disabled':
      return l10n.t('Turned off');
    case 'excluded':
      return l10n.t('Excluded');
    case 'too-large':
      return l10n.t('Too large to check');
    case 'failed':
      return l10n.t('Check failed');
  }
}

/** What follows in a paler type: the reason, what Problems does not list, the profile, what is suppressed, the configuration. `configName` is its path for people. */
export function detail(status: DocumentStatus, configName: string | null, l10n: L10n): string {
  const parts: string[] = [];
  const { hintsAlone, suppressed, configProblems, reason } = status;
  if (reason !== null) parts.push(reason);
  if (status.state === 'checked' || status.state === 'limited') {
    if (hintsAlone > 0 && listed(status) > 0)
      parts.push(hintsAlone === 1 ? l10n.t('1 hint, in the editor only') : l10n.t('{0} hints, in the editor only', hintsAlone));
    else if (hintsAlone > 0) parts.push(l10n.t('in the editor only'));
    parts.push(l10n.t('profile {0}', status.profile));
    if (suppressed > 0) parts.push(l10n.t('{0} suppressed', suppressed));
  }
  if (configName !== null) {
    const problems =
      configProblems === 1 ? l10n.t('1 problem in {0}', configName) : l10n.t('{0} problems in {1}', configProblems, configName);
    parts.push(configProblems > 0 ? problems : configName);
  }
  return parts.join(' · ');
}
