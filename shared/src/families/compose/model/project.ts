import type { Dialect } from '../../../source/types';
import { memoize } from '../../../text/memoize';
import { isMergeEntry } from '../../../yaml/collections';
import type { YamlDocument, YamlMap } from '../../../yaml/types';
import { loadProject } from './load';
import { createService } from './service';
import type { ComposeView, ServiceView } from './types';
import { entriesOfValue, isNull, member, type MapValue, type Value } from './value';

/** Views by path and dialect: a document is kept by its text, and two files may have the same. */
const known = memoize((_: YamlDocument): Map<string, ComposeView> => new Map());

/** The Compose file that a document is. */
export function composeOf(document: YamlDocument, path: string, dialect: Dialect): ComposeView {
  const views = known(document);
  const key = `${dialect.fragment ? 'fragment' : 'whole'} ${path}`;
  let view = views.get(key);
  if (!view) views.set(key, (view = read(document, path, dialect)));
  return view;
}

function read(document: YamlDocument, path: string, dialect: Dialect): ComposeView {
  const file = { path, document };
  const project = loadProject([file], {
    lookup: () => undefined,
    open: true,
    profiles: ['*'],
    exists: () => undefined,
    read: () => undefined,
  });
  const declared = entriesOfValue(member(project.merged, 'services')).flatMap(([name, { key, value }]) =>
    value.kind === 'map' && key ? [{ name, key, value }] : [],
  );
  const complete =
    !dialect.fragment && !document.templated && document.problems.length === 0 && declared.every(({ value }) => isWhole(value));
  const compose: Mutable<ComposeView> = {
    target: 'project',
    document,
    project,
    services: [],
    anchors: [],
    complete,
    swarm: isStack(path, project.merged),
    path,
  };
  const claims = new Map<number, string>();
  const anchorOf = new Map<YamlMap, ServiceView>();
  compose.services = declared.map(({ name, key, value }) => {
    // what only an alias stands for is another service's
    const node = value.node?.kind === 'map' && value.file.document === document && !value.node.shared ? value.node : null;
    const inherits = value.entries.has('extends') || isExtended(node);
    const anchors = node ? mergedAnchors(node) : [];
    return createService(
      compose,
      {
        name,
        value,
        node,
        path: ['services', name],
        reportRange: key.range,
        users: null,
        complete: complete && node !== null && !inherits && !project.unresolved.has(name),
        anchor: () => anchors.map(anchor => anchorOf.get(anchor)).find(view => view !== undefined) ?? null,
      },
      claims,
    );
  });
  compose.anchors = readAnchors(compose, project.merged, claims, anchorOf);
  return compose;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Whether a service can be started as it is written. */
function isWhole(service: Value): boolean {
  return ['image', 'build', 'extends', 'provider'].some(name => !isNull(member(service, name)));
}

/** Whether the text of a service names a base: what it lacks is then said of the base. */
function isExtended(node: YamlMap | null): boolean {
  return node?.entry('extends') !== undefined;
}

/** The maps that the merge keys of a map bring in, by their own nodes. */
function mergedAnchors(map: YamlMap): readonly YamlMap[] {
  return map.entries.filter(isMergeEntry).flatMap(({ value }) => {
    const items = value?.kind === 'sequence' ? value.items : [value];
    return items.flatMap(item => (item?.kind === 'alias' && item.target?.kind === 'map' ? [item.target] : []));
  });
}

function readAnchors(
  compose: ComposeView,
  root: MapValue | null,
  claims: Map<number, string>,
  found: Map<YamlMap, ServiceView>,
): readonly ServiceView[] {
  if (!root) return [];
  return [...root.entries].flatMap(([name, { key, value }]) => {
    const node = value.node?.kind === 'map' ? value.node : null;
    if (!name.startsWith('x-') || !key || value.kind !== 'map' || !node || node.anchor === undefined) return [];
    const users = compose.services.filter(service => service.node && mergedAnchors(service.node).includes(node));
    if (users.length === 0) return [];
    const complete = users.length > 1 && users.every(user => user.complete);
    const view = createService(
      compose,
      { name, value, node, path: [name], reportRange: key.range, users, complete, anchor: () => null },
      claims,
    );
    found.set(node, view);
    return [view];
  });
}

/** Keys of `deploy` that only a swarm follows. */
const swarmKeys = ['mode', 'placement', 'update_config', 'rollback_config', 'endpoint_mode'];

function isStack(path: string, root: MapValue | null): boolean {
  if (/(?:^|\/)(?:docker-)?stack[^/]*\.ya?ml$/i.test(path)) return true;
  return entriesOfValue(member(root, 'services')).some(([, { value }]) =>
    swarmKeys.some(name => !isNull(member(member(value, 'deploy'), name))),
  );
}
