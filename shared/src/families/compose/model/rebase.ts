import { cleanPath, isHostPath, splitMount } from './mounts';
import { entriesOfValue, member, stringValue, withEntries, withItems, type MapEntry, type MapValue, type Value } from './value';

/** The relative paths of a service from another folder, as that folder's file means them: Compose makes them paths of the project before it joins the two. */
export function rebased(service: MapValue, folder: string): MapValue {
  const entries = new Map<string, MapEntry>(service.entries);
  const change = (map: Map<string, MapEntry>, name: string, how: (value: Value) => Value): void => {
    const entry = map.get(name);
    if (entry) map.set(name, { key: entry.key, value: how(entry.value) });
  };
  const path = (value: Value): Value => pathBelow(value, folder);
  const each =
    (how: (value: Value) => Value) =>
    (value: Value): Value =>
      value.kind === 'list' ? withItems(value, value.items.map(how)) : how(value);
  const inMap =
    (name: string) =>
    (value: Value): Value => {
      if (value.kind !== 'map' || !member(value, name)) return value;
      const inner = new Map(value.entries);
      change(inner, name, path);
      return withEntries(value, inner);
    };
  change(entries, 'build', value => (value.kind === 'map' ? buildBelow(value, folder) : path(value)));
  const envFile = (value: Value): Value => (value.kind === 'map' ? inMap('path')(value) : path(value));
  const mount = (value: Value): Value =>
    value.kind !== 'map' ? mountBelow(value, folder) : isBind(value) ? inMap('source')(value) : value;
  change(entries, 'env_file', each(envFile));
  change(entries, 'label_file', each(path));
  change(entries, 'volumes', each(mount));
  return withEntries(service, entries);
}

const isBind = (mount: Value): boolean => stringValue(member(mount, 'type')) === 'bind';

function buildBelow(build: MapValue, folder: string): MapValue {
  const entries = new Map<string, MapEntry>(build.entries);
  const context = entries.get('context');
  entries.set(
    'context',
    context
      ? { key: context.key, value: pathBelow(context.value, folder) }
      : { key: null, value: { kind: 'scalar', value: folder === '' ? '.' : folder, node: build.node, file: build.file } },
  );
  const more = entries.get('additional_contexts');
  if (more?.value.kind === 'map') {
    const paths = new Map(
      entriesOfValue(more.value).map(([name, entry]) => [name, { key: entry.key, value: pathBelow(entry.value, folder) }] as const),
    );
    entries.set('additional_contexts', { key: more.key, value: withEntries(more.value, paths) });
  }
  return withEntries(build, entries);
}

/** A path as it is from above `folder`; an address, a home folder and an absolute path stay. */
function pathBelow(value: Value, folder: string): Value {
  const text = stringValue(value);
  if (value.kind !== 'scalar' || text === null || /^[/~]|^[A-Za-z][A-Za-z0-9+.-]*:|^git@|^github\.com\//.test(text)) return value;
  return { ...value, value: joined(folder, text) };
}

function joined(folder: string, path: string): string {
  return cleanPath(folder === '' ? path : `${folder}/${path}`);
}

function mountBelow(value: Value, folder: string): Value {
  const text = stringValue(value);
  const source = text === null ? null : (splitMount(text)?.source ?? null);
  if (value.kind !== 'scalar' || text === null || !source || !isHostPath(source.text) || !source.text.startsWith('.')) return value;
  const path = joined(folder, source.text);
  return { ...value, value: `${path.startsWith('.') ? path : `./${path}`}${text.slice(source.end)}` };
}
