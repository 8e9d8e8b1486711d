import type { YamlDocument, YamlMap, YamlNode, YamlScalar } from '../../../syntax/yaml/types';
import type { Dialect } from '../../../workspace/source/types';
import { itemsOf, scalarOf, stringOf } from '../../../syntax/yaml/values';
import { entry, map, podsObject, sequence } from './synthetic';
import type { KubernetesObject } from './types';

/** The API of kustomizations; a JSON patch has none of its own. */
export const kustomizeApi = 'kustomize.config.k8s.io/v1beta1';

/** Where workloads keep their pod. */
const podPath =
  /^\/spec\/(?:(?:jobTemplate\/spec\/)?template\/spec\/)?(?=(?:initC|ephemeralC|c)ontainers\/|host(?:Network|PID|IPC)$|securityContext\b|volumes\/)/;

/** No field of a pod lies deeper. */
const deepest = 16;

/** What a patch puts into a pod: values by their place, the numbers of containers and volumes among the keys. */
interface Place {
  /** The path that leads there first: what stands for the key. */
  readonly path: YamlScalar;
  value: YamlNode | null;
  readonly below: Map<string, Place>;
}

const emptyPlace = (path: YamlScalar): Place => ({ path, value: null, below: new Map() });

/**
 * What a JSON patch (RFC 6902) sets in pods, as one object that is a fragment: each value stands where the patch puts it, the last one of a
 * place alone. Which object is patched, and what else it holds, the patch does not say.
 */
export function readJsonPatch(document: YamlDocument, dialect: Dialect): KubernetesObject[] {
  let pod: Place | null = null;
  for (const { map: operation } of itemsOf(document.root)) {
    const value = operation.get('value');
    const path = scalarOf(operation.get('path'));
    const text = stringOf(path) ?? '';
    const start = podPath.exec(text)?.[0].length;
    if (!value || !path || start === undefined || !/^(?:add|replace)$/.test(stringOf(operation.get('op')) ?? '')) continue;
    const steps = text.slice(start, start + 500).split('/');
    if (steps.length > deepest) continue;
    pod ??= emptyPlace(path);
    let at = pod;
    for (const step of steps) {
      const name = step.replace(/~1/g, '/').replace(/~0/g, '~');
      // each `-` is an item of its own
      const key = name === '-' ? `-${at.below.size}` : name;
      let next = at.below.get(key);
      if (!next) at.below.set(key, (next = emptyPlace(path)));
      at = next;
    }
    at.value = value;
  }
  if (!pod) return [];
  // what has containers is a pod
  if (!pod.below.has('containers')) pod.below.set('containers', emptyPlace(pod.path));
  return [podsObject(document, dialect, [mapOfPlaces(pod)], kustomizeApi, 'Patch')];
}

const lists = /^(?:(?:init|ephemeral)?[cC]ontainers|volumes|add|drop|env|envFrom|ports|volumeMounts|args|command)$/;

function mapOfPlaces({ path, below }: Place): YamlMap {
  const entries = [...below].map(([name, place]) => {
    const { range } = place.path;
    const key: YamlScalar = { kind: 'scalar', range, value: name, source: name, style: 'plain' };
    return { ...entry(name, nodeOf(place, name)), key };
  });
  return map(path.range, entries);
}

function nodeOf(place: Place, name: string): YamlNode {
  if (place.value) return place.value;
  if (!lists.test(name)) return mapOfPlaces(place);
  return sequence(
    place.path.range,
    [...place.below.values()].map(item => nodeOf(item, '')),
  );
}
