import type { Range } from './range';
import type { TextEdit } from './edits';

/** A piece of what a snippet writes: text as it is, or a place for a person to fill, numbered from 1, with what stands there until then. */
export type SnippetPiece =
  string | { readonly place: number; readonly text: string; /** To choose from. */ readonly choices?: readonly string[] };

/** Replaces the text in `range` by pieces, places to fill among them. */
export interface SnippetEdit {
  readonly range: Range;
  readonly pieces: readonly SnippetPiece[];
}

/**
 * Pieces in the snippet syntax of LSP (3.18, "Snippet Syntax"): places as tab stops. Text stays text: a `$`, `}` or `\\` in it is escaped, so that
 * `${CLIPBOARD}` of a file is no variable of the editor.
 */
export function snippetSyntax(pieces: readonly SnippetPiece[]): string {
  const escape = (text: string): string => text.replace(/[$}\\]/g, '\\$&');
  return pieces
    .map(piece => {
      if (typeof piece === 'string') return escape(piece);
      if (piece.choices) return `\${${piece.place}|${piece.choices.map(choice => choice.replace(/[,|\\]/g, '\\$&')).join(',')}|}`;
      return piece.text === '' ? `\${${piece.place}}` : `\${${piece.place}:${escape(piece.text)}}`;
    })
    .join('');
}

/** Pieces for a reader: each place as `‹text›`, or `‹...›` where nothing is in it yet: signs that no language of these files has. */
export function snippetPreview(pieces: readonly SnippetPiece[]): string {
  return pieces.map(piece => (typeof piece === 'string' ? piece : `‹${piece.text || '...'}›`)).join('');
}

/** The edits in which each place holds what `fill` gives for its number. */
export function fillSnippets(edits: readonly SnippetEdit[], fill: (place: number) => string): TextEdit[] {
  return edits.map(({ range, pieces }) => ({
    range,
    newText: pieces.map(piece => (typeof piece === 'string' ? piece : fill(piece.place))).join(''),
  }));
}

/**
 * The same edits, each of which that writes several lines begins where a line of the text does: editors indent what follows the first line of a snippet
 * as the line that it begins in, up to where it begins. Edits of one line are joined for that.
 * @param edits sorted, without overlaps
 */
export function fromLineStarts(text: string, edits: readonly SnippetEdit[]): SnippetEdit[] {
  const result: SnippetEdit[] = [];
  for (const { range, pieces } of edits) {
    const lineStart = Math.max(text.lastIndexOf('\n', range.start - 1), text.lastIndexOf('\r', range.start - 1)) + 1;
    const severalLines = pieces.some(piece => typeof piece === 'string' && /[\r\n]/.test(piece));
    const last = result.at(-1);
    if (!severalLines || lineStart === range.start) result.push({ range, pieces });
    else if (last && last.range.end > lineStart) {
      const between = text.slice(last.range.end, range.start);
      result[result.length - 1] = { range: { start: last.range.start, end: range.end }, pieces: [...last.pieces, between, ...pieces] };
    } else result.push({ range: { start: lineStart, end: range.end }, pieces: [text.slice(lineStart, range.start), ...pieces] });
  }
  return result;
}
