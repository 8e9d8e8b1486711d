import { joinPath, folderOf } from '../../../workspace/paths';
import { budgets } from '../../../base/limits/budgets';
import { canonicalProject } from './canonical';
import { checkConsistency, type Surroundings } from './consistency';
import { mergeProjects, mergeResources, mergeServices } from './merge';
import { readFile, type ReadFile } from './read';
import { rebased } from './rebase';
import { checkResources } from './resources';
import { checkSchema } from './schema';
import type { Lookup } from './template';
import { checkTyped } from './typed';
import { enforceUnicity } from './unique';
import {
  entriesOfValue,
  isEqualValue,
  isNull,
  member,
  stringValue,
  withEntries,
  type Complain,
  type ComposeFile,
  type MapEntry,
  type MapValue,
  type Problem,
  type Steps,
  type Value,
} from './value';

/** What a project is loaded with. */
export interface LoadOptions extends Surroundings {
  /** The environment and the `.env` file. */
  readonly lookup: Lookup;
  /** Whether a variable that is not set leaves its value open; the loader itself takes it for empty. */
  readonly open: boolean;
  /**
   * Reads another file of the project, for `extends` and `include`: its documents in order. `null`: there is no such file; `undefined`: it is not
   * known, and nothing is said about what depends on it. A path that leaves the workspace is never asked for.
   */
  readonly read: (path: string) => readonly ComposeFile[] | null | undefined;
}

/** A project as its files say it. */
export interface Project {
  /** What the files come to, before short forms are written out; `null` where nothing can be read. */
  readonly merged: MapValue | null;
  /** The same with all short forms written out. */
  readonly canonical: MapValue | null;
  readonly problems: readonly Problem[];
  /** The services whose base is not known, by name. */
  readonly unresolved: ReadonlySet<string>;
  /** Whether all files that it includes are known. */
  readonly complete: boolean;
  /** Whether it includes or extends more than is read. */
  readonly cut: boolean;
}

interface Loading {
  readonly options: LoadOptions;
  readonly complain: Complain;
  readonly unresolved: Set<string>;
  isComplete: boolean;
  /** What the files come to that it includes, by their paths: two ways may lead to one, and twenty such steps to it a million times. */
  readonly included: Map<string, MapValue | null>;
  /** How many values services may still take from others. */
  inheritable: number;
  isCut: boolean;
}

/** Files that include one another deeper than this are given up. */
const mostIncluded = 20;

/** Loads the files of a project, each laid over those before, as `docker compose -f A -f B` does. Never throws; what is wrong stands in `problems`. */
export function loadProject(files: readonly ComposeFile[], options: LoadOptions): Project {
  const problems: Problem[] = [];
  const complain: Complain = (code, message, steps, at, extra) => {
    const { range = at.node?.range ?? null, ...data } = extra ?? {};
    problems.push({ code, message, steps, file: at.file, range, ...(extra && { data }) });
  };
  const loading: Loading = {
    options,
    complain,
    unresolved: new Set(),
    isComplete: true,
    included: new Map(),
    inheritable: budgets.inheritedValues,
    isCut: false,
  };
  const { merged, canonical } = loadFiles(files, [], loading);
  if (canonical) {
    checkResources(canonical, complain);
    checkTyped(canonical, complain);
    checkConsistency(canonical, options, complain);
    if (canonical.entries.size === 0) complain('yaml', 'empty compose file', [], canonical);
  }
  return { merged, canonical, problems, unresolved: loading.unresolved, complete: loading.isComplete, cut: loading.isCut };
}

interface Loaded {
  readonly merged: MapValue | null;
  readonly canonical: MapValue | null;
}

function loadFiles(files: readonly ComposeFile[], included: readonly string[], loading: Loading): Loaded {
  const { complain } = loading;
  let base: MapValue | null = null;
  let merged: MapValue | null = null;
  for (const file of files) {
    const read = readFile(file, loading.options.lookup, loading.options.open, complain);
    if (read.root?.kind !== 'map') {
      complain('yaml', 'top-level object must be a mapping', [], read.root ?? { node: null, file });
      continue;
    }
    const whole = applyExtends(applyIncludes(read.root, read, file, included, loading), read, file, loading);
    const before: MapValue | null = base && removeAll(base, read.resets);
    const joined: MapValue = before ? mergeProjects(before, whole, complain) : whole;
    merged = enforceUnicity(joined, complain);
    checkSchema(merged, complain);
    base = withoutVersion(enforceUnicity(canonicalProject(merged, complain), complain));
  }
  return { merged, canonical: base };
}

function withoutVersion(root: MapValue): MapValue {
  if (!root.entries.has('version')) return root;
  const entries = new Map(root.entries);
  entries.delete('version');
  return withEntries(root, entries);
}

/** Takes away what `!reset` and `!override` name. */
function removeAll(root: MapValue, paths: readonly Steps[]): MapValue {
  return paths.reduce<MapValue>((map, path) => remove(map, path, 0), root);
}

