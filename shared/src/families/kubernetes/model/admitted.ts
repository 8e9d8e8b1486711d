import { isNamespaced } from '../../../knowledge/kubernetes-apis';
import type { PssLevel } from '../../../base/terms/types';
import { stringOf } from '../../../syntax/yaml/values';
import { pssControls, pssDefinition, violationsOf } from './pss';
import type { AdmittedView, PodSecurityHit } from '../../../rule/admitted';
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
    podSecurity: (level, minor) => (complete && !document.templated && object.pods.length > 0 ? hitsOf(object, level, minor) : null),
    memo: new Map(),
  };
});

/** What the pods of an object violate, by every check of a level: one that is newer than the version counts in its first form, as Kyverno has it. */
function hitsOf({ pods }: KubernetesObject, level: PssLevel, minor: number): readonly PodSecurityHit[] {
  const controls = pssControls.filter(control => level === 'restricted' || pssDefinition(control).level === 'baseline');
  return pods.flatMap(pod =>
    controls.flatMap(control =>
      violationsOf(pod, control, Math.max(minor, pssDefinition(control).since)).map(({ node, path, container }) => ({
        control,
        path,
        isMissing: node === null,
        container: container && { image: container.node.get('image') === undefined ? '' : stringOf(container.node.get('image')) },
      })),
    ),
  );
}
