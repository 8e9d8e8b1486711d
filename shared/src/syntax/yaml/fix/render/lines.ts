import type { Comment } from '../../../../base/text/comment';
import type { TextEdit } from '../../../../base/text/edits';
import { lineEnd, lineStart, nextLine } from '../../../../base/text/lines';
import { firstIndex } from '../../../../base/text/search';

/** Column of an offset, from 0; a byte order mark is none. */
export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

/** Whether only blanks stand between the start of the line and `offset`. */
export function startsLine(text: string, offset: number): boolean {
  return text.slice(lineStart(text, offset), offset).trim() === '';
}

/** The first comment that starts in `[start, end)`. Comments are sorted, so this is a binary search. */
export function commentIn(comments: readonly Comment[], start: number, end: number): Comment | undefined {
  const comment = comments[firstIndex(comments.length, i => comments[i]!.range.start >= start)];
  return comment && comment.range.start < end ? comment : undefined;
}

/** Start of the comment lines that stand directly above the line of `offset`, at the same column; `offset` where there are none. */
export function startWithComments(text: string, comments: readonly Comment[], offset: number, column: number): number {
  let at = offset;
  for (;;) {
    const line = lineStart(text, at);
    if (line === 0) return at;
    const above = lineStart(text, line - 1);
    const comment = commentIn(comments, above, line);
    if (!comment?.ownLine || columnOf(text, comment.range.start) !== column) return at;
    at = comment.range.start;
  }
}

/** Whether a line of new text is a comment: a key that starts with `#` would stand in quotes. */
export function isCommentLine(line: string | undefined): boolean {
  return line?.startsWith('#') ?? false;
}

/** Whether nothing but blanks stands on the line of `offset`, which ends in a line break. */
function isBlankLine(text: string, offset: number): boolean {
  return text.slice(lineStart(text, offset), lineEnd(text, offset)).trim() === '' && nextLine(text, offset) > lineEnd(text, offset);
}

/** Whole lines that go in at the end of a line, or before one. */
interface LineInsertion {
  readonly at: number;
  readonly lines: readonly string[];
  /** Whether `at` is the start of a line that the new lines precede; else it is the end of one that they follow. */
  readonly before: boolean;
}

/** Collects the changes to a text, and settles those that meet. */
export class Changes {
  private readonly edits: TextEdit[] = [];
  private readonly insertions: LineInsertion[] = [];

  constructor(
    readonly text: string,
    private readonly comments: readonly Comment[],
    private readonly carried: ReadonlySet<number>,
    readonly eol: '\n' | '\r\n',
  ) {}

  /** The first comment that starts in `[start, end)` and stays where it is. */
  commentIn(start: number, end: number): Comment | undefined {
    let comment = commentIn(this.comments, start, end);
    while (comment && this.carried.has(comment.range.start)) comment = commentIn(this.comments, comment.range.end, end);
    return comment;
  }

  /** The end of a value, behind the comment beside it where moved text carries that away. */
  endOf(offset: number): number {
    const end = lineEnd(this.text, offset);
    const comment = commentIn(this.comments, offset, end);
    return comment && this.carried.has(comment.range.start) ? end : offset;
  }

  /** Whether the first thing below the line of `offset` is a comment that stands further right than `column`. */
  deepCommentBelow(offset: number, column: number): boolean {
    const comment = commentIn(this.comments, nextLine(this.text, offset), this.text.length);
    if (!comment?.ownLine || columnOf(this.text, comment.range.start) <= column) return false;
    return this.text.slice(lineEnd(this.text, offset), comment.range.start).trim() === '';
  }

  /** Replaces the text from `start` to `end`. */
  replace(start: number, end: number, newText: string): void {
    if (start < end || newText !== '') this.edits.push({ range: { start, end }, newText });
  }

  /** Adds whole lines behind the line of `offset`. Of several at one place the first given stands first. */
  addLinesAfter(offset: number, lines: readonly string[]): void {
    if (lines.length > 0) this.insertions.push({ at: lineEnd(this.text, offset), lines, before: false });
  }

  /**
   * End of the comment lines that follow the line of `offset` at once and belong to what ends there: those that are indented deeper than `column`,
   * and items that are commented out of one of the lists that end there.
   * @param lists columns of the dashes of those lists
   */
  innerEnd(offset: number, column: number, lists: readonly number[] = []): number {
    let at = offset;
    /** Column of the last item that was commented out, as the comment has it. */
    let item: number | null = null;
    for (;;) {
      const next = nextLine(this.text, at);
      const comment = next > at && next < this.text.length ? commentIn(this.comments, next, lineEnd(this.text, next)) : undefined;
      if (!comment?.ownLine) return at;
      const own = columnOf(this.text, comment.range.start);
      const [mark = ''] = /^#[ \t]*/.exec(this.text.slice(comment.range.start, comment.range.end)) ?? [];
      const inner = own + mark.length;
      const dashed = /^-(?:\s|$)/.test(this.text.slice(comment.range.start + mark.length, comment.range.end));
      // the mark stands where the dash stood, or before the whole line
      const listed = dashed && lists.some(dash => own === dash || (own === 0 && (inner === dash + 1 || inner === dash + 2)));
      if (listed) item = inner;
      else if (own <= column && (item === null || inner <= item)) return at;
      at = comment.range.end;
    }
  }

