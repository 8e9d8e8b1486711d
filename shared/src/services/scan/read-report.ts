import { readDockle } from './read-dockle';
import { readGrype } from './read-grype';
import { readTrivy } from './read-trivy';
import type { ScanReport } from './types';

/** A longer report is not read: one of ten thousand vulnerabilities has half of it. */
export const maxReportLength = 64 << 20;

/** Reads what a scanner printed, whichever it was. The message goes on from "the report": a short English phrase that quotes nothing. Never throws. */
export function readScanReport(
  text: string,
): { readonly ok: true; readonly report: ScanReport } | { readonly ok: false; readonly message: string } {
  if (text.length > maxReportLength) return { ok: false, message: `is longer than ${maxReportLength >> 20} MB` };
  const body = text.startsWith('\ufeff') ? text.slice(1) : text;
  // a page of help, or an error in words
  if (!/^\s{0,100}\{/.test(body)) return { ok: false, message: body.trim() === '' ? 'is empty' : 'is not JSON' };
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return { ok: false, message: 'is not JSON, or is truncated' };
  }
  const report = readTrivy(json) ?? readGrype(json) ?? readDockle(json);
  return report ? { ok: true, report } : { ok: false, message: 'is not a JSON report from Trivy, Grype or Dockle' };
}
