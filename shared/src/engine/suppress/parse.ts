import type { Comment } from '../../base/text/comment';
import type { Range } from '../../base/text/range';

/** One rule named by a directive. */
export interface DirectiveRule {
  readonly id: string;
  /** The id in the part's text. */
  readonly range: Range;
}

/** A suppression comment: `# bulkhead-ignore RULE[, RULE] -- reason` or `# bulkhead-ignore-file RULE[, RULE] -- reason`. */
export interface Directive {
  readonly scope: 'line' | 'file';
  readonly rules: readonly DirectiveRule[];
  readonly reason: string | null;
  readonly comment: Comment;
}

/** Behind the mark of a comment: `#`, or that of HTML in a page of Markdown. */
const start = /^(?:#+|<!--)[ \t]*bulkhead-ignore(-file)?(?=[ \t]|$)/;

/** Cheaply says whether a comment may hold one of our directives. */
export function mayBeDirective(comment: string): boolean {
  return comment.includes('bulkhead-ignore');
}

/**
 * Reads a comment as a directive; `null` where it is none. The rules stand between the name and ` -- `, divided by commas or blanks.
 * @param text the part's text that the comment's range refers to
 */
export function parseDirective(text: string, comment: Comment): Directive | null {
  const source = text.slice(comment.range.start, comment.range.end);
  const match = start.exec(source);
  if (!match) return null;
  const from = match[0].length;
  const dashes = /(?:^|[ \t])--(?=[ \t]|$)/.exec(source.slice(from));
  const to = dashes ? from + dashes.index : source.length;
  const rules: DirectiveRule[] = [];
  for (const word of source.slice(from, to).matchAll(/[^\s,]+/g)) {
    const at = comment.range.start + from + word.index;
    rules.push({ id: word[0], range: { start: at, end: at + word[0].length } });
  }
  const reason = dashes ? source.slice(to + dashes[0].length).trim() : '';
  return { scope: match[1] ? 'file' : 'line', rules, reason: reason === '' ? null : reason, comment };
}

/** A rule that an annotation names, for one container or for all of its object. */
export interface AnnotationRule extends DirectiveRule {
  readonly container: string | null;
}

/** Reads the value of `bulkhead.dev/ignore`: `RULE, RULE@container`. Ranges start at `base`. */
export function parseAnnotation(value: string, base: number): readonly AnnotationRule[] {
  return [...value.matchAll(/[^\s,]+/g)].map(word => {
    const at = word[0].indexOf('@');
    const id = at < 0 ? word[0] : word[0].slice(0, at);
    return {
      id,
      container: at < 0 ? null : word[0].slice(at + 1),
      range: { start: base + word.index, end: base + word.index + id.length },
    };
  });
}
