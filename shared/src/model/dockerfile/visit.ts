import type { DockerfileTargets } from './targets';
import type { DockerfileModel } from './types';

/** What wants to see which views. */
export type DockerfileVisitor = { readonly [K in keyof DockerfileTargets]?: (view: DockerfileTargets[K]) => void };

/** Shows every view of a file: the file, its stages, its instructions (the inner ones of ONBUILD too) and images. */
export function visitDockerfile(model: DockerfileModel, visitor: DockerfileVisitor): void {
  visitor.file?.(model);
  if (visitor.stage) for (const stage of model.stages) visitor.stage(stage);
  for (const outer of model.instructions) {
    for (const instruction of outer.onbuild === null ? [outer] : [outer, outer.onbuild]) {
      visitor.instruction?.(instruction);
    }
  }
  if (visitor.image) for (const image of model.images) visitor.image(image);
}
