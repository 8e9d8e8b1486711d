import type { YamlDocument } from '../../../syntax/yaml/types';
import { readAlone } from './read';
import type { Steps, Value } from './value';

// What of a Compose file the index keeps for other files, and whoever has a disk from one run to the next: what decides how a container is shut off.
// No environment, command, label, content or option of a driver is in it: passwords stand there.

const serviceKeys: ReadonlySet<string> = new Set([
  ...['image', 'pull_policy', 'extends', 'provider', 'profiles', 'platform', 'container_name', 'hostname', 'scale'],
  ...['user', 'group_add', 'privileged', 'read_only', 'cap_add', 'cap_drop', 'security_opt', 'use_api_socket'],
  ...['tmpfs', 'volumes', 'volumes_from', 'devices', 'device_cgroup_rules'],
  ...['network_mode', 'networks', 'ports', 'expose', 'pid', 'ipc', 'uts', 'userns_mode', 'cgroup', 'cgroup_parent'],
  ...['pids_limit', 'mem_limit', 'mem_reservation', 'memswap_limit', 'mem_swappiness', 'oom_kill_disable', 'oom_score_adj'],
  ...['shm_size', 'ulimits'],
  ...['cpus', 'cpu_count', 'cpu_period', 'cpu_quota', 'cpu_shares', 'cpuset', 'init', 'restart', 'stop_signal', 'stop_grace_period'],
  ...['depends_on', 'secrets', 'configs', 'runtime', 'isolation'],
]);

/** Fields of which some part is kept, and the rest may hold anything. */
const partly: Readonly<Record<string, ReadonlySet<string>>> = {
  build: new Set(['context', 'dockerfile', 'target', 'network', 'privileged']),
  deploy: new Set(['resources', 'replicas', 'mode', 'restart_policy']),
  logging: new Set(['driver']),
  healthcheck: new Set(['disable', 'interval', 'timeout', 'retries']),
};

/** More text of a file is not kept: nothing is known of it then. */
const most = 200_000;

/** A summary of a document, as YAML that the loader reads as it would read the whole; `null`: it is too long. Linear. */
export function summaryOf(document: YamlDocument): string | null {
  const { root, resets } = readAlone({ path: '', document });
  if (root?.kind !== 'map') return '{}';
  const tagged = new Set(resets.map(keyOf));
  const below = new Map<string, string[]>();
  for (const steps of resets) below.set(keyOf(steps.slice(0, -1)), [...(below.get(keyOf(steps.slice(0, -1))) ?? []), String(steps.at(-1))]);
  let length = 0;
  const print = (value: Value, steps: Steps): string => {
    // what is printed again and again for one anchor counts each time
    if (length > most || steps.length > 50) return 'null';
    const text = value.kind === 'scalar' ? scalarText(value) : value.kind === 'list' ? listText(value, steps) : mapText(value, steps);
    if (value.kind === 'scalar') length += text.length + 8;
    return tagged.has(keyOf(steps)) ? `!override ${text}` : text;
  };
  const listText = ({ items }: Value & { kind: 'list' }, steps: Steps): string =>
    `[${items.map((item, i) => print(item, [...steps, i])).join(', ')}]`;
  const mapText = ({ entries }: Value & { kind: 'map' }, steps: Steps): string => {
    const kept = [...entries].filter(([name]) => isKept([...steps, name]));
    const gone = (below.get(keyOf(steps)) ?? []).filter(name => !entries.has(name) && isKept([...steps, name]));
    const members = kept.map(([name, { value }]) => `${JSON.stringify(name)}: ${print(value, [...steps, name])}`);
    return `{${[...members, ...gone.map(name => `${JSON.stringify(name)}: !reset null`)].join(', ')}}`;
  };
  const text = print(root, []);
  return length > most ? null : text;
}

const keyOf = (steps: Steps): string => JSON.stringify(steps);

function isKept(steps: Steps): boolean {
  const [kind, , field, inner] = steps.map(String);
  if (steps.length === 1) return ['services', 'networks', 'volumes', 'secrets', 'configs', 'include', 'name'].includes(kind!);
  if (kind === 'services') {
    if (steps.length === 2) return true;
    const some = Object.hasOwn(partly, field!) ? partly[field!] : undefined;
    return some ? steps.length === 3 || steps.length > 4 || some.has(inner!) : serviceKeys.has(field!);
  }
  if (field === 'driver_opts' && steps.length > 3)
    return inner === 'type' || inner === 'device' || inner!.startsWith('com.docker.network.bridge.');
  return (
    steps.length === 2 ||
    kind === 'include' ||
    ['external', 'name', 'driver', 'driver_opts', 'internal', 'file', 'environment'].includes(field!)
  );
}

/** As it is written where a variable stands in it: that is filled in when it is read again. */
function scalarText({ value, node }: Value & { kind: 'scalar' }): string {
  const written = node?.kind === 'scalar' && typeof node.value === 'string' && node.value.includes('$') ? node.value : value;
  return JSON.stringify(written);
}
