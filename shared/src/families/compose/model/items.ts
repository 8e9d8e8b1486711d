import type {
  Device,
  ListField,
  ListFields,
  Mount,
  NamedValue,
  PublishedPort,
  SecurityOption,
  Setting,
  Tmpfs,
} from '../../../rule/container/types';
import { parseDevice, parseSecurityOption, parseTmpfs } from '../../../rule/container/values';
import { normalizeCapability } from '../../../knowledge/capabilities';
import { range, type Range } from '../../../base/text/range';
import { textRange } from '../../../syntax/yaml/text-range';
import { isHostPath, parseMount, splitMount } from './mounts';
import { parsePorts, splitPort } from './ports';
import { rangeIn, type ServiceView } from './types';
import { entriesOfValue, isNull, member, stringValue, textOf, type Value } from './value';
import { commandWords } from './words';

/** The range of a part of a scalar's text; the whole scalar where the part has no place of its own. */
export function partRange(service: ServiceView, value: Value, start: number, end: number): Range {
  const { document } = service.compose;
  const whole = rangeIn(document, value) ?? range(0, 0);
  if (value.kind !== 'scalar' || value.node?.kind !== 'scalar') return whole;
  const place = textRange(document, value.node);
  return place.exact ? range(place.range.start + start, place.range.start + end) : whole;
}

/** The text of a scalar before variables are filled in. */
export function rawText({ node }: Pick<Value, 'node'>): string {
  return node?.kind === 'scalar' ? (typeof node.value === 'string' ? node.value : node.source) : '';
}

type Read<F extends ListField> = (service: ServiceView, item: Value, name: string | null) => ListFields[F] | null;

const text = (_: ServiceView, item: Value): string | null => textOf(item);

function tmpfs(_: ServiceView, item: Value): Tmpfs | null {
  if (item.kind === 'map') {
    const size = textOf(member(member(item, 'tmpfs'), 'size'));
    const mode = textOf(member(member(item, 'tmpfs'), 'mode'));
    const options = [...(size === null ? [] : [`size=${size}`]), ...(mode === null ? [] : [`mode=${mode}`])];
    return { target: textOf(member(item, 'target')), options };
  }
  const written = textOf(item);
  return written === null ? null : parseTmpfs(written);
}

function securityOption(_: ServiceView, item: Value): SecurityOption | null {
  const written = textOf(item);
  return written === null ? null : parseSecurityOption(written);
}

/** A path of the host with the home folder as `~`; `null` where a variable decides what it is. */
function hostSource(raw: string, filled: string | null): string | null {
  const home = /^\$\{?HOME\}?(?=\/|$)/.exec(raw);
  if (home) return `~${raw.slice(home[0].length)}`;
  return /^\$\{?PWD\}?(?=\/|$)/.test(raw) ? `.${raw.replace(/^\$\{?PWD\}?/, '')}` : filled;
}

function mount(service: ServiceView, item: Value): Mount | null {
  const whole = rangeIn(service.compose.document, item) ?? range(0, 0);
  if (item.kind === 'map') {
    const type = textOf(member(item, 'type'));
    const source = member(item, 'source');
    const readOnly = member(item, 'read_only');
    const propagation = member(member(item, 'bind'), 'propagation');
    const place = source && rangeIn(service.compose.document, source);
    const optionsPlace = propagation && rangeIn(service.compose.document, propagation);
    const path = source ? hostSource(rawText(source), textOf(source)) : null;
    return {
      kind: type === 'bind' ? 'bind' : type === 'volume' ? (source ? 'volume' : 'anonymous') : 'other',
      source: path,
      target: textOf(member(item, 'target')),
      readOnly: readOnly?.kind === 'scalar' && readOnly.value === true,
      propagation: textOf(propagation),
      options: [],
      sourceRange: place ?? whole,
      optionsRange: optionsPlace ?? whole,
    };
  }
  const raw = rawText(item);
  const parts = splitMount(raw);
  if (!parts) return null;
  const filled = textOf(item);
  const parsed = filled === null ? null : parseMount(filled);
  const sourceRaw = parts.source?.text ?? '';
  const home = hostSource(sourceRaw, null);
  // names of volumes have no slash: `${DATA}/db` is a folder of the host, whatever the variable is; `${DATA}` alone may be either
  const isFolder = filled === null && sourceRaw.includes('/');
  if (home === null && (typeof parsed === 'string' || (parsed === null && !parts.source))) return null;
  const known = typeof parsed === 'string' ? null : parsed;
  const source = home ?? (known ? known.source : null);
  const options = (parts.options?.text ?? '').split(',').filter(option => option !== '');
  const isBind = home !== null || isFolder || (source !== null && isHostPath(source));
  return {
    kind: sourceRaw === '' ? 'anonymous' : isBind ? 'bind' : 'volume',
    source: source === '' ? null : source,
    target: known?.target ?? (parts.target.text.includes('$') ? null : parts.target.text),
    readOnly: known?.readOnly ?? options.includes('ro'),
    propagation: known?.propagation ?? null,
    options,
    sourceRange: parts.source ? partRange(service, item, parts.source.start, parts.source.end) : whole,
    optionsRange: parts.options ? partRange(service, item, parts.options.start, parts.options.end) : whole,
  };
}

