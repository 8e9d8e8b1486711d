import { isNamespaced } from '../../../knowledge/kubernetes-apis';
import type { AdmittedView } from '../../../rule/admitted';
import { memoize } from '../../../base/text/memoize';
import type { KubernetesObject } from './types';

/** An object as admission policies are asked about it. */
export interface AdmittedObject extends AdmittedView {
  readonly object: KubernetesObject;
}

/** The view of an object that policies are asked about. */
export const admittedOf = memoize((object: KubernetesObject): AdmittedObject => {
  const { document, node, path, group, apiVersion, kind, name, namespace, reportRange, complete } = object;
  const isClusterWide = isNamespaced(group, kind) === false;
  return {
    target: 'admitted',
    object,
    ...{ document, node, path, group, apiVersion, kind, name, namespace, reportRange, complete, isClusterWide },
    memo: new Map(),
  };
});
