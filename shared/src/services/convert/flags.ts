import { parseGoBoolean } from '../../rule/container/values';
import { findNamedSecret, isSecretName, secretValueKind } from '../../knowledge/secrets/detect';
import { carryMount, carryTmpfs, carryVolume } from './mounts';
import { carryAddress, carryNetwork, carryNetworkAlias, carryLinkLocal } from './networks';
import type { Carrying, Given } from './given';
import type { NoteId } from '../../base/terms/notes';
import { type Draft, listIn, mapIn } from './service';

/** Puts what a flag says into a service, or says why it cannot. */
type Carry = (given: Given, to: Carrying) => void;

/** A number where the text is one as YAML reads it, else the text. */
function numeric(text: string): string | number {
  return /^-?(?:(?:0|[1-9]\d{0,14})(?:\.\d{1,9})?|\.\d{1,9})$/.test(text) ? Number(text) : text;
}

/** Docker takes an empty value for none. */
function unlessEmpty(carry: Carry): Carry {
  return (given, to) => (given.shown === '' ? to.notes.add('empty', given.what) : carry(given, to));
}

const text = (key: string): Carry => unlessEmpty((given, { service }) => void (service[key] = given.template));
const number = (key: string): Carry => unlessEmpty((given, { service }) => void (service[key] = numeric(given.template)));
const list = (key: string): Carry => unlessEmpty((given, { service }) => void listIn(service, key).push(given.template));
const flag =
  (key: string): Carry =>
  (given, { service }) =>
    void (service[key] = parseGoBoolean(given.shown) ?? given.template);
const said =
  (id: NoteId): Carry =>
  (given, { notes }) =>
    parseGoBoolean(given.shown) === false ? undefined : notes.add(id, given.what);
const health = (key: string, of: (given: Given) => Draft = given => given.template): Carry =>
  unlessEmpty((given, { service }) => void (mapIn(service, 'healthcheck')[key] = of(given)));

