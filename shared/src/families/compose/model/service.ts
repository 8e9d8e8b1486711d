import type {
  ContainerImage,
  FieldName,
  Items,
  ListField,
  ListFields,
  ScalarField,
  ScalarFields,
  Setting,
} from '../../../rule/container/types';
import { parseImageReference } from '../../../syntax/image/reference';
import { withoutTag } from '../../../workspace/build-facts';
import { isVariable } from '../../../syntax/yaml/certainty';
import { textRange } from '../../../syntax/yaml/text-range';
import { range, type Range } from '../../../base/text/range';
import { createRangeSearch, type RangeSearch } from '../../../base/text/range-search';
import type { Path, YamlMap } from '../../../syntax/yaml/types';
import { createEditor } from '../fix/editor';
import { booleanFields, listKeys, numberFields, scalarKeys, sizeFields } from './fields';
import { longTmpfs, readItems } from './items';
import { parseBytes } from '../../../rule/container/values';
import { buildsOfService } from './builds';
import { writesAtStart } from './injected';
import { rangeIn, type ComposeView, type ServiceView } from './types';
import { isNull, itemsOfValue, memberAt, stringValue, textOf, type MapValue, type Value } from './value';
import { booleanOfText } from './casts';

/** Where and what a service is; see `ServiceView`. */
export interface ServicePlace {
  readonly name: string;
  readonly value: MapValue;
  readonly node: YamlMap | null;
  readonly home: YamlMap | null;
  readonly path: Path;
  readonly reportRange: Range;
  readonly users: readonly ServiceView[] | null;
  readonly complete: boolean;
  /** What files that may be laid over this one say of the service; for each way to load it. */
  readonly above: readonly MapValue[];
  /** What services of other files say that extend this one. */
  readonly heirs: readonly MapValue[];
  /** Whether the service is started by itself, and not only as the base of others. */
  readonly started: boolean;
  /** The anchors that it merges in, once they are known to be such that several share. */
  readonly anchors: () => readonly ServiceView[];
}

interface NamedPlace extends Range {
  readonly name: string;
}

interface KnownPlaces extends Pick<ComposeView, 'services' | 'anchors'> {
  readonly found: Readonly<Record<'all' | 'anchors', RangeSearch<NamedPlace>>>;
}

const places = new WeakMap<ComposeView, KnownPlaces>();

/** Where the services and anchors of a file stand: each setting that comes from elsewhere asks whose it is. */
function placesIn(compose: ComposeView): KnownPlaces['found'] {
  const { services, anchors } = compose;
  let known = places.get(compose);
  // while the view is made, there are fewer
  if (known?.services !== services || known.anchors !== anchors) {
    const search = (views: readonly ServiceView[]): RangeSearch<NamedPlace> =>
      createRangeSearch(views.flatMap(({ node, name }) => (node ? [{ ...node.range, name }] : [])));
    places.set(compose, (known = { services, anchors, found: { all: search([...services, ...anchors]), anchors: search(anchors) } }));
  }
  return known.found;
}

/** Says of values whether what they say stands elsewhere: in a file, a service or an anchor that this one takes it from. */
function inheritance(compose: ComposeView, { name, node, home }: ServicePlace, claims: Map<number, string>): (inner: Value) => boolean {
  const { document } = compose;
  return inner => {
    const there = rangeIn(document, inner);
    if (!there || !home) return true;
    if (node && isWithin(there, node.range)) return false;
    // what an alias stands for may lie in another service without being said of that
    const { all, anchors } = placesIn(compose);
    const others = !node && isWithin(there, home.range) ? anchors : all;
    if (others.some(there, other => other.name !== name && isWithin(there, other))) return true;
    // what an anchor elsewhere says is reported once, by the first service that has it
    const first = claims.get(there.start) ?? name;
    claims.set(there.start, first);
    return first !== name;
  };
}

/** Answers a question once for each field: each of its users asks an anchor, which asks all of them. */
function byField(answer: (field: FieldName) => boolean): (field: FieldName) => boolean {
  const answers = new Map<FieldName, boolean>();
  return field => {
    const known = answers.get(field) ?? answer(field);
    answers.set(field, known);
    return known;
  };
}

