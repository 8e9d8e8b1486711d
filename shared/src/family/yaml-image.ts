import { parseImageReference } from '../image/reference';
import type { ImagePlace, PinRefusal } from '../image/places';
import { referenceEdits } from '../image/reference-edits';
import { range, shift, type Range } from '../text/range';
import { textRange } from '../yaml/text-range';
import type { YamlScalar } from '../yaml/types';
import { isVariable } from '../yaml/values';
import type { YamlPiece } from './types';

/** A place that names an image: a scalar that holds a whole reference. */
export function imageScalar({ document, base }: YamlPiece, node: YamlScalar): ImagePlace {
  const block = node.style === 'literal' || node.style === 'folded';
  const text = block ? String(node.value ?? '').trim() : node.style === 'plain' ? node.source : String(node.value ?? '');
  const { range: inner, exact } = textRange(document, node);
  const reference = parseImageReference(text);
  const parts = reference.invalid === null ? { tag: reference.tag, digest: reference.digest } : { tag: null, digest: null };
  const place = (refused: PinRefusal | null): ImagePlace => ({
    reference: text,
    range: shift(inner, base),
    ...parts,
    refused,
    edits: () => [],
  });
  if (document.templated) return place('templated');
  if (isVariable(text) || text.includes('$')) return place('variable');
  if (reference.invalid !== null) return place('invalid');
  if (node.shared || (node.anchor !== undefined && document.text.includes(`*${node.anchor}`))) return place('shared');
  if (!exact) return place('escaped');
  const at = (part: Range): Range => range(base + inner.start + part.start, base + inner.start + part.end);
  return { ...place(null), edits: referenceEdits(reference, at) };
}
