import { YamlImage } from '../../family/yaml-image';
import { isVariable } from '../../../syntax/yaml/certainty';
import type { GitlabImage, GitlabView, PlacedImage } from './types';

/** The image that a scalar names. */
class NamedByScalar extends YamlImage implements GitlabImage {
  readonly target = 'image';
  readonly from = null;
  readonly isService: boolean;

  constructor(
    readonly file: GitlabView,
    { node, path, isService }: PlacedImage,
  ) {
    super(file.document, node, path, text => isVariable(text) || text.includes('$'));
    this.isService = isService;
  }
}

/** The images of a pipeline's jobs and services. */
export function imagesOf(file: GitlabView): readonly GitlabImage[] {
  return file.images.map(image => new NamedByScalar(file, image));
}
