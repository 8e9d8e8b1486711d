import type { AdmittedObject } from './admitted';
import type { IngressView, ServiceView } from './network-views';
import type { BindingView, RoleView } from './rbac';
import type { ContainerView, DocumentView, ImageView, KubernetesObject, PodView } from './types';

/** The targets of Kubernetes rules. */
export const targets = [
  'document',
  'object',
  'role',
  'binding',
  'service',
  'ingress',
  'pod',
  'container',
  'image',
  'admitted',
] as const satisfies readonly (keyof KubernetesTargets)[];

declare module '../../../rule/define-rule' {
  interface Targets {
    kubernetes: KubernetesTargets;
  }
}

/** What a Kubernetes rule may look at. Rules that judge absence must ask `view.complete`, or declare `needsWhole`. */
export interface KubernetesTargets {
  /** A YAML document with its objects, for what only shows when objects are seen together. */
  document: DocumentView;
  /** Each API object; items of Lists one by one. */
  object: KubernetesObject;
  /** Each Role and ClusterRole but those that the cluster makes itself. */
  role: RoleView;
  /** Each RoleBinding and ClusterRoleBinding but those that the cluster makes itself. */
  binding: BindingView;
  /** Each Service (of Kubernetes itself) that has a spec. */
  service: ServiceView;
  /** Each Ingress that has a spec. */
  ingress: IngressView;
  /** Each pod spec, wherever an object keeps it. */
  pod: PodView;
  /** Each container: app, init, sidecar, ephemeral. */
  container: ContainerView;
  /** The image of each container that names one. */
  image: ImageView;
  /** Each whole object, as admission policies are asked about it: rules of policies look at it. */
  admitted: AdmittedObject;
}
