import { durationOf } from '../../../families/compose/model/durations';
import {
  entriesOfValue,
  isNull,
  itemsOfValue,
  member,
  memberAt,
  textOf,
  type MapValue,
  type Value,
} from '../../../families/compose/model/value';
import { takeBuild, type BuildFiles } from './compose-build';
import { commandOf, isOn, knownItems, knownText, settledText, takeEnvironment, type PlaceOf } from './compose-text';
import {
  addAlias,
  addGroup,
  addMount,
  refuse,
  setImage,
  setStopSignal,
  setUser,
  setWorkdir,
  takeCapability,
  takeNamespace,
  takeSecurityOption,
  takeWords,
  type Draft,
} from './draft';
import type { CannotReason } from '../contract';

/** What the keys of a service are read with. */
export interface ServiceReading {
  readonly draft: Draft;
  readonly project: MapValue;
  readonly place: PlaceOf;
  /** The services that it is started after, as they are found. */
  readonly needs: Set<string>;
  readonly files: BuildFiles;
}

/** What a key of a service comes to in a trial. */
type Key = (value: Value, reading: ServiceReading, what: string) => void;

const leftOut: Key = (value, { draft }, what) => void (isNull(value) || draft.leftOut.add(what));

/** Nothing that a trial gives to a container: a key that says so, or says something at all, is refused. */
const refused =
  (reason: CannotReason): Key =>
  (value, { draft, place }, what) => {
    if (isNull(value) || (value.kind === 'list' && value.items.length === 0) || (value.kind === 'map' && value.entries.size === 0)) return;
    if (value.kind === 'scalar' && (value.value === false || value.value === '')) return;
    const first = value.kind === 'list' ? textOf(value.items[0]) : null;
    refuse(draft, reason, first === null ? what : `${what} ${first}`, place(value));
  };

const text =
  (set: (draft: Draft, text: string, range: ReturnType<PlaceOf>) => void): Key =>
  (value, { draft, place }, what) => {
    const known = knownText(draft, what, value, place);
    if (known !== null && known !== '') set(draft, known, place(value));
  };

const each =
  (take: (draft: Draft, text: string, range: ReturnType<PlaceOf>) => void): Key =>
  (value, { draft, place }, what) => {
    for (const { text: item, range } of knownItems(draft, what, value, place)) take(draft, item, range);
  };

const command =
  (field: 'entrypoint' | 'command'): Key =>
  (value, { draft, place }, what) => {
    const words = commandOf(draft, what, value, place);
    if (words) draft[field] = words;
  };

const namespace: Key = (value, { draft, place }, what) => {
  const mode = knownText(draft, what, value, place);
  if (mode !== null) takeNamespace(draft, what, mode, place(value));
};

const networkMode: Key = (value, reading, what) => {
  const { draft, place, needs } = reading;
  const mode = knownText(draft, what, value, place) ?? '';
  // a trial shares its network among all anyway
  if (mode.startsWith('service:')) needs.add(mode.slice('service:'.length));
  else if (mode === '' || mode === 'none') return;
  else if (mode === 'bridge' || mode === 'default') draft.leftOut.add(what);
  else takeNamespace(draft, what, mode, place(value));
};

const networks: Key = (value, { draft }, what) => {
  draft.leftOut.add(what);
  for (const [, { value: network }] of entriesOfValue(value))
    for (const alias of itemsOfValue(member(network, 'aliases'))) addAlias(draft, textOf(alias) ?? '');
};

const dependsOn: Key = (value, { draft, place, needs, project }) => {
  for (const [name, { value: how }] of entriesOfValue(value)) {
    const isThere = member(member(project, 'services'), name) !== undefined;
    if (!isThere && member(how, 'required')?.kind === 'scalar' && textOf(member(how, 'required')) === 'false') continue;
    if (textOf(member(how, 'condition')) === 'service_completed_successfully')
      refuse(draft, 'needs-peer', `${name} (service_completed_successfully)`, place(value));
    needs.add(name);
  }
};

