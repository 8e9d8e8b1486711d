import { short } from '../../../base/limits/short';
import { memoize } from '../../../base/text/memoize';
import { maskCharacter } from '../../../syntax/yaml/mask';
import type { ContainerView, KubernetesObject } from './types';

/** A name with `…` for what a template fills in. */
export function shown(name: string): string {
  const text = short(name);
  // regex: like /\uE000+/g
  return text.includes(maskCharacter) ? text.replace(new RegExp(`${maskCharacter}+`, 'g'), '…') : text;
}

/** What messages call a container: its name, else its image, else its place among its kind. Every finding about it says so. */
export const containerName = memoize((container: ContainerView): string =>
  shown(container.name ?? container.image?.text ?? `#${container.path.at(-1)}`),
);

/** What messages call an object: `Deployment "web"`; its kind alone where it has no name. Every finding in it says so. */
export const objectName = memoize(({ kind, name, group }: KubernetesObject): string => {
  const text = name === null ? '' : shown(name);
  // no kind of the API: what a chart makes of its values
  if (group === 'helm.sh') return 'Pod configured by these values';
  return text === '' || text === '…' ? short(kind) : `${short(kind)} "${text}"`;
});

/** The namespaces that a cluster makes for its own use. */
export const systemNamespaces: ReadonlySet<string> = new Set(['kube-system', 'kube-public', 'kube-node-lease']);
