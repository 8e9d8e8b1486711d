import { cleanPath } from './mounts';
import { isExternal } from './resources';
import { parseBytes } from '../../../rule/container/values';
import {
  entriesOfValue,
  isNull,
  itemsOfValue,
  member,
  memberAt,
  stringValue,
  textOf,
  type Complain,
  type MapValue,
  type Origin,
  type Steps,
  type Value,
} from './value';

interface Whole {
  readonly root: MapValue;
  readonly complain: Complain;
  /** The services of active profiles; the others are no part of the project. */
  readonly active: ReadonlyMap<string, Value>;
  readonly exists: Surroundings['exists'];
  /** All services. */
  readonly services: ReadonlyMap<string, Value>;
}

/** Whether one of its profiles is active, or it has none. */
function isActive(service: Value, profiles: readonly string[]): boolean {
  const own = itemsOfValue(member(service, 'profiles'));
  return own.length === 0 || profiles.includes('*') || own.some(item => profiles.includes(textOf(item) ?? ''));
}

/** What of the surroundings the checks ask for. */
export interface Surroundings {
  readonly profiles: readonly string[];
  /** Whether a file is there, by its path from the folder of the first file; `undefined`: not known. */
  readonly exists: (path: string) => boolean | undefined;
}

/** What `docker compose` checks of a whole project at the end (loader/validate.go of compose-go). */
export function checkConsistency(root: MapValue, { profiles, exists }: Surroundings, complain: Complain): void {
  const services = new Map(entriesOfValue(member(root, 'services')).map(([name, { value }]) => [name, value]));
  const active = new Map([...services].filter(([, service]) => isActive(service, profiles)));
  const whole: Whole = { root, complain, services, active, exists };
  for (const [name, service] of active) checkService(name, service, whole);
  for (const [name, { value }] of entriesOfValue(member(root, 'secrets'))) checkSecret(name, value, complain);
  checkCycles(whole);
}

function checkSecret(name: string, secret: Value, complain: Complain): void {
  if (secret.kind !== 'map' || isExternal(secret)) return;
  if (
    !stringValue(member(secret, 'file')) &&
    !stringValue(member(secret, 'environment')) &&
    !isOpen(member(secret, 'file')) &&
    !isOpen(member(secret, 'environment'))
  )
    complain('value', 'must declare either `file` or `environment`', ['secrets', name], secret, { kind: 'source' });
}

const isOpen = (value: Value | undefined): boolean => value?.kind === 'scalar' && value.unknown === true;

function checkService(name: string, service: Value, whole: Whole): void {
  const { complain } = whole;
  const steps: Steps = ['services', name];
  const image = member(service, 'image');
  if (isNull(member(service, 'build')) && (isNull(image) || textOf(image) === '') && !isOpen(image) && isNull(member(service, 'provider')))
    complain('no-image', 'has neither an image nor a build context specified', steps, service);
  checkBuild(service, steps, whole);
  const mode = member(service, 'network_mode');
  const networks = member(service, 'networks');
  if (mode && textOf(mode) !== '' && !isNull(mode) && networks?.kind === 'map' && networks.entries.size > 0)
    complain('network-mode', 'declares mutually exclusive `network_mode` and `networks`', steps, mode, { other: networks });
  checkReferences(service, steps, whole);
  checkFiles(service, steps, whole);
  const test = itemsOfValue(memberAt(service, 'healthcheck', 'test'))[0];
  if (test && !['CMD', 'CMD-SHELL', 'NONE'].includes(textOf(test) ?? 'CMD'))
    complain('value', 'healthcheck.test must start either by "CMD", "CMD-SHELL" or "NONE"', [...steps, 'healthcheck', 'test'], test, {
      kind: 'healthcheck',
    });
  checkLimits(service, steps, complain);
  checkScale(service, steps, complain);
  checkMounts(service, steps, complain);
  for (const watch of itemsOfValue(memberAt(service, 'develop', 'watch'))) {
    const action = textOf(member(watch, 'action'));
    if (isNull(member(watch, 'target')) && action !== 'rebuild' && action !== 'restart')
      complain('value', 'target is required for non-rebuild actions', [...steps, 'develop', 'watch'], watch);
  }
}