function remove(map: MapValue, path: Steps, depth: number): MapValue {
  const name = String(path[depth]);
  const entry = map.entries.get(name);
  if (!entry || depth >= path.length) return map;
  const entries = new Map(map.entries);
  if (depth === path.length - 1) entries.delete(name);
  else if (entry.value.kind === 'map') entries.set(name, { key: entry.key, value: remove(entry.value, path, depth + 1) });
  return withEntries(map, entries);
}

const kinds = ['services', 'volumes', 'networks', 'secrets', 'configs', 'models'];

function applyIncludes(root: MapValue, read: ReadFile, file: ComposeFile, included: readonly string[], loading: Loading): MapValue {
  const include = root.entries.get('include')?.value;
  if (!include) return root;
  const { complain, options } = loading;
  const entries = new Map(root.entries);
  entries.delete('include');
  if (include.kind !== 'list') {
    if (!isNull(include)) complain('include', '`include` must be a list', ['include'], include);
    return withEntries(root, entries);
  }
  const chain = [...included, file.path];
  for (const item of include.items) {
    const written = item.kind === 'map' ? member(item, 'path') : item;
    const paths = written?.kind === 'list' ? written.items : written ? [written] : [];
    const found: ComposeFile[] = [];
    let isKnown = paths.length > 0;
    for (const at of paths) {
      const path = stringValue(at);
      const target = localPath(file, path);
      if (target !== null && (chain.includes(target) || chain.length > mostIncluded)) {
        complain('include', 'include cycle detected', ['include'], at, { kind: 'cycle', name: target });
        isKnown = false;
        continue;
      }
      const files = target === null ? undefined : options.read(target);
      if (files === null) complain('include', `no such file: ${path ?? ''}`, ['include'], at, { kind: 'missing', name: path ?? '' });
      if (files) found.push(...files);
      else isKnown = false;
    }
    const imported = isKnown ? projectOf(found, chain, loading) : undefined;
    loading.isComplete &&= imported !== undefined;
    if (imported) importInto(entries, fromFolder(imported, folderBetween(file.path, found[0]!.path)), read, complain);
  }
  return withEntries(root, entries);
}

/** The path of a file that another names; `null`: it is an address, absolute, or none. */
function localPath(file: ComposeFile, path: string | null): string | null {
  return path === null || /^[a-z+]+:|^git@|^\//.test(path) ? null : joinPath(folderOf(file.path), path);
}

/** What files come to that another includes; `undefined`: they are too many. */
function projectOf(files: readonly ComposeFile[], chain: readonly string[], loading: Loading): MapValue | null | undefined {
  const key = files.map(({ path }) => path).join('\n');
  const known = loading.included.get(key);
  if (known !== undefined) return known;
  if (loading.included.size >= budgets.includedFiles) {
    loading.isCut = true;
    return undefined;
  }
  // counted before what it includes in turn
  loading.included.set(key, null);
  const { canonical } = loadFiles(files, chain, loading);
  loading.included.set(key, canonical);
  return canonical;
}

/** A project with its services' paths as a file of another folder sees them. */
function fromFolder(project: MapValue, folder: string): MapValue {
  const services = project.entries.get('services');
  if (services?.value.kind !== 'map') return project;
  const moved = new Map(
    [...services.value.entries].map(
      ([name, { key, value }]) => [name, { key, value: value.kind === 'map' ? rebased(value, folder) : value }] as const,
    ),
  );
  return withEntries(project, new Map(project.entries).set('services', { key: services.key, value: withEntries(services.value, moved) }));
}

function importInto(entries: Map<string, MapEntry>, imported: MapValue, read: ReadFile, complain: Complain): void {
  for (const kind of kinds) {
    const from = member(imported, kind);
    if (from?.kind !== 'map') continue;
    const before = entries.get(kind);
    const own = before?.value.kind === 'map' ? before.value : null;
    const joined = new Map<string, MapEntry>(own?.entries ?? []);
    for (const [name, entry] of from.entries) {
      const conflict = own?.entries.get(name);
      if (!conflict) joined.set(name, entry);
      else if (!isEqualValue(conflict.value, entry.value)) {
        const base = entry.value.kind === 'map' ? removeBelow(entry.value, [kind, name], read.resets) : entry.value;
        joined.set(name, { key: conflict.key, value: mergeResources(base, conflict.value, kind, name, complain) });
      }
    }
    entries.set(kind, { key: before?.key ?? null, value: own ? withEntries(own, joined) : withEntries(from, joined) });
  }
}

/** What `!reset` takes away below a place. */
function removeBelow(map: MapValue, place: Steps, resets: readonly Steps[]): MapValue {
  const isInside = (path: Steps): boolean => path.length > place.length && place.every((step, index) => path[index] === step);
  return resets.reduce((left, path) => (isInside(path) ? remove(left, path, place.length) : left), map);
}

interface Bases {
  readonly services: ReadonlyMap<string, MapEntry>;
  readonly resets: readonly Steps[];
  readonly file: ComposeFile;
  readonly done: Map<string, Value | null>;
}

