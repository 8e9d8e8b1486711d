import type { CancellationToken } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { joined, type MaskedText, printable, trusted } from '../../../shared/src/early';
import { entriesOf, kindOfName } from '../../../shared/src/index';
import {
  checkFileMethod,
  type CheckFileParams,
  type CheckFileResult,
  describeCheckMethod,
  type WorkspaceSummary,
} from '../../../shared/src/output/protocol/workspace';
import { checkClosedFile, readClosedFile } from '../documents/closed-file';
import { isConfigUri } from '../session/config-files';
import { type Checked, type ServerContext, settledDocument } from '../session/context';
import { isWanted } from '../documents/documents';
import type { MaskedDiagnostic } from '../lsp/gate';
import { baseName } from '../lsp/uri';
import { configDiagnostics, diagnosticsOf, incompleteDiagnostic, unreadDiagnostics } from './diagnostics';
import { markLookedUp } from './look-up';
import type { OnRequest } from './questions';
import { statusFactsOf } from './status';

type Result = CheckFileResult<MaskedDiagnostic>;

/** Answers what a check of the workspace asks: of each file, and in the end what it all came to. */
export function answerChecks(context: ServerContext, onRequest: OnRequest): void {
  onRequest<CheckFileParams>(checkFileMethod, 'check', (own, token) => checkFile(context, own, token));
  onRequest<WorkspaceSummary>(describeCheckMethod, 'summary', own => Promise.resolve(describeCheck(context, own)));
}

/** Checks a file as the editor has it, else as it is on disk, with all that its folder says of other files. */
async function checkFile(context: ServerContext, { uri }: CheckFileParams, token: CancellationToken): Promise<Result> {
  const found = await findChecked(context, uri, token);
  if ('checked' in found) return await resultOf(context, found.checked);
  return 'problem' in found ? unreadable(context, uri, found.problem) : nothing(found.state, found.reason);
}

/** What there is to say of a file: its check; why it has none; or why it has no text (`null`: it does not exist). */
export type FoundCheck =
  | { readonly checked: Checked }
  | { readonly state: 'ignored' | 'disabled' | 'excluded'; readonly reason: string | null }
  | { readonly problem: string | null };

/** The check of a file, whether it is open or not; nothing of one that is not open is kept. */
export async function findChecked(context: ServerContext, uri: string, token: CancellationToken): Promise<FoundCheck> {
  if (!isWanted(uri)) return { state: 'ignored', reason: null };
  const open = context.documents.find(uri);
  if (open) {
    const checked = await settledDocument(context, open.uri, token);
    return checked ? { checked } : { state: 'ignored', reason: 'the document was closed' };
  }
  const scope = await context.scopes.resolve(uri);
  try {
    if (scope.off) return scope.off;
    const { document, problem } = await readClosedFile(context, uri, scope);
    return document === null ? { problem } : { checked: { document, scope, check: await checkClosedFile(context, document, scope) } };
  } finally {
    // thousands of files are asked for once; who opens one meanwhile finds out again
    if (!context.documents.find(uri)) context.scopes.drop(uri);
  }
}

/** What came of a check of the workspace, in one line: what was found, and all that keeps it from being the whole truth. */
function describeCheck({ say }: ServerContext, summary: WorkspaceSummary): MaskedText {
  const { findings, hints, affected, checked, excluded, failed, candidates, looked, fileLimit, findingLimit, cancelled } = summary;
  const files = checked === 1 ? say('oneFile') : say('manyFiles', { count: checked });
  const count = findings === 1 ? say('oneFinding') : say('manyFindings', { count: findings });
  const first =
    checked === 0 && findings === 0
      ? say('checkedNone')
      : findings === 0
        ? say('foundNone', { files })
        : say('foundIn', { count, affected, files });
  const limit = candidates >= (fileLimit ?? 0) ? say('moreFiles', { limit: fileLimit ?? 0 }) : say('partSearched');
  return joined(
    [
      first,
      ...(hints > 0 ? [say('hintsFound', { count: hints })] : []),
      ...(cancelled ? [say('stoppedAfter', { looked, candidates })] : []),
      ...(fileLimit === null ? [] : [limit]),
      ...(findingLimit === null ? [] : [say('shownFirst', { limit: findingLimit })]),
      ...(excluded > 0 ? [say('leftOut', { count: excluded })] : []),
      ...(failed > 0 ? [say('notCheckable', { count: failed })] : []),
    ],
    '; ',
  );
}

async function resultOf(context: ServerContext, checked: Checked): Promise<Result> {
  const { state, reason } = statusFactsOf(checked);
  if (isConfigUri(checked.document.uri)) return { state, reason, diagnostics: await configDiagnostics(context, checked.document) };
  const entries = entriesOf(checked.check.findings);
  const found = markLookedUp(context, checked, entries, diagnosticsOf(context, checked, entries));
  return {
    state,
    reason,
    diagnostics: [...found, ...unreadDiagnostics(context, checked)],
  };
}

/**
 * Whether a file without a text should have been checked: it was not deleted; nor is it YAML in an encoding that nobody reads, most of which is not ours. What reads
 * YAML reads UTF-16.
 */
export function isMissed(uri: string, problem: string | null): problem is string {
  const isOther = problem?.includes('UTF-8') === true && !problem.includes('UTF-16');
  return problem !== null && !(isOther && kindOfName(baseName(uri)).kind === 'yaml');
}

/** A file without a text: where it should have been checked, that is an error, as on the command line. */
function unreadable(context: ServerContext, uri: string, problem: string | null): Result {
  const reason = printable(trusted(problem ?? 'does not exist'));
  if (!isMissed(uri, problem)) return nothing('unreadable', reason);
  const empty = TextDocument.create(uri, '', 0, '');
  return { state: 'unreadable', reason, diagnostics: [incompleteDiagnostic(context.words, empty, 'unreadable', { problem })] };
}

function nothing(state: Result['state'], reason: string | null): Result {
  return { state, reason, diagnostics: [] };
}
