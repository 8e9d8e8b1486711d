import type { ListField, ScalarField } from '../../../rule/container/types';

/** Which keys of a service hold a field with one value; of several the first that is there counts. */
export const scalarKeys: Readonly<Partial<Record<ScalarField, readonly (readonly string[])[]>>> = {
  privileged: [['privileged']],
  user: [['user']],
  readOnly: [['read_only']],
  init: [['init']],
  apiSocket: [['use_api_socket']],
  oomKillDisable: [['oom_kill_disable']],
  oomScoreAdj: [['oom_score_adj']],
  memory: [['deploy', 'resources', 'limits', 'memory'], ['mem_limit']],
  memoryReservation: [['deploy', 'resources', 'reservations', 'memory'], ['mem_reservation']],
  memorySwap: [['memswap_limit']],
  cpus: [['deploy', 'resources', 'limits', 'cpus'], ['cpus']],
  cpuQuota: [['cpu_quota']],
  cpuset: [['cpuset']],
  cpuShares: [['cpu_shares']],
  pids: [['deploy', 'resources', 'limits', 'pids'], ['pids_limit']],
  restart: [['deploy', 'restart_policy', 'condition'], ['restart']],
  network: [['network_mode']],
  pid: [['pid']],
  ipc: [['ipc']],
  uts: [['uts']],
  userns: [['userns_mode']],
  cgroup: [['cgroup']],
  cgroupParent: [['cgroup_parent']],
  logDriver: [['logging', 'driver']],
  noHealthcheck: [['healthcheck', 'disable']],
  healthTest: [['healthcheck', 'test']],
  platform: [['platform']],
  isolation: [['isolation']],
  stopSignal: [['stop_signal']],
  workingDir: [['working_dir']],
  hostname: [['hostname']],
};

/** The fields whose value is a size. */
export const sizeFields: ReadonlySet<ScalarField> = new Set(['memory', 'memoryReservation', 'memorySwap']);
/** The fields whose value is a number. */
export const numberFields: ReadonlySet<ScalarField> = new Set(['oomScoreAdj', 'cpus', 'cpuShares', 'pids']);
/** The fields whose value is a boolean. */
export const booleanFields: ReadonlySet<ScalarField> = new Set([
  'privileged',
  'readOnly',
  'init',
  'apiSocket',
  'oomKillDisable',
  'noHealthcheck',
  'publishAll',
  'autoRemove',
]);

/** The key of a service that holds a field with many values. */
export const listKeys: Readonly<Record<ListField, readonly string[]>> = {
  capAdd: ['cap_add'],
  capDrop: ['cap_drop'],
  securityOpt: ['security_opt'],
  mounts: ['volumes'],
  tmpfs: ['tmpfs'],
  ports: ['ports'],
  env: ['environment'],
  envFiles: ['env_file'],
  labels: ['labels'],
  devices: ['devices'],
  deviceRules: ['device_cgroup_rules'],
  sysctls: ['sysctls'],
  ulimits: ['ulimits'],
  volumesFrom: ['volumes_from'],
  groupAdd: ['group_add'],
  logOptions: ['logging', 'options'],
  networks: ['networks'],
  entrypoint: ['entrypoint'],
  args: ['command'],
};
