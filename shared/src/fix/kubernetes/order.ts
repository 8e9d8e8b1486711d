import type { Operation } from '../types';

/** The order in which people write the keys that fixes add. Keys that are not listed follow, as they come. */
const naturalOrder: readonly string[] = [
  // a pod spec: what concerns the whole pod stands above its containers
  'serviceAccountName',
  'automountServiceAccountToken',
  'hostUsers',
  // a securityContext, of a pod or of a container
  'privileged',
  'allowPrivilegeEscalation',
  'readOnlyRootFilesystem',
  'runAsNonRoot',
  'runAsUser',
  'runAsGroup',
  'fsGroup',
  'fsGroupChangePolicy',
  'supplementalGroups',
  'capabilities',
  'seccompProfile',
  'sysctls',
  'securityContext',
  'initContainers',
  'containers',
  // capabilities
  'drop',
  'add',
  // resources
  'requests',
  'limits',
  'cpu',
  'memory',
  // objects and templates
  'apiVersion',
  'kind',
  'metadata',
  'spec',
  'replicas',
  'selector',
  'strategy',
  'template',
];

const ranks = new Map(naturalOrder.map((name, rank) => [name, rank]));

/**
 * Operations that set or append, arranged so that the keys that they add to one map come in natural order; a parent comes before what is in it.
 * Rules are asked one by one, so that what they add would come in the order of their names. The other operations follow as they were.
 */
export function inNaturalOrder<O extends Operation>(operations: readonly O[]): readonly O[] {
  const found = new Map<string, number>();
  const rankOf = (step: string | number): number => {
    if (typeof step === 'number') return step;
    const listed = ranks.get(step);
    if (listed !== undefined) return listed;
    let rank = found.get(step);
    if (rank === undefined) found.set(step, (rank = naturalOrder.length + found.size));
    return rank;
  };
  const adding: { operation: O; key: readonly number[] }[] = [];
  const rest: O[] = [];
  for (const operation of operations) {
    if (operation.type === 'yaml.set' || operation.type === 'yaml.append') adding.push({ operation, key: operation.path.map(rankOf) });
    else rest.push(operation);
  }
  adding.sort((a, b) => compare(a.key, b.key));
  return [...adding.map(({ operation }) => operation), ...rest];
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}
