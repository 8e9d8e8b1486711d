import type { YamlMap } from '../../../syntax/yaml/types';
import type { Operation } from '../../../rule/fix/types';

/** The order in which people write the keys that fixes add. Keys that are not listed follow, as they come. */
const naturalOrder: readonly string[] = [
  // a pod spec: what concerns the whole pod comes before its containers
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
  'appArmorProfile',
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
 * Operations that set, append or move, arranged so that the keys that they add to one map come in natural order; a parent comes before what is in it.
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
    else if (operation.type === 'yaml.move') adding.push({ operation, key: operation.to.map(rankOf) });
    else rest.push(operation);
  }
  adding.sort((a, b) => compare(a.key, b.key));
  return [...adding.map(({ operation }) => operation), ...rest];
}

/** Keys that people write directly behind another one. */
const companions: ReadonlyMap<string, string> = new Map([['imagePullPolicy', 'image']]);

/**
 * After which key of a map a key goes that is moved there, as the `after` of an operation: behind its companion, else before the first key
 * that follows it in natural order (`null`: first). `undefined`: last, as for maps that are still to be made.
 */
export function naturalPlace(map: YamlMap | null, name: string): string | null | undefined {
  if (!map) return undefined;
  const companion = companions.get(name);
  if (companion !== undefined && map.entries.some(entry => entry.name === companion)) return companion;
  const rank = ranks.get(name);
  if (rank === undefined) return undefined;
  const next = map.entries.findIndex(entry => (ranks.get(entry.name) ?? -1) > rank);
  if (next < 0) return undefined;
  return next === 0 ? null : map.entries[next - 1]!.name;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}
