import type { MaskedText } from './masked-text';

/** Characters that would move the cursor, change colours or turn the direction of text when a report is printed. */
// eslint-disable-next-line no-control-regex
const unprintable = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** The text on one line, fit for a terminal: what comes out of a file must not be able to write escape sequences. */
export function printable(text: MaskedText): MaskedText;
export function printable(text: string): string;
export function printable(text: string): string {
  return text.replace(unprintable, char => (char === '\t' || char === '\n' || char === '\r' ? ' ' : '\ufffd'));
}

/** How many columns of a terminal a code point takes: 2 for East Asian wide characters and emoji, 0 for combining marks. */
export function columnsOf(codePoint: number): number {
  if (codePoint < 0x300) return 1;
  if (codePoint <= 0x36f || (codePoint >= 0x200b && codePoint <= 0x200d) || (codePoint >= 0xfe00 && codePoint <= 0xfe0f)) return 0;
  if (
    (codePoint >= 0x1100 && codePoint <= 0x115f) ||
    (codePoint >= 0x2e80 && codePoint <= 0x303e) ||
    (codePoint >= 0x3041 && codePoint <= 0xa4cf) ||
    (codePoint >= 0xac00 && codePoint <= 0xd7a3) ||
    (codePoint >= 0xf900 && codePoint <= 0xfaff) ||
    (codePoint >= 0xfe30 && codePoint <= 0xfe6f) ||
    (codePoint >= 0xff00 && codePoint <= 0xff60) ||
    (codePoint >= 0xffe0 && codePoint <= 0xffe6) ||
    (codePoint >= 0x1f300 && codePoint <= 0x1faff) ||
    (codePoint >= 0x20000 && codePoint <= 0x3fffd)
  ) {
    return 2;
  }
  return 1;
}
