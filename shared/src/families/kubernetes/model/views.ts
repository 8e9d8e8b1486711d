import type { AdmittedObject } from './admitted';
import type { IngressView, ServiceView } from './network-views';
import type { BindingView, RoleView } from './rbac';
import type { ContainerView, DocumentView, ImageView, KubernetesObject, PodView } from './types';

/** Anything that a Kubernetes rule may look at. */
export type KubernetesView =
  | DocumentView
  | KubernetesObject
  | RoleView
  | BindingView
  | ServiceView
  | IngressView
  | PodView
  | ContainerView
  | ImageView
  | AdmittedObject;
