import { type MaskedText, printable } from '../../../shared/src/early';

/**
 * Markdown that shows `text` as it is, on the line that it stands on: no markup, entity, HTML or link comes out of what a file says, not even the bare addresses
 * that editors make links of (`https://`, `www.`, `user@host`).
 */
export function markdownText(text: MaskedText): MaskedText;
export function markdownText(text: string): string;
export function markdownText(text: string): string {
  return (
    printable(text)
      .replace(/^\s+/, ' ')
      .replace(/[\\`*_{}[\]<>#|~&@!]/g, '\\$&')
      .replace(/:(?=\/)/g, '\\:')
      .replace(/\b(www)\./gi, '$1\\.')
      // at the start of a line these begin a list or underline a heading
      .replace(/^(\d{0,9})([-+=.)])/, '$1\\$2')
  );
}

/** Markdown without its marks, for clients that show plain text. */
export function toPlainText(markdown: MaskedText): MaskedText;
export function toPlainText(markdown: string): string;
export function toPlainText(markdown: string): string {
  return markdown
    .replace(
      /\\([\\`*_{}[\]<>#|~&@!:.)=+-])|\[([^[\]\n]*)\]\(([^()\n]*)\)|\*\*|`/g,
      (_mark, escaped?: string, text?: string, to?: string) => (text === undefined ? (escaped ?? '') : `${text}: ${to}`),
    )
    .replace(/^---$/gm, '');
}
