import type { Dialect } from '../../../workspace/source/types';
import { memoize } from '../../../base/text/memoize';
import { folderOf, joinPath } from '../../../workspace/paths';
import type { WorkspaceIndex } from '../../../workspace/types';
import { isMergeEntry, unshared } from '../../../syntax/yaml/collections';
import type { YamlDocument, YamlMap, YamlNode } from '../../../syntax/yaml/types';
import { mapOf } from '../../../syntax/yaml/values';
import { baseReports, hasImage, isWhole } from './bases';
import { alone, besideOf, type Beside } from './beside';
import { loadProject, type Project } from './load';
import { readAlone } from './read';
import { createService } from './service';
import type { ComposeView, ServiceView } from './types';
import { entriesOfValue, isNull, member, stringValue, type ComposeFile, type MapValue, type Value } from './value';

/** Views by path and dialect: a document is kept by its text, and two files may have the same. */
const known = memoize((_: YamlDocument): Map<string, ComposeView> => new Map());

/** The Compose file that a document is, as if no other were there. */
export function composeOf(document: YamlDocument, path: string, dialect: Dialect): ComposeView {
  const views = known(document);
  const key = `${dialect.fragment ? 'fragment' : 'whole'} ${path}`;
  let view = views.get(key);
  if (!view) views.set(key, (view = read(document, path, dialect, alone)));
  return view;
}

/** The same with what other files of the workspace have to do with it. */
export function composeBeside(document: YamlDocument, path: string, dialect: Dialect, workspace: WorkspaceIndex): ComposeView {
  const beside = besideOf(path, workspace);
  const isAlone = beside.below.length === 0 && beside.above.length === 0 && beside.heirs.length === 0 && !reachesOut(document);
  return isAlone ? composeOf(document, path, dialect) : read(document, path, dialect, beside);
}

/** Whether a document names another file, to include it or to extend a service of it. */
function reachesOut({ root }: YamlDocument): boolean {
  const map = mapOf(root);
  const services = mapOf(map?.get('services'))?.members() ?? [];
  return map?.entry('include') !== undefined || services.some(({ value }) => mapOf(mapOf(value)?.get('extends'))?.entry('file'));
}

function read(document: YamlDocument, path: string, dialect: Dialect, beside: Beside): ComposeView {
  const file = { path, document };
  const load = (files: readonly ComposeFile[]): Project =>
    loadProject(files, { lookup: () => undefined, open: true, profiles: ['*'], exists: () => undefined, read: beside.read });
  const project = load([...beside.below, file]);
  // what other files alone say of a service is told where they are checked
  const declared = entriesOfValue(member(project.merged, 'services')).flatMap(([name, { key, value }]) =>
    value.kind === 'map' && key && value.file.document === document ? [{ name, key, value }] : [],
  );
  const above = beside.above.map(load);
  const heirs = heirsIn(beside.heirs, path);
  // what is missing in a file that is laid over another is missing in that one, too
  const complete =
    !dialect.fragment &&
    beside.below.length === 0 &&
    !document.templated &&
    document.problems.length === 0 &&
    declared.every(({ value }) => isWhole(value));
  const swarm = isStack(path, document, project.merged) && !extendsOthers(document);
  const compose: Mutable<ComposeView> = {
    target: 'project',
    document,
    project,
    services: [],
    anchors: [],
    complete,
    swarm,
    engine: { memo: new Map(), containers: () => (swarm ? [] : compose.services) },
    path,
    definedBeside: (kind, name) => {
      // what is extended becomes a service of the other file, where the names are looked up
      const roots = [...above.map(({ merged }) => merged), ...beside.heirs.map(heir => readAlone(heir).root)];
      return roots.some(root => entriesOfValue(member(root, kind)).some(([defined]) => defined === name));
    },
  };
  const reports = baseReports(beside.read);
  let own: Value | undefined;
  const ownServices = (): Value | undefined => (own ??= member(readAlone(file).root, 'services'));
  const claims = new Map<number, string>();
  const anchorOf = new Map<YamlMap, ServiceView>();
  const written = declared.flatMap(({ value: { node } }) => (node && !node.shared ? node : []));
  compose.services = declared.map(({ name, key, value }) => {
    const home = homeOf(value, written);
    const node = home?.shared ? null : home;
    const inherits =
      value.entries.has('extends') ||
      (isExtended(home) && (!hasImage(value) || reports(path, member(member(ownServices(), name), 'extends'))));
    const anchors = home ? anchorsOf(home) : [];
    return createService(
      compose,
      {
        name,
        value,
        node,
        home,
        path: ['services', name],
        reportRange: key.range,
        users: null,
        complete: complete && home !== null && !inherits && !project.unresolved.has(name),
        above: above.flatMap(({ merged }) => {
          const laid = member(member(merged, 'services'), name);
          return laid?.kind === 'map' ? [laid] : [];
        }),
        heirs: heirs.get(name) ?? [],
        started: beside.started,
        anchors: () => anchors.flatMap(anchor => anchorOf.get(anchor) ?? []),
      },
      claims,
    );
  });
  compose.anchors = readAnchors(compose, project.merged, claims, anchorOf);
  return compose;
}

