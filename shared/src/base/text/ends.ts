/*
 * Ends of a text, without a regular expression: `/x+$/` and `/x.*$/` begin anew at each `x`, and cost the square of a text of many.
 */

/** A text without what it ends in of some characters. */
export function withoutEnd(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1]!)) end--;
  return end === text.length ? text : text.slice(0, end);
}

/** A text up to the first of a mark; all of it where there is none. */
export function upTo(text: string, mark: string): string {
  const at = text.indexOf(mark);
  return at < 0 ? text : text.slice(0, at);
}
