import { parseMount } from './mounts';
import { below, pathTable, under, type PathTable } from './paths';
import {
  textOf,
  withEntries,
  withItems,
  type Complain,
  type ListValue,
  type MapEntry,
  type MapValue,
  type Steps,
  type Value,
} from './value';

/** What tells the items of a list apart. */
type Index = 'key' | 'volume' | 'device' | 'config' | 'secret' | 'port' | 'env-file' | 'expose';

const service = ['services.*'];
const indexes: PathTable<Index> = pathTable<Index>(() => ({
  key: [
    ...under(['networks.*'], 'labels ipam.options'),
    ...under(service, 'annotations build.args build.additional_contexts build.tags build.labels cap_add cap_drop deploy.labels'),
    ...under(
      service,
      'dns dns_opt dns_search environment labels links networks.*.aliases networks.*.link_local_ips profiles sysctls tmpfs',
    ),
  ],
  volume: under(service, 'volumes'),
  device: under(service, 'devices'),
  config: under(service, 'configs'),
  secret: under(service, 'secrets'),
  port: under(service, 'ports'),
  'env-file': under(service, 'env_file'),
  expose: under(service, 'expose'),
}));

/** Of items that mean one thing the later replaces the earlier: two volumes on one target, one variable twice. */
export function enforceUnicity(root: MapValue, complain: Complain): MapValue {
  return unique(root, indexes, [], complain) as MapValue;
}

function unique(value: Value, table: PathTable<Index> | null, steps: Steps, complain: Complain): Value {
  if (!table || value.kind === 'scalar') return value;
  if (value.kind === 'list') return table.found ? uniqueList(value, table.found, steps, complain) : value;
  let entries: Map<string, MapEntry> | null = null;
  for (const [name, entry] of value.entries) {
    const inner = unique(entry.value, below(table, name), [...steps, name], complain);
    if (inner !== entry.value) (entries ??= new Map(value.entries)).set(name, { key: entry.key, value: inner });
  }
  return entries ? withEntries(value, entries) : value;
}

function uniqueList(list: ListValue, index: Index, steps: Steps, complain: Complain): Value {
  const places = new Map<string, number>();
  const kept: Value[] = [];
  for (const item of list.items) {
    const key = keyOf(item, index);
    if (key === null) {
      complain('short-form', 'unexpected item', steps, item, { kind: index });
      kept.push(item);
      continue;
    }
    const at = places.get(key);
    if (at !== undefined) kept[at] = item;
    else {
      places.set(key, kept.length);
      kept.push(item);
    }
  }
  return kept.length === list.items.length ? list : withItems(list, kept);
}

function keyOf(item: Value, index: Index): string | null {
  const known = (value: Value | undefined): string | null =>
    value?.kind === 'scalar' && value.unknown ? `${String(value.node?.range.start)} of ${value.file.path}` : textOf(value);
  if (item.kind === 'scalar' && item.unknown) return known(item);
  const text = textOf(item);
  const field = (name: string): string | null => (item.kind === 'map' ? known(item.entries.get(name)?.value) : null);
  switch (index) {
    case 'key':
      return item.kind !== 'scalar' || typeof item.value !== 'string' ? null : item.value.split('=', 1)[0]!;
    case 'volume': {
      if (item.kind === 'map') return field('target');
      const mount = text === null ? null : parseMount(text);
      return mount === null ? '' : typeof mount === 'string' ? null : mount.target;
    }
    case 'device':
      if (item.kind === 'map') return field('target');
      return text === null ? '' : (text.split(':')[1] ?? text);
    case 'secret':
    case 'config': {
      const folder = index === 'secret' ? '/run/secrets' : '';
      if (item.kind === 'map') return field('target') ?? `${folder}/${field('source') ?? ''}`;
      return item.kind === 'list' ? null : `${folder}/${text ?? ''}`;
    }
    case 'port':
      if (item.kind !== 'map') return text ?? '';
      if (field('target') === null) return null;
      return `${field('host_ip') ?? '0.0.0.0'}:${field('published') ?? ''}:${field('target')!}/${field('protocol') ?? 'tcp'}`;
    case 'env-file':
      return item.kind === 'map' ? field('path') : (text ?? '');
    case 'expose':
      return text;
  }
}
