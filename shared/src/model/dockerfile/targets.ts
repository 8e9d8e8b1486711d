/** What a Dockerfile rule may look at. Filled by the model; see `types.ts`. */
export interface DockerfileTargets {
  [target: string]: unknown;
}
