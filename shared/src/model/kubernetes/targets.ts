import type { ContainerView, DocumentView, ImageView, KubernetesObject, PodView } from './types';

/** What a Kubernetes rule may look at. Rules that judge absence must ask `view.complete`, or declare `needsWhole`. */
export interface KubernetesTargets {
  /** A YAML document with its objects, for what only shows when objects are seen together. */
  document: DocumentView;
  /** Each API object; items of Lists one by one. */
  object: KubernetesObject;
  /** Each pod spec, wherever an object keeps it. */
  pod: PodView;
  /** Each container: app, init, sidecar, ephemeral. */
  container: ContainerView;
  /** The image of each container that names one. */
  image: ImageView;
}
