import type { Finding } from '../finding/types';
import type { Rule } from '../rule/define-rule';
import type { Category, Severity } from '../terms/types';
import { createLineTable, type LineTable } from '../text/line-table';
import type { Range } from '../text/range';
import { maskSlice, secretRanges } from './mask';
import type { Report, ReportedFile } from './types';

const levels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note', hint: 'note' };
/** What GitHub orders alerts by: over 9.0 critical, 7.0 high, 4.0 medium, else low. */
const scores: Readonly<Record<Severity, string>> = { error: '8.0', warning: '5.5', info: '3.0', hint: '1.0' };
const notSecurity: ReadonlySet<Category> = new Set(['reliability', 'correctness']);
const snippetLimit = 400;

/** The report as SARIF 2.1.0: rules with their pages, fixes, suppressions and fingerprints; secrets in snippets are masked. */
export function sarifReport(report: Report): string {
  const rules = [...report.rules.map(rule => ruleDescriptor(report, rule)), ...engineDescriptors(report)];
  const indexes = new Map(rules.map(({ id }, index) => [id, index]));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Bulkhead', version: report.version, semanticVersion: report.version, rules } },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The directory in which Bulkhead was run.' } } },
        invocations: [
          {
            executionSuccessful: report.problems.length === 0,
            toolExecutionNotifications: report.problems.map(({ path, message }) => ({
              level: 'error',
              message: { text: message },
              locations: [{ physicalLocation: { artifactLocation: artifact(path) } }],
            })),
          },
        ],
        properties: { profile: report.profile, kubernetesVersion: report.kubernetesVersion, today: report.today },
        results: report.files.flatMap(file => fileResults(report, file, indexes)),
      },
    ],
  };
  return JSON.stringify(log, null, 2) + '\n';
}

interface Descriptor {
  readonly id: string;
  readonly [member: string]: unknown;
}

function ruleDescriptor(report: Report, rule: Rule): Descriptor {
  const page = report.page(rule.id);
  const title = report.words.ruleTitle(rule.id);
  const cwe = (rule.references.cwe ?? []).map(id => `external/cwe/cwe-${id.replace(/^cwe-/i, '')}`);
  return {
    id: rule.id,
    shortDescription: { text: title },
    fullDescription: { text: title },
    help: { text: page ?? title, ...(page !== null && { markdown: page }) },
    defaultConfiguration: { level: levels[rule.severity] },
    properties: {
      category: rule.category,
      profile: rule.profile,
      precision: 'high',
      tags: [...(notSecurity.has(rule.category) ? [] : ['security']), rule.category, rule.family, ...cwe],
      ...(!notSecurity.has(rule.category) && { 'security-severity': scores[rule.severity] }),
    },
  };
}

/** Rules that are the engine's own (`bulkhead/...`) and occur in this report. */
function engineDescriptors(report: Report): Descriptor[] {
  const known = new Set(report.rules.map(rule => rule.id));
  const ids = new Set(report.files.flatMap(file => file.result.findings.map(finding => finding.rule)).filter(id => !known.has(id)));
  return [...ids].sort().map(id => ({ id, shortDescription: { text: id }, help: { text: id }, properties: { tags: ['bulkhead'] } }));
}

function fileResults(report: Report, file: ReportedFile, indexes: ReadonlyMap<string, number>): unknown[] {
  const lines = createLineTable(file.text);
  const secrets = secretRanges(file.result.findings);
  return file.result.findings.map(finding => {
    const region = regionOf(lines, finding.range);
    const fixes = file.fixes(finding).filter(fix => fix.edits.length > 0);
    return {
      ruleId: finding.rule,
      ruleIndex: indexes.get(finding.rule) ?? -1,
      level: levels[finding.severity],
      message: { text: report.words.message(finding) },
      locations: [
        {
          physicalLocation: {
            artifactLocation: artifact(file.path),
            region: { ...region, snippet: { text: snippet(file.text, finding.range, secrets) } },
          },
          ...(finding.object && { logicalLocations: [logicalLocation(finding.object)] }),
        },
      ],
      ...(finding.related.length > 0 && { relatedLocations: relatedLocations(report, file, finding, lines) }),
      partialFingerprints: { 'bulkhead/v1': finding.fingerprint },
      ...(fixes.length > 0 && {
        fixes: fixes.map(fix => ({
          description: { text: [fix.title, ...fix.assumes.map(assumption => `Assumes: ${assumption}`)].join('\n') },
          artifactChanges: [
            {
              artifactLocation: artifact(file.path),
              replacements: fix.edits.map(edit => ({
                deletedRegion: regionOf(lines, edit.range),
                insertedContent: { text: edit.newText },
              })),
            },
          ],
        })),
      }),
      suppressions: finding.suppression ? [suppressionOf(file, finding.suppression, lines)] : [],
      properties: { messageId: finding.messageId, category: finding.category, ...(finding.pss && { pss: finding.pss }) },
    };
  });
}

function suppressionOf(file: ReportedFile, suppression: NonNullable<Finding['suppression']>, lines: LineTable): unknown {
  return {
    kind: suppression.kind === 'config' ? 'external' : 'inSource',
    status: 'accepted',
    ...(suppression.reason !== null && { justification: suppression.reason }),
    ...(suppression.range && {
      location: { physicalLocation: { artifactLocation: artifact(file.path), region: regionOf(lines, suppression.range) } },
    }),
  };
}

function relatedLocations(report: Report, file: ReportedFile, finding: Finding, lines: LineTable): unknown[] {
  return finding.related.flatMap((related, index) => {
    const other = related.path === undefined ? { path: file.path, lines } : file.related(related.path);
    if (!other) return [];
    return [
      {
        id: index,
        message: { text: report.words.message({ ...related, rule: finding.rule }) },
        physicalLocation: { artifactLocation: artifact(other.path), region: regionOf(other.lines, related.range) },
      },
    ];
  });
}

function logicalLocation(object: NonNullable<Finding['object']>): unknown {
  const name = [object.namespace, object.name].filter(part => part != null).join('/');
  return {
    kind: 'resource',
    name: object.container ?? object.name ?? object.kind,
    fullyQualifiedName: [object.apiVersion, object.kind, name, object.container].filter(part => part != null && part !== '').join('/'),
  };
}

/** Lines and columns from 1; the end column is behind the last character. */
function regionOf(lines: LineTable, range: Range): Record<string, number> {
  const { start, end } = lines.positions(range);
  return { startLine: start.line + 1, startColumn: start.character + 1, endLine: end.line + 1, endColumn: end.character + 1 };
}

function snippet(text: string, range: Range, secrets: readonly Range[]): string {
  const masked = maskSlice(text, { start: range.start, end: Math.min(range.end, range.start + snippetLimit) }, secrets);
  // the cut may go through a character
  return masked.replace(/\p{Surrogate}/gu, '\ufffd');
}

/** A path as a relative URI; one that leaves the working directory stays relative too. Only another drive of Windows is absolute. */
function artifact(path: string): { uri: string; uriBaseId?: string } {
  const uri = path
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .split('/')
    .map(part => encodeURIComponent(part))
    .join('/');
  return /^[A-Za-z]%3A\//.test(uri) ? { uri: `file:///${uri.replace('%3A', ':')}` } : { uri, uriBaseId: '%SRCROOT%' };
}
