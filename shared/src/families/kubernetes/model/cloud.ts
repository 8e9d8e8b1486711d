import { cloudWord, isCloudClient, isCloudIdentity, isCloudVariable } from '../../../knowledge/cloud-clients';
import { memoize } from '../../../base/text/memoize';
import { stringOf, type StringMap } from '../../../syntax/yaml/values';
import type { PodView } from './types';

/** The annotation or label that gives its object an identity of a cloud; `null` where there is none. */
export function cloudIdentity(...maps: readonly StringMap[]): string | null {
  for (const map of maps) for (const key of map.keys()) if (isCloudIdentity(key)) return key;
  return null;
}

/** What in a pod, its account left aside, shows that it asks a cloud: an annotation, an image, a variable, a word of an argument; `null` where nothing does. */
export const cloudSign = memoize((pod: PodView): string | null => {
  const identity = cloudIdentity(pod.annotations, pod.labels);
  if (identity !== null) return identity;
  for (const { image, command, args, env } of pod.containers) {
    if (image && isCloudClient(image.text)) return image.text;
    for (const { name, value } of env) {
      if (isCloudVariable(name)) return name;
      const word = value === null ? null : cloudWord(value);
      if (word !== null) return word;
    }
    for (const argument of [...(command ?? []), ...(args ?? [])]) {
      const word = cloudWord(stringOf(argument) ?? '');
      if (word !== null) return word;
    }
  }
  return null;
});