function port(service: ServiceView, item: Value): PublishedPort | null {
  const { document } = service.compose;
  const whole = rangeIn(document, item) ?? range(0, 0);
  if (item.kind === 'map') {
    const published = member(item, 'published');
    const target = Number(textOf(member(item, 'target')));
    const host = /^([0-9]+)(?:-([0-9]+))?$/.exec(textOf(published) ?? '');
    const place = published ?? member(item, 'target');
    return {
      address: textOf(member(item, 'host_ip')),
      host: host ? { first: Number(host[1]), last: Number(host[2] ?? host[1]) } : null,
      hasHost: published !== undefined && !isNull(published),
      container: Number.isInteger(target) && target > 0 ? { first: target, last: target } : null,
      protocol: textOf(member(item, 'protocol')) ?? 'tcp',
      hostRange: (place && rangeIn(document, place)) ?? whole,
    };
  }
  const raw = rawText(item);
  const parts = splitPort(raw);
  const filled = textOf(item);
  const parsed = filled === null ? null : parsePorts(filled).ports;
  const from = parts.ip?.start ?? parts.host?.start ?? parts.container.start;
  const to = parts.host && parts.host.end > parts.host.start ? parts.host.end : parts.container.end;
  const hostRange = partRange(service, item, parts.host && parts.host.text !== '' && !parts.ip ? parts.host.start : from, to);
  const hasHost = parts.host !== null && parts.host.text !== '';
  if (!parsed) return filled !== null || !raw.includes('$') ? null : openPort(parts, hostRange, hasHost);
  const first = parsed[0];
  const last = parsed.at(-1);
  if (!first || !last) return null;
  const [start = '', end = ''] = [first.published.split('-')[0], last.published.split('-').at(-1)];
  return {
    address: first.hostIp === '' ? null : first.hostIp,
    host: start === '' ? null : { first: Number(start), last: Number(end) },
    hasHost: first.published !== '' || hasHost,
    container: { first: first.target, last: last.target },
    protocol: first.protocol,
    hostRange,
  };
}

/** A port with a variable of which nothing is known: what stands beside it may be. */
function openPort(parts: ReturnType<typeof splitPort>, hostRange: Range, hasHost: boolean): PublishedPort | null {
  const number = /^[0-9]{1,5}$/.test(parts.container.text) ? Number(parts.container.text) : null;
  if (number === null || parts.ip?.text.includes('$')) return null;
  return {
    address: parts.ip && parts.ip.text !== '' ? parts.ip.text.replace(/^\[(.*)\]$/, '$1') : null,
    host: null,
    hasHost,
    container: { first: number, last: number },
    protocol: parts.protocol?.text.toLowerCase() ?? 'tcp',
    hostRange,
  };
}

function device(_: ServiceView, item: Value): Device | null {
  if (item.kind === 'map') {
    const [source, target, permissions] = ['source', 'target', 'permissions'].map(name => textOf(member(item, name)));
    return { source: source ?? null, target: target ?? source ?? null, permissions: permissions ?? null };
  }
  const written = textOf(item);
  return written === null ? null : parseDevice(written);
}

