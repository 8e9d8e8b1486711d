import { cleanPath, parseMount, type ShortMount } from './mounts';
import { below, pathTable, under, type PathTable } from './paths';
import { parsePorts } from './ports';
import {
  isNull,
  mapAt,
  scalarAt,
  textOf,
  withEntries,
  withItems,
  type Complain,
  type ListValue,
  type MapEntry,
  type MapValue,
  type Origin,
  type Steps,
  type Value,
} from './value';

type Form =
  | 'build'
  | 'text'
  | 'key-values'
  | 'depends-on'
  | 'device'
  | 'env-files'
  | 'extends'
  | 'external'
  | 'gpus'
  | 'include'
  | 'list'
  | 'names'
  | 'ports'
  | 'source'
  | 'ssh'
  | 'ulimit'
  | 'volume'
  | 'without-empty';

const container = ['services.*', 'services.*.pre_start.*'];

/** Where Compose has a short form, and which. */
const forms: PathTable<Form> = pathTable<Form>(() => ({
  build: ['services.*.build'],
  text: ['services.*.build.provenance', 'services.*.build.sbom'],
  'key-values': ['services.*.build.additional_contexts'],
  'depends-on': ['services.*.depends_on'],
  device: under(container, 'devices.*'),
  'env-files': under(container, 'env_file'),
  extends: ['services.*.extends'],
  external: ['{volumes,networks,secrets,configs}.*'],
  gpus: under(container, 'gpus'),
  include: ['include.*'],
  list: [...under(container, 'label_file'), 'services.*.develop.watch.*.ignore', 'services.*.develop.watch.*.include'],
  names: under(container, 'networks models'),
  ports: ['services.*.ports'],
  source: [...under(container, 'secrets.* configs.*'), 'services.*.build.secrets.*'],
  ssh: ['services.*.build.ssh'],
  ulimit: [...under(container, 'ulimits.*'), 'services.*.build.ulimits.*'],
  volume: under(container, 'volumes.*'),
  'without-empty': under(container, 'dns'),
}));

/** The field of the long form that a text in its place fills. */
const textFields = { build: 'context', extends: 'service', source: 'source' } as const;

/** Writes every short form out, as the loader does before it judges the whole. */
export function canonicalProject(root: MapValue, complain: Complain): MapValue {
  return transform(root, forms, [], complain) as MapValue;
}

function transform(value: Value, table: PathTable<Form> | null, steps: Steps, complain: Complain): Value {
  if (!table) return value;
  const written = table.found ? writeOut(value, table.found, steps, complain) : value;
  return inside(written, table, steps, complain);
}

function inside(value: Value, table: PathTable<Form>, steps: Steps, complain: Complain): Value {
  if (value.kind === 'scalar' || (!table.any && !table.named)) return value;
  if (value.kind === 'list')
    return withItems(
      value,
      value.items.map((item, index) => transform(item, below(table, index), [...steps, index], complain)),
    );
  let entries: Map<string, MapEntry> | null = null;
  for (const [name, entry] of value.entries) {
    const next = below(table, name);
    const inner = next ? transform(entry.value, next, [...steps, name], complain) : entry.value;
    if (inner !== entry.value) (entries ??= new Map(value.entries)).set(name, { key: entry.key, value: inner });
  }
  return entries ? withEntries(value, entries) : value;
}

