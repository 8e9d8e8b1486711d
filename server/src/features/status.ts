import { statusMethod, type DocumentState, type DocumentStatus } from '../../../shared/src/output/protocol/messages';
import { printable } from '../../../shared/src/early';
import { entriesOf, incompleteRule, type Severity } from '../../../shared/src/index';
import type { Checked, ServerContext } from '../session/context';
import { gateOfCheck } from '../lsp/gate';
import { isConfigUri } from '../session/config-files';

/** What was done about a document, and why not more. */
export function statusOf({ document, scope, check }: Checked): DocumentStatus {
  const counts: Record<Severity, number> = { error: 0, warning: 0, info: 0, hint: 0 };
  for (const finding of check.findings) counts[finding.severity]++;
  const hints = entriesOf(check.findings).filter(({ finding }) => finding.severity === 'hint');
  const { state, reason } = stateOf({ document, scope, check });
  return {
    uri: document.uri,
    version: check.version,
    state,
    family: check.result?.family ?? 'none',
    reason: reason === null ? null : printable(reason),
    profile: scope.config.profile,
    config: scope.configFile?.uri ?? null,
    configProblems: scope.configFile?.problems.length ?? 0,
    counts,
    hintsAlone: hints.reduce((sum, { members }) => sum + members.length, 0),
    suppressed: (check.result?.findings.length ?? 0) - check.findings.length,
    durationMs: Math.round(check.durationMs * 100) / 100,
  };
}

function stateOf({ document, scope, check }: Checked): { state: DocumentState; reason: string | null } {
  if (isConfigUri(document.uri)) return { state: 'checked', reason: 'the configuration of Bulkhead' };
  if (scope.off) return scope.off;
  if (check.failed || !check.result) return { state: 'failed', reason: 'an internal error; the log says more' };
  const { checked, findings } = check.result;
  const limited = check.result.limited === null ? null : gateOfCheck(check).mask(check.result.limited);
  if (findings.some(({ rule, messageId }) => rule === incompleteRule && messageId === 'too-large'))
    return { state: 'too-large', reason: limited };
  if (!checked) return { state: 'ignored', reason: limited };
  if (findings.some(({ rule }) => rule === 'bulkhead/internal-error')) return { state: 'limited', reason: 'a rule failed on this file' };
  const [unread] = scope.unread;
  if (unread) return { state: 'limited', reason: `${unread.name} ${unread.problem}` };
  return { state: limited === null ? 'checked' : 'limited', reason: limited };
}

/** Tells the client about a document's status, once for each change. */
export interface StatusFeature {
  report(checked: Checked): void;
  drop(uri: string): void;
}

/** Creates the feature; silent for clients that did not ask for it. */
export function createStatus({ connection }: Pick<ServerContext, 'connection'>, wanted: boolean): StatusFeature {
  const sent = new Map<string, string>();
  return {
    report: checked => {
      if (!wanted) return;
      const status = statusOf(checked);
      const key = JSON.stringify({ ...status, durationMs: 0 });
      if (sent.get(status.uri) === key) return;
      sent.set(status.uri, key);
      // a client that is gone needs no status
      connection.sendNotification(statusMethod, status).catch(() => {});
    },
    drop: uri => void sent.delete(uri),
  };
}
