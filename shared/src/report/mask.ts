import type { Finding } from '../engine/types';
import type { Range } from '../text/range';

/** What stands in the place of a secret: always as long, so that its length does not show. */
export const maskText = '********';

/**
 * The parts of a text that no report may print, from the findings about secrets. Sorted, without overlaps.
 * A finding may point at a secret, at `NAME=secret` or at the name alone; where that cannot be told, more is masked rather than less.
 */
export function secretRanges(text: string, findings: readonly Pick<Finding, 'category' | 'range' | 'data'>[]): readonly Range[] {
  const ranges: Range[] = [];
  for (const { category, range, data } of findings) {
    if (category !== 'secrets' || range.end <= range.start) continue;
    const secret = secretOf(text, range, Object.values(data).map(String));
    if (secret.end > secret.start) ranges.push(secret);
  }
  ranges.sort((a, b) => a.start - b.start);
  const merged: Range[] = [];
  for (const range of ranges) {
    const last = merged[merged.length - 1];
    if (last && range.start <= last.end) merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
    else merged.push(range);
  }
  return merged;
}

function secretOf(text: string, range: Range, shown: readonly string[]): Range {
  const word = text.slice(range.start, range.end);
  const behind = text.slice(range.end, range.end + 100);
  // what the message says already, and the name before a separator, are no secrets; what follows them is
  if (shown.includes(word) || /^["']?[ \t]*[=:]/.test(behind)) {
    const separator = /^["']?[ \t]*[=:]?[ \t]*["']?/.exec(behind)![0];
    const start = range.end + separator.length;
    return { start, end: Math.max(start, logicalLineEnd(text, start)) };
  }
  const name = /^["']?[A-Za-z_][\w.-]{0,200}["']?[ \t]{0,50}(?:=|:[ \t])[ \t]{0,50}/.exec(word);
  // `YWJj=` and `YWJj==` are base64, not a name and its value
  if (name && /[^=]/.test(word.slice(name[0].length))) return { start: range.start + name[0].length, end: range.end };
  return range;
}

/** The end of the line of an offset, and of the lines that continue it. */
function logicalLineEnd(text: string, offset: number): number {
  let end = offset;
  for (;;) {
    const next = text.indexOf('\n', end);
    if (next < 0) return text.length;
    const last = text.charAt(text.charAt(next - 1) === '\r' ? next - 2 : next - 1);
    if (last !== '\\' && last !== '`') return text.charAt(next - 1) === '\r' ? next - 1 : next;
    end = next + 1;
  }
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
