import { range, type Range } from '../../../text/range';
import { parseImageReference } from '../../../image/reference';
import type { Path, YamlDocument, YamlScalar } from '../../../yaml/types';
import { textRange } from '../../../yaml/text-range';
import { isVariable, stringOf } from '../../../yaml/values';
import type { ContainerView, ImageView } from './types';

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
