import type { Range } from '../../base/text/range';

/** The place that a reader looks at for a problem of a document: its own, or the word behind it where it is reported at blanks and comments. */
export function problemPlace(text: string, { start, end }: Range): Range {
  let at = start;
  while (at < text.length && ' \t\r\n#'.includes(text.charAt(at))) {
    const feed = text.charAt(at) === '#' ? text.indexOf('\n', at) : at;
    at = feed < 0 ? text.length : feed + 1;
  }
  if (at < end || at === text.length)
    return { start: Math.min(at, Math.max(text.length - 1, 0)), end: Math.min(Math.max(at + 1, firstLineEnd(text, at, end)), text.length) };
  let stop = at;
  while (stop < text.length && !' \t\r\n'.includes(text.charAt(stop))) stop++;
  return { start: at, end: stop };
}

function firstLineEnd(text: string, at: number, end: number): number {
  const feed = text.indexOf('\n', at);
  return feed < 0 ? end : Math.min(feed - (text[feed - 1] === '\r' ? 1 : 0), end);
}
