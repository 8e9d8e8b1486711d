import { range, type Range } from '../../text/range';
import { parseImageReference } from '../image/reference';
import type { Path, YamlDocument, YamlScalar } from '../yaml/types';
import { isVariable, once, stringOf } from './nodes';
import type { ContainerView, ImageView } from './types';

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

/** Views the image of a container. */
export function createImageView(container: ContainerView, node: YamlScalar, path: Path, document: YamlDocument): ImageView {
  const block = node.style === 'literal' || node.style === 'folded';
  const text = block ? (stringOf(node) ?? '').trim() : (stringOf(node) ?? '');
  const place = textRange(document, node);
  const reference = once(() => parseImageReference(text));
  return {
    target: 'image',
    container,
    path,
    node,
    text,
    range: place.range,
    get reference() {
      return reference();
    },
    variable: isVariable(text),
    complete: container.complete,
    at: part => (place.exact ? range(place.range.start + part.start, place.range.start + part.end) : place.range),
  };
}
