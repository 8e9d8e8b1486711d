import type { Finding, ObjectRef } from '../../rule/finding/types';
import type { WorkloadFact } from '../../workspace/object-facts';
import type { FileFacts } from '../../workspace/types';
import type { PodLevel } from './types';

/** The levels, the least secure first. */
export const podLevels: readonly PodLevel[] = ['privileged', 'baseline', 'restricted'];

/** The level of the Pod Security Standards that a workload keeps to. What a person suppressed does not make it any safer. */
export function levelOf(workload: WorkloadFact, findings: readonly Finding[]): PodLevel {
  let level: PodLevel = 'restricted';
  for (const { pss, object } of findings) {
    if (pss === null || object === null || !isOf(workload, object)) continue;
    if (pss === 'baseline') return 'privileged';
    level = 'baseline';
  }
  return level;
}

function isOf(workload: WorkloadFact, object: ObjectRef): boolean {
  // a fact has the group after a kind that is not Kubernetes' own, and no name where the object has none
  const [kind] = workload.kind.split('.', 1);
  const isNamed = workload.name === '' || object.name === workload.name;
  return object.kind === kind && isNamed && (object.namespace ?? null) === workload.namespace;
}

/** How many workloads of a file there are, and how many of them keep to the restricted level. */
export function restrictedPods(facts: FileFacts, findings: readonly Finding[]): { readonly restricted: number; readonly all: number } {
  const workloads = facts.filter(fact => fact.type === 'workload');
  return { restricted: workloads.filter(fact => levelOf(fact, findings) === 'restricted').length, all: workloads.length };
}
