import type { Range } from '../../base/text/range';
import type { YamlDocument, YamlScalar } from '../yaml/types';

const isBlank = (char: string | undefined): boolean => char === ' ' || char === '\t' || char === '\n' || char === '\r';

/** Where the characters of a scalar's value stand, from where the scalar is written; -1 for blanks. */
interface Characters {
  readonly places: Int32Array;
  /** From which of them on nothing is found. */
  readonly broken: number;
}

/** A text may have thousands of parts. */
const known = new WeakMap<YamlScalar, Characters>();

function charactersOf(document: YamlDocument, node: YamlScalar): Characters {
  const before = known.get(node);
  if (before) return before;
  const { style, range } = node;
  const value = String(node.value);
  const written = document.text.slice(range.start, range.end);
  const places = new Int32Array(value.length).fill(-1);
  let broken = Infinity;
  let at = 0;
  if (style === 'single' || style === 'double') at = 1;
  else if (style === 'literal' || style === 'folded') at = written.indexOf('\n') + 1;
  if ((style === 'double' && written.includes('\\')) || (style === 'single' && written.slice(1, -1).includes("'"))) broken = 0;
  for (let i = 0; i < value.length && broken === Infinity; i++) {
    if (isBlank(value[i])) continue;
    while (at < written.length && isBlank(written[at])) at++;
    if (written[at] === value[i]) places[i] = at++;
    else broken = i;
  }
  const found = { places, broken };
  known.set(node, found);
  return found;
}

/**
 * Where a part of a scalar's value stands in the document. Folding and indentation change blanks alone, so that the characters between them are found one
 * after the other; where escapes stand in the way, it is the whole scalar.
 */
export function placeInScalar(document: YamlDocument, node: YamlScalar, part: Range): Range {
  const { range } = node;
  const { places, broken } = charactersOf(document, node);
  if (broken < part.end) return range;
  let first = Math.max(0, part.start);
  let last = Math.min(part.end, places.length) - 1;
  while (last >= 0 && places[last]! < 0) last--;
  if (last < 0) return range;
  const end = range.start + places[last]! + 1;
  while (first < last && places[first]! < 0) first++;
  // the end of the text, or blanks alone: the last character before it
  return first > last ? { start: end - 1, end } : { start: range.start + places[first]!, end };
}