/** A pair of `environment` and the like: of a map, or `NAME=value` as an item. */
function namedValue(service: ServiceView, item: Value, name: string | null): NamedValue | null {
  const whole = rangeIn(service.compose.document, item) ?? range(0, 0);
  const raw = rawText(item);
  if (name !== null) {
    // of a list that was joined with another the value alone is here, and the text of the item holds both
    const prefix = raw.startsWith(`${name}=`) ? name.length + 1 : 0;
    return {
      name,
      value: isNull(item) ? null : textOf(item),
      valueRange: prefix > 0 ? partRange(service, item, prefix, raw.length) : whole,
    };
  }
  const written = item.kind === 'scalar' && typeof item.value === 'string' ? item.value : null;
  if (written === null) return null;
  const at = written.indexOf('=');
  if (at < 0) return { name: written, value: null, valueRange: whole };
  const start = raw.indexOf('=') + 1;
  return {
    name: written.slice(0, at),
    value: item.kind === 'scalar' && item.unknown ? null : written.slice(at + 1),
    valueRange: partRange(service, item, start, raw.length),
  };
}

const readers: { readonly [F in ListField]: Read<F> } = {
  capAdd: (_, item) => capability(item),
  capDrop: (_, item) => capability(item),
  securityOpt: securityOption,
  mounts: mount,
  tmpfs,
  ports: port,
  env: namedValue,
  envFiles: (_, item) => textOf(item.kind === 'map' ? member(item, 'path') : item),
  labels: namedValue,
  devices: device,
  deviceRules: text,
  sysctls: namedValue,
  ulimits: namedValue,
  volumesFrom: text,
  groupAdd: text,
  logOptions: namedValue,
  networks: (_, item, name) => name ?? textOf(item),
  entrypoint: text,
  args: text,
};

function capability(item: Value): string | null {
  const written = textOf(item);
  return written === null ? null : normalizeCapability(written);
}

const isTmpfs = (item: Value): boolean => item.kind === 'map' && stringValue(member(item, 'type')) === 'tmpfs';

/** The values of a field with many, as rules see them. */
export function readItems<F extends ListField>(
  service: ServiceView,
  field: F,
  value: Value | undefined,
): readonly Setting<ListFields[F]>[] {
  if (!value || isNull(value)) return [];
  const read = readers[field] as Read<F>;
  const isCommand = field === 'entrypoint' || field === 'args';
  const setting = (item: Value, name: string | null): Setting<ListFields[F]> => ({
    ...service.settingOf(item),
    field,
    value: read(service, item, name),
    // a script tells something, whatever its variables are
    ...(isCommand && item.kind === 'scalar' && item.unknown && { text: rawText(item) }),
  });
  if (value.kind === 'map')
    return entriesOfValue(value).map(([name, entry]) =>
      isNull(entry.value) && entry.key ? keyed(service, entry.key.range, setting(entry.value, name)) : setting(entry.value, name),
    );
  if (value.kind === 'scalar') {
    const words = isCommand && !value.unknown ? commandWords(String(value.value)) : null;
    if (words) return words.map(word => ({ ...service.settingOf(value), field, value: word as ListFields[F], text: word }));
    return [setting(value, null)];
  }
  const items = field === 'mounts' ? value.items.filter(item => !isTmpfs(item)) : value.items;
  return items.map(item => setting(item, null));
}

/** A key without a value stands at its key. */
function keyed<T>(service: ServiceView, place: Range, setting: Setting<T>): Setting<T> {
  return service.home && place.start >= service.home.range.start && place.end <= service.home.range.end
    ? { ...setting, range: place }
    : setting;
}

/** The tmpfs that a service writes as volumes. */
export function longTmpfs(service: ServiceView, volumes: Value | undefined): readonly Setting<Tmpfs>[] {
  if (volumes?.kind !== 'list') return [];
  return volumes.items.filter(isTmpfs).map(item => ({ ...service.settingOf(item), field: 'tmpfs', value: tmpfs(service, item) }));
}