/** `KEY=VALUE` in a map; a key alone has `alone`. */
const pair =
  (key: string, alone: Draft): Carry =>
  (given, to) => {
    const equals = given.shown.indexOf('=');
    const name = equals < 0 ? given.shown : given.shown.slice(0, equals);
    if (/[$`]/.test(name)) return to.notes.add('unread', given.what);
    mapIn(to.service, key)[name] = equals < 0 ? alone : given.part(equals + 1, given.shown.length);
  };

const environment: Carry = (given, to) => {
  const equals = given.shown.indexOf('=');
  const name = given.shown.slice(0, Math.max(equals, 0));
  const value = given.value === null || equals < 0 ? null : given.value.slice(equals + 1);
  const isSecret =
    value !== null && (findNamedSecret(name, value) !== null || (isSecretName(name) && secretValueKind(value) === 'default'));
  if (!isSecret || !/^[A-Za-z_]\w*$/.test(name)) return pair('environment', null)(given, to);
  mapIn(to.service, 'environment')[name] = `\${${name}:?set ${name}}`;
  to.notes.add('secret', given.what, { name });
};

/** `PATH:VALUE` of a device under a key of `blkio_config`. */
const blockDevice =
  (key: string, member: 'weight' | 'rate'): Carry =>
  (given, { service, notes }) => {
    const colon = given.shown.lastIndexOf(':');
    if (colon < 0) return notes.add('unread', given.what);
    const value = given.part(colon + 1, given.shown.length);
    listIn(mapIn(service, 'blkio_config'), key).push({ path: given.part(0, colon), [member]: numeric(value) });
  };

const ulimit: Carry = (given, { service, notes }) => {
  const match = /^([a-z]{1,20})=(-?\d{1,18})(?::(-?\d{1,18}))?$/.exec(given.value ?? '');
  if (!match) return notes.add('unread', given.what);
  const [, name = '', soft = '', hard = soft] = match;
  mapIn(service, 'ulimits')[name] = soft === hard ? Number(soft) : { soft: Number(soft), hard: Number(hard) };
};

/** `all`, a number, or `device=0,1`, `capabilities=...` in fields of CSV. */
const gpus: Carry = (given, { service, notes }) => {
  if (given.value === null) return notes.add('unread', given.what);
  const device: Record<string, Draft> = { capabilities: ['gpu'] };
  const counts = /^(?:count=)?(?:all|-?\d{1,9})$/;
  const fields = given.value.match(/"[^"]{0,500}"|[^,]{1,500}/g) ?? [];
  for (const field of fields) {
    const [key = '', value] = field.replace(/^"|"$/g, '').split('=', 2);
    if (counts.test(field)) device['count'] = numeric(value ?? key);
    else if (value === undefined) return notes.add('invalid', given.what);
    else if (key === 'device') device['device_ids'] = value.split(',');
    else if (key === 'driver') device['driver'] = value;
    else if (key === 'capabilities') device['capabilities'] = [...new Set(['gpu', ...value.split(',')])];
    else notes.add('mount-option', given.what, { option: key });
  }
  const resources = mapIn(mapIn(service, 'deploy'), 'resources');
  listIn(mapIn(resources, 'reservations'), 'devices').push(device);
};

const publish: Carry = (given, { service, notes, mode }) => {
  if (mode !== null && mode !== 'bridge' && mode !== 'default') return notes.add('host-ports', given.what, { mode });
  if (/^(?:target|published|protocol|mode|name|app_protocol)=/.test(given.shown)) {
    const long: Record<string, Draft> = {};
    let at = 0;
    for (const field of given.shown.split(',')) {
      const equals = field.indexOf('=');
      const value = given.part(at + equals + 1, at + field.length);
      const key = field.slice(0, equals);
      long[key] = key === 'target' ? numeric(value) : value;
      at += field.length + 1;
    }
    listIn(service, 'ports').push(long);
    return;
  }
  // the engine takes an address of IPv6 without brackets, Compose does not
  const bare = /^((?:[0-9A-Fa-f]{0,4}:){2,8}[0-9A-Fa-f]{0,4}):([^:]{0,11}):([^:]{1,20})$/.exec(given.value ?? '');
  listIn(service, 'ports').push(bare ? `[${bare[1]}]:${bare[2]}:${bare[3]}` : given.template);
};

const link: Carry = (given, { service, notes, serviceOf }) => {
  const container = given.shown.split(':', 1)[0]!;
  const known = serviceOf(container);
  if (known !== null) listIn(service, 'links').push(`${known}:${given.shown.slice(container.length + 1) || container}`);
  else {
    listIn(service, 'external_links').push(given.template);
    notes.add('external-link', given.what);
  }
};

const volumesFrom: Carry = (given, { service, notes, serviceOf }) => {
  const container = given.shown.split(':', 1)[0]!;
  const known = serviceOf(container);
  const mode = given.shown.slice(container.length);
  listIn(service, 'volumes_from').push(known === null ? `container:${given.template}` : `${known}${mode}`);
  if (known === null) notes.add('other-container', given.what);
};

/** `container:NAME` of the modes of namespaces: a service where the text makes that container. */
const namespace =
  (key: string): Carry =>
  (given, to) => {
    const known = given.shown.startsWith('container:') ? to.serviceOf(given.shown.slice('container:'.length)) : null;
    if (known !== null) to.service[key] = `service:${known}`;
    else unlessEmpty(text(key))(given, to);
  };

const securityOption: Carry = (given, { service }) => {
  // what the engine takes for the same, in the form of Compose's documentation
  const value = given.value === 'no-new-privileges' || given.value === 'no-new-privileges=true' ? 'no-new-privileges:true' : given.template;
  listIn(service, 'security_opt').push(value);
};

/** How each flag gets into a service. What is absent has no counterpart: of Docker's flags none is, see the test. */
const carries: Readonly<Record<string, Carry>> = {
  'add-host': list('extra_hosts'),
  annotation: pair('annotations', ''),
  attach: said('foreground'),
  'blkio-weight': unlessEmpty((given, { service }) => void (mapIn(service, 'blkio_config')['weight'] = numeric(given.template))),
  'blkio-weight-device': blockDevice('weight_device', 'weight'),
  'cap-add': list('cap_add'),
  'cap-drop': list('cap_drop'),
  'cgroup-parent': text('cgroup_parent'),
  cgroupns: text('cgroup'),
  cidfile: said('no-key'),
  'cpu-count': number('cpu_count'),
  'cpu-percent': number('cpu_percent'),
  'cpu-period': number('cpu_period'),
  'cpu-quota': number('cpu_quota'),
  'cpu-rt-period': number('cpu_rt_period'),
  'cpu-rt-runtime': number('cpu_rt_runtime'),
  'cpu-shares': number('cpu_shares'),
  cpus: number('cpus'),
  'cpuset-cpus': text('cpuset'),
  'cpuset-mems': said('no-key'),
  detach: said('detach'),
  'detach-keys': said('foreground'),
  device: list('devices'),
  'device-cgroup-rule': list('device_cgroup_rules'),
  'device-read-bps': blockDevice('device_read_bps', 'rate'),
  'device-read-iops': blockDevice('device_read_iops', 'rate'),
  'device-write-bps': blockDevice('device_write_bps', 'rate'),
  'device-write-iops': blockDevice('device_write_iops', 'rate'),
  'disable-content-trust': said('no-key'),
  dns: list('dns'),
  'dns-option': list('dns_opt'),
  'dns-search': list('dns_search'),
  domainname: text('domainname'),
  // an empty one takes the image's away
  entrypoint: (given, { service }) => void (service['entrypoint'] = given.shown === '' ? [] : [given.template]),
  env: environment,
  'env-file': list('env_file'),
  expose: list('expose'),
  gpus,
  'group-add': list('group_add'),
  'health-cmd': health('test'),
  'health-interval': health('interval'),
  'health-retries': health('retries', given => numeric(given.template)),
  'health-start-interval': health('start_interval'),
  'health-start-period': health('start_period'),
  'health-timeout': health('timeout'),
  help: said('foreground'),
  hostname: text('hostname'),
  init: flag('init'),
  interactive: flag('stdin_open'),
  'io-maxbandwidth': said('no-key'),
  'io-maxiops': said('no-key'),
  ip: carryAddress('ipv4_address'),
  ip6: carryAddress('ipv6_address'),
  ipc: namespace('ipc'),
  isolation: text('isolation'),
  'kernel-memory': said('no-key'),
  label: pair('labels', ''),
  'label-file': list('label_file'),
  link,
  'link-local-ip': carryLinkLocal,
  'log-driver': unlessEmpty((given, { service }) => void (mapIn(service, 'logging')['driver'] = given.template)),
  'log-opt': (given, to) => pair('options', '')(given, { ...to, service: mapIn(to.service, 'logging') }),
  'mac-address': text('mac_address'),
  memory: number('mem_limit'),
  'memory-reservation': number('mem_reservation'),
  'memory-swap': number('memswap_limit'),
  'memory-swappiness': number('mem_swappiness'),
  mount: carryMount,
  // what Compose takes for a name, and the engine
  name: (given, to) =>
    /^[A-Za-z0-9][\w.-]{1,300}$/.test(given.value ?? given.template.replace(/[${}]/g, 'x'))
      ? text('container_name')(given, to)
      : to.notes.add('invalid', given.what),
  network: carryNetwork,
  'network-alias': carryNetworkAlias,
  'no-healthcheck': (given, { service }) => {
    if (parseGoBoolean(given.shown) === true) mapIn(service, 'healthcheck')['disable'] = true;
  },
  'oom-kill-disable': flag('oom_kill_disable'),
  'oom-score-adj': number('oom_score_adj'),
  pid: namespace('pid'),
  'pids-limit': number('pids_limit'),
  platform: text('platform'),
  privileged: flag('privileged'),
  publish,
  'publish-all': said('publish-all'),
  pull: (given, to) =>
    ['always', 'missing', 'never'].includes(given.shown) ? text('pull_policy')(given, to) : to.notes.add('invalid', given.what),
  quiet: said('foreground'),
  'read-only': flag('read_only'),
  restart: text('restart'),
  rm: said('remove'),
  runtime: text('runtime'),
  'security-opt': securityOption,
  'shm-size': number('shm_size'),
  'sig-proxy': said('foreground'),
  'stop-signal': text('stop_signal'),
  'stop-timeout': (given, { service }) => void (service['stop_grace_period'] = `${given.template}s`),
  'storage-opt': pair('storage_opt', ''),
  sysctl: pair('sysctls', ''),
  tmpfs: carryTmpfs,
  tty: flag('tty'),
  ulimit,
  'use-api-socket': flag('use_api_socket'),
  user: text('user'),
  userns: text('userns_mode'),
  uts: text('uts'),
  volume: carryVolume,
  'volume-driver': said('no-key'),
  'volumes-from': volumesFrom,
  workdir: text('working_dir'),
};

/** Whether a flag is one that is known here: others are Podman's or nerdctl's own. */
export function isCarried(name: string): boolean {
  return Object.hasOwn(carries, name);
}

/** Puts what a flag says into a service; what it cannot say is noted. */
export function carry(given: Given, to: Carrying): void {
  if (isCarried(given.name)) carries[given.name]!(given, to);
  else said('own-engine')(given, to);
}
