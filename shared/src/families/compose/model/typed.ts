import { parseBytes } from '../../../rule/container/values';
import { booleanOfText } from './casts';
import { durationOf } from './durations';
import { below, pathTable, under, type PathTable } from './paths';
import { stringValue, type Complain, type MapValue, type Steps, type Value } from './value';
import { commandWords } from './words';

type Typed = 'bytes' | 'duration' | 'cpus' | 'command' | 'key-values' | 'uint' | 'count' | 'hosts' | 'integer' | 'boolean';

const service = ['services.*'];
const container = [...service, 'services.*.pre_start.*'];
const hook = ['services.*.{post_start,pre_stop}.*'];

/** Where the loader decodes text once the whole is written out, and into what. */
const types: PathTable<Typed> = pathTable<Typed>(() => ({
  bytes: [
    ...under(container, 'mem_limit mem_reservation memswap_limit shm_size volumes.*.tmpfs.size'),
    ...under(service, 'build.shm_size deploy.resources.{limits,reservations}.memory'),
  ],
  duration: [
    ...under(container, 'stop_grace_period'),
    ...under(service, 'healthcheck.{interval,timeout,start_period,start_interval}'),
    ...under(service, 'deploy.{update_config,rollback_config}.{delay,monitor} deploy.restart_policy.{delay,window}'),
  ],
  cpus: under(service, 'deploy.resources.{limits,reservations}.cpus'),
  command: [...under(container, 'command entrypoint'), ...under(hook, 'command')],
  'key-values': [...under(container, 'environment'), ...under(service, 'build.args'), ...under(hook, 'environment')],
  uint: under(container, 'volumes.*.tmpfs.mode'),
  count: under(service, 'deploy.resources.reservations.devices.*.count gpus.*.count'),
  hosts: under(container, 'extra_hosts'),
  integer: under(service, 'deploy.resources.limits.pids'),
  boolean: [...under(hook, 'privileged'), ...under(service, 'use_api_socket')],
}));

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
  const refuse = (message: string, at: Value = value): void => complain('cast', message, steps, at, { wanted: [type] });
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
      if (text !== null && booleanOfText(text) === null) refuse(`invalid boolean ${text}`);
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
