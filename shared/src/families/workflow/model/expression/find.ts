import { memoize } from '../../../../base/text/memoize';
import type { Range } from '../../../../base/text/range';
import { textRange } from '../../../../syntax/yaml/text-range';
import type { YamlDocument, YamlScalar } from '../../../../syntax/yaml/types';
import { stringOf } from '../../../../syntax/yaml/values';
import { parseExpression } from './parse';
import type { Expression } from './types';

/** An expression in the text of a scalar: `${{ github.ref }}`. */
export interface Placed {
  /** With the marks around it. */
  readonly range: Range;
  /** Between the marks, without blanks around it. */
  readonly text: string;
  /** `null` for what is half typed. */
  readonly expression: Expression | null;
}

/** Behind the mark that closes an expression, which a string in it may hold as well; -1 where nothing closes it. */
function closeOf(text: string, from: number, end: number): number {
  for (let at = from; at + 1 < end; at++) {
    if (text[at] === '}' && text[at + 1] === '}') return at + 2;
    if (text[at] !== "'") continue;
    const quote = text.indexOf("'", at + 1);
    if (quote < 0 || quote >= end) break;
    at = quote;
  }
  const plain = text.indexOf('}}', from);
  return plain < 0 || plain + 2 > end ? -1 : plain + 2;
}

const known = memoize((_: YamlDocument): Map<number, readonly Placed[]> => new Map());

/** The expressions in the text of a scalar, in order. */
export function expressionsIn(document: YamlDocument, node: YamlScalar): readonly Placed[] {
  const { text } = document;
  const kept = known(document);
  const before = kept.get(node.range.start);
  if (before) return before;
  const found: Placed[] = [];
  const { start, end } = node.range;
  for (let at = text.indexOf('${{', start); at >= 0 && at < end;) {
    const close = closeOf(text, at + 3, end);
    if (close < 0) break;
    const inner = text.slice(at + 3, close - 2);
    found.push({ range: { start: at, end: close }, text: inner.trim(), expression: parseExpression(inner, at + 3) });
    at = text.indexOf('${{', close);
  }
  kept.set(start, found);
  return found;
}

/** The expression of an `if`, which needs no marks around it; `null` where it has something beside them, or is none. */
export function conditionIn(document: YamlDocument, node: YamlScalar): Placed | null {
  const place = textRange(document, node);
  const written = document.text.slice(place.range.start, place.range.end);
  if (written.includes('${{')) {
    const [only, other] = expressionsIn(document, node);
    return only && !other ? only : null;
  }
  if (!place.exact) return null;
  return { range: place.range, text: written.trim(), expression: parseExpression(written, place.range.start) };
}

/** What the value of `if` asks, folded over several lines or not; its places may not be those of the file. */
export function askedIn(document: YamlDocument, node: YamlScalar): Expression | null {
  const text = stringOf(node) ?? '';
  return conditionIn(document, node)?.expression ?? (text.includes('${{') ? null : parseExpression(text.trim(), 0));
}
