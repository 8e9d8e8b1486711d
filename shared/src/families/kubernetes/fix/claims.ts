import { itemsOf, mapOf, stringOf } from '../../../syntax/yaml/values';
import type { PodView } from '../model/types';

/** Names of the claims that a StatefulSet makes for each pod: they are volumes too. */
export function claimTemplates(pod: PodView): readonly string[] {
  const claims = mapOf(pod.object.node.get('spec'))?.get('volumeClaimTemplates');
  return itemsOf(claims).flatMap(({ map }) => stringOf(mapOf(map.get('metadata'))?.get('name')) ?? []);
}