function checkBuild(service: Value, steps: Steps, { complain, services }: Whole): void {
  const build = member(service, 'build');
  if (build?.kind !== 'map') return;
  const inline = member(build, 'dockerfile_inline');
  const file = member(build, 'dockerfile');
  if (inline && file && textOf(file) !== '' && !isNull(file) && textOf(inline) !== '')
    complain('inconsistent', 'declares mutually exclusive dockerfile and dockerfile_inline', [...steps, 'build'], inline, {
      kind: 'dockerfile',
      other: file,
    });
  for (const [name, { value }] of entriesOfValue(member(build, 'additional_contexts'))) {
    const target = stringValue(value);
    if (!target?.startsWith('service:')) continue;
    const other = services.get(target.slice('service:'.length));
    if (!other)
      complain('undefined', `unknown service as additional context ${name}`, [...steps, 'build'], value, {
        kind: 'service',
        name: target.slice('service:'.length),
      });
    else if (isNull(member(other, 'build')))
      complain('inconsistent', `non-buildable service as additional context ${name}`, [...steps, 'build'], value);
  }
  const platform = stringValue(member(service, 'platform'));
  const platforms = itemsOfValue(member(build, 'platforms'));
  if (platform && platforms.length > 0 && !platforms.some(item => textOf(item) === platform || isOpen(item)))
    complain('inconsistent', 'service.build.platforms MUST include service.platform', steps, member(service, 'platform')!, {
      kind: 'platform',
    });
}

/** What a service needs of others, with where it says so. */
function dependencies(
  service: Value,
): readonly { readonly name: string; readonly at: Value; readonly key: Origin | null; readonly required: boolean }[] {
  const found = entriesOfValue(member(service, 'depends_on')).map(([name, { key, value }]) => {
    const required = member(value, 'required');
    return {
      name,
      at: value,
      key: key && { node: key, file: value.file },
      required: required?.kind !== 'scalar' || required.value !== false,
    };
  });
  const add = (name: string, at: Value): void => void (name !== '' && found.push({ name, at, key: null, required: true }));
  for (const link of itemsOfValue(member(service, 'links'))) {
    const parts = stringValue(link)?.split(':') ?? [];
    add(parts.length === 2 ? parts[0]! : parts.join(':'), link);
  }
  for (const key of ['network_mode', 'ipc', 'pid', 'uts', 'cgroup']) {
    const value = member(service, key);
    const text = stringValue(value);
    if (value && text?.startsWith('service:')) add(text.slice('service:'.length), value);
  }
  for (const from of itemsOfValue(member(service, 'volumes_from'))) {
    const text = stringValue(from) ?? '';
    if (!text.startsWith('container:')) add(text.split(':', 1)[0]!, from);
  }
  return found;
}

function checkReferences(service: Value, steps: Steps, { root, complain, services, active }: Whole): void {
  const lacks = (kind: string, name: string, at: Value, key?: Origin | null): void =>
    complain('undefined', `refers to undefined ${kind} ${name}`, [...steps, kind], key ?? at, { kind, name });
  const hasOwn = (kind: string, name: string): boolean =>
    memberAt(root, kind)?.kind === 'map' && (member(root, kind) as MapValue).entries.has(name);
  // of a network that begins with x- the loader makes an extension
  for (const [name, { key, value }] of entriesOfValue(member(service, 'networks')))
    if ((name !== 'default' && !hasOwn('networks', name)) || name.startsWith('x-'))
      lacks('network', name, value, key && { node: key, file: value.file });
  for (const [name, { key, value }] of entriesOfValue(member(service, 'models')))
    if (!hasOwn('models', name)) lacks('model', name, value, key && { node: key, file: value.file });
  for (const { name, at, key, required } of dependencies(service)) {
    if (active.has(name) || (services.has(name) && !required)) continue;
    lacks(services.has(name) ? 'inactive service' : 'service', name, at, key);
  }
  for (const mount of itemsOfValue(member(service, 'volumes'))) {
    const source = stringValue(member(mount, 'source'));
    if (textOf(member(mount, 'type')) === 'volume' && source && !hasOwn('volumes', source))
      lacks('volume', source, member(mount, 'source')!);
  }
  for (const [kind, list] of [
    ['secret', member(service, 'secrets')],
    ['config', member(service, 'configs')],
    ['secret', memberAt(service, 'build', 'secrets')],
  ] as const) {
    for (const item of itemsOfValue(list)) {
      const source = stringValue(member(item, 'source'));
      if (source !== null && !hasOwn(`${kind}s`, source)) lacks(kind, source, member(item, 'source')!);
    }
  }
}

function checkFiles(service: Value, steps: Steps, { complain, exists }: Whole): void {
  for (const file of itemsOfValue(member(service, 'env_file'))) {
    const path = stringValue(member(file, 'path'));
    const required = member(file, 'required');
    if (path === null || (required?.kind === 'scalar' && required.value === false) || exists(path) !== false) continue;
    complain('undefined', `env file ${path} not found`, [...steps, 'env_file'], member(file, 'path')!, { kind: 'env_file', name: path });
  }
}

