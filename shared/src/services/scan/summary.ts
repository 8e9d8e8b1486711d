import type { Severity } from '../../base/terms/types';
import { type ScanReport, type Vulnerability, vulnerabilitySeverities, type VulnerabilitySeverity } from './types';

/** How many vulnerabilities there are of each severity. */
export type VulnerabilityCounts = Readonly<Record<VulnerabilitySeverity, number>>;

/** What a report comes to. One vulnerability of several packages is one. */
export interface ScanSummary {
  readonly all: VulnerabilityCounts;
  /** Those that some package has a fix for. */
  readonly fixable: VulnerabilityCounts;
  readonly count: number;
  readonly fixableCount: number;
}

/** Counts the vulnerabilities of a report, each id once, at the worst severity that it has. */
export function summarize({ vulnerabilities }: Pick<ScanReport, 'vulnerabilities'>): ScanSummary {
  const worst = new Map<string, { severity: VulnerabilitySeverity; fixable: boolean }>();
  for (const { id, severity, fixed } of vulnerabilities) {
    const known = worst.get(id);
    if (!known) worst.set(id, { severity, fixable: fixed !== null });
    else {
      if (rank(severity) < rank(known.severity)) known.severity = severity;
      known.fixable ||= fixed !== null;
    }
  }
  const count = (wanted: (fixable: boolean) => boolean): VulnerabilityCounts => {
    const counts: Record<VulnerabilitySeverity, number> = { critical: 0, high: 0, medium: 0, low: 0, unknown: 0 };
    for (const { severity, fixable } of worst.values()) if (wanted(fixable)) counts[severity]++;
    return counts;
  };
  const fixable = count(isFixable => isFixable);
  return { all: count(() => true), fixable, count: worst.size, fixableCount: sum(fixable) };
}

function sum(counts: VulnerabilityCounts): number {
  return vulnerabilitySeverities.reduce((total, severity) => total + counts[severity], 0);
}

/** 0 for the worst. */
function rank(severity: VulnerabilitySeverity): number {
  return vulnerabilitySeverities.indexOf(severity);
}

/** `2 critical, 5 high`: what occurs, the worst first; empty where nothing does. */
export function countedWords(counts: VulnerabilityCounts): string {
  return vulnerabilitySeverities.flatMap(severity => (counts[severity] > 0 ? `${counts[severity]} ${severity}` : [])).join(', ');
}

/** The worst first; of equal severity those with a fix, then by id and package. */
export function byUrgency(vulnerabilities: readonly Vulnerability[]): readonly Vulnerability[] {
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return [...vulnerabilities].sort(
    (a, b) =>
      rank(a.severity) - rank(b.severity) ||
      Number(b.fixed !== null) - Number(a.fixed !== null) ||
      compare(a.id, b.id) ||
      compare(a.package, b.package),
  );
}

/**
 * How bad it is to name an image: by the worst that an update can mend, since nobody can act on the rest; `null`: not worth a word at the image.
 * A builder's packages are not in the image that runs.
 */
export function severityOf({ fixable, all }: ScanSummary, isBuilder: boolean): Severity | null {
  const ofFixable: Severity | null =
    fixable.critical > 0 ? 'error' : fixable.high > 0 ? 'warning' : vulnerabilitySeverities.some(one => fixable[one] > 0) ? 'info' : null;
  const severity = ofFixable ?? (all.critical + all.high + all.medium > 0 ? 'info' : null);
  return isBuilder && severity !== null ? 'info' : severity;
}
