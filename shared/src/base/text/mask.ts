import type { Range } from './range';

/** What stands in the place of a secret: always as long, so that its length does not show. */
export const maskText = '********';

/** Ranges sorted, those that overlap or touch made one, empty ones left out. */
export function mergeRanges(ranges: readonly Range[]): readonly Range[] {
  const merged: Range[] = [];
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = merged[merged.length - 1];
    if (last && range.start <= last.end) merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
    else if (range.end > range.start) merged.push(range);
  }
  return merged;
}

/** A piece of text with the secrets in it masked; `secrets` as `mergeRanges` gives them. */
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
