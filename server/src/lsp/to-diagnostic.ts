import type { MaskedText } from '../../../shared/src/early';
import type { Entry, Finding, Gate, Range, Related, Severity, Words } from '../../../shared/src/index';
import type { DiagnosticData } from '../../../shared/src/output/protocol/workspace';
import { DiagnosticSeverity, DiagnosticTag, type Location, type Range as LspRange } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { toLspRange } from './edits';
import type { MaskedDiagnostic, MaskedRelated } from './gate';

/** Names the tool in every diagnostic. */
const diagnosticSource = 'bulkhead';

/** The levels of LSP. */
export const lspSeverity: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** A diagnostic of the server's own, beside findings. */
export function noteOf(
  document: TextDocument,
  range: Range,
  severity: DiagnosticSeverity,
  code: string,
  message: MaskedText,
): MaskedDiagnostic {
  return { range: toLspRange(document, range), severity, code, source: diagnosticSource, message };
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

/** An entry of a text before with the same secrets, and how it was shown: with the same data, so that much of it may be the same. */
export interface ShownBefore {
  readonly entry: Entry;
  readonly diagnostic: MaskedDiagnostic;
}

/** An entry as the editor shows it. */
export function toDiagnostic(document: TextDocument, entry: Entry, options: DiagnosticOptions, before?: ShownBefore): MaskedDiagnostic {
  const { words, gate } = options;
  const { finding, members, group } = entry;
  const range = toLspRange(document, finding.range);
  const like = before && isLike(entry, before.entry) ? before : null;
  // what other files say of it may have moved there
  const stays = like !== null && members.every((member, i) => member === like.entry.members[i] && member.related.length === 0);
  if (stays && isSameRange(like.diagnostic.range, range)) return like.diagnostic;
  const data: DiagnosticData = {
    fingerprint: finding.fingerprint,
    ...(group && { findings: members.map(({ rule, fingerprint }) => ({ rule, fingerprint })) }),
  };
  const href = options.address(finding.rule);
  const related = options.relatedInformation
    ? members.flatMap(member => member.related.flatMap(item => toRelated(document, member, item, options)))
    : [];
  return {
    range,
    severity: lspSeverity[finding.severity],
    code: finding.rule,
    ...(href !== null && { codeDescription: { href } }),
    source: diagnosticSource,
    message: like?.diagnostic.message ?? gate.words(words.entry(entry)),
    data,
    ...(options.unnecessaryTag && finding.rule === 'bulkhead/unused-suppression' && { tags: [DiagnosticTag.Unnecessary] }),
    ...(related.length > 0 && { relatedInformation: related }),
  };
}

/** Whether two entries whose first findings have the same data say the same. */
function isLike({ members }: Entry, before: Entry): boolean {
  return (
    members.length === before.members.length &&
    members.every(({ rule, messageId }, i) => rule === before.members[i]!.rule && messageId === before.members[i]!.messageId)
  );
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