const links: Key = (value, { draft, place, needs }, what) => {
  for (const { text: link, range } of knownItems(draft, what, value, place)) {
    const [name = '', alias] = link.split(':', 2);
    if (alias !== undefined && alias !== name) refuse(draft, 'unclear', `${what} ${link}`, range);
    needs.add(name);
  }
};

const mounts: Key = (value, reading) => {
  const { draft, place } = reading;
  for (const item of itemsOfValue(value)) {
    const range = place(item);
    const target = textOf(member(item, 'target'));
    const source = member(item, 'source');
    const type = textOf(member(item, 'type')) ?? 'volume';
    if (item.kind !== 'map' || target === null) refuse(draft, 'unclear', 'volumes', range);
    else if (type === 'tmpfs') addMount(draft, { path: target, kind: 'memory', readOnly: readOnlyIn(item) }, range);
    else if (type === 'volume') volume(item, target, reading);
    else refuse(draft, 'needs-host', textOf(source) ?? type, range);
  }
};

function readOnlyIn(item: Value): boolean {
  return textOf(member(item, 'read_only')) === 'true';
}

function volume(item: MapValue, target: string, { draft, place, project }: ServiceReading): void {
  const range = place(item);
  const source = member(item, 'source');
  const name = textOf(source);
  if (source && name === null) return refuse(draft, 'unclear', 'volumes', range);
  if (memberAt(item, 'volume', 'nocopy') !== undefined || memberAt(item, 'volume', 'subpath') !== undefined)
    return refuse(draft, 'unclear', `volume ${target}`, range);
  const declared = name === null ? undefined : memberAt(project, 'volumes', name);
  if (!isNull(member(declared, 'external')) && textOf(member(declared, 'external')) !== 'false')
    return refuse(draft, 'not-here', `external volume ${name}`, range);
  const driver = member(declared, 'driver');
  const isPlain = (isNull(driver) || textOf(driver) === 'local') && entriesOfValue(member(declared, 'driver_opts')).length === 0;
  if (!isPlain) return refuse(draft, 'needs-host', `volume ${name}`, range);
  addMount(draft, { path: target, kind: 'volume', readOnly: readOnlyIn(item), ...(name !== null && { source: name }) }, range);
}

const tmpfs: Key = (value, { draft, place }, what) => {
  for (const { text: item, range } of knownItems(draft, what, value, place))
    addMount(draft, { path: item.split(':', 1)[0]!, kind: 'memory', readOnly: false }, range);
};

const ports: Key = (value, { draft }, what) => {
  if (itemsOfValue(value).length > 0) draft.leftOut.add(what);
  for (const item of itemsOfValue(value)) addPort(draft, textOf(member(item, 'target')), textOf(member(item, 'protocol')));
};

const expose: Key = (value, { draft }) => {
  for (const item of itemsOfValue(value)) {
    const [port, protocol = 'tcp'] = (textOf(item) ?? '').split('/', 2);
    addPort(draft, port ?? null, protocol);
  }
};

function addPort(draft: Draft, port: string | null, protocol: string | null): void {
  if (port !== null && /^\d{1,5}$/.test(port) && (protocol ?? 'tcp') === 'tcp' && draft.ports.size < 100) draft.ports.add(Number(port));
}

const healthcheck: Key = (value, { draft, place }, what) => {
  const test = member(value, 'test');
  if (textOf(member(value, 'disable')) === 'true') return void (draft.health = []);
  if (isNull(test) || !test) return;
  const items = test.kind === 'list' ? test.items : [test];
  const words = items.map(item => settledText(draft, item)?.text ?? null);
  if (words.some(word => word === null)) return refuse(draft, 'unclear', what, place(test));
  const [first = '', ...rest] = words as string[];
  if (test.kind === 'scalar') draft.health = takeWords(draft, what, ['/bin/sh', '-c', first], place(test));
  else if (first === 'NONE') draft.health = [];
  else if (first === 'CMD') draft.health = takeWords(draft, what, rest, place(test));
  else if (first === 'CMD-SHELL') draft.health = takeWords(draft, what, ['/bin/sh', '-c', rest.join(' ')], place(test));
  else refuse(draft, 'unclear', what, place(test));
};