/** Says of fields whether the service lacks them, whatever other files say. */
function lackingFields(place: ServicePlace, isAnchored: (field: FieldName) => boolean): (field: FieldName) => boolean {
  const { value, complete, users, above, heirs, started } = place;
  const isWritten = (field: FieldName, map: MapValue = value): boolean => {
    const keys = field in listKeys ? [listKeys[field as ListField]] : (scalarKeys[field as ScalarField] ?? []);
    return keys.some(path => !isNull(memberAt(map, ...path)));
  };
  /** Whether a service of another file says it, or has limits of its own, beside which the loader refuses others. */
  const isSaid = (field: FieldName, other: MapValue): boolean =>
    isWritten(field, other) || (limits.has(field) && !isNull(memberAt(other, 'deploy', 'resources', 'limits')));

  return byField(field => {
    if (!complete) return false;
    if (users) return isShared(field, users) && users.every(user => !user.at(...keyOf(field))) && !isAnchored(field);
    if (isWritten(field) || above.some(other => isSaid(field, other))) return false;
    if (!started && heirs.length > 0 && heirs.every(other => isSaid(field, other))) return false;
    return !isAnchored(field);
  });
}

/** Where a field with one value is written. */
function valueOf(service: MapValue, field: ScalarField): Value | undefined {
  for (const keys of scalarKeys[field] ?? []) {
    const found = memberAt(service, ...keys);
    if (found && !isNull(found)) return found;
  }
  return undefined;
}

/** The items of a list. Compose joins the lists of files: what another adds may be neither added again nor mounted over. */
function readList(view: ServiceView, field: ListField, others: readonly MapValue[]): Items<unknown> {
  const found = view.at(...listKeys[field]);
  const more = joined.has(field) ? others.flatMap(other => readItems(view, field, memberAt(other, ...listKeys[field]))) : [];
  const items = [...readItems(view, field, found), ...more];
  const all = field === 'tmpfs' ? [...items, ...longTmpfs(view, view.at('volumes'))] : items;
  return { items: all, open: found?.kind === 'scalar' && found.unknown === true };
}

/** Makes the view of a service, or of an anchor. Fields are read when they are asked for, once. */
export function createService(compose: ComposeView, place: ServicePlace, claims: Map<number, string>): ServiceView {
  const { name, value, node, home, path, users, complete, reportRange, above, heirs } = place;
  const { document } = compose;
  const scalars = new Map<ScalarField, Setting<unknown> | null>();
  const lists = new Map<ListField, Items<unknown>>();
  const at = (...names: readonly string[]): Value | undefined => memberAt(value, ...names);

  const isInherited = inheritance(compose, place, claims);
  const settingOf = (inner: Value): Setting<string> => ({
    field: 'hostname',
    value: textOf(inner),
    text: textOf(inner),
    range: rangeIn(document, inner) ?? range(0, 0),
    inherited: isInherited(inner),
  });

  const get = <F extends ScalarField>(field: F): Setting<ScalarFields[F]> | null => {
    let known = scalars.get(field);
    if (known === undefined) {
      const found = valueOf(value, field);
      const common = users && !found && field === 'user' ? commonUser(users) : null;
      if (common) {
        scalars.set(field, common);
        return common as Setting<ScalarFields[F]>;
      }
      known = found ? { ...settingOf(found), field, value: field === 'restart' ? restartOf(found, at) : typed(field, found) } : null;
      scalars.set(field, known);
    }
    return known as Setting<ScalarFields[F]> | null;
  };

  const list = <F extends ListField>(field: F): Items<ListFields[F]> => {
    const known = lists.get(field) ?? readList(view, field, [...above, ...heirs]);
    lists.set(field, known);
    return known as Items<ListFields[F]>;
  };
  const isAnchored = byField(field => place.anchors().some(anchor => anchor.lacks(field) || anchor.isAnchored(field)));
  const lacks = lackingFields(place, isAnchored);
  const view: ServiceView = {
    target: 'container',
    memo: new Map(),
    compose,
    value,
    node,
    home,
    path,
    users,
    runtime: compose.swarm ? 'swarm' : 'compose',
    purpose: 'service',
    name,
    reportRange,
    key: name,
    image: imageOf(compose, value),
    isBuilt: !isNull(at('build')),
    complete,
    at,
    isInherited,
    settingOf,
    get,
    list,
    lacks,
    isAnchored,
    engine: compose.engine,
    bindsToLoopback: () => bindsToLoopback(view),
    writesAtStart: () => writesAtStart(view),
    buildText: () => sourceOf(at('build')),
    builds: workspace => (users ? [] : buildsOfService(view, workspace)),
    get edit() {
      return createEditor(view);
    },
  };
  return view;
}

