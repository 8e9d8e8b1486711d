import type { CancellationToken } from 'vscode-languageserver';
import { joined, masked, plain, trusted, type MaskedText } from '../../../shared/src/early';
import { severities } from '../../../shared/src/index';
import type { DocumentInfo, DocumentStatus } from '../../../shared/src/output/protocol/messages';
import type { EditorText, Say } from '../lsp/say';
import { baseName, relativePath } from '../lsp/uri';
import { checkedDocument, type ServerContext } from '../session/context';
import { statusOf } from './status';

/** Why a document is checked as it is, or not at all; `null`: it is not open. */
export async function documentInfo(context: ServerContext, uri: string, token: CancellationToken): Promise<DocumentInfo | null> {
  const checked = await checkedDocument(context, uri, token);
  if (!checked) return null;
  const { scope, document } = checked;
  const status = statusOf(context, checked);
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
        severities.map(severity => masked`${status.counts[severity]} ${trusted(severity)}`),
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
