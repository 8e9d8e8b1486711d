import { durationOf } from '../../../families/compose/model/durations';
import type { GivenOption } from '../../../families/run/model/parse-options';
import { readModel } from '../../../families/run/model/read';
import type { RunContainer } from '../../../families/run/model/types';
import { expandedText } from '../../../families/run/model/variables';
import { containersOf } from '../../../families/run/model/view';
import { optionRange } from '../../../families/run/model/words';
import { mountFields, parseVolume } from '../../../rule/container/mounts';
import { parsePort } from '../../../rule/container/ports';
import { parseGoBoolean } from '../../../rule/container/values';
import type { Range } from '../../../base/text/range';
import type { CannotReason } from '../contract';
import {
  addAlias,
  addGroup,
  addMount,
  cannot,
  createDraft,
  refuse,
  setImage,
  setStopSignal,
  setUser,
  setVariable,
  setWorkdir,
  takeCapability,
  takeNamespace,
  takeSecurityOption,
  takeWords,
  type Draft,
} from './draft';
import { createSubstitutes, isSecretVariable } from './substitutes';
import { subjectOf } from './subject-of';
import type { SubjectAnswer, SubjectReader, SubjectRequest } from './types';

/** A flag of a command, its value known. */
interface Given {
  readonly draft: Draft;
  readonly value: string;
  readonly range: Range;
  /** As written: `--privileged`. */
  readonly written: string;
  readonly isSwitch: boolean;
}

type Flag = (given: Given) => void;

const leftOut: Flag = ({ draft, written }) => void draft.leftOut.add(written);
const nothing: Flag = () => {};
const refused =
  (reason: CannotReason): Flag =>
  ({ draft, written, value, range, isSwitch }) =>
    isSwitch && parseGoBoolean(value) === false ? undefined : refuse(draft, reason, isSwitch ? written : `${written} ${value}`, range);

const text =
  (set: (draft: Draft, value: string, range: Range) => void): Flag =>
  ({ draft, value, range }) =>
    value === '' ? undefined : set(draft, value, range);

const namespace: Flag = ({ draft, value, written, range }) => takeNamespace(draft, written, value, range);

const network: Flag = ({ draft, value, written, range }) => {
  const [mode = ''] = value.split(/[,:]/, 1);
  const isShared = mode === 'host' || mode === 'ns' || mode === 'container';
  if (isShared) takeNamespace(draft, written, value, range);
  else if (mode !== 'none') draft.leftOut.add(written);
};

/** The engines take several in one value, with commas. */
const capability =
  (kind: 'added' | 'dropped'): Flag =>
  ({ draft, value, range }) => {
    for (const name of value.split(',')) takeCapability(draft, kind, name, range);
  };

const variable: Flag = ({ draft, value, range }) => {
  const equals = value.indexOf('=');
  const name = equals < 0 ? value : value.slice(0, equals);
  if (equals >= 0) setVariable(draft, name, { text: value.slice(equals + 1), isStandIn: false }, range);
  // the value would be that of the user's environment
  else if (isSecretVariable(name)) setVariable(draft, name, { text: draft.substitutes.of(name), isStandIn: true }, range);
  else if (name.endsWith('*')) refuse(draft, 'unclear', `env ${name}`, range);
  else draft.leftOut.add(`env ${name}`);
};

const volume: Flag = ({ draft, value, range }) => {
  const { kind, source, target, options } = parseVolume(value);
  if (target === null || kind === 'other') return refuse(draft, 'unclear', value, range);
  if (kind === 'bind') return refuse(draft, 'needs-host', source ?? value, range);
  if (options.some(option => !/^(?:rw|ro|z|Z|readonly)$/.test(option))) return refuse(draft, 'unclear', value, range);
  const readOnly = options.includes('ro') || options.includes('readonly');
  addMount(draft, { path: clean(target), kind: 'volume', readOnly, ...(source !== null && { source }) }, range);
};

const clean = (path: string): string => path.replace(/(?<=[^/])\/{1,10}$/, '');

const fieldNames: Readonly<Record<string, string>> = { src: 'source', dst: 'target', destination: 'target', ro: 'readonly' };

