import type { Finding } from '../finding/types';
import type { Range } from '../text/range';

/** What stands in the place of a secret: always as long, so that its length does not show. */
export const maskText = '********';

/** The parts of a text that no report may print, as its findings say. Sorted, without overlaps. */
export function secretRanges(findings: readonly Pick<Finding, 'secrets'>[]): readonly Range[] {
  const merged: Range[] = [];
  for (const range of findings.flatMap(f => f.secrets).sort((a, b) => a.start - b.start)) {
    const last = merged[merged.length - 1];
    if (last && range.start <= last.end) merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
    else if (range.end > range.start) merged.push(range);
  }
  return merged;
}

/** A piece of text with the secrets in it masked; `secrets` as `secretRanges` gives them. */
export function maskSlice(text: string, range: Range, secrets: readonly Range[]): string {
  let result = '';
  let at = range.start;
  for (const secret of secrets) {
    if (secret.end <= range.start || secret.start >= range.end) continue;
    result += text.slice(at, Math.max(at, secret.start)) + maskText;
    at = Math.min(secret.end, range.end);
  }
  return result + text.slice(at, range.end);
}
