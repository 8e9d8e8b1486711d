import type { MapValue, Value } from '../../shared/src/families/compose/model/value';
import { parseBytes } from '../../shared/src/rule/container/values';
import { durationOf } from '../../shared/src/families/compose/model/durations';
import { commandWords } from '../../shared/src/families/compose/model/words';
import { below, pathTable, type PathTable } from '../../shared/src/families/compose/model/paths';

/** A value of JSON. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

type Form =
  | 'bytes'
  | 'duration'
  | 'command'
  | 'test'
  | 'texts'
  | 'nulls'
  | 'hosts'
  | 'text'
  | 'number'
  | 'count'
  | 'ssh'
  | 'drop-empty'
  | 'lists'
  | 'boolean'
  | 'mode';

const container: readonly (readonly [string, Form])[] = [
  ['annotations', 'texts'],
  ['labels', 'texts'],
  ['environment', 'nulls'],
  ['sysctls', 'texts'],
  ['command', 'command'],
  ['entrypoint', 'command'],
  ['extra_hosts', 'hosts'],
  ['mem_limit', 'bytes'],
  ['mem_reservation', 'bytes'],
  ['memswap_limit', 'bytes'],
  ['mem_swappiness', 'bytes'],
  ['shm_size', 'bytes'],
  ['stop_grace_period', 'duration'],
  ['volumes.*.tmpfs.size', 'bytes'],
  ['volumes.*.tmpfs.mode', 'number'],
  ['volumes.*.bind', 'drop-empty'],
  ['logging.options', 'texts'],
  ['storage_opt', 'texts'],
  ['group_add.*', 'text'],
  ['expose.*', 'text'],
];

const rows: readonly (readonly [string, Form])[] = [
  ...container.flatMap(([path, form]) => [[`services.*.${path}`, form] as const, [`services.*.pre_start.*.${path}`, form] as const]),
  ['services.*.build.args', 'nulls'],
  ['services.*.build.labels', 'texts'],
  ['services.*.build.additional_contexts', 'texts'],
  ['services.*.build.extra_hosts', 'hosts'],
  ['services.*.build.shm_size', 'bytes'],
  ['services.*.build.ssh', 'ssh'],
  ['services.*.build.{no_cache,pull,privileged}', 'boolean'],
  ['services.*.build.no_cache_filter', 'lists'],
  ['services.*.build.secrets.*.mode', 'mode'],
  ['services.*.{secrets,configs}.*.mode', 'mode'],
  ['services.*.build.secrets.*.{uid,gid}', 'text'],
  ['services.*.{secrets,configs}.*.{uid,gid}', 'text'],
  ['services.*.ports.*.published', 'text'],
  ['services.*.healthcheck.test', 'test'],
  ['services.*.healthcheck.{interval,timeout,start_period,start_interval}', 'duration'],
  ['services.*.deploy.labels', 'texts'],
  ['services.*.deploy.resources.{limits,reservations}.memory', 'bytes'],
  ['services.*.deploy.resources.{limits,reservations}.cpus', 'number'],
  ['services.*.deploy.resources.limits.pids', 'number'],
  ['services.*.deploy.resources.reservations.devices.*.count', 'count'],
  ['services.*.deploy.resources.reservations.devices.*.options', 'texts'],
  ['services.*.deploy.{update_config,rollback_config}.{delay,monitor}', 'duration'],
  ['services.*.deploy.restart_policy.{delay,window}', 'duration'],
  ['services.*.gpus.*.count', 'count'],
  ['services.*.gpus.*.options', 'texts'],
  ['services.*.tmpfs', 'lists'],
  ['services.*.dns_search', 'lists'],
  ['services.*.label_file', 'lists'],
  ['services.*.{post_start,pre_stop,pre_start}.*.command', 'command'],
  ['services.*.{post_start,pre_stop}.*.environment', 'nulls'],
  ['services.*.{post_start,pre_stop}.*.privileged', 'boolean'],
  ['services.*.develop.watch.*.exec.command', 'command'],
  ['services.*.develop.watch.*.exec.privileged', 'boolean'],
  ['services.*.{attach,use_api_socket,init}', 'boolean'],
  ['services.*.provider.options.*', 'lists'],
  ['services.*.networks.*.driver_opts', 'texts'],
  ['services.*.blkio_config.*.*.rate', 'bytes'],
  ['{networks,volumes,secrets,configs}.*.labels', 'texts'],
  ['{networks,volumes,secrets,configs}.*.driver_opts', 'texts'],
  ['networks.*.ipam.options', 'texts'],
  ['networks.*.ipam.config.*.aux_addresses', 'texts'],
];

const patterns: Partial<Record<Form, string[]>> = {};
for (const [pattern, form] of rows) (patterns[form] ??= []).push(pattern);
const forms: PathTable<Form> = pathTable<Form>(() => patterns as Record<Form, string[]>);

/** A project as the loader prints it in JSON, for comparison with rows of the corpus: values decoded, what is empty left out. */
export function projectJson(root: MapValue): Json {
  return toJson(root, forms);
}

