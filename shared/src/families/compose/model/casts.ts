import { pathTable, under, type PathTable } from './paths';

/** What the loader turns text into at some places. */
export type Cast = 'boolean' | 'integer' | 'float';

const workload = ['{services,jobs}.*'];
const container = [...workload, 'services.*.pre_start.*'];

/** Where the loader casts text while it interpolates (loader/interpolate.go of compose-go): `"true"` and `yes` are booleans there. */
export const casts: PathTable<Cast> = pathTable<Cast>(() => ({
  integer: [
    ...under(container, 'cpu_count cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares oom_score_adj pids_limit'),
    ...under(container, 'ulimits.* ulimits.*.hard ulimits.*.soft'),
    ...under(workload, 'healthcheck.retries ports.*.target scale deploy.replicas deploy.{update_config,rollback_config}.parallelism'),
    ...under(workload, 'deploy.restart_policy.max_attempts deploy.placement.max_replicas_per_node'),
  ],
  float: [...under(container, 'cpu_percent cpus'), ...under(workload, 'deploy.{update_config,rollback_config}.max_failure_ratio')],
  boolean: [
    ...under(container, 'init oom_kill_disable privileged read_only volumes.*.read_only volumes.*.volume.nocopy'),
    ...under(workload, 'depends_on.*.required depends_on.*.restart healthcheck.disable stdin_open tty'),
    ...['{networks,volumes,secrets,configs}.*.external', ...under(['networks.*'], 'internal attachable enable_ipv4 enable_ipv6')],
  ],
}));

/** What a text comes to as a boolean, by the words of YAML 1.1 in any case; `null` where the loader refuses it, as it does `"1"`. */
export function booleanOfText(text: string): boolean | null {
  return /^(?:true|y|yes|on)$/i.test(text) ? true : /^(?:false|n|no|off)$/i.test(text) ? false : null;
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
