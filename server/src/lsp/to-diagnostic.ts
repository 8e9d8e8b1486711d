import type { Finding, Gate, Related, Severity, Words } from '../../../shared/src/index';
import { DiagnosticSeverity, DiagnosticTag, type Location, type Range as LspRange } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { toLspRange } from './edits';
import type { MaskedDiagnostic, MaskedRelated } from './gate';

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
  /** Where the page of a rule is on the web; `null`: nowhere. */
  readonly address: (rule: string) => string | null;
  readonly gate: Gate;
  readonly relatedInformation: boolean;
  readonly unnecessaryTag: boolean;
  /** Where a related place of another file stands; `null` where that file cannot be read now. */
  readonly locate: (related: Related) => Location | null;
}

/** A finding of a text before with the same secrets, and how it was shown: with the same data, so that much of it may be the same. */
export interface ShownBefore {
  readonly finding: Finding;
  readonly diagnostic: MaskedDiagnostic;
}

/** A finding as the editor shows it. */
export function toDiagnostic(document: TextDocument, finding: Finding, options: DiagnosticOptions, before?: ShownBefore): MaskedDiagnostic {
  const { words, gate } = options;
  const range = toLspRange(document, finding.range);
  const like = before?.finding.rule === finding.rule && before.finding.messageId === finding.messageId ? before : null;
  // what other files say of it may have moved there
  if (like && like.finding === finding && finding.related.length === 0 && isSameRange(like.diagnostic.range, range)) return like.diagnostic;
  const data: DiagnosticData = { fingerprint: finding.fingerprint };
  const href = options.address(finding.rule);
  const related = options.relatedInformation ? finding.related.flatMap(item => toRelated(document, finding, item, options)) : [];
  return {
    range,
    severity: lspSeverity[finding.severity],
    code: finding.rule,
    ...(href !== null && { codeDescription: { href } }),
    source: diagnosticSource,
    message: like?.diagnostic.message ?? gate.words(words.message(finding)),
    data,
    ...(options.unnecessaryTag && finding.rule === 'bulkhead/unused-suppression' && { tags: [DiagnosticTag.Unnecessary] }),
    ...(related.length > 0 && { relatedInformation: related }),
  };
}

function isSameRange(a: LspRange, b: LspRange): boolean {
  return (
    a.start.line === b.start.line &&
    a.start.character === b.start.character &&
    a.end.line === b.end.line &&
    a.end.character === b.end.character
  );
}

function toRelated(
  document: TextDocument,
  finding: Finding,
  related: Related,
  { words, gate, locate }: DiagnosticOptions,
): MaskedRelated[] {
  const location = related.path === undefined ? { uri: document.uri, range: toLspRange(document, related.range) } : locate(related);
  if (!location) return [];
  return [{ location, message: gate.words(words.message({ rule: finding.rule, messageId: related.messageId, data: related.data })) }];
}