function toJson(value: Value, table: PathTable<Form> | null): Json {
  if (table?.found) return decoded(value, table.found, table);
  if (value.kind === 'scalar') return value.value;
  if (value.kind === 'list') return value.items.map((item, index) => toJson(item, below(table, index)));
  return Object.fromEntries([...value.entries].map(([name, { value: inner }]) => [name, toJson(inner, below(table, name))]));
}

function texts(value: Value, empty: string | null): Json {
  const out: { [key: string]: Json } = {};
  if (value.kind === 'map')
    for (const [name, { value: inner }] of value.entries)
      out[name] = inner.kind === 'scalar' && inner.value !== null ? goText(inner.value) : empty;
  if (value.kind === 'list')
    for (const item of value.items) {
      const text = item.kind === 'scalar' ? String(item.value) : '';
      const at = text.indexOf('=');
      out[at < 0 ? text : text.slice(0, at)] = at < 0 ? empty : text.slice(at + 1);
    }
  return out;
}

function goText(value: string | number | boolean): string {
  return String(value);
}

function hosts(value: Value): Json {
  const found = new Map<string, string[]>();
  const add = (name: string, ips: readonly string[]): void => void found.set(name, [...(found.get(name) ?? []), ...ips]);
  if (value.kind === 'list')
    for (const item of value.items) {
      const text = item.kind === 'scalar' ? String(item.value) : '';
      const at = text.includes('=') ? text.indexOf('=') : text.indexOf(':');
      add(text.slice(0, at), text.slice(at + 1).split(','));
    }
  if (value.kind === 'map')
    for (const [name, { value: inner }] of value.entries)
      add(
        name,
        inner.kind === 'list'
          ? inner.items.map(i => String((i as { value: unknown }).value))
          : [String(inner.kind === 'scalar' ? (inner.value ?? '') : '')],
      );
  return [...found].flatMap(([name, ips]) => ips.map(ip => `${name}=${ip.replace(/^\[(.*)\]$/, '$1')}`)).sort();
}

function goDuration(ns: number): string {
  if (ns === 0) return '0s';
  if (Math.abs(ns) < 1e9) return ns % 1e6 === 0 ? `${ns / 1e6}ms` : ns % 1e3 === 0 ? `${ns / 1e3}µs` : `${ns}ns`;
  const seconds = ns / 1e9;
  const h = Math.floor(seconds / 3600);
  const m = Math.floor(seconds / 60) % 60;
  const s = seconds - h * 3600 - m * 60;
  return `${h > 0 ? `${h}h` : ''}${h > 0 || m > 0 ? `${m}m` : ''}${s}s`;
}

function decoded(value: Value, form: Form, table: PathTable<Form>): Json {
  const scalar = value.kind === 'scalar' ? value.value : null;
  switch (form) {
    case 'texts':
      return texts(value, '');
    case 'nulls':
      return texts(value, null);
    case 'hosts':
      return hosts(value);
    case 'bytes':
      return typeof scalar === 'string' ? String(scalar === '-1' ? -1 : parseBytes(scalar)) : String(scalar);
    case 'duration':
      return goDuration(durationOf(String(scalar)) ?? NaN);
    case 'text':
      return scalar === null ? null : String(scalar);
    case 'mode':
      return typeof scalar === 'number' ? `0${scalar.toString(8)}` : scalar;
    case 'number':
      return scalar === null ? null : Number(scalar);
    case 'count':
      return typeof scalar === 'string' ? (scalar.toLowerCase() === 'all' ? -1 : Number(scalar)) : scalar;
    case 'command':
      if (typeof scalar === 'string') return [...(commandWords(scalar) ?? [])];
      return value.kind === 'list' ? value.items.map(item => toJson(item, null)) : null;
    case 'test':
      return typeof scalar === 'string' ? ['CMD-SHELL', scalar] : toJson(value, null);
    case 'lists':
      return value.kind === 'scalar'
        ? [String(value.value)]
        : value.kind === 'list'
          ? value.items.map(item => (item.kind === 'scalar' ? String(item.value) : null))
          : toJson(value, null);
    case 'boolean':
      return typeof scalar === 'string' ? /^(true|y|yes|on)$/i.test(scalar) : scalar;
    case 'drop-empty':
      return toJson(value, { ...table, found: undefined });
    case 'ssh':
      return value.kind === 'map'
        ? [...value.entries].map(([name, { value: inner }]) =>
            inner.kind === 'scalar' && inner.value !== null ? `${name}=${String(inner.value)}` : name,
          )
        : null;
  }
}
