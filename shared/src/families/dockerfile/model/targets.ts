import type { DockerfileModel, ImageUse, Instruction, Stage, RunCommand } from './types';

/** The targets of Dockerfile rules. */
export const targets = ['file', 'stage', 'instruction', 'command', 'image'] as const satisfies readonly (keyof DockerfileTargets)[];

declare module '../../../rule/define-rule' {
  interface Targets {
    dockerfile: DockerfileTargets;
  }
}

/** What a Dockerfile rule may look at. Each view reaches its file. */
export interface DockerfileTargets {
  /** The whole file, once. */
  readonly file: DockerfileModel;
  /** Each build stage. */
  readonly stage: Stage;
  /** Each instruction, and the one inside an ONBUILD. */
  readonly instruction: Instruction;
  /** Each command that a RUN executes, nested ones included. */
  readonly command: RunCommand;
  /** Each FROM, COPY --from and RUN --mount=from. */
  readonly image: ImageUse;
}
