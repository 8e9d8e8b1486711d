import { engineFinding, type RawFinding } from '../../rule/finding/engine-finding';
import { createFingerprints } from '../../rule/finding/fingerprint';
import type { Finding, Suppression } from '../../rule/finding/types';
import { parseImageReference } from '../../syntax/image/reference';
import type { ImagePlace } from '../../syntax/image/places';
import type { MessageData, Severity } from '../../base/terms/types';
import type { Range } from '../../base/text/range';
import { scannerLabel } from './scanners';
import { byUrgency, countedWords, severityOf, summarize } from './summary';
import { mostHidden, type HiddenVulnerability, type ImageCheck, type ScanReport } from './types';

/** The rule of findings that say what a scanner found in an image. It is the engine's: nothing hides them but what the scanner itself left out. */
export const vulnerableRule = 'bulkhead/vulnerable-image';

/** So many packages with a fix are named with a finding. */
const maxNamed = 10;

/** A place that names an image, with what was found in the image. */
export interface ScannedPlace extends Pick<ImagePlace, 'reference' | 'range' | 'builder'> {
  readonly report: ScanReport;
  /** When it was scanned, in milliseconds since 1970, where that was not just now. */
  readonly scannedAt?: number | null;
}

/**
 * The findings of a file's images, sorted by range: one for each place at most, and behind it, suppressed, what the scanner left out. `text`: of the file; `path`: for
 * fingerprints.
 */
export function scanFindings(text: string, path: string, places: readonly ScannedPlace[]): readonly Finding[] {
  const prints = createFingerprints(path);
  const finish = ({ key, ...finding }: RawFinding, suppression: Suppression | null): Finding => ({
    ...finding,
    document: 0,
    fingerprint: prints.hash(key, prints.count(key)),
    suppression,
  });
  return [...places]
    .sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end)
    .flatMap(place => {
      const found = scanFinding(text, place);
      const hidden = place.report.hidden.slice(0, mostHidden).map(one => {
        const suppression: Suppression = { kind: 'file', reason: one.reason, peer: place.report.scanner };
        return finish(hiddenFinding(text, place, one), suppression);
      });
      return [...(found ? [finish(found, null)] : []), ...hidden];
    });
}

/** Whether there is anything to say of an image at its tag. */
export function hasScanFinding(report: ScanReport): boolean {
  return summaryOf(report, false) !== null;
}

function scanFinding(text: string, { reference, range, report, builder = false, scannedAt = null }: ScannedPlace): RawFinding | null {
  const summary = summaryOf(report, builder);
  if (!summary) return null;
  const own = tagRange(text, range, reference);
  const day = scannedAt === null ? '' : `, ${new Date(scannedAt).toISOString().slice(0, 10)}`;
  const scanner = `${scannerLabel(report.scanner, report.version)}${day}`;
  const data = { image: nameOf(reference), scanner, ...summary.data };
  const finding = engineFinding(vulnerableRule, summary.messageId, data, {
    severity: summary.severity,
    range: own,
    keyData: { image: nameOf(reference) },
  });
  return { ...finding, category: 'supply-chain', related: summary.named.map(more => ({ range: own, messageId: 'package', data: more })) };
}

function hiddenFinding(text: string, { reference, range }: ScannedPlace, { id, package: name, by }: HiddenVulnerability): RawFinding {
  const data = { image: nameOf(reference), id, package: name, by };
  const extras = {
    severity: 'info',
    range: tagRange(text, range, reference),
    keyData: { image: nameOf(reference), id, package: name },
  } as const;
  return { ...engineFinding(vulnerableRule, 'left-out', data, extras), category: 'supply-chain' };
}

function summaryOf(report: ScanReport, builder: boolean): Summary | null {
  return report.scanner === 'dockle' ? checksOf(report.checks) : vulnerabilitiesOf(report, builder);
}

interface Summary {
  readonly messageId: string;
  readonly severity: Severity;
  readonly data: MessageData;
  /** What is added about single packages. */
  readonly named: readonly MessageData[];
}

function vulnerabilitiesOf(report: ScanReport, builder: boolean): Summary | null {
  const summary = summarize(report);
  const severity = severityOf(summary, builder);
  if (severity === null) return null;
  const isFixable = summary.fixableCount > 0;
  const named = isFixable ? fixableOf(report).slice(0, maxNamed) : [];
  return {
    messageId: `${isFixable ? 'fixable' : 'unfixable'}${builder ? '-builder' : ''}`,
    severity,
    data: { counts: countedWords(isFixable ? summary.fixable : summary.all), count: summary.count },
    named: named.map(({ id, severity: own, package: name, installed, fixed }) => ({ id, severity: own, package: name, installed, fixed })),
  };
}

/** The packages that an update mends, the worst first. */
export function fixableOf(report: ScanReport): readonly (ScanReport['vulnerabilities'][number] & { readonly fixed: string })[] {
  return byUrgency(report.vulnerabilities).flatMap(one => (one.fixed === null ? [] : { ...one, fixed: one.fixed }));
}

const checkSeverities = { fatal: 'error', warn: 'warning', info: 'info' } as const satisfies Record<ImageCheck['level'], Severity>;

/** Dockle's codes, the worst level first. */
function checksOf(checks: readonly ImageCheck[]): Summary | null {
  const sorted = (['fatal', 'warn', 'info'] as const).flatMap(level => checks.filter(check => check.level === level));
  const [worst] = sorted;
  if (!worst) return null;
  return {
    messageId: 'contents',
    severity: checkSeverities[worst.level],
    data: { checks: sorted.map(({ code, title }) => `${title} (${code})`).join('; ') },
    named: [],
  };
}

/** A reference as messages name it: a digest is of no use to a reader where a tag stands beside it. */
function nameOf(reference: string): string {
  const parsed = parseImageReference(reference);
  if (parsed.invalid !== null || parsed.digest === null) return reference;
  return parsed.tag === null
    ? `${reference.slice(0, parsed.ranges.digest!.start)}${parsed.digest.slice(0, 19)}`
    : reference.slice(0, parsed.ranges.digest!.start - 1);
}

/** The tag of a reference in a file; all of what stands there where it has none, or is put together from variables. */
export function tagRange(text: string, range: Range, reference: string): Range {
  if (text.slice(range.start, range.end) !== reference) return range;
  const parsed = parseImageReference(reference);
  const tag = parsed.invalid === null ? parsed.ranges.tag : null;
  return tag === null ? range : { start: range.start + tag.start, end: range.start + tag.end };
}
