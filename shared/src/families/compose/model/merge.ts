import { below, pathTable, under, type PathTable } from './paths';
import {
  isEqualValue,
  isNull,
  mapAt,
  scalarAt,
  withEntries,
  withItems,
  type Complain,
  type MapEntry,
  type MapValue,
  type Steps,
  type Value,
} from './value';

/** How two values of one place are joined where it is not by their kind. */
type Joining = 'replace' | 'key-values' | 'list' | 'hosts' | 'build' | 'depends-on' | 'names' | 'logging' | 'ulimit' | 'ipam';

const service = ['services.*'];
const joinings: PathTable<Joining> = pathTable<Joining>(() => ({
  replace: under(service, 'command entrypoint healthcheck.test'),
  'key-values': [
    '{networks,volumes,secrets,configs}.*.labels',
    ...under(service, 'annotations build.args build.additional_contexts build.labels deploy.labels environment labels sysctls'),
  ],
  list: under(service, 'dns dns_opt dns_search env_file label_file tmpfs'),
  hosts: under(service, 'build.extra_hosts extra_hosts'),
  build: under(service, 'build'),
  'depends-on': under(service, 'depends_on'),
  names: under(service, 'models networks'),
  logging: under(service, 'logging'),
  ulimit: under(service, 'ulimits.*'),
  ipam: ['networks.*.ipam.config'],
}));

/** The table for services, where a service is joined with its base. */
const serviceTable = below(below(joinings, 'services'), '');

interface Joiner {
  readonly complain: Complain;
}

/** Lays a file's project over what the files before it came to. */
export function mergeProjects(base: MapValue, over: MapValue, complain: Complain): MapValue {
  return joinMaps(base, over, joinings, [], { complain });
}

/** Lays a service over its base, or a service of a file over one that it includes. `name` is for problems alone. */
export function mergeServices(base: MapValue, over: MapValue, name: string, complain: Complain): MapValue {
  return joinMaps(base, over, serviceTable, ['services', name], { complain });
}

/** Joins two resources of one kind and name. */
export function mergeResources(base: Value, over: Value, kind: string, name: string, complain: Complain): Value {
  return join(base, over, below(below(joinings, kind), name), [kind, name], { complain });
}

function joinMaps(base: MapValue, over: MapValue, table: PathTable<Joining> | null, steps: Steps, joiner: Joiner): MapValue {
  const entries = new Map<string, MapEntry>(base.entries);
  for (const [name, entry] of over.entries) {
    const before = base.entries.get(name);
    if (!before) entries.set(name, entry);
    else
      entries.set(name, {
        key: entry.key ?? before.key,
        value: join(before.value, entry.value, below(table, name), [...steps, name], joiner),
      });
  }
  return withEntries(over.node ? over : base, entries);
}

function join(base: Value, over: Value, table: PathTable<Joining> | null, steps: Steps, joiner: Joiner): Value {
  if (table?.found) return joinSpecially(table.found, base, over, table, steps, joiner);
  if (isNull(over)) return base;
  if (base.kind === 'scalar') return over;
  if (base.kind !== over.kind) {
    joiner.complain('merge', `cannot override ${steps.join('.')}`, steps, over);
    return over;
  }
  if (base.kind === 'map') return joinMaps(base, over as MapValue, table, steps, joiner);
  return withItems(base, [...base.items, ...(over.kind === 'list' ? over.items : [])]);
}

