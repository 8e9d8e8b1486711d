import type { FindingGroup } from '../../finding/group';

/** What a container may do that is started with the engine's defaults. */
const liberties: Readonly<Record<string, string>> = {
  'root-user': 'run as root',
  'privilege-escalation': 'gain privileges',
  'capabilities-not-dropped': 'use the default capabilities',
  'writable-root-filesystem': 'change its own programs',
  'missing-memory-limit': 'use all the memory',
  'missing-pids-limit': 'start any number of processes',
  'missing-cpu-limit': 'use all the CPU time',
  'unbounded-logs': 'fill the disk with logs',
  'missing-healthcheck': 'hang unnoticed',
  'missing-init': 'leave zombie processes',
};

/** The group of what is reported at the name of a container that an engine is to run. `more`: liberties that only containers of this family have. */
export function containerGroup(family: string, more: Readonly<Record<string, string>> = {}): FindingGroup {
  const rules = Object.entries({ ...liberties, ...more }).map(([rule, liberty]) => [`${family}/${rule}`, liberty]);
  return {
    id: `${family}/container`,
    text: 'Container "{container}" may {list}',
    rules: Object.fromEntries(rules) as FindingGroup['rules'],
  };
}
