import type { CancellationToken } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { printable, trusted } from '../../../shared/src/early';
import { kindOfName } from '../../../shared/src/index';
import type { CheckFileParams, CheckFileResult } from '../../../shared/src/protocol/workspace';
import { checkClosedFile, readClosedFile } from '../closed-file';
import { isConfigUri } from '../config-files';
import { type Checked, type ServerContext, settledDocument } from '../context';
import { isWanted } from '../documents';
import type { MaskedDiagnostic } from '../lsp/gate';
import { baseName } from '../lsp/uri';
import type { Scope } from '../scopes';
import { configDiagnostics, diagnosticsOf, incompleteDiagnostic, unreadDiagnostics } from './diagnostics';
import { statusOf } from './status';

type Result = CheckFileResult<MaskedDiagnostic>;

/** Checks a file as the editor has it, else as it is on disk, with all that its folder says of other files. */
export async function checkFile(context: ServerContext, { uri }: CheckFileParams, token: CancellationToken): Promise<Result> {
  if (!isWanted(uri)) return nothing('ignored', null);
  const open = context.documents.find(uri);
  if (open) return await checkOpen(context, open.uri, token);
  const scope = await context.scopes.resolve(uri);
  try {
    if (scope.off) return nothing(scope.off.state, scope.off.reason);
    return await checkClosed(context, uri, scope);
  } finally {
    // thousands of files are asked for once; who opens one meanwhile finds out again
    if (!context.documents.find(uri)) context.scopes.drop(uri);
  }
}

async function checkOpen(context: ServerContext, uri: string, token: CancellationToken): Promise<Result> {
  const checked = await settledDocument(context, uri, token);
  if (!checked) return nothing('ignored', 'the document was closed');
  return await resultOf(context, checked);
}

async function checkClosed(context: ServerContext, uri: string, scope: Scope): Promise<Result> {
  const { document, problem } = await readClosedFile(context, uri, scope);
  if (document === null) return unreadable(context, uri, problem);
  return await resultOf(context, { document, scope, check: await checkClosedFile(context, document, scope) });
}

async function resultOf(context: ServerContext, checked: Checked): Promise<Result> {
  const { state, reason } = statusOf(checked);
  if (isConfigUri(checked.document.uri)) return { state, reason, diagnostics: await configDiagnostics(context, checked.document) };
  return { state, reason, diagnostics: [...diagnosticsOf(context, checked), ...unreadDiagnostics(context, checked)] };
}

/** A file without a text: where it should have been checked, that is an error, as on the command line. */
function unreadable(context: ServerContext, uri: string, problem: string | null): Result {
  const reason = printable(trusted(problem ?? 'does not exist'));
  // it was deleted; or it is in another encoding, and most YAML is not ours
  if (problem === null || (problem.includes('UTF-8') && kindOfName(baseName(uri)).kind === 'yaml')) return nothing('unreadable', reason);
  const empty = TextDocument.create(uri, '', 0, '');
  return { state: 'unreadable', reason, diagnostics: [incompleteDiagnostic(context.words, empty, 'unreadable', { problem })] };
}

function nothing(state: Result['state'], reason: string | null): Result {
  return { state, reason, diagnostics: [] };
}
