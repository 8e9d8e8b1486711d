import { runCommands } from './scripts';
import type { DockerfileTargets } from './targets';
import type { DockerfileModel } from './types';

/** What wants to see which views. */
export type DockerfileVisitor = { readonly [K in keyof DockerfileTargets]?: (view: DockerfileTargets[K]) => void };

/** Shows every view of a file: itself, its stages, its instructions (the inner ones of ONBUILD too) with the commands of RUN, its images. */
export function visitDockerfile(model: DockerfileModel, visitor: DockerfileVisitor): void {
  visitor.file?.(model);
  if (visitor.stage) for (const stage of model.stages) visitor.stage(stage);
  for (const outer of model.instructions) {
    for (const instruction of outer.trigger === null ? [outer] : [outer, outer.trigger]) {
      visitor.instruction?.(instruction);
      if (visitor.command && instruction.keyword === 'RUN') for (const command of runCommands(instruction)) visitor.command(command);
    }
  }
  if (visitor.image) for (const image of model.images) visitor.image(image);
}
