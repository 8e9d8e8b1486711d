import type { CancellationToken } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { joined, masked, plain, trusted, type MaskedText } from '../../../shared/src/early';
import { severities } from '../../../shared/src/index';
import type { DocumentInfo, DocumentStatus, ShowInfoParams } from '../../../shared/src/output/protocol/messages';
import { readClosedFile } from '../documents/closed-file';
import { isWanted } from '../documents/documents';
import { argumentFields } from '../lsp/document-messages';
import type { EditorText, Say } from '../lsp/say';
import { baseName, relativePath } from '../lsp/uri';
import { checkedDocument, type Checked, type ServerContext } from '../session/context';
import { statusOf } from './status';

/** Why a file is checked as it is, or not at all; `null`: it is not open, comes with no text, and cannot be read. */
export async function documentInfo(
  context: ServerContext,
  argument: unknown,
  uri: string,
  token: CancellationToken,
): Promise<DocumentInfo | null> {
  const open = await checkedDocument(context, uri, token);
  const checked = open ?? (token.isCancellationRequested ? null : await checkUnopened(context, argument, uri));
  if (!checked) return null;
  const { scope, document } = checked;
  const status = open ? statusOf(context, checked) : withoutEditor(statusOf(context, checked), document.languageId);
  const info = {
    serverVersion: context.version,
    status,
    languageId: document.languageId,
    workspaceFolder: scope.folder,
    indexFolder: scope.base,
    indexedFiles: scope.base === null ? 0 : context.facts.size(scope.base),
    rules: context.engine.rules.length,
    kubernetesVersion: `1.${scope.config.kubernetesMinor}`,
  };
  const name = (scope.folder && relativePath(scope.folder, document.uri)) ?? baseName(document.uri);
  return { ...info, page: pageOf(name, info, status, context.say) };
}

/** The check of a file that the client does not hand over while it is open: of the text that comes with the question, else of the file. */
async function checkUnopened(context: ServerContext, argument: unknown, uri: string): Promise<Checked | null> {
  const scope = await context.scopes.resolve(uri);
  try {
    const { text, languageId } = argumentFields<keyof ShowInfoParams>(argument);
    const document =
      typeof text === 'string'
        ? TextDocument.create(uri, typeof languageId === 'string' ? languageId : '', 0, text)
        : (await readClosedFile(context, uri, scope)).document;
    return document && { document, scope, check: context.checker.once(document, scope) };
  } finally {
    if (!context.documents.find(uri)) context.scopes.drop(uri);
  }
}

/** What is said of a file that no editor hands over: what would be found in it, it does not show. */
function withoutEditor(status: DocumentStatus, languageId: string): DocumentStatus {
  if (status.state !== 'checked' && status.state !== 'limited') return status;
  const reason = isWanted(status.uri)
    ? `the editor does not check files of the language ${languageId || 'in which it opens this one'}; bulkhead lint checks it when you name it`
    : 'it shows another version of a file';
  return { ...status, state: 'ignored', reason };
}

/** A Markdown page that answers "why is this (not) reported?". */
function pageOf(name: string, info: Omit<DocumentInfo, 'page'>, status: DocumentStatus, say: Say): MaskedText {
  const none = say('infoNone');
  const rows: readonly (readonly [EditorText, MaskedText])[] = [
    ['infoState', oneLine(status.reason === null ? status.state : `${status.state}: ${status.reason}`)],
    ['infoFamily', oneLine(status.family)],
    ['infoProfile', oneLine(status.profile)],
    ['infoConfig', status.config === null ? none : oneLine(status.config)],
    ['infoProblems', masked`${status.configProblems}`],
    [
      'infoFindings',
      joined(
        [...severities].reverse().map(severity => masked`${status.counts[severity]} ${trusted(severity)}`),
        ', ',
      ),
    ],
    ['infoSuppressed', masked`${status.suppressed}`],
    ['infoTime', trusted(`${status.durationMs.toFixed(1)} ms`)],
    ['infoLanguage', oneLine(info.languageId ?? '')],
    ['infoFolder', info.workspaceFolder === null ? none : oneLine(info.workspaceFolder)],
    ['infoIndex', info.indexFolder === null ? none : masked`${oneLine(info.indexFolder)} (${info.indexedFiles})`],
    ['infoKubernetes', oneLine(info.kubernetesVersion ?? '')],
    ['infoRules', masked`${info.rules}`],
    ['infoVersion', oneLine(info.serverVersion)],
  ];
  const lines = rows.map(([label, value]) => masked`- ${say(label)}: ${value}`);
  return joined([masked`# Bulkhead: ${oneLine(name)}`, plain(''), ...lines, plain('')], '\n');
}

/** A name may hold line breaks: no line of the page comes from it. */
function oneLine(text: string): MaskedText {
  return trusted(text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' '));
}