/** Lists in which what other files say counts, too. */
const joined: ReadonlySet<ListField> = new Set(['securityOpt', 'capDrop', 'capAdd', 'tmpfs', 'mounts']);

const limits: ReadonlySet<FieldName> = new Set(['pids', 'memory', 'cpus']);

/** What is the same whatever image a service runs: an anchor may say it for all that merge it in. */
const shareable: ReadonlySet<FieldName> = new Set(['securityOpt', 'logDriver', 'restart']);

/** Capabilities go with the user: an anchor drops them for all where none of its users is root. */
function isShared(field: FieldName, users: readonly ServiceView[]): boolean {
  return (
    shareable.has(field) ||
    (field === 'capDrop' && commonUser(users) !== null && users.every(user => user.list('capAdd').items.length === 0))
  );
}

/** The user of all, where each says one and none is root. */
function commonUser(users: readonly ServiceView[]): Setting<string> | null {
  const settings = users.map(user => user.get('user'));
  const isSaid = settings.every(setting => setting?.value && !/^(?:0+|root)(?::|$)/.test(setting.value));
  return isSaid && settings[0] ? { ...settings[0], inherited: true } : null;
}

const keyOf = (field: FieldName): readonly string[] =>
  field in listKeys ? listKeys[field as ListField] : (scalarKeys[field as ScalarField]?.at(-1) ?? []);

function isWithin(inner: Range, outer: Range): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}

/** A restart policy in the words of `restart`, also where it stands under `deploy` (docker/compose, getRestartPolicy). */
function restartOf(written: Value, at: (...names: readonly string[]) => Value | undefined): string | null {
  const text = textOf(written);
  if (text === null || written !== at('deploy', 'restart_policy', 'condition')) return text;
  if (text === 'none') return 'no';
  if (text === 'any') return 'always';
  const attempts = at('deploy', 'restart_policy', 'max_attempts');
  if (text !== 'on-failure' || !attempts || isNull(attempts)) return text;
  const count = textOf(attempts);
  return count === null ? null : `${text}:${count}`;
}

function typed(field: ScalarField, value: Value): unknown {
  if (field === 'healthTest')
    return value.kind === 'list'
      ? itemsOfValue(value)
          .map(item => textOf(item) ?? '')
          .join(' ')
      : // a text is a command for the shell, even this one
        textOf(value)?.replace(/^NONE$/, 'CMD-SHELL NONE');
  if (value.kind !== 'scalar' || value.unknown) return null;
  if (booleanFields.has(field)) return typeof value.value === 'boolean' ? value.value : booleanOfText(String(value.value));
  if (sizeFields.has(field))
    return typeof value.value === 'number' ? value.value : value.value === '-1' ? -1 : parseBytes(String(value.value));
  if (numberFields.has(field)) {
    const number = Number(value.value);
    return value.value === '' || Number.isNaN(number) ? null : number;
  }
  return String(value.value);
}

/** The text of a value as it is written; `null`: it is written nowhere. */
function sourceOf(value: Value | undefined): string | null {
  const { node = null, file } = value ?? {};
  return node && file ? file.document.text.slice(node.range.start, node.range.end) : null;
}

function imageOf({ document }: ComposeView, service: MapValue): ContainerImage | null {
  const image = memberAt(service, 'image');
  if (!image || isNull(image)) return null;
  const text = stringValue(image);
  const node = image.node?.kind === 'scalar' ? image.node : null;
  const there = rangeIn(document, image);
  const name = text === null && typeof node?.value === 'string' ? withoutTag(node.value) : '';
  return {
    text,
    ...(name !== '' && !isVariable(name) && { name }),
    reference: text === null ? null : parseImageReference(text),
    range: there && node ? textRange(document, node).range : range(0, 0),
  };
}

/** The option of the bridge that says where ports without an address go. */
const hostBinding = 'com.docker.network.bridge.host_binding_ipv4';

function bindsToLoopback(service: ServiceView): boolean {
  const { compose } = service;
  const own = service.at('networks');
  const names = own?.kind === 'map' ? [...own.entries.keys()] : itemsOfValue(own).map(item => textOf(item) ?? '');
  const all = names.length > 0 ? names : ['default'];
  return all.every(
    name => textOf(memberAt(compose.project.merged, 'networks', name, 'driver_opts', hostBinding))?.startsWith('127.') === true,
  );
}
