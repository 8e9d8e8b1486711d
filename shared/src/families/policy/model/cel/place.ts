import type { Range } from '../../../../text/range';
import type { YamlDocument, YamlScalar } from '../../../../yaml/types';

const isBlank = (char: string | undefined): boolean => char === ' ' || char === '\t' || char === '\n' || char === '\r';

/**
 * Where a part of a scalar's value stands in the document. Folding and indentation change blanks alone, so that the characters between them are found one
 * after the other; where escapes stand in the way, it is the whole scalar.
 */
export function placeInScalar(document: YamlDocument, node: YamlScalar, part: Range): Range {
  const { style, range } = node;
  const value = String(node.value);
  const written = document.text.slice(range.start, range.end);
  if (style === 'double' && written.includes('\\')) return range;
  if (style === 'single' && written.slice(1, -1).includes("'")) return range;
  let at = 0;
  if (style === 'single' || style === 'double') at = 1;
  else if (style === 'literal' || style === 'folded') at = written.indexOf('\n') + 1;
  let [start, end] = [-1, -1];
  for (let i = 0; i < value.length && i < part.end; i++) {
    if (isBlank(value[i])) continue;
    while (at < written.length && isBlank(written[at])) at++;
    if (written[at] !== value[i]) return range;
    if (start < 0 && i >= part.start) start = at;
    end = ++at;
  }
  // the end of the text, or blanks alone: the last character before it
  if (start < 0) return end < 0 ? range : { start: range.start + end - 1, end: range.start + end };
  return { start: range.start + start, end: range.start + end };
}
