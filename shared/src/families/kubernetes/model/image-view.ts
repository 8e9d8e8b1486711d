import { range, type Range } from '../../../text/range';
import { parseImageReference } from '../../../image/reference';
import type { Path, YamlDocument, YamlScalar } from '../../../yaml/types';
import { isVariable, stringOf } from '../../../yaml/values';
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

/** A word that a script or a person puts a registry, an image or a tag in place of: `IMAGE_NAME`, `REGISTRY_HOST/web`, `web:IMAGE_TAG`. */
const placeholder = /(?:^|:)[A-Z]+(?:_[A-Z]+)+(?=$|[/:@])/;

/** Views the image of a container. */
export function createImageView(container: ContainerView, node: YamlScalar, path: Path, document: YamlDocument): ImageView {
  return new ImageNode(container, node, path, textRange(document, node));
}

/** An image. */
class ImageNode implements ImageView {
  readonly target = 'image';
  readonly text: string;
  readonly variable: boolean;
  private parsed: ImageView['reference'] | undefined;

  constructor(
    readonly container: ContainerView,
    readonly node: YamlScalar,
    readonly path: Path,
    private readonly place: ReturnType<typeof textRange>,
  ) {
    const text = stringOf(node) ?? '';
    this.text = node.style === 'literal' || node.style === 'folded' ? text.trim() : text;
    this.variable = isVariable(this.text) || placeholder.test(this.text);
  }

  get range(): Range {
    return this.place.range;
  }

  get reference(): ImageView['reference'] {
    return (this.parsed ??= parseImageReference(this.text));
  }

  get complete(): boolean {
    return this.container.complete;
  }

  at(part: Range): Range {
    const { range: whole, exact } = this.place;
    return exact ? range(whole.start + part.start, whole.start + part.end) : whole;
  }
}
