import { isAddress, parsePort } from '../../../rule/container/ports';
import { mountFields } from '../../../rule/container/mounts';
import { parseBytes, parseGoBoolean } from '../../../rule/container/values';
import type { GivenOption, ParsedOptions } from './parse-options';

/** What Docker's client says of a command before it asks the engine for anything. */
export interface ClientProblem {
  /** `conflict`: two options exclude each other; `invalid-value`: it cannot read one. */
  readonly kind: 'conflict' | 'invalid-value';
  readonly option: GivenOption;
  /** Of a conflict the option that it does not go with. */
  readonly other: GivenOption | null;
}

const portField = /^(?:target|published|protocol|mode|name|app_protocol)=/;

/** The ulimits that the client knows (docker/go-units). */
const ulimits = new Set('core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending stack'.split(' '));

/** What the client asks of the values of a list; absent: it takes anything. */
const lists: Readonly<Record<string, (value: string) => boolean>> = {
  'add-host': value => /^[^:=]+[:=]./.test(value),
  attach: value => ['stdin', 'stdout', 'stderr'].includes(value.toLowerCase()),
  'device-cgroup-rule': value => /^[acb] (?:\d{1,9}|\*):(?:\d{1,9}|\*) [rwm]{1,3}$/.test(value),
  dns: isAddress,
  'link-local-ip': isAddress,
  env: value => value !== '' && !value.startsWith('='),
  label: value => value !== '' && !value.startsWith('='),
  sysctl: value => /^[^=]+=/.test(value),
  ulimit: value => {
    const [name = '', limits] = value.split('=', 2);
    if (limits === undefined || !ulimits.has(name)) return false;
    const [soft, hard, more] = limits.split(':');
    const isLimit = (text: string | undefined): boolean => text === undefined || /^-?\d{1,18}$/.test(text);
    return more === undefined && isLimit(soft) && isLimit(hard) && !(Number(hard) !== -1 && Number(soft) > Number(hard));
  },
  expose: value => /^\d{1,5}(?:-\d{1,5})?(?:\/\w{1,10})?$/.test(value),
  publish: value => {
    const short = portField.test(value) ? longPort(value) : value;
    return short !== null && !('problem' in parsePort(short));
  },
  'security-opt': value => /[=:]/.test(value) || value === 'no-new-privileges' || value === 'disable',
  mount: isMount,
};

/** `target=80,published=8080` in the short syntax. */
export function longPort(value: string): string | null {
  const fields = new Map(value.split(',').map(field => field.split('=', 2) as [string, string]));
  const target = fields.get('target');
  if (target === undefined) return null;
  const published = fields.get('published');
  const protocol = fields.get('protocol');
  return `${published === undefined ? '' : `${published}:`}${target}${protocol === undefined ? '' : `/${protocol}`}`;
}

const mountKeys = new Set(
  (
    'type source src target dst destination readonly ro consistency bind-propagation bind-nonrecursive bind-recursive bind-create-src volume-nocopy ' +
    'volume-label volume-driver volume-opt volume-subpath image-subpath tmpfs-size tmpfs-mode'
  ).split(' '),
);

function isMount(value: string): boolean {
  const fields = mountFields(value);
  return fields.every(
    ({ key, value: given }) =>
      mountKeys.has(key) &&
      (given !== null || ['readonly', 'ro', 'volume-nocopy', 'bind-nonrecursive'].includes(key)) &&
      (key !== 'tmpfs-size' || parseBytes(given!) !== null) &&
      (key !== 'tmpfs-mode' || /^[0-7]{1,5}$/.test(given!)),
  );
}

const integer = /^[-+]?\d{1,19}$/;

/** What the client asks of a text; absent: it takes anything. */
const texts: Readonly<Record<string, (value: string) => boolean>> = {
  pid: value => ['', 'host'].includes(value) || /^container:./.test(value),
  uts: value => ['', 'host'].includes(value),
  userns: value => ['', 'host'].includes(value),
  cgroupns: value => ['', 'host', 'private'].includes(value),
  'mac-address': value => value === '' || /^[0-9A-Fa-f]{2}(?:(?::[0-9A-Fa-f]{2}){5}|(?:-[0-9A-Fa-f]{2}){5})$/.test(value),
  restart: value => {
    const [name, count, more] = value.split(':');
    if (value === '') return true;
    return name !== '' && more === undefined && (count === undefined || integer.test(count));
  },
};

/** Whether the client can read a value. */
function isValid({ flag, value }: GivenOption): boolean {
  if (value === null) return true;
  switch (flag.kind) {
    case 'switch':
      return parseGoBoolean(value) !== null;
    case 'integer':
      return integer.test(value);
    case 'natural':
      return /^\d{1,19}$/.test(value);
    case 'bytes':
      return parseBytes(value, flag.name === 'memory-swap') !== null;
    case 'decimal':
      return value === '' || /^[-+]?(?:\d{1,20}(?:\.\d{0,20})?|\.\d{1,20})$/.test(value) || /^\d{1,9}\/\d{1,9}$/.test(value);
    case 'duration':
      return value === '0' || /^(?:\d{1,9}(?:\.\d{0,9})?(?:ns|us|µs|ms|s|m|h)){1,8}$/.test(value);
    case 'address':
      return value === '' || isAddress(value);
    default:
      return (flag.kind === 'list' ? lists : texts)[flag.name]?.(value) ?? true;
  }
}

/** Everything in a command that makes Docker's client refuse it, beside flags that it does not know; in order of place. */
export function clientProblems({ options }: ParsedOptions): readonly ClientProblem[] {
  const problems: ClientProblem[] = options
    .filter(option => !isValid(option))
    .map(option => ({ kind: 'invalid-value', option, other: null }));
  /** The last of a flag, which counts. */
  const last = (name: string): GivenOption | undefined => options.findLast(({ flag }) => flag.name === name);
  const isOn = (option: GivenOption | undefined): option is GivenOption =>
    option !== undefined && option.value !== null && parseGoBoolean(option.value) === true;
  const conflict = (option: GivenOption, other: GivenOption): void => void problems.push({ kind: 'conflict', option, other });
  const [remove, restart] = [last('rm'), last('restart')];
  if (isOn(remove) && restart?.value && restart.value !== 'no') conflict(restart, remove);
  const off = last('no-healthcheck');
  const health = options.find(({ flag, value }) => flag.name.startsWith('health-') && value !== null && !/^0s?$|^$/.test(value));
  if (isOn(off) && health) conflict(health, off);
  const driver = last('log-driver');
  const logOption = options.find(({ flag }) => flag.name === 'log-opt');
  if (driver?.value === 'none' && logOption) conflict(logOption, driver);
  const networks = options.filter(({ flag }) => flag.name === 'network');
  const mode = networks.find(({ value }) => value !== null && isMode(networkName(value)));
  const named = networks.find(
    option => option !== mode && option.value !== null && networkName(option.value) !== networkName(mode?.value ?? ''),
  );
  if (mode && named) conflict(named, mode);
  return problems.sort((a, b) => a.option.word - b.option.word);
}

/** The network of `--network`, whose long form names it. */
export function networkName(value: string): string {
  if (!value.includes('=')) return value;
  return /(?:^|,)name=([^,]*)/.exec(value)?.[1] ?? value;
}

/** Whether a network is a mode of the engine, and not one that somebody made. */
function isMode(name: string): boolean {
  return ['host', 'none', 'bridge', 'default'].includes(name) || name.startsWith('container:');
}
