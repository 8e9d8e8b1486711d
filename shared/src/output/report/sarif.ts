import type { Finding } from '../../rule/finding/types';
import { ruleAddress } from '../protocol/docs';
import type { Rule } from '../../rule/define-rule';
import type { Category, Severity } from '../../base/terms/types';
import { createLineTable, type LineTable } from '../../base/text/line-table';
import type { Range } from '../../base/text/range';
import { gateOf, maskAlone, type Gate } from './gate';
import { joined, masked, maskedItem, maskedJsonAround, placeOfItems, plain, restyled, trusted, type MaskedText } from './masked-text';
import { printable } from './printable';
import { textsOf, type ReportedFile, type ReportedFix, type ReportedProblem, type ReportFormat, type ReportHead } from './types';
import { engineRules } from './words';

const levels = { error: 'error', warning: 'warning', info: 'note', hint: 'note' } as const satisfies Record<Severity, string>;
/** What GitHub orders alerts by: over 9.0 critical, 7.0 high, 4.0 medium, else low. */
const scores = { error: '8.0', warning: '5.5', info: '3.0', hint: '1.0' } as const satisfies Record<Severity, string>;
const notSecurity: ReadonlySet<Category> = new Set(['reliability', 'correctness']);
const snippetLimit = 400;

/** The report as SARIF 2.1.0: rules with their pages, fixes, suppressions and fingerprints; secrets in snippets are masked. */
export const sarifFormat: ReportFormat = {
  file: (head, file) => {
    const indexes = indexesOf(head.rules);
    return joined(
      fileResults(head, file, indexes).map(result => maskedItem(result, 4)),
      ',\n        ',
    );
  },
  whole: (head, parts, { problems }) => maskedJsonAround(sarifLog(head, problems), textsOf(parts)),
};

/** The log with a place for its results. */
function sarifLog(report: ReportHead, problems: readonly ReportedProblem[]) {
  const rules = [...report.rules.map(rule => ruleDescriptor(report, rule)), ...engineRules.map(rule => engineDescriptor(report, rule))];
  return {
    $schema: plain('https://json.schemastore.org/sarif-2.1.0.json'),
    version: plain('2.1.0'),
    runs: [
      {
        tool: {
          driver: {
            name: plain('Bulkhead'),
            version: trusted(report.version),
            semanticVersion: trusted(report.version),
            ...(report.pagesAddress !== null && { informationUri: trusted(report.pagesAddress) }),
            rules,
          },
        },
        columnKind: plain('utf16CodeUnits'),
        originalUriBaseIds: { '%SRCROOT%': { description: { text: plain('The directory in which Bulkhead was run.') } } },
        invocations: [
          {
            executionSuccessful: problems.length === 0,
            toolExecutionNotifications: problems.map(({ path, message }) => ({
              level: plain('error'),
              message: { text: unlinked(maskAlone(message)) },
              locations: [{ physicalLocation: { artifactLocation: artifact(path) } }],
            })),
          },
        ],
        properties: {
          profile: trusted(report.profile),
          kubernetesVersion: trusted(report.kubernetesVersion),
          today: trusted(report.today),
        },
        results: placeOfItems,
      },
    ],
  };
}

let known: { readonly rules: readonly Rule[]; readonly indexes: ReadonlyMap<string, number> } | null = null;

/** Where each rule stands among the descriptors, those of the engine at the end. */
function indexesOf(rules: readonly Rule[]): ReadonlyMap<string, number> {
  if (known?.rules !== rules)
    known = { rules, indexes: new Map([...rules.map(({ id }) => id), ...engineRules].map((id, index) => [id, index])) };
  return known.indexes;
}

function ruleDescriptor(report: ReportHead, rule: Rule) {
  const page = report.page(rule.id);
  const prose = page === null ? null : trusted(page);
  const title = rule.id.startsWith('custom/') ? maskAlone(rule.title) : report.words.ruleTitle(rule.id);
  const address = ruleAddress(report.pagesAddress, rule.id);
  const cwe = (rule.references.cwe ?? []).map(id => trusted(`external/cwe/cwe-${id.replace(/^cwe-/i, '')}`));
  return {
    id: trusted(rule.id),
    shortDescription: { text: title },
    fullDescription: { text: title },
    ...(address !== null && { helpUri: trusted(address) }),
    help: { text: prose ?? title, ...(prose !== null && { markdown: prose }) },
    defaultConfiguration: { level: levels[rule.severity] },
    properties: {
      category: rule.category,
      profile: rule.profile,
      precision: plain('high'),
      tags: [...(notSecurity.has(rule.category) ? [] : [plain('security')]), rule.category, trusted(rule.family), ...cwe],
      ...(!notSecurity.has(rule.category) && { 'security-severity': scores[rule.severity] }),
    },
  };
}

/** Rules that are the engine's own (`bulkhead/...`). */
function engineDescriptor({ words }: ReportHead, rule: string) {
  const text = words.ruleTitle(rule);
  return { id: trusted(rule), shortDescription: { text }, help: { text }, properties: { tags: [plain('bulkhead')] } };
}

