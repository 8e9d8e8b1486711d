import { visible } from '../../base/text/visible';
import type { MaskedText } from './masked-text';

/** Text on one line that may be shown anywhere: what comes out of a file must not be able to write escape sequences. */
export function printable(text: MaskedText): MaskedText;
export function printable(text: string): string;
export function printable(text: string): string {
  return visible(text).replace(/[\t\n\r]/g, ' ');
}

/** How many columns of a terminal a code point takes: 2 for East Asian wide characters and emoji, 0 for combining marks. */
export function columnsOf(codePoint: number): number {
  if (codePoint < 0x300) return 1;
  if (codePoint <= 0x36f || (codePoint >= 0x200b && codePoint <= 0x200d) || (codePoint >= 0xfe00 && codePoint <= 0xfe0f)) return 0;
  // the marks of kana that were written apart
  if (codePoint === 0x3099 || codePoint === 0x309a) return 0;
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

/** How many columns of a terminal a line takes. */
export function columns(line: string): number {
  let width = 0;
  for (const character of line) width += columnsOf(character.codePointAt(0)!);
  return width;
}

/** A text filled up with blanks, so many columns wide. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columns(text)));
}
