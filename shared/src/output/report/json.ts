import type { Finding } from '../../rule/finding/types';
import { gateOf, type Gate } from './gate';
import { maskedItem, maskedJsonAround, placeOfItems, plain, trusted, type MaskedText } from './masked-text';
import { printable } from './printable';
import { createLineTable, type LineTable, type PositionRange } from '../../base/text/line-table';
import type { TextEdit } from '../../base/text/edits';
import { type SnippetEdit, snippetPreview, snippetSyntax } from '../../base/text/snippet';
import { sumFindings, sumOf, textsOf, type ReportedFile, type ReportedFix, type ReportFormat, type ReportHead } from './types';

/** Edits of one file as JSON has them. */
export interface JsonChange {
  readonly path: MaskedText;
  readonly edits: readonly { readonly range: PositionRange; readonly newText: MaskedText }[];
}

/** Edits with lines and characters for offsets; `null` where one would carry a secret: masked it would be wrong, and unmasked it may not be told. */
export function jsonChange(path: string, edits: readonly TextEdit[], lines: LineTable, gate: Gate): JsonChange | null {
  const told = edits.flatMap(({ range, newText }) => {
    const whole = gate.whole(newText);
    return whole === null ? [] : [{ range: lines.positions(range), newText: whole }];
  });
  return told.length < edits.length ? null : { path: trusted(path), edits: told };
}

/** A new file, as the one edit that fills it; `null` where it would carry a secret. */
export function jsonNewFile(path: string, text: string, gate: Gate) {
  const change = jsonChange(path, [{ range: { start: 0, end: 0 }, newText: text }], createLineTable(''), gate);
  return change && { path: change.path, create: true, edits: change.edits };
}

/** Edits with places to fill, in the snippet syntax of LSP; `null` where one would carry a secret. */
function jsonInput(path: string, edits: readonly SnippetEdit[], lines: LineTable, gate: Gate) {
  if (edits.some(({ pieces }) => gate.carries(snippetPreview(pieces)))) return null;
  return {
    path: trusted(path),
    edits: edits.map(({ range, pieces }) => ({ range: lines.positions(range), snippet: gate.words(snippetSyntax(pieces)) })),
  };
}

/** The report for programs: `schemaVersion` 1 of the contract in docs/cli.md. Ends with a line break. */
export const jsonFormat: ReportFormat = {
  file: (head, file) => {
    const lines = createLineTable(file.text);
    return maskedItem(
      {
        path: trusted(file.path),
        family: trusted(file.result.family),
        findings: file.result.findings.map(finding => jsonFinding(head, file, finding, lines)),
      },
      2,
    );
  },
  whole: ({ version, profile, kubernetesVersion, today }, parts, { durationMs }) =>
    maskedJsonAround(
      {
        schemaVersion: 1,
        version: trusted(version),
        profile: trusted(profile),
        kubernetesVersion: trusted(kubernetesVersion),
        today: trusted(today),
        files: placeOfItems,
        summary: { files: parts.length, findings: sumFindings(parts), fragments: sumOf(parts, 'fragments'), durationMs },
      },
      textsOf(parts),
    ),
};

function jsonFinding(report: ReportHead, file: ReportedFile, finding: Finding, lines: LineTable) {
  const { rule, messageId, severity, category, object, pss, fingerprint, suppression } = finding;
  const gate = gateOf(file);
  const { mask } = gate;
  const maskIfAny = <T extends null | undefined>(text: string | T): MaskedText | T => (typeof text === 'string' ? mask(text) : text);
  return {
    rule: trusted(rule),
    messageId: trusted(messageId),
    severity,
    category,
    message: gate.words(report.words.message(finding)),
    range: lines.positions(finding.range),
    object: object && {
      document: object.document,
      apiVersion: maskIfAny(object.apiVersion),
      kind: mask(object.kind),
      namespace: maskIfAny(object.namespace),
      name: maskIfAny(object.name),
      container: maskIfAny(object.container),
      path: mask(object.path),
    },
    ...(pss !== null && { pss }),
    fingerprint: trusted(fingerprint),
    related: finding.related.flatMap(related => {
      const other = related.path === undefined ? { path: file.path, lines } : file.related(related.path);
      if (!other) return [];
      const message = gate.words(report.words.message({ ...related, rule }));
      return [{ path: trusted(other.path), range: other.lines.positions(related.range), message }];
    }),
    fixes: file.fixes(finding).map(fix => jsonFix(file, fix, lines)),
    suppressed: suppression !== null,
    suppression: suppression && {
      kind: suppression.kind,
      reason: suppression.reason === null ? null : printable(mask(suppression.reason)),
      ...(suppression.peer !== undefined && { peer: trusted(suppression.peer) }),
      ...(suppression.range && { range: lines.positions(suppression.range) }),
    },
  };
}

function jsonFix(file: ReportedFile, fix: ReportedFix, lines: LineTable) {
  const { id, title, assumes, needs, edits, elsewhere, input } = fix;
  const gate = gateOf(file);
  const other = elsewhere && !elsewhere.create ? file.related(elsewhere.path) : null;
  const created = elsewhere?.create ? (file.creatable?.(elsewhere.path) ?? null) : null;
  const changes = [
    ...(edits.length === 0 ? [] : [jsonChange(file.path, edits, lines, gate)]),
    ...(other ? [jsonChange(other.path, [elsewhere!], other.lines, gate)] : []),
    ...(created === null ? [] : [jsonNewFile(created, elsewhere!.newText, gate)]),
  ];
  const told = changes.filter(change => change !== null);
  const asked = input ? jsonInput(file.path, input, lines, gate) : null;
  const whole = told.length === changes.length && (!input || asked !== null);
  return {
    id: trusted(id),
    title: gate.words(title),
    class: fix.class,
    assumes: assumes.map(gate.words),
    needs,
    changes: whole ? told : [],
    ...(asked && { input: [asked] }),
    ...(!whole && { withheld: plain('secret') }),
  };
}
