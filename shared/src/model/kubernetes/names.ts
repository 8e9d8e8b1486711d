import type { ContainerView, KubernetesObject } from './types';

/** What messages call a container: its name, else its image, else its place among its kind. */
export function containerName(container: ContainerView): string {
  return container.name ?? container.image?.text ?? `#${container.path.at(-1)}`;
}

/** What messages call an object: `Deployment "web"`; its kind alone where it has no name. */
export function objectName({ kind, name }: KubernetesObject): string {
  return name === null ? kind : `${kind} "${name}"`;
}