const mount: Flag = ({ draft, value, range }) => {
  const fields = new Map(mountFields(value).map(({ key, value: text }) => [fieldNames[key] ?? key, text] as const));
  const type = fields.get('type') ?? 'volume';
  const [target, source] = [fields.get('target'), fields.get('source')];
  const known = type === 'tmpfs' ? ['type', 'target', 'tmpfs-size', 'tmpfs-mode', 'readonly'] : ['type', 'target', 'source', 'readonly'];
  if (type === 'bind') return refuse(draft, 'needs-host', source ?? value, range);
  if ((type !== 'volume' && type !== 'tmpfs') || !target) return refuse(draft, 'unclear', value, range);
  const driver = [...fields.keys()].find(key => !known.includes(key));
  if (driver !== undefined) return refuse(draft, driver.startsWith('volume-') ? 'needs-host' : 'unclear', driver, range);
  const flag = fields.get('readonly');
  const readOnly = flag === null || (flag !== undefined && parseGoBoolean(flag) !== false);
  const kind = type === 'tmpfs' ? 'memory' : 'volume';
  addMount(draft, { path: clean(target), kind, readOnly, ...(source && { source }) }, range);
};

const publish: Flag = ({ draft, value, written }) => {
  draft.leftOut.add(written);
  const port = parsePort(value);
  if (!('problem' in port) && port.protocol === 'tcp') addPort(draft, port.container);
};

const expose: Flag = ({ draft, value }) => {
  const port = parsePort(value);
  if (!('problem' in port) && port.protocol === 'tcp') addPort(draft, port.container);
};

function addPort(draft: Draft, range: { readonly first: number; readonly last: number } | null): void {
  if (range && range.first === range.last && draft.ports.size < 100) draft.ports.add(range.first);
}

const grace: Flag = ({ draft, value }) => {
  const seconds = /^\d{1,6}$/.test(value) ? Number(value) : (durationOf(value) ?? -1) / 1e9;
  if (seconds >= 0) draft.stopGrace = Math.ceil(seconds);
};

const health: Flag = given => {
  const { draft, value, range } = given;
  if (value === 'none') draft.health = [];
  else if (value.startsWith('[')) refuse(draft, 'unclear', given.written, range);
  else draft.health = takeWords(draft, given.written, ['/bin/sh', '-c', value], range);
};

const entrypoint: Flag = ({ draft, value, written, range }) => {
  // podman reads a list of JSON here
  if (value.startsWith('[')) refuse(draft, 'unclear', written, range);
  else draft.entrypoint = takeWords(draft, written, value === '' ? [] : [value], range);
};

const listed = (names: string, flag: Flag): Readonly<Record<string, Flag>> =>
  Object.fromEntries(names.split(' ').map(name => [name, flag]));

/** What each flag of `run` and `create` comes to, by its long name. Whatever is not here is refused, with its name. */
export const runFlags: Readonly<Record<string, Flag>> = {
  ...listed(
    'add-host annotation attach blkio-weight blkio-weight-device cidfile conmon-pidfile cpu-count cpu-percent cpu-period cpu-quota cpu-rt-period cpu-rt-runtime cpu-shares ' +
      'cpus cpuset-cpus cpuset-mems detach detach-keys device-read-bps device-read-iops device-write-bps device-write-iops disable-content-trust dns ' +
      'dns-option dns-search domainname health-interval health-log-destination health-max-log-count health-max-log-size health-on-failure health-retries ' +
      'health-start-interval health-start-period health-timeout http-proxy interactive io-maxbandwidth io-maxiops ip ip6 kernel-memory label label-file ' +
      'link-local-ip log-driver log-opt mac-address memory memory-reservation memory-swap memory-swappiness no-hostname no-hosts oom-kill-disable ' +
      'oom-score-adj pidfile pids-limit platform publish-all pull quiet replace restart retry retry-delay rm rmi sdnotify shm-size shm-size-systemd ' +
      'sig-proxy storage-opt timeout tls-verify tty tz ulimit authfile cert-dir creds arch os variant signature-policy',
    leftOut,
  ),
  ...listed(
    'cgroup-conf cgroup-parent cgroups chrootdirs device device-cgroup-rule env-host gidmap gpus group-entry hostuser init-path isolation passwd-entry ' +
      'privileged rdt-class runtime seccomp-policy subgidname subuidname sysctl uidmap use-api-socket userns volume-driver',
    refused('needs-host'),
  ),
  ...listed('env-file secret', refused('needs-secret')),
  ...listed('link pod pod-id-file requires volumes-from', refused('needs-peer')),
  'cap-add': capability('added'),
  'cap-drop': capability('dropped'),
  cgroupns: namespace,
  entrypoint,
  env: variable,
  expose,
  'group-add': text(addGroup),
  'health-cmd': health,
  hostname: text(addAlias),
  init: ({ draft, value }) => void (draft.init = parseGoBoolean(value)),
  ipc: namespace,
  mount,
  name: nothing,
  network,
  'network-alias': text(addAlias),
  'no-healthcheck': ({ draft, value }) => (parseGoBoolean(value) ? void (draft.health = []) : undefined),
  pid: namespace,
  publish,
  'read-only': ({ draft, value }) => void (draft.readOnly = parseGoBoolean(value) === true),
  'read-only-tmpfs': nothing,
  'security-opt': ({ draft, value, range }) => takeSecurityOption(draft, value, range),
  'stop-signal': text(setStopSignal),
  'stop-timeout': grace,
  systemd: ({ draft, value, written, range }) => (value === 'always' ? refuse(draft, 'unclear', `${written} ${value}`, range) : undefined),
  tmpfs: ({ draft, value, range }) => addMount(draft, { path: clean(value.split(':', 1)[0]!), kind: 'memory', readOnly: false }, range),
  user: text(setUser),
  uts: namespace,
  volume,
  workdir: text(setWorkdir),
};