/** The number that a value comes to: bytes for a size; `null` where it is not known, 0 where nothing is there. */
function amount(value: Value | undefined, isSize: boolean): number | null {
  if (isNull(value)) return 0;
  if (isOpen(value)) return null;
  if (value?.kind !== 'scalar') return null;
  if (typeof value.value === 'number') return isSize && value.float ? 0 : value.value;
  if (typeof value.value !== 'string') return null;
  return isSize ? parseBytes(value.value) : Number(value.value);
}

const pairs = [
  ['cpus', 'limits', 'cpus', false],
  ['mem_limit', 'limits', 'memory', true],
  ['mem_reservation', 'reservations', 'memory', true],
  ['pids_limit', 'limits', 'pids', false],
] as const;

function checkLimits(service: Value, steps: Steps, complain: Complain): void {
  for (const [key, group, name, isSize] of pairs) {
    const own = member(service, key);
    const there = memberAt(service, 'deploy', 'resources', group);
    if (!own || there?.kind !== 'map') continue;
    const mine = amount(own, isSize);
    const theirs = amount(member(there, name), isSize);
    if (mine === null || theirs === null || mine === 0 || Math.fround(mine) === Math.fround(theirs)) continue;
    complain('limits', `can't set distinct values on '${key}' and 'deploy.resources.${group}.${name}'`, [...steps, key], own, {
      kind: key,
      name: `deploy.resources.${group}.${name}`,
      other: member(there, name) ?? there,
    });
  }
}

function checkScale(service: Value, steps: Steps, complain: Complain): void {
  const scale = member(service, 'scale');
  const replicas = memberAt(service, 'deploy', 'replicas');
  const counts = [scale, replicas].map(value => (value && !isNull(value) ? amount(value, false) : undefined));
  if (typeof counts[0] === 'number' && typeof counts[1] === 'number' && counts[0] !== counts[1])
    complain('limits', "can't set distinct values on 'scale' and 'deploy.replicas'", [...steps, 'scale'], scale!, {
      kind: 'scale',
      name: 'deploy.replicas',
      other: replicas!,
    });
  for (const [index, value] of [scale, replicas].entries()) {
    const count = counts[index];
    if (value && typeof count === 'number' && count < 0) complain('value', 'must be greater than or equal to 0', steps, value);
  }
  const name = member(service, 'container_name');
  const count = counts[0] ?? counts[1] ?? 1;
  if (name && textOf(name) && count > 1)
    complain('container-name', "can't set container_name: it must be unique", [...steps, 'container_name'], name, {
      other: (counts[0] === undefined ? replicas : scale)!,
    });
}

function checkMounts(service: Value, steps: Steps, complain: Complain): void {
  const taken = new Map<string, Value>();
  const add = (target: string | null, at: Value, kind: string): void => {
    if (target === null) return;
    const other = taken.get(target);
    if (other) complain('mounted-twice', `target ${target} already mounted`, [...steps, kind], at, { kind, name: target, other });
    else taken.set(target, at);
  };
  const tmpfs = member(service, 'tmpfs');
  for (const item of tmpfs?.kind === 'scalar' && !isNull(tmpfs) ? [tmpfs] : itemsOfValue(tmpfs)) {
    const text = stringValue(item);
    if (item.kind !== 'scalar') complain('short-form', 'unexpected type', [...steps, 'tmpfs'], item, { kind: 'tmpfs' });
    add(text === null ? null : text.split(':', 1)[0]!, item, 'tmpfs');
  }
  for (const mount of itemsOfValue(member(service, 'volumes'))) {
    const target = stringValue(member(mount, 'target'));
    add(target === null ? null : cleanPath(target), mount, 'volumes');
  }
}

/** Services that wait for each other. */
function checkCycles({ active, complain }: Whole): void {
  const done = new Set<string>();
  const inProgress = new Set<string>();
  const visit = (start: string): void => {
    // a stack of our own: a thousand services in a row are no recursion
    const stack: { name: string; rest: ReturnType<typeof dependencies>; at: number }[] = [];
    const enter = (name: string): void => {
      const service = active.get(name);
      if (!service || done.has(name)) return;
      inProgress.add(name);
      stack.push({ name, rest: dependencies(service), at: 0 });
    };
    enter(start);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const next = top.rest[top.at++];
      if (!next) {
        done.add(top.name);
        inProgress.delete(top.name);
        stack.pop();
      } else if (inProgress.has(next.name))
        complain('undefined', `dependency cycle through ${next.name}`, ['services', top.name, 'depends_on'], next.key ?? next.at, {
          kind: 'cycle',
          name: next.name,
        });
      else enter(next.name);
    }
  };
  for (const name of active.keys()) visit(name);
}