function joinSpecially(how: Joining, base: Value, over: Value, table: PathTable<Joining>, steps: Steps, joiner: Joiner): Value {
  switch (how) {
    case 'replace':
      return over;
    case 'key-values':
      return joinKeyValues(base, over, steps, joiner);
    case 'list':
      return withItems(over.node ? over : base, [...toList(base), ...toList(over)]);
    case 'hosts': {
      const items = toList(base);
      const more = toList(over).filter(item => !items.some(one => isEqualValue(one, item)));
      return withItems(over.node ? over : base, [...items, ...more]);
    }
    case 'build':
      return joinMaps(toBuild(base), toBuild(over), table, steps, joiner);
    case 'depends-on': {
      const started = { condition: 'service_started', required: true };
      return joinMaps(toNames(base, started, steps, joiner), toNames(over, started, steps, joiner), table, steps, joiner);
    }
    case 'names':
      return joinMaps(toNames(base, null, steps, joiner), toNames(over, null, steps, joiner), table, steps, joiner);
    case 'logging': {
      if (base.kind !== 'map' || over.kind !== 'map') {
        joiner.complain('merge', `cannot override ${steps.join('.')}`, steps, over);
        return over;
      }
      const [mine, theirs] = [over, base].map(map => map.entries.get('driver')?.value);
      const isSame = !mine || !theirs || (mine.kind === 'scalar' && theirs.kind === 'scalar' && mine.value === theirs.value);
      return isSame ? joinMaps(base, over, table, steps, joiner) : over;
    }
    case 'ulimit':
      return base.kind === 'map' && over.kind === 'map' ? joinMaps(base, over, table, steps, joiner) : over;
    case 'ipam':
      return joinPools(base, over, table, steps, joiner);
  }
}

function toList(value: Value): readonly Value[] {
  if (value.kind === 'list') return value.items;
  if (value.kind === 'scalar') return typeof value.value === 'string' ? [value] : [];
  return [...value.entries].flatMap(([name, { value: inner }]): readonly Value[] => {
    if (isNull(inner)) return [scalarAt(inner.node ? inner : value, name)];
    const texts = inner.kind === 'list' ? inner.items : [inner];
    return texts.map(one => (one.kind === 'scalar' ? { ...one, value: `${name}=${String(one.value)}` } : one));
  });
}

function toBuild(value: Value): MapValue {
  if (value.kind === 'map') return value;
  return mapAt(value, value.kind === 'scalar' && typeof value.value === 'string' ? { context: value } : {});
}

function toNames(value: Value, defaults: Readonly<Record<string, string | boolean>> | null, steps: Steps, { complain }: Joiner): MapValue {
  if (value.kind === 'map') return value;
  const entries = new Map<string, MapEntry>();
  const items = value.kind === 'list' ? value.items : isNull(value) ? [] : [value];
  for (const item of items) {
    if (item.kind === 'scalar' && typeof item.value === 'string')
      entries.set(item.value, { key: null, value: defaults ? mapAt(item, defaults) : scalarAt(item, null) });
    else complain('merge', 'a name has to be text', steps, item);
  }
  return withEntries(value, entries);
}

/** `A=1` and `A: 1` are one: of equal keys the later counts. */
function joinKeyValues(base: Value, over: Value, steps: Steps, joiner: Joiner): Value {
  const entries = new Map<string, MapEntry>();
  for (const value of [base, over]) {
    for (const [name, entry] of keyValues(value, steps, joiner)) entries.set(name, entry);
  }
  return { kind: 'map', entries, node: (over.node ? over : base).node, file: over.file };
}

function keyValues(value: Value, steps: Steps, { complain }: Joiner): readonly (readonly [string, MapEntry])[] {
  if (value.kind === 'map') return [...value.entries];
  if (value.kind === 'scalar') return [];
  return value.items.flatMap(item => {
    if (item.kind !== 'scalar' || typeof item.value !== 'string') {
      complain('merge', 'unexpected type', steps, item);
      return [];
    }
    const at = item.value.indexOf('=');
    const name = at < 0 ? item.value : item.value.slice(0, at);
    return [[name, { key: null, value: { ...item, value: at < 0 ? null : item.value.slice(at + 1) } }] as const];
  });
}

/** The address pools of a network: those with one subnet are one. */
function joinPools(base: Value, over: Value, table: PathTable<Joining>, steps: Steps, joiner: Joiner): Value {
  if (base.kind !== 'list' || over.kind !== 'list') {
    joiner.complain('merge', `unexpected type`, steps, over);
    return over;
  }
  const subnet = (value: Value): string => {
    const at = value.kind === 'map' ? value.entries.get('subnet')?.value : undefined;
    return at?.kind === 'scalar' ? String(at.value) : '';
  };
  const pools = new Map<string, Value>();
  for (const pool of [...base.items, ...over.items]) {
    const before = pools.get(subnet(pool));
    pools.set(subnet(pool), before?.kind === 'map' && pool.kind === 'map' ? joinMaps(before, pool, table, steps, joiner) : pool);
  }
  return withItems(over, [...pools.values()]);
}