function containersIn(path: string, fileText: string): readonly RunContainer[] {
  const dialect = { templated: false, fragment: false };
  return containersOf(readModel({ path, fileText, base: 0, index: 0, dialect, document: null, memo: new Map() }));
}

/** Containers that commands of scripts and documentation make. */
export const runSubjects: SubjectReader = {
  names: (path, fileText) => containersIn(path, fileText).map(({ name }) => name),
  read: readRun,
};

function readRun({ path, text: fileText, name, random }: SubjectRequest): SubjectAnswer {
  const containers = containersIn(path, fileText);
  const container = name === null ? (containers.length === 1 ? containers[0] : undefined) : containers.find(one => one.name === name);
  if (!container) return [cannot('not-here', name ?? path, null)];
  const { command, model } = container;
  const draft = createDraft(container.name, createSubstitutes(random), container.reportRange);
  const { parsed, words, args, placed, shell, appended, hosts } = command;
  for (const { address, range } of hosts) refuse(draft, 'engine', address, range);
  if (parsed.problem) refuse(draft, 'unclear', `${parsed.problem.kind} ${parsed.problem.flag}`.trim(), words[parsed.problem.word]?.range);
  if (parsed.help || appended || parsed.open) refuse(draft, 'unclear', words[parsed.unknown[0] ?? -1]?.raw ?? command.verb);
  const settled = (text: string | null, shown: string): string | null => text ?? expandedText(placed, model.text, shell, shown);
  for (const option of parsed.options) takeOption(draft, option, settled(option.value, option.shown), optionRange(command, option));
  if (parsed.image === null) refuse(draft, 'unclear', 'image');
  else {
    const image = container.image?.text;
    if (image == null) refuse(draft, 'unclear', args[parsed.image]!.shown, words[parsed.image]!.range);
    else setImage(draft, image, words[parsed.image]!.range);
    const inside = args.slice(parsed.image + 1).map(({ text, shown }) => settled(text, shown));
    if (inside.some(word => word === null)) refuse(draft, 'unclear', 'command', words[parsed.image + 1]!.range);
    else if (inside.length > 0) draft.command = takeWords(draft, 'command', inside as string[], words[parsed.image + 1]!.range);
  }
  return subjectOf({ family: 'run', path, platform: 'engine', volumeGroup: null, drafts: [draft] });
}

function takeOption(draft: Draft, { flag, written, shown }: GivenOption, value: string | null, range: Range): void {
  const take = Object.hasOwn(runFlags, flag.name) ? runFlags[flag.name]! : refused('unclear');
  const name = /^([A-Za-z_]\w{0,255})=/.exec(shown)?.[1];
  const place = { draft, range, written, isSwitch: flag.kind === 'switch' };
  if (take === leftOut) return leftOut({ ...place, value: '' });
  if (value !== null) take({ ...place, value });
  else if (take === variable && name !== undefined && isSecretVariable(name))
    setVariable(draft, name, { text: draft.substitutes.of(name), isStandIn: true }, range);
  else if (name !== undefined && take === variable) refuse(draft, 'unclear', `env ${name}`, range);
  // what is mounted from a folder that a variable names is the host's all the same
  else if (take === volume && parseVolume(shown).kind === 'bind') volume({ ...place, value: shown });
  else refuse(draft, 'unclear', `${written} ${shown}`, range);
}
