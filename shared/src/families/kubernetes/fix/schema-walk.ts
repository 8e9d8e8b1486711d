import { fieldsOf, podSpecType, typeOfKind } from '../../../knowledge/kubernetes-schema';
import { memoize } from '../../../base/text/memoize';
import { coreGroups } from '../model/kinds';
import { visitTyped, type TypedMap } from '../model/typed';
import type { KubernetesObject } from '../model/types';

/** Every map of an object whose type the tables know: all of a served kind, the pod alone of an old version of one. */
export const typedMaps = memoize((object: KubernetesObject): readonly TypedMap[] => {
  const found: TypedMap[] = [];
  const visit = (map: TypedMap): void => void found.push(map);
  const type = typeOfKind(object.apiVersion, object.kind);
  if (type !== null) visitTyped(object.node, object.path, type, fieldsOf, visit);
  else if (coreGroups.has(object.group)) for (const pod of object.pods) visitTyped(pod.node, pod.path, podSpecType, fieldsOf, visit);
  return found;
});