function fileResults(report: ReportHead, file: ReportedFile, indexes: ReadonlyMap<string, number>) {
  const lines = createLineTable(file.text);
  const gate = gateOf(file);
  const artifactLocation = artifact(file.path);
  return file.result.findings.map(finding => {
    const region = regionOf(lines, finding.range);
    const all = file.fixes(finding).filter(fix => fix.edits.length > 0);
    const shown = all.map(fix => fix.edits.flatMap(({ range, newText }) => shownEdit(gate, range, newText)));
    const isShown = (fix: ReportedFix, index: number): boolean => shown[index]!.length === fix.edits.length;
    const fixes = all.flatMap((fix, index) => (isShown(fix, index) ? [{ fix, edits: shown[index]! }] : []));
    const withheld = all.filter((fix, index) => !isShown(fix, index));
    return {
      ruleId: trusted(finding.rule),
      ruleIndex: indexes.get(finding.rule) ?? -1,
      level: levels[finding.severity],
      message: { text: unlinked(gate.words(report.words.message(finding))) },
      locations: [
        {
          physicalLocation: {
            artifactLocation,
            region: { ...region, snippet: { text: snippet(gate, finding.range) } },
          },
          ...(finding.object && { logicalLocations: [logicalLocation(finding.object, gate)] }),
        },
      ],
      ...(finding.related.length > 0 && { relatedLocations: relatedLocations(report, file, finding, lines, gate) }),
      partialFingerprints: { 'bulkhead/v1': trusted(finding.fingerprint) },
      ...(fixes.length > 0 && {
        fixes: fixes.map(({ fix, edits }) => ({
          description: {
            text: unlinked(
              joined([gate.words(fix.title), ...fix.assumes.map(assumption => masked`Assumes: ${gate.words(assumption)}`)], '\n'),
            ),
          },
          artifactChanges: [
            {
              artifactLocation,
              replacements: edits.map(({ range, text }) => ({ deletedRegion: regionOf(lines, range), insertedContent: { text } })),
            },
          ],
        })),
      }),
      ...(report.hasBaseline && { baselineState: finding.suppression?.kind === 'baseline' ? plain('unchanged') : plain('new') }),
      suppressions:
        finding.suppression && finding.suppression.kind !== 'baseline' ? [suppressionOf(file, finding.suppression, lines, gate)] : [],
      properties: {
        messageId: trusted(finding.messageId),
        category: finding.category,
        ...(finding.pss && { pss: finding.pss }),
        ...(withheld.length > 0 && {
          withheldFixes: withheld.map(fix => ({ id: trusted(fix.id), title: gate.words(fix.title), reason: plain('secret') })),
        }),
      },
    };
  });
}

/**
 * The text of a message, in which `[text](target)` would be a link (SARIF 2.1.0, 3.11.6): its signs are escaped, and set apart for viewers that do not know of
 * escapes. Other brackets need none.
 */
function unlinked(text: MaskedText): MaskedText {
  return restyled(text, shown => (shown.includes('](') ? shown.replace(/[\\[\]]/g, '\\$&').replaceAll('](', '] (') : shown));
}

/** An edit as it may be shown; nothing where it would carry a secret. */
function shownEdit(gate: Gate, range: Range, newText: string): { readonly range: Range; readonly text: MaskedText }[] {
  const text = gate.whole(newText);
  return text === null ? [] : [{ range, text }];
}

function suppressionOf(file: ReportedFile, suppression: NonNullable<Finding['suppression']>, lines: LineTable, gate: Gate) {
  return {
    kind: suppression.kind === 'config' ? plain('external') : plain('inSource'),
    status: plain('accepted'),
    ...(suppression.reason !== null && { justification: printable(gate.mask(suppression.reason)) }),
    ...(suppression.range && {
      location: { physicalLocation: { artifactLocation: artifact(file.path), region: regionOf(lines, suppression.range) } },
    }),
  };
}

function relatedLocations(report: ReportHead, file: ReportedFile, finding: Finding, lines: LineTable, gate: Gate) {
  return finding.related.flatMap((related, index) => {
    const other = related.path === undefined ? { path: file.path, lines } : file.related(related.path);
    if (!other) return [];
    return [
      {
        id: index,
        message: { text: unlinked(gate.words(report.words.message({ ...related, rule: finding.rule }))) },
        physicalLocation: { artifactLocation: artifact(other.path), region: regionOf(other.lines, related.range) },
      },
    ];
  });
}

function logicalLocation(object: NonNullable<Finding['object']>, gate: Gate) {
  const name = [object.namespace, object.name].filter(part => part != null).join('/');
  return {
    kind: plain('resource'),
    name: gate.mask(object.container ?? object.name ?? object.kind),
    fullyQualifiedName: gate.mask(
      [object.apiVersion, object.kind, name, object.container].filter(part => part != null && part !== '').join('/'),
    ),
  };
}

/** Lines and columns from 1; the end column is behind the last character. */
function regionOf(lines: LineTable, range: Range): Record<string, number> {
  const { start, end } = lines.positions(range);
  return { startLine: start.line + 1, startColumn: start.character + 1, endLine: end.line + 1, endColumn: end.character + 1 };
}

function snippet(gate: Gate, range: Range): MaskedText {
  const piece = gate.slice({ start: range.start, end: Math.min(range.end, range.start + snippetLimit) });
  // the cut may go through a character
  return restyled(piece, shown => shown.replace(/\p{Surrogate}/gu, '\ufffd'));
}

/** A path as a relative URI; one that leaves the working directory stays relative too. Only another drive of Windows is absolute. */
function artifact(path: string): { uri: MaskedText; uriBaseId?: MaskedText } {
  const uri = path
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .split('/')
    .map(part => encodeURIComponent(part))
    .join('/');
  return /^[A-Za-z]%3A\//.test(uri)
    ? { uri: trusted(`file:///${uri.replace('%3A', ':')}`) }
    : { uri: trusted(uri), uriBaseId: plain('%SRCROOT%') };
}
