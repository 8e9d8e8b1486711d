import {
  DiagnosticSeverity,
  DiagnosticTag,
  type Diagnostic,
  type DiagnosticRelatedInformation,
  type Location,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Finding, Related } from '../../../shared/src/engine/types';
import { ruleAddress } from '../../../shared/src/protocol/docs';
import type { Words } from '../../../shared/src/report/words';
import type { Severity } from '../../../shared/src/rule/types';
import { toLspRange } from './edits';

/** Names the tool in every diagnostic. */
export const diagnosticSource = 'bulkhead';

/** The levels of LSP. */
export const lspSeverity: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** What a diagnostic carries for the requests that follow it. */
export interface DiagnosticData {
  readonly fingerprint: string;
}

/** What turning findings into diagnostics needs. */
export interface DiagnosticOptions {
  readonly words: Words;
  readonly relatedInformation: boolean;
  readonly unnecessaryTag: boolean;
  /** Where a related place of another file stands; `null` where that file cannot be read now. */
  readonly locate: (related: Related) => Location | null;
}

/** A finding as the editor shows it. */
export function toDiagnostic(document: TextDocument, finding: Finding, options: DiagnosticOptions): Diagnostic {
  const { words } = options;
  const data: DiagnosticData = { fingerprint: finding.fingerprint };
  const related = options.relatedInformation ? finding.related.flatMap(item => toRelated(document, finding, item, options)) : [];
  return {
    range: toLspRange(document, finding.range),
    severity: lspSeverity[finding.severity],
    code: finding.rule,
    codeDescription: { href: ruleAddress(finding.rule) },
    source: diagnosticSource,
    message: words.message(finding),
    data,
    ...(options.unnecessaryTag && finding.rule === 'bulkhead/unused-suppression' && { tags: [DiagnosticTag.Unnecessary] }),
    ...(related.length > 0 && { relatedInformation: related }),
  };
}

function toRelated(
  document: TextDocument,
  finding: Finding,
  related: Related,
  { words, locate }: DiagnosticOptions,
): DiagnosticRelatedInformation[] {
  const location = related.path === undefined ? { uri: document.uri, range: toLspRange(document, related.range) } : locate(related);
  return location ? [{ location, message: words.message({ rule: finding.rule, messageId: related.messageId, data: related.data }) }] : [];
}
