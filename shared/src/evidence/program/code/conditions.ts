import type { SyntaxNode } from '@lezer/common';
import { single, type Evaluator } from './evaluator';
import { partsOf, signOf } from './nodes';
import type { Condition, Part } from './tree';
import { isTrue } from './values';

export function truth(e: Evaluator, at: Part): boolean | null {
  const before = e.isEver;
  e.isEver = true;
  const known = holds(e, at);
  e.isEver = before;
  return known;
}

function holds(e: Evaluator, at: Part): boolean | null {
  const { node, scope } = at;
  const { text } = scope.unit.code;
  const parts = partsOf(node);
  const inner = (each: SyntaxNode | undefined): boolean | null => (each ? holds(e, { ...at, node: each }) : null);
  if (node.name === 'ParenthesizedExpression') return inner(parts[1]);
  const sign = node.name === 'BinaryExpression' ? signOf(parts, text) : '';
  if (/^(?:or|and|\|\||&&)$/.test(sign)) {
    const [left, right, decides] = [inner(parts[0]), inner(parts.at(-1)), sign === 'or' || sign === '||'];
    return left === decides || right === decides ? decides : left === null || right === null ? null : !decides;
  }
  if (/^(?:[!=]={1,2}|is|is not)$/.test(sign)) {
    // whether a file is what starts
    const isMain = /^require\.main [!=]==? module$/.test(text.slice(node.from, node.to)) ? e.around.moduleOf(scope.unit).isMain : null;
    const [one, other] = [single(e.of({ ...at, node: parts[0]! })), single(e.of({ ...at, node: parts.at(-1)! }))];
    const isText = one.k === 'text' && other.k === 'text' && !one.isOpen && !other.isOpen;
    const isSame =
      isMain ?? (isText ? one.text === other.text : one.k === 'const' && other.k === 'const' ? one.value === other.value : null);
    return isSame === null ? null : isSame === /^(?:={2,3}|is)$/.test(sign);
  }
  if (sign !== '' && !/^(?:\?\?|\+|\/|%)$/.test(sign)) return null;
  const values = e.of(at).map(isTrue);
  return values.length > 0 && values.every(value => value === values[0]) ? values[0]! : null;
}

export function isDead(e: Evaluator, when: Condition | null): boolean {
  for (let at = when; at !== null; at = at.outer) if (at.test !== null && e.truth(at.test) === !at.is) return true;
  return false;
}