  /** Start of the comment lines that stand directly above the line of `offset`, at the same column; `offset` where there are none. */
  commentedStart(offset: number, column: number): number {
    return startWithComments(this.text, this.comments, offset, column);
  }

  /** Start of what goes with a moved key: that of the comment lines above it that it carries away; `offset` where it carries none. */
  carriedStart(offset: number, column: number): number {
    const start = startsLine(this.text, offset) ? this.commentedStart(offset, column) : offset;
    return this.carried.has(start) ? start : offset;
  }

  /** Deletes the blank line below what was moved away from `start` to `end`, where one above it stays or it was the `first` of its map. */
  closeGap(start: number, end: number, first: boolean): void {
    const { text } = this;
    const line = lineStart(text, start);
    const below = nextLine(text, end);
    if (below >= text.length || !isBlankLine(text, below) || this.commentIn(line, below)) return;
    if (first || (line > 1 && isBlankLine(text, line - 1))) this.replace(below, nextLine(text, below), '');
  }

  /** Adds whole lines before the line of `offset`. */
  addLinesBefore(offset: number, lines: readonly string[]): void {
    if (lines.length > 0) this.insertions.push({ at: lineStart(this.text, offset), lines, before: true });
  }

  /**
   * Deletes what stands in block style from `start` to `end`. Comments within and beside it stay: each on a line of its own, at `column`,
   * so that none becomes part of a block scalar above. Where `start` is not the first on its line, `firstText` takes its place there.
   */
  deleteBlock(start: number, end: number, column: number, firstText = ''): void {
    const { text } = this;
    let line = lineStart(text, start);
    let dropFrom = -1;
    let dropTo = -1;
    const flush = (): void => {
      if (dropFrom < 0) return;
      // The last line of a file without a final line break goes with the line break before it.
      if (dropTo === text.length && text[dropTo - 1] !== '\n' && text[dropFrom - 1] === '\n') {
        dropFrom -= text[dropFrom - 2] === '\r' ? 2 : 1;
      }
      this.replace(dropFrom, dropTo, '');
      dropFrom = -1;
    };
    const midLine = !startsLine(text, start);
    for (let first = true; line <= end; first = false) {
      const stop = lineEnd(text, line);
      const next = nextLine(text, line);
      const comment = this.commentIn(first ? start : line, stop);
      if (first && midLine) {
        let from = start;
        if (!comment && firstText === '') while (text[from - 1] === ' ' || text[from - 1] === '\t') from--;
        this.replace(from, comment ? comment.range.start : stop, comment && firstText !== '' ? firstText + ' ' : firstText);
      } else if (comment) {
        flush();
        const indent = ' '.repeat(column);
        if (text.slice(line, comment.range.start) !== indent) this.replace(line, comment.range.start, indent);
      } else {
        if (dropFrom < 0) dropFrom = line;
        dropTo = next;
      }
      if (next === line) break;
      line = next;
      if (line >= text.length) break;
    }
    flush();
  }

  /** All changes as edits, sorted. */
  finish(): readonly TextEdit[] {
    const { text, eol } = this;
    const deletions = this.edits.filter(({ range }) => range.end > range.start).sort((a, b) => a.range.start - b.range.start);
    const final = deletions[deletions.length - 1];
    const placed = this.insertions.map(({ at, lines, before }): TextEdit => {
      // Lines that would go inside a deletion go before it.
      const hit = deletionAround(deletions, at);
      const place = hit ? hit.range.start : at;
      const body = lines.join(eol);
      const leading = hit ? !isLineStart(text, place) : !before;
      // Where all that follows goes, the new lines are the last of the file.
      const closing = final?.range.start === place && final.range.end === text.length && !text.endsWith('\n');
      return { range: { start: place, end: place }, newText: leading ? eol + body : closing ? body : body + eol };
    });
    return [...this.edits, ...placed]
      .map((edit, index) => ({ edit, index }))
      .sort((a, b) => a.edit.range.start - b.edit.range.start || a.edit.range.end - b.edit.range.end || a.index - b.index)
      .map(({ edit }) => edit);
  }
}

function isLineStart(text: string, offset: number): boolean {
  return offset === lineStart(text, offset);
}

function deletionAround(deletions: readonly TextEdit[], offset: number): TextEdit | undefined {
  const deletion = deletions[firstIndex(deletions.length, i => deletions[i]!.range.end > offset)];
  return deletion && deletion.range.start < offset ? deletion : undefined;
}
