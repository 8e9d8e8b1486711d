import type { YamlDocument } from '../../../syntax/yaml/types';
import { admittedOf } from './admitted';
import { ingressOf, serviceOf } from './network-views';
import { bindingOf, roleOf } from './rbac';
import type { KubernetesTargets } from './targets';
import type { ContainerView, KubernetesObject } from './types';
import type { KubernetesView } from './views';

/** One check per target; targets without a check are not visited. */
export type KubernetesVisitor = { readonly [T in keyof KubernetesTargets]?: (view: KubernetesTargets[T]) => void };

/** Walks the objects of one document: the document, then each object, its pods, their containers and images. */
export function visitKubernetes(document: YamlDocument, objects: readonly KubernetesObject[], visitor: KubernetesVisitor): void {
  visitor.document?.({ target: 'document', document, objects, complete: objects.every(object => object.complete) });
  for (const object of objects) {
    visitor.object?.(object);
    visitKind(object, visitor);
    // a patch is not an object
    if (visitor.admitted && !object.fragment) visitor.admitted(admittedOf(object));
    if (!visitor.pod && !visitor.container && !visitor.image) continue;
    for (const pod of object.pods) {
      visitor.pod?.(pod);
      if (!visitor.container && !visitor.image) continue;
      for (const container of pod.containers) {
        visitor.container?.(container);
        if (visitor.image && container.image) visitor.image(container.image);
      }
    }
  }
}

/** Shows an object under what its kind is, if it is one that has a view of its own. */
function visitKind(object: KubernetesObject, visitor: KubernetesVisitor): void {
  switch (object.kind) {
    case 'Role':
    case 'ClusterRole':
      return show(visitor.role, roleOf, object);
    case 'RoleBinding':
    case 'ClusterRoleBinding':
      return show(visitor.binding, bindingOf, object);
    case 'Service':
      return show(visitor.service, serviceOf, object);
    case 'Ingress':
      return show(visitor.ingress, ingressOf, object);
  }
}

function show<V>(see: ((view: V) => void) | undefined, read: (object: KubernetesObject) => V | null, object: KubernetesObject): void {
  const view = see ? read(object) : null;
  if (view !== null) see!(view);
}

/** The object that a view belongs to; `null` for a document. */
export function objectOf(view: KubernetesView): KubernetesObject | null {
  if (view.target === 'image') return view.container.pod.object;
  if (view.target === 'container') return view.pod.object;
  if (view.target === 'object') return view;
  return view.target === 'document' ? null : view.object;
}

/** The container that a view belongs to; `null` for views above it. */
export function containerOf(view: KubernetesView): ContainerView | null {
  return view.target === 'image' ? view.container : view.target === 'container' ? view : null;
}