function writeOut(value: Value, form: Form, steps: Steps, complain: Complain): Value {
  if (value.kind === 'scalar' && value.unknown) return value;
  const refuse = (): Value => {
    complain('short-form', `${form}: unexpected type`, steps, value, { kind: form });
    return value;
  };
  const text = value.kind === 'scalar' && typeof value.value === 'string' ? value.value : null;
  switch (form) {
    case 'build':
    case 'extends':
    case 'source':
      return text !== null ? mapAt(value, { [textFields[form]]: value }) : value.kind === 'map' ? value : refuse();
    case 'text':
      return value.kind === 'scalar' ? { ...value, value: String(value.value) } : value;
    case 'include':
      return text !== null ? mapAt(value, { path: value }) : value;
    case 'list':
      return text !== null ? withItems(value, [value]) : value;
    case 'without-empty': {
      const items = text !== null ? [value] : value.kind === 'list' ? value.items : null;
      const named = items?.filter(item => !isNull(item) && textOf(item) !== '');
      return named ? withItems(value, named) : value;
    }
    case 'gpus':
      return text !== null ? withItems(value, [mapAt(value, { count: 'all' })]) : value.kind === 'list' ? value : refuse();
    case 'env-files':
      return envFiles(value, text, refuse);
    case 'names':
      return value.kind === 'list' ? namesOf(value, null) : value;
    case 'depends-on':
      return dependencies(value, steps, complain, refuse);
    case 'key-values':
      return value.kind === 'list' ? keyValues(value, steps, complain) : value.kind === 'map' ? value : refuse();
    case 'ssh':
      return value.kind === 'list' ? sshKeys(value, steps, complain) : value.kind === 'map' ? value : refuse();
    case 'device':
      return device(value, text, steps, complain, refuse);
    case 'ulimit':
      return value.kind === 'map' || (value.kind === 'scalar' && typeof value.value === 'number' && !value.float) ? value : refuse();
    case 'volume':
      return volume(value, text, steps, complain, refuse);
    case 'ports':
      return ports(value, steps, complain, refuse);
    case 'external':
      return external(value, steps, complain);
  }
}

function namesOf(list: ListValue, members: Readonly<Record<string, string | boolean>> | null): MapValue {
  const entries = new Map<string, MapEntry>();
  for (const item of list.items) {
    const name = textOf(item);
    if (name !== null) entries.set(name, { key: null, value: members ? mapAt(item, members) : scalarAt(item, null) });
  }
  return withEntries(list, entries);
}

function envFiles(value: Value, text: string | null, refuse: () => Value): Value {
  const one = (item: Value): Value => {
    if (item.kind === 'map')
      return item.entries.has('required')
        ? item
        : withEntries(item, new Map([...item.entries, ['required', { key: null, value: scalarAt(item, true) }]]));
    return mapAt(item, { path: item, required: true });
  };
  if (text !== null) return withItems(value, [one(value)]);
  return value.kind === 'list' ? withItems(value, value.items.map(one)) : refuse();
}

function dependencies(value: Value, steps: Steps, complain: Complain, refuse: () => Value): Value {
  if (value.kind === 'list') return namesOf(value, { condition: 'service_started', required: true });
  if (value.kind !== 'map') return refuse();
  const entries = new Map<string, MapEntry>();
  for (const [name, entry] of value.entries) {
    if (entry.value.kind !== 'map') {
      complain('short-form', 'unsupported value', [...steps, name], entry.value, { kind: 'depends-on' });
      entries.set(name, entry);
      continue;
    }
    const members = new Map(entry.value.entries);
    if (!members.has('condition')) members.set('condition', { key: null, value: scalarAt(entry.value, 'service_started') });
    if (!members.has('required')) members.set('required', { key: null, value: scalarAt(entry.value, true) });
    entries.set(name, { key: entry.key, value: withEntries(entry.value, members) });
  }
  return withEntries(value, entries);
}

function keyValues(list: ListValue, steps: Steps, complain: Complain): MapValue {
  const entries = new Map<string, MapEntry>();
  for (const item of list.items) {
    const text = textOf(item) ?? '';
    const at = text.indexOf('=');
    if (at < 0) complain('short-form', `invalid value ${text}, expected key=value`, steps, item, { kind: 'key-values' });
    else entries.set(text.slice(0, at), { key: null, value: scalarAt(item, text.slice(at + 1)) });
  }
  return withEntries(list, entries);
}

function sshKeys(list: ListValue, steps: Steps, complain: Complain): MapValue {
  const entries = new Map<string, MapEntry>();
  for (const item of list.items) {
    const text = textOf(item) ?? '';
    const at = text.indexOf('=');
    if (at < 0 && text !== 'default') complain('short-form', `invalid ssh key ${text}`, steps, item, { kind: 'ssh' });
    entries.set(at < 0 ? text : text.slice(0, at), { key: null, value: scalarAt(item, at < 0 ? null : text.slice(at + 1)) });
  }
  return withEntries(list, entries);
}

