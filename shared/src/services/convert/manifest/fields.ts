import type { Value } from '../../../families/compose/model/value';
import type { NoteId } from '../../../base/terms/notes';
import type { Field, PodDraft } from './draft';
import { annotations, configFiles, environment, environmentFiles, labels, secretFiles } from './environment';
import { expose, ports } from './ports';
import { build, cpus, deploy, gpus, memory, platform } from './resources';
import {
  command,
  dns,
  extraHosts,
  flag,
  gracePeriod,
  healthcheck,
  hostname,
  pullPolicy,
  restart,
  scale,
  shownItems,
  text,
} from './running';
import { capabilities, groups, hostNamespace, networkMode, securityFlag, securityOptions, sysctls, user } from './security';
import { sharedMemory, tmpfs, volumes } from './volumes';

const said =
  (id: NoteId): Field =>
  (value, { notes }, what) =>
    notes.add(id, `${what} ${shownItems(value)}`.trim());

/** What each key of a service comes to. A key that is absent has no counterpart. */
const fields: Readonly<Record<string, Field>> = {
  annotations,
  build,
  cap_add: capabilities('add'),
  cap_drop: capabilities('drop'),
  command: command('args'),
  configs: configFiles,
  container_name: (value, draft, what) => (shownItems(value) === draft.name ? undefined : said('container-name')(value, draft, what)),
  cpus: cpus('limits'),
  depends_on: said('depends-on'),
  deploy,
  device_cgroup_rules: said('device'),
  devices: said('device'),
  dns: dns('nameservers'),
  dns_opt: dns('options'),
  dns_search: dns('searches'),
  entrypoint: command('command'),
  env_file: environmentFiles,
  environment,
  expose,
  external_links: said('network'),
  extra_hosts: extraHosts,
  gpus,
  group_add: groups,
  healthcheck,
  hostname,
  image: text('container', 'image'),
  init: (value, draft, what) => (shownItems(value) === 'true' ? draft.notes.add('no-init', what) : undefined),
  ipc: hostNamespace('hostIPC'),
  labels,
  links: said('network'),
  logging: said('logging'),
  mem_limit: memory('limits'),
  mem_reservation: memory('requests'),
  network_mode: networkMode,
  networks: said('network'),
  pid: hostNamespace('hostPID'),
  pids_limit: said('pids-limit'),
  platform,
  ports,
  privileged: securityFlag('privileged'),
  profiles: said('profile'),
  pull_policy: pullPolicy,
  read_only: securityFlag('readOnlyRootFilesystem'),
  restart,
  scale,
  secrets: secretFiles,
  security_opt: securityOptions,
  shm_size: sharedMemory,
  stdin_open: flag('stdin'),
  stop_grace_period: gracePeriod,
  stop_signal: said('stop-signal'),
  sysctls,
  tmpfs,
  tty: flag('tty'),
  user,
  userns_mode: hostNamespace(null),
  uts: hostNamespace(null),
  volumes,
  working_dir: text('container', 'workingDir'),
};

/** Puts what a key of a service says into a pod; what it cannot say is noted. */
export function carryField(key: string, value: Value, draft: PodDraft): void {
  if (Object.hasOwn(fields, key)) fields[key]!(value, draft, key);
  // what tools keep for themselves
  else if (!key.startsWith('x-')) said('no-field')(value, draft, key);
}