/** What services of other files say beyond those of a file that they extend, by the names of these. */
function heirsIn(files: readonly ComposeFile[], path: string): ReadonlyMap<string, readonly MapValue[]> {
  const found = new Map<string, MapValue[]>();
  for (const file of files) {
    for (const [, { value }] of entriesOfValue(member(readAlone(file).root, 'services'))) {
      const base = member(value, 'extends');
      const named = stringValue(member(base, 'file'));
      const name = stringValue(member(base, 'service'));
      if (value.kind !== 'map' || named === null || name === null || joinPath(folderOf(file.path), named) !== path) continue;
      found.set(name, [...(found.get(name) ?? []), value]);
    }
  }
  return found;
}

/**
 * The map of a document that says what a service is: its own, or what an alias or merge key stands for, which is `shared` then. `null`: that is another
 * service's own, and what is to be said of it is said there.
 */
function homeOf({ node }: MapValue, written: readonly YamlNode[]): YamlMap | null {
  return node?.kind === 'map' && !(node.shared && written.includes(unshared(node))) ? node : null;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Whether the text of a service names a base: what it lacks is then said of the base. */
function isExtended(node: YamlMap | null): boolean {
  return node?.entry('extends') !== undefined;
}

/** The maps with anchors that stand for what a service says: the one that an alias puts in its place, and those that its merge keys bring in; by their own nodes. */
function anchorsOf(home: YamlMap): readonly YamlMap[] {
  const own = unshared(home) as YamlMap;
  const merged = own.entries.filter(isMergeEntry).flatMap(({ value }) => {
    const items = value?.kind === 'sequence' ? value.items : [value];
    return items.flatMap(item => (item?.kind === 'alias' && item.target?.kind === 'map' ? [item.target] : []));
  });
  return home.shared ? [own, ...merged] : merged;
}

function readAnchors(
  compose: ComposeView,
  root: MapValue | null,
  claims: Map<number, string>,
  found: Map<YamlMap, ServiceView>,
): readonly ServiceView[] {
  if (!root) return [];
  const usersOf = new Map<YamlMap, ServiceView[]>();
  for (const service of compose.services) {
    for (const anchor of new Set(service.home ? anchorsOf(service.home) : []))
      if (usersOf.get(anchor)?.push(service) === undefined) usersOf.set(anchor, [service]);
  }
  return [...root.entries].flatMap(([name, { key, value }]) => {
    const node = value.node?.kind === 'map' ? value.node : null;
    if (!name.startsWith('x-') || !key || value.kind !== 'map' || !node || node.anchor === undefined) return [];
    const users = usersOf.get(node) ?? [];
    if (users.length === 0) return [];
    const complete = users.length > 1 && users.every(user => user.complete);
    const view = createService(
      compose,
      {
        name,
        value,
        node,
        home: node,
        path: [name],
        reportRange: key.range,
        users,
        complete,
        above: [],
        heirs: [],
        started: true,
        anchors: () => anchorsOf(node).flatMap(anchor => found.get(anchor) ?? []),
      },
      claims,
    );
    found.set(node, view);
    return [view];
  });
}

/** Keys of `deploy` that only a swarm follows. */
const swarmKeys = ['mode', 'placement', 'update_config', 'rollback_config', 'endpoint_mode', 'labels'];

/** Whether a service is made from another by `extends`: `docker stack deploy` refuses the file (docker/cli, cli/compose/types: ForbiddenProperties). */
function extendsOthers({ root }: YamlDocument): boolean {
  return (mapOf(mapOf(root)?.get('services') ?? null)?.entries ?? []).some(({ value }) => mapOf(value)?.get('extends') != null);
}

function isStack(path: string, { text }: YamlDocument, root: MapValue | null): boolean {
  // a comment that says how the file is deployed
  if (text.includes(`docker stack deploy -c ${path.slice(path.lastIndexOf('/') + 1)}`)) return true;
  if (/(?:^|\/)(?:docker-)?stack[^/]*\.ya?ml$/i.test(path)) return true;
  return entriesOfValue(member(root, 'services')).some(([, { value }]) =>
    swarmKeys.some(name => !isNull(member(member(value, 'deploy'), name))),
  );
}