function device(value: Value, text: string | null, steps: Steps, complain: Complain, refuse: () => Value): Value {
  if (text === null) return value.kind === 'map' ? value : refuse();
  const [source = '', target, permissions, ...more] = text.split(':');
  if (more.length > 0) complain('short-form', `confusing device mapping: ${text}`, steps, value, { kind: 'device' });
  return mapAt(value, { source, target: target === undefined || target === '' ? source : target, permissions: permissions ?? 'rwm' });
}

/** A volume in long form, as the loader writes out a short one. */
export function longMount(at: Origin, mount: ShortMount): MapValue {
  const bind: Record<string, string | boolean> = {};
  if (mount.type === 'bind') bind['create_host_path'] = true;
  if (mount.propagation !== null) bind['propagation'] = mount.propagation;
  if (mount.selinux !== null) bind['selinux'] = mount.selinux;
  return mapAt(at, {
    type: mount.type,
    source: mount.source === '' ? undefined : mount.source,
    target: cleanPath(mount.target),
    read_only: mount.readOnly ? true : undefined,
    bind: Object.keys(bind).length > 0 ? mapAt(at, bind) : undefined,
    volume: mount.type === 'volume' ? mapAt(at, mount.noCopy ? { nocopy: true } : {}) : undefined,
  });
}

function volume(value: Value, text: string | null, steps: Steps, complain: Complain, refuse: () => Value): Value {
  if (text === null) return value.kind === 'map' ? value : refuse();
  const mount = parseMount(text);
  if (typeof mount !== 'string') return longMount(value, mount);
  complain('short-form', mount, steps, value, { kind: 'volume' });
  return value;
}

/** The ports of one service are not spread out beyond this: nobody publishes as many one by one. */
const mostPublished = 70_000;

function ports(value: Value, steps: Steps, complain: Complain, refuse: () => Value): Value {
  if (value.kind !== 'list') return refuse();
  const items: Value[] = [];
  value.items.forEach((item, index) => {
    if (item.kind === 'map') return items.push(item);
    const isPort =
      item.kind === 'scalar' && !item.unknown && !item.float && (typeof item.value === 'number' || typeof item.value === 'string');
    if (!isPort) {
      if (item.kind !== 'scalar' || !item.unknown)
        complain('short-form', 'invalid type for port', [...steps, index], item, { kind: 'port' });
      return items.push(item);
    }
    const parsed = parsePorts(String(item.value));
    if (parsed.error !== null) {
      complain('short-form', parsed.error, [...steps, index], item, { kind: 'port' });
      return items.push(item);
    }
    for (const port of parsed.ports) {
      if (items.length >= mostPublished) break;
      items.push(
        mapAt(item, {
          mode: 'ingress',
          host_ip: port.hostIp === '' ? undefined : port.hostIp,
          target: port.target,
          published: port.published === '' ? undefined : port.published,
          protocol: port.protocol,
        }),
      );
    }
    return items.length;
  });
  return withItems(value, items);
}

function external(value: Value, steps: Steps, complain: Complain): Value {
  if (value.kind !== 'map') {
    if (!isNull(value)) complain('short-form', 'must be a mapping', steps, value, { kind: 'external' });
    return value;
  }
  const old = value.entries.get('external')?.value;
  if (old?.kind !== 'map') return value;
  const entries = new Map(value.entries);
  entries.set('external', { key: null, value: scalarAt(old, true) });
  const name = old.entries.get('name')?.value;
  const own = value.entries.get('name')?.value;
  if (name && own && textOf(name) !== textOf(own))
    complain('value', 'name and external.name conflict; only use name', steps, name, { kind: 'external' });
  if (name && !own) entries.set('name', { key: null, value: name });
  return withEntries(value, entries);
}
