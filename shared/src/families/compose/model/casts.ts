import { pathTable, type PathTable } from './paths';

/** What the loader turns text into at some places. */
export type Cast = 'boolean' | 'integer' | 'float';

const container: readonly (readonly [string, Cast])[] = [
  ['cpu_count', 'integer'],
  ['cpu_percent', 'float'],
  ['cpu_period', 'integer'],
  ['cpu_quota', 'integer'],
  ['cpu_rt_period', 'integer'],
  ['cpu_rt_runtime', 'integer'],
  ['cpus', 'float'],
  ['cpu_shares', 'integer'],
  ['init', 'boolean'],
  ['oom_kill_disable', 'boolean'],
  ['oom_score_adj', 'integer'],
  ['pids_limit', 'integer'],
  ['privileged', 'boolean'],
  ['read_only', 'boolean'],
  ['ulimits.*', 'integer'],
  ['ulimits.*.hard', 'integer'],
  ['ulimits.*.soft', 'integer'],
  ['volumes.*.read_only', 'boolean'],
  ['volumes.*.volume.nocopy', 'boolean'],
];

const workload: readonly (readonly [string, Cast])[] = [
  ['depends_on.*.required', 'boolean'],
  ['depends_on.*.restart', 'boolean'],
  ['healthcheck.retries', 'integer'],
  ['healthcheck.disable', 'boolean'],
  ['ports.*.target', 'integer'],
  ['stdin_open', 'boolean'],
  ['tty', 'boolean'],
  ['scale', 'integer'],
  ['deploy.replicas', 'integer'],
  ['deploy.update_config.parallelism', 'integer'],
  ['deploy.update_config.max_failure_ratio', 'float'],
  ['deploy.rollback_config.parallelism', 'integer'],
  ['deploy.rollback_config.max_failure_ratio', 'float'],
  ['deploy.restart_policy.max_attempts', 'integer'],
  ['deploy.placement.max_replicas_per_node', 'integer'],
];

const resources: readonly (readonly [string, Cast])[] = [
  ['{networks,volumes,secrets,configs}.*.external', 'boolean'],
  ['networks.*.internal', 'boolean'],
  ['networks.*.attachable', 'boolean'],
  ['networks.*.enable_ipv4', 'boolean'],
  ['networks.*.enable_ipv6', 'boolean'],
];

/** Where the loader casts text while it interpolates (loader/interpolate.go of compose-go): `"true"` and `yes` are booleans there. */
export const casts: PathTable<Cast> = pathTable([
  ...container.flatMap(([path, cast]) => [[`{services,jobs}.*.${path}`, cast] as const, [`services.*.pre_start.*.${path}`, cast] as const]),
  ...workload.map(([path, cast]) => [`{services,jobs}.*.${path}`, cast] as const),
  ...resources,
]);

/** The booleans of the loader, in any case: those of YAML 1.1, and no digits. */
const booleans: Readonly<Record<string, boolean>> = {
  true: true,
  y: true,
  yes: true,
  on: true,
  false: false,
  n: false,
  no: false,
  off: false,
};

/** What a text comes to as a boolean; `null` where the loader refuses it, as it does `"1"`. */
export function booleanOfText(text: string): boolean | null {
  const word = text.toLowerCase();
  return Object.hasOwn(booleans, word) ? booleans[word]! : null;
}

/** What a text comes to under a cast; `null` where the loader refuses it. */
export function castText(text: string, cast: Cast): { readonly value: boolean | number; readonly float: boolean } | null {
  if (cast === 'boolean') {
    const value = booleanOfText(text);
    return value === null ? null : { value, float: false };
  }
  if (cast === 'integer') return /^[-+]?[0-9]{1,19}$/.test(text) ? { value: Number(text), float: false } : null;
  return /^[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$/.test(text) ? { value: Number(text), float: true } : null;
}
