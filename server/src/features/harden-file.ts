import { LSPErrorCodes, MessageType, ResponseError, type CancellationToken } from 'vscode-languageserver';
import { joined, masked, type MaskedText, trusted } from '../../../shared/src/early';
import { type Accepted, maskAlone } from '../../../shared/src/index';
import type { HardenFileResult } from '../../../shared/src/output/protocol/messages';
import { type Checked, type ServerContext, settledDocument } from '../session/context';
import { baseName, relativePath } from '../lsp/uri';
import { describeFixAll } from './describe';
import { bulkFix, type BulkKind, type BulkResult, groupSummaries, leftSummaries, planOf } from './bulk-fix';
import { uncheckedReason } from './unchecked';
import { toWorkspaceEdit } from '../lsp/edits';
import { tell } from '../lsp/ask';

/** How many groups a question lists: editors show it in a few lines. */
const listed = 12;

/**
 * Applies safe fixes, or the groups of harden, as one edit: one step to undo. Harden is confirmed first, and summed up afterwards, by messages of the
 * protocol, unless the client has a view for that.
 */
export async function applyBulk(
  context: ServerContext,
  uri: string,
  wanted: { readonly kind: 'safe' } | { readonly kind: 'harden'; readonly accept: Accepted },
  token: CancellationToken,
): Promise<HardenFileResult> {
  const { say } = context;
  const checked = await settledDocument(context, uri, token);
  if (!checked) throw new ResponseError(LSPErrorCodes.RequestFailed, say('noDocument'));
  const talks = wanted.kind === 'harden' && !context.hardenView;
  const unchecked = uncheckedReason(context, checked);
  if (unchecked !== null) {
    tell(context, MessageType.Warning, unchecked);
    return withWords(context, checked, { uri, applied: false, failure: unchecked, groups: [], offered: 0, left: [], snippets: [] });
  }
  const result = bulkFix(checked, wanted);
  if (result.edits.length === 0) {
    if (talks) tell(context, MessageType.Info, summary(context, checked, result));
    return withWords(context, checked, { ...resultOf(context, checked, result, wanted), applied: false, failure: null });
  }
  if (!context.support.applyEdit) throw new ResponseError(LSPErrorCodes.RequestFailed, 'the editor does not apply edits for a server');
  const answer = talks ? await confirm(context, checked, result) : 'all';
  if (answer === null) {
    const asItWas = bulkFix(checked, { kind: 'harden', only: 'none' });
    return withWords(context, checked, { ...resultOf(context, checked, asItWas, wanted), applied: false, failure: null });
  }
  return await apply(context, checked, answer === 'safe' ? { kind: 'harden', only: 'safe' } : wanted, talks);
}

async function apply(context: ServerContext, checked: Checked, bulk: BulkKind, talks: boolean): Promise<HardenFileResult> {
  const { connection, say, support } = context;
  const { document } = checked;
  const name = trusted(baseName(document.uri));
  const result = bulkFix(checked, bulk);
  const label = say(bulk.kind === 'safe' ? 'fixAllLabel' : 'hardenLabel', { name });
  // bound to the version that was shown: an editor refuses it for any other
  const edit = toWorkspaceEdit(document, result.edits, support);
  const { applied, failureReason } = await connection.workspace.applyEdit({ label, edit });
  if (talks) {
    if (applied) tell(context, MessageType.Info, summary(context, checked, result));
    else tell(context, MessageType.Warning, say('notHardened', { name, reason: maskAlone(failureReason ?? say('refused')) }));
  }
  return withWords(context, checked, { ...resultOf(context, checked, result, bulk), applied, failure: failureReason ?? null });
}

function resultOf(
  context: ServerContext,
  checked: Checked,
  result: BulkResult,
  { kind }: BulkKind,
): Omit<HardenFileResult, 'applied' | 'failure' | 'words'> {
  return {
    uri: checked.document.uri,
    groups: groupSummaries(context, checked, result),
    offered: kind === 'harden' ? planOf(checked.check).groups.length : result.groups.length,
    left: leftSummaries(context, checked, result),
    snippets: kind === 'harden' ? checked.check.opened.snippets().map(({ text }) => text) : [],
  };
}

/** A file as people know it: relative to its folder of the workspace. */
export function shownName(uri: string, folder: string | null): string {
  return (folder === null ? null : relativePath(folder, uri)) ?? baseName(uri);
}

function withWords({ say }: ServerContext, { document, scope }: Checked, result: Omit<HardenFileResult, 'words'>): HardenFileResult {
  return { ...result, words: describeFixAll(say, shownName(document.uri, scope.folder), result) };
}

/** Shows the groups and asks which are to be applied; `null`: none. A client that cannot ask gets all: the edit can be undone. */
async function confirm(context: ServerContext, checked: Checked, { groups }: BulkResult): Promise<'all' | 'safe' | null> {
  const { connection, say, log } = context;
  const lines = groupSummaries(context, checked, { groups: groups.slice(0, listed) }).map(({ label, assumes }) => {
    return assumes.length === 0 ? masked`- ${label}` : masked`- ${label}. ${say('assumes', { list: joined(assumes, '; ') })}`;
  });
  if (groups.length > listed) lines.push(masked`- ${say('moreGroups', { count: groups.length - listed })}`);
  const name = trusted(baseName(checked.document.uri));
  const message = joined([say('confirmHarden', { name }), ...lines], '\n');
  const safe = groups.filter(group => group.class === 'safe').length;
  const all = say('applyAll');
  const safeOnly = say('applySafe');
  const choices = [all, ...(safe > 0 && safe < groups.length ? [safeOnly] : []), say('cancel')];
  try {
    const answer = await connection.window.showInformationMessage(message, ...choices.map(title => ({ title })));
    return answer?.title === all ? 'all' : answer?.title === safeOnly ? 'safe' : null;
  } catch (error) {
    log.info(masked`the editor cannot ask the user: ${maskAlone(String(error))}`);
    return 'all';
  }
}

/** "web.yaml: 5 of 7 groups applied, 3 findings left". */
function summary({ say }: ServerContext, { document, check }: Checked, { groups, left }: BulkResult): MaskedText {
  const name = trusted(baseName(document.uri));
  const rest = left.length === 0 ? say('leftNone') : left.length === 1 ? say('leftOne') : say('leftMany', { count: left.length });
  const offered = planOf(check).groups.length;
  if (offered === 0) return say('nothingToHarden', { name, rest });
  return say('hardened', { name, applied: groups.length, offered, rest });
}
