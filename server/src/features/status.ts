import { statusMethod, type DocumentState, type DocumentStatus } from '../../../shared/src/output/protocol/messages';
import { printable } from '../../../shared/src/early';
import { entriesOf, incompleteRule, restrictedPods, type Severity } from '../../../shared/src/index';
import type { Checked, ServerContext } from '../session/context';
import { gateOfCheck } from '../lsp/gate';
import { baseName, relativePath } from '../lsp/uri';
import { isConfigUri } from '../session/config-files';
import { detailOf, headlineOf, type StatusExtras, type StatusFacts } from './status-words';

/** What was done about a document, and why not more. */
export function statusOf(context: Pick<ServerContext, 'say'>, checked: Checked, earlier: StatusExtras['earlier'] = null): DocumentStatus {
  const facts = statusFactsOf(checked);
  const { say } = context;
  const { check, scope } = checked;
  const uri = scope.configFile?.uri ?? null;
  const config = uri === null ? null : ((scope.folder && relativePath(scope.folder, uri)) ?? baseName(uri));
  const pods = check.result?.checked ? restrictedPods(check.opened.facts(), check.result.findings) : { restricted: 0, all: 0 };
  return { ...facts, headline: headlineOf(facts, say), detail: detailOf(facts, { config, pods, earlier }, say) };
}

/** What was done about a document, without words. */
export function statusFactsOf({ document, scope, check }: Checked): StatusFacts {
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
  if (check.failed || !check.result) return { state: 'failed', reason: 'an internal error; see the log for details' };
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
  /** What it is compared with may be another state now. */
  saved(uri: string): void;
  drop(uri: string): void;
}

/** The work in a document is compared with what was committed after so long a pause in typing, in milliseconds. */
const idleTime = 1000;

type Earlier = StatusExtras['earlier'];

/** Creates the feature; silent for clients that did not ask for it. */
export function createStatus(context: ServerContext, wanted: boolean): StatusFeature {
  const { connection } = context;
  const sent = new Map<string, string>();
  const known = new Map<string, Earlier>();
  const waiting = new Map<string, ReturnType<typeof setTimeout>>();

  const send = (checked: Checked): void => {
    const status = statusOf(context, checked, known.get(checked.document.uri) ?? null);
    const key = JSON.stringify({ ...status, durationMs: 0 });
    if (sent.get(status.uri) === key) return;
    sent.set(status.uri, key);
    // a client that is gone needs no status
    connection.sendNotification(statusMethod, status).catch(() => {});
  };
  /** Looks once what was committed, until a save may have changed that. */
  const compare = (checked: Checked): void => {
    const { uri } = checked.document;
    clearTimeout(waiting.get(uri));
    if (context.earlier === null || checked.scope.top === null || known.has(uri)) return;
    const look = async (): Promise<void> => {
      waiting.delete(uri);
      known.set(uri, await earlierErrors(context, checked));
      if (checked.document === context.documents.get(uri) && known.get(uri)) send(checked);
    };
    waiting.set(
      uri,
      setTimeout(() => void look().catch((error: unknown) => context.log.failure('the earlier state of a file', error)), idleTime),
    );
  };

  return {
    report: checked => {
      if (!wanted) return;
      send(checked);
      compare(checked);
    },
    saved: uri => void known.delete(uri),
    drop: uri => {
      clearTimeout(waiting.get(uri));
      for (const kept of [waiting, sent, known]) kept.delete(uri);
    },
  };
}

/** The errors of a document as it was committed; `null`: it was not, or that is not known. */
async function earlierErrors({ earlier, engine }: ServerContext, { document, scope, check }: Checked): Promise<Earlier> {
  const path = scope.top === null ? null : relativePath(scope.top, document.uri);
  const state = path === null || !check.result?.checked ? null : await earlier!(scope.top!);
  const text = state && (await state.read([path!])).get(path!);
  if (!state || typeof text !== 'string') return null;
  const { findings } = engine.open({ ...check.opened.file, text }).lint(check.context);
  return {
    errors: findings.filter(({ severity, suppression }) => severity === 'error' && suppression === null).length,
    since: state.since,
  };
}
