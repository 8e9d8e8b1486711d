import type { ContainerOptions, ListField, ScalarField } from '../../shared/src/rule/container/types';

const scalars: readonly ScalarField[] = [
  'privileged',
  'user',
  'readOnly',
  'init',
  'oomKillDisable',
  'oomScoreAdj',
  'memory',
  'memoryReservation',
  'memorySwap',
  'cpus',
  'cpuset',
  'cpuShares',
  'pids',
  'restart',
  'ipc',
  'uts',
  'userns',
  'cgroup',
  'cgroupParent',
  'logDriver',
  'noHealthcheck',
  'healthTest',
  'platform',
  'isolation',
  'stopSignal',
  'workingDir',
  'hostname',
];
const lists: readonly ListField[] = [
  'capAdd',
  'capDrop',
  'devices',
  'deviceRules',
  'groupAdd',
  'entrypoint',
  'args',
  'env',
  'labels',
  'sysctls',
  'ports',
  'tmpfs',
  'mounts',
];

/** A value without places, as both families have it. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !key.endsWith('Range') && key !== 'options')
      .map(([key, inner]) => [key, bare(inner)]),
  );
}

/** What the rules see of a container, empty fields left out. */
export function seenFields(container: ContainerOptions): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const field of scalars) {
    const value = container.get(field)?.value ?? null;
    if (value !== null && value !== '' && value !== false) fields[field] = value;
  }
  for (const field of lists) {
    // a label without a value has an empty one
    const items = container
      .list(field)
      .items.map(({ value }) =>
        bare(field === 'labels' && value !== null ? { ...(value as object), value: (value as { value: unknown }).value ?? '' } : value),
      );
    if (items.length > 0)
      fields[field] = field === 'args' || field === 'entrypoint' ? items : items.map(item => JSON.stringify(item)).sort();
  }
  return fields;
}
