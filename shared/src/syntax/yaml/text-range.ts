import { range, type Range } from '../../base/text/range';
import type { YamlDocument, YamlScalar } from './types';
import { stringOf } from './values';

/**
 * Where the text of a scalar stands, without quotes; `exact` where each character of its value is one of the document, so that parts
 * of the value have ranges of their own.
 */
export function textRange(document: YamlDocument, node: YamlScalar): { readonly range: Range; readonly exact: boolean } {
  const value = stringOf(node) ?? '';
  const written = document.text.slice(node.range.start, node.range.end);
  if (node.style === 'plain') return { range: node.range, exact: written === value };
  if (node.style === 'single' || node.style === 'double') {
    const inner = range(node.range.start + 1, Math.max(node.range.end - 1, node.range.start + 1));
    return { range: inner, exact: document.text.slice(inner.start, inner.end) === value };
  }
  const trimmed = value.trim();
  const at = trimmed === '' || trimmed.includes('\n') ? -1 : written.indexOf(trimmed, 1);
  return at < 0
    ? { range: node.range, exact: false }
    : { range: range(node.range.start + at, node.range.start + at + trimmed.length), exact: true };
}
