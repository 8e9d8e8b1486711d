import { parseBytes } from '../../../rule/container/values';
import { durationOf } from './durations';
import { below, pathTable, type PathTable } from './paths';
import { stringValue, type Complain, type MapValue, type Steps, type Value } from './value';
import { commandWords } from './words';

type Typed = 'bytes' | 'duration' | 'cpus' | 'command' | 'key-values' | 'uint' | 'count' | 'hosts' | 'integer' | 'boolean';

const container: readonly (readonly [string, Typed])[] = [
  ['mem_limit', 'bytes'],
  ['mem_reservation', 'bytes'],
  ['memswap_limit', 'bytes'],
  ['shm_size', 'bytes'],
  ['command', 'command'],
  ['entrypoint', 'command'],
  ['environment', 'key-values'],
  ['extra_hosts', 'hosts'],
  ['stop_grace_period', 'duration'],
  ['volumes.*.tmpfs.size', 'bytes'],
  ['volumes.*.tmpfs.mode', 'uint'],
];

/** Where the loader decodes text once the whole is written out, and into what. */
const types: PathTable<Typed> = pathTable<Typed>([
  ...container.flatMap(([path, type]) => [[`services.*.${path}`, type] as const, [`services.*.pre_start.*.${path}`, type] as const]),
  ['services.*.build.args', 'key-values'],
  ['services.*.build.shm_size', 'bytes'],
  ['services.*.{post_start,pre_stop}.*.command', 'command'],
  ['services.*.{post_start,pre_stop}.*.environment', 'key-values'],
  ['services.*.{post_start,pre_stop}.*.privileged', 'boolean'],
  ['services.*.use_api_socket', 'boolean'],
  ['services.*.healthcheck.interval', 'duration'],
  ['services.*.healthcheck.timeout', 'duration'],
  ['services.*.healthcheck.start_period', 'duration'],
  ['services.*.healthcheck.start_interval', 'duration'],
  ['services.*.deploy.resources.{limits,reservations}.cpus', 'cpus'],
  ['services.*.deploy.resources.{limits,reservations}.memory', 'bytes'],
  ['services.*.deploy.resources.limits.pids', 'integer'],
  ['services.*.deploy.resources.reservations.devices.*.count', 'count'],
  ['services.*.gpus.*.count', 'count'],
  ['services.*.deploy.{update_config,rollback_config}.{delay,monitor}', 'duration'],
  ['services.*.deploy.restart_policy.{delay,window}', 'duration'],
]);

/** Sizes, durations, commands that the loader cannot decode. */
export function checkTyped(root: MapValue, complain: Complain): void {
  check(root, types, [], complain);
}

function check(value: Value, table: PathTable<Typed> | null, steps: Steps, complain: Complain): void {
  if (!table) return;
  if (table.found) return checkValue(value, table.found, steps, complain);
  if (value.kind === 'list') value.items.forEach((item, index) => check(item, below(table, index), [...steps, index], complain));
  if (value.kind === 'map') for (const [name, entry] of value.entries) check(entry.value, below(table, name), [...steps, name], complain);
}

function checkValue(value: Value, type: Typed, steps: Steps, complain: Complain): void {
  const refuse = (message: string, at: Value = value): void => complain('cast', message, steps, at, { data: { wanted: [type] } });
  const text = stringValue(value);
  switch (type) {
    case 'bytes':
      if (text !== null && text !== '-1' && parseBytes(text) === null) refuse(`invalid size ${text}`);
      return;
    case 'duration':
      if (text !== null && durationOf(text) === null) refuse(`invalid duration ${text}`);
      return;
    case 'cpus':
      if (text !== null && !/^[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)$/.test(text)) refuse(`invalid number ${text}`);
      return;
    case 'uint':
      if (text !== null) refuse(`expected a number`);
      return;
    case 'integer':
      if (text !== null && !/^[-+]?[0-9]+$/.test(text)) refuse(`expected a number`);
      return;
    case 'boolean':
      if (text !== null && !/^(?:true|false|y|yes|on|n|no|off)$/i.test(text)) refuse(`invalid boolean ${text}`);
      return;
    case 'count':
      if (text !== null && !/^(?:all|[-+]?[0-9]+)$/i.test(text)) refuse(`the only value allowed is 'all' or a number`);
      return;
    case 'command':
      if (text !== null && commandWords(text) === null) refuse('an open quote');
      return;
    case 'hosts':
      if (value.kind === 'list')
        for (const item of value.items) if (!/[=:]/.test(stringValue(item) ?? '=')) refuse('invalid additional host, missing IP', item);
      return;
    case 'key-values':
      if (value.kind !== 'list') return;
      for (const item of value.items) {
        const name = stringValue(item)?.split('=', 1)[0] ?? '';
        if (/\s$/.test(name)) refuse(`environment variable ${name} is declared with a trailing space`, item);
      }
  }
}
