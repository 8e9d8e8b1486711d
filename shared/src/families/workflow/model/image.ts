import { YamlImage } from '../../family/yaml-image';
import { isVariable } from '../../../syntax/yaml/certainty';
import type { Path, YamlScalar } from '../../../syntax/yaml/types';
import { stringOf } from '../../../syntax/yaml/values';
import { matrixNameIn, matrixNode } from './runner';
import type { JobView, WorkflowImage, WorkflowView } from './types';

/** The image that a scalar names, in a container of a job or a service. */
class NamedByScalar extends YamlImage implements WorkflowImage {
  readonly target = 'image';

  constructor(
    readonly file: WorkflowView,
    readonly job: JobView,
    node: YamlScalar,
    path: Path,
    readonly from: YamlScalar | null,
  ) {
    super(file.document, node, path, text => isVariable(text) || text.includes('$'));
  }
}

/** A scalar that names the image of a container or a service. */
interface PlacedImage {
  readonly job: JobView;
  readonly node: YamlScalar;
  readonly path: Path;
  /** The container's own scalar, where it takes the image from the matrix. */
  readonly from: YamlScalar | null;
}

/** The scalars that name the images of a workflow's containers and services, those of a matrix too; an empty one means that there is no container. */
export function imageScalars({ jobs }: WorkflowView): readonly PlacedImage[] {
  const seen = new Set<YamlScalar>();
  return jobs.flatMap(job =>
    job.containers
      .flatMap(({ image, imagePath }): readonly PlacedImage[] => {
        if (!image) return [];
        const name = matrixNameIn((stringOf(image) ?? '').trim());
        const values = name === null ? null : matrixNode(job.node, name).values;
        return (
          values?.map(({ node, path }) => ({ job, node, path: [...job.path, ...path], from: image })) ?? [
            { job, node: image, path: imagePath, from: null },
          ]
        );
      })
      // a container and a service may take the same one
      .filter(({ node }) => (stringOf(node) ?? '').trim() !== '' && !seen.has(node) && seen.add(node)),
  );
}

/** The images of a file's containers and services. */
export function imagesOf(file: WorkflowView): readonly WorkflowImage[] {
  return imageScalars(file).map(({ job, node, path, from }) => new NamedByScalar(file, job, node, path, from));
}
