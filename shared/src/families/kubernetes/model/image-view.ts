import { isVariable } from '../../../syntax/yaml/certainty';
import { YamlImage } from '../../family/yaml-image';
import type { Path, YamlDocument, YamlScalar } from '../../../syntax/yaml/types';
import type { ContainerView, ImageView } from './types';

/** A word that a script or a person puts a registry, an image or a tag in place of: `IMAGE_NAME`, `REGISTRY_HOST/web`, `web:IMAGE_TAG`. */
const placeholder = /(?:^|:)[A-Z]+(?:_[A-Z]+)+(?=$|[/:@])/;

const isFilledInLater = (text: string): boolean => isVariable(text) || placeholder.test(text);

/** Views the image of a container. */
export function createImageView(container: ContainerView, node: YamlScalar, path: Path, document: YamlDocument): ImageView {
  return new ImageNode(container, node, path, document);
}

/** An image. */
class ImageNode extends YamlImage implements ImageView {
  readonly target = 'image';

  constructor(
    readonly container: ContainerView,
    node: YamlScalar,
    path: Path,
    document: YamlDocument,
  ) {
    super(document, node, path, isFilledInLater);
  }

  get complete(): boolean {
    return this.container.complete;
  }
}