const gracePeriod: Key = (value, { draft, place }, what) => {
  const nanoseconds = durationOf(knownText(draft, what, value, place) ?? '');
  if (nanoseconds !== null && nanoseconds >= 0) draft.stopGrace = Math.ceil(nanoseconds / 1e9);
};

/** What each key of a service comes to. Whatever is not here is refused, with its name. */
export const serviceKeys: Readonly<Record<string, Key>> = {
  build: (value, { draft, place, files }) => takeBuild(draft, value, place, files),
  cap_add: each((draft, name, range) => takeCapability(draft, 'added', name, range)),
  cap_drop: each((draft, name, range) => takeCapability(draft, 'dropped', name, range)),
  cgroup: namespace,
  command: command('command'),
  container_name: text(addAlias),
  depends_on: dependsOn,
  entrypoint: command('entrypoint'),
  environment: (value, { draft, place }) => takeEnvironment(draft, value, place),
  expose,
  // what a base says is in it already; one that is not known is refused with the service
  extends: () => {},
  group_add: each(addGroup),
  healthcheck,
  hostname: text(addAlias),
  // of a service that is built it is only a name
  image: (value, reading, what) => (reading.draft.image === null ? text(setImage)(value, reading, what) : undefined),
  init: (value, { draft, place }, what) => void (draft.init = isNull(value) ? null : isOn(draft, what, value, place)),
  ipc: namespace,
  links,
  network_mode: networkMode,
  networks,
  pid: namespace,
  ports,
  read_only: (value, { draft, place }, what) => void (draft.readOnly = isOn(draft, what, value, place)),
  security_opt: each(takeSecurityOption),
  stop_grace_period: gracePeriod,
  stop_signal: text(setStopSignal),
  tmpfs,
  user: text(setUser),
  uts: namespace,
  volumes: mounts,
  working_dir: text(setWorkdir),
};

const listed = (names: string, key: Key): Readonly<Record<string, Key>> => Object.fromEntries(names.split(' ').map(name => [name, key]));

/** Keys that a trial leaves out on purpose, and those that it refuses, by why. */
export const otherKeys: Readonly<Record<string, Key>> = {
  // what is of the host, of limits (those of trials are narrower), of the network around, or only says something about the service
  ...listed(
    'annotations attach blkio_config cpu_count cpu_percent cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares cpus cpuset deploy develop dns dns_opt ' +
      'dns_search domainname extra_hosts label_file labels logging mac_address mem_limit mem_reservation mem_swappiness memswap_limit oom_kill_disable ' +
      'oom_score_adj pids_limit platform profiles pull_policy pull_refresh_after restart scale shm_size stdin_open storage_opt tty ulimits',
    leftOut,
  ),
  ...listed(
    'cgroup_parent credential_spec device_cgroup_rules devices gpus privileged runtime sysctls use_api_socket userns_mode',
    refused('needs-host'),
  ),
  ...listed('env_file secrets', refused('needs-secret')),
  ...listed('external_links volumes_from', refused('needs-peer')),
  ...listed('configs', refused('not-here')),
  ...listed('isolation models post_start pre_start pre_stop provider umask', refused('unclear')),
};

/** Takes over what a service says, key by key. */
export function readService(service: MapValue, reading: ServiceReading): void {
  const { draft, place } = reading;
  // what is built has its name from the file alone
  const entries = entriesOfValue(service).toSorted(([a], [b]) => Number(b === 'build') - Number(a === 'build'));
  for (const [name, { value }] of entries) {
    const key = Object.hasOwn(serviceKeys, name) ? serviceKeys[name]! : Object.hasOwn(otherKeys, name) ? otherKeys[name]! : null;
    if (key) key(value, reading, name);
    else if (!name.startsWith('x-')) refuse(draft, 'unclear', name, place(value));
  }
}
