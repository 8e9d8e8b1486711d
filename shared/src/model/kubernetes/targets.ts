/** What a Kubernetes rule may look at. Filled by the model; see `types.ts`. */
export interface KubernetesTargets {
  [target: string]: unknown;
}
