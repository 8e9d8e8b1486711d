import { YamlImage } from '../../../family/yaml-image';
import { isVariable } from '../../../yaml/certainty';
import type { Path, YamlScalar } from '../../../yaml/types';
import { stringOf } from '../../../yaml/values';
import type { ActionView, JobView, WorkflowImage, WorkflowView } from './types';

/** The image that a scalar names, in a container of a job or a service. */
class NamedByScalar extends YamlImage implements WorkflowImage {
  readonly target = 'image';

  constructor(
    readonly file: WorkflowView | ActionView,
    readonly job: JobView | null,
    node: YamlScalar,
    path: Path,
  ) {
    super(file.document, node, path, text => isVariable(text) || text.includes('$'));
  }
}

/** The scalars that name the images of a workflow's containers and services; an empty one means that there is no container. */
export function imageScalars({ jobs }: WorkflowView): readonly { readonly job: JobView; readonly node: YamlScalar; readonly path: Path }[] {
  return jobs.flatMap(job =>
    job.containers.flatMap(({ image, imagePath }) =>
      image && (stringOf(image) ?? '').trim() !== '' ? [{ job, node: image, path: imagePath }] : [],
    ),
  );
}

/** The images of a workflow's containers and services. */
export function imagesOf(workflow: WorkflowView): readonly WorkflowImage[] {
  return imageScalars(workflow).map(({ job, node, path }) => new NamedByScalar(workflow, job, node, path));
}