function applyExtends(root: MapValue, read: ReadFile, file: ComposeFile, loading: Loading): MapValue {
  const services = root.entries.get('services');
  if (services?.value.kind !== 'map') {
    if (services && !isNull(services.value))
      loading.complain('type', 'services must be a mapping', ['services'], services.value, { wanted: ['object'] });
    return root;
  }
  const bases: Bases = { services: services.value.entries, resets: read.resets, file, done: new Map() };
  let entries: Map<string, MapEntry> | null = null;
  const cache = new Map<string, Bases | null | undefined>();
  for (const [name, { key, value }] of services.value.entries) {
    if (value.kind !== 'map' || !value.entries.has('extends')) continue;
    const extended = extend(name, bases, [], cache, loading);
    (entries ??= new Map(services.value.entries)).set(name, { key, value: extended ?? value });
  }
  if (!entries) return root;
  return withEntries(root, new Map(root.entries).set('services', { key: services.key, value: withEntries(services.value, entries) }));
}

function extend(
  name: string,
  bases: Bases,
  chain: readonly string[],
  cache: Map<string, Bases | null | undefined>,
  loading: Loading,
): Value | null {
  const known = bases.done.get(name);
  if (known !== undefined) return known;
  const service = bases.services.get(name)?.value;
  if (!service || isNull(service)) return null;
  const at = service.kind === 'map' ? service.entries.get('extends')?.value : undefined;
  if (service.kind !== 'map' || !at) return service;
  const base = baseOf(name, at, bases, chain, cache, loading);
  loading.inheritable -= base ? sizeOf(base) : 0;
  loading.isCut ||= loading.inheritable < 0;
  if (base === undefined || loading.inheritable < 0) loading.unresolved.add(name);
  let result: Value = service;
  if (base?.kind === 'map' && loading.inheritable >= 0) {
    const merged = mergeServices(removeBelow(base, ['services', name], bases.resets), service, name, loading.complain);
    const entries = new Map(merged.entries);
    entries.delete('extends');
    result = withEntries(service, entries);
  }
  bases.done.set(name, result);
  return result;
}

const sizes = new WeakMap<Value, number>();

/** How many values a value holds, itself among them. */
function sizeOf(value: Value): number {
  let size = sizes.get(value);
  if (size === undefined) {
    const inner = value.kind === 'map' ? [...value.entries.values()].map(entry => entry.value) : value.kind === 'list' ? value.items : [];
    sizes.set(value, (size = inner.reduce((sum, one) => sum + sizeOf(one), 1)));
  }
  return size;
}

/** The base of a service; `null`: it is empty; `undefined`: it is not known. */
function baseOf(
  name: string,
  at: Value,
  bases: Bases,
  chain: readonly string[],
  cache: Map<string, Bases | null | undefined>,
  loading: Loading,
): Value | null | undefined {
  const { complain } = loading;
  const fail = (message: string, kind: string, where: Value = at): undefined => {
    complain('extends', message, ['services', name, 'extends'], where, { kind, name: stringValue(where) ?? '' });
    return undefined;
  };
  const service = at.kind === 'map' ? member(at, 'service') : at;
  const reference = stringValue(service);
  if (service?.kind === 'scalar' && service.unknown) return undefined;
  if (reference === null) return fail(`extends.${name}.service is required`, 'missing');
  const link = `${bases.file.path} ${name}`;
  if (chain.includes(link) || chain.length > 200) return fail('circular reference', 'cycle', service);
  const next = [...chain, link];
  const file = at.kind === 'map' ? member(at, 'file') : undefined;
  const path = stringValue(file);
  const isHere = !file || isNull(file);
  const target = isHere ? bases.file.path : localPath(bases.file, path);
  if (target === null) return undefined;
  if (target === bases.file.path) {
    if (!bases.services.has(reference)) return fail(`service ${reference} not found`, 'service', service);
    return extend(reference, bases, next, cache, loading);
  }
  const others = basesIn(target, cache, loading);
  if (others === null) return fail(`no such file: ${path ?? ''}`, 'file', file ?? at);
  if (!others) return undefined;
  if (!others.services.has(reference)) return fail(`service ${reference} not found in ${target}`, 'service', service);
  const base = extend(reference, others, next, cache, loading);
  return base?.kind === 'map' ? rebased(base, folderBetween(bases.file.path, target)) : base;
}

/** The folder of a file as a file beside or above it sees it; empty for its own. */
function folderBetween(from: string, to: string): string {
  const start = folderOf(from);
  const folder = folderOf(to);
  if (start === '') return folder;
  if (folder === start) return '';
  return folder.startsWith(`${start}/`) ? folder.slice(start.length + 1) : `${start.replace(/[^/]+/g, '..')}/${folder}`;
}

function basesIn(path: string, cache: Map<string, Bases | null | undefined>, loading: Loading): Bases | null | undefined {
  if (cache.has(path)) return cache.get(path);
  const files = loading.options.read(path);
  const file = files?.[0];
  let found: Bases | null | undefined = files === null ? null : undefined;
  if (file) {
    const read = readFile(file, loading.options.lookup, loading.options.open, loading.complain);
    const services = read.root?.kind === 'map' ? member(read.root, 'services') : undefined;
    found = { services: new Map(entriesOfValue(services)), resets: read.resets, file, done: new Map() };
  }
  cache.set(path, found);
  return found;
}
