import { propagationWords } from '../../../rule/container/mounts';
import { joined, volumeNames } from '../../../rule/container/edits';
import type { ContainerEditor, Edit, ListField, ScalarField, Setting } from '../../../rule/container/types';
import type { NoFix } from '../../../rule/fix/remedy';
import { appendItem, removeNode, removeWithComment, setValue, type YamlOperation, type YamlValue } from '../../../syntax/yaml/operations';
import type { Path, YamlNode } from '../../../syntax/yaml/types';
import { listKeys, scalarKeys } from '../model/fields';
import { rawText } from '../model/items';
import { placeOf } from '../model/places';
import { splitMount } from '../model/mounts';
import { splitPort } from '../model/ports';
import type { ComposeView, ServiceView } from '../model/types';
import { isNull, itemsOfValue, memberAt, textOf, type Value } from '../model/value';

/** A value of the project by the place that settings have: how an edit finds what it changes. */
function nodeAt(service: ServiceView, setting: Setting<unknown>): { readonly node: YamlNode; readonly path: Path } | null {
  const { document } = service.compose;
  if (setting.inherited) return null;
  const found = settingNodes(service).get(setting.range.start);
  const path = found && placeOf(document, found);
  return found && path ? { node: found, path } : null;
}

/** The nodes of a service by where they start, the innermost of those that start together. */
function settingNodes(service: ServiceView): ReadonlyMap<number, YamlNode> {
  const found = new Map<number, YamlNode>();
  const visit = (value: Value): void => {
    if (value.node && value.file.document === service.compose.document && !(value.kind !== 'scalar' && found.has(value.node.range.start))) {
      found.set(value.node.range.start, value.node);
    }
    if (value.kind === 'list') value.items.forEach(visit);
    if (value.kind === 'map') for (const { value: inner } of value.entries.values()) visit(inner);
  };
  visit(service.value);
  return found;
}

const shared: NoFix = { reason: 'shared' };
const noPlace: NoFix = { reason: 'no-fix' };

/** Changes what a setting says, by its place and its text. */
type Change = (setting: Setting<unknown>, change: (path: Path, raw: string, node: YamlNode) => readonly YamlOperation[] | NoFix) => Edit;

type MountEdits = Pick<ContainerEditor, 'makeReadOnly' | 'dropPropagation' | 'addTmpfsOptions' | 'dropTmpfsOptions'>;

/** Writes the options of mounts, in both of their forms. */
function mountEdits(at: Change): MountEdits {
  return {
    makeReadOnly: mount =>
      at(mount, (path, raw, node) => {
        if (node.kind === 'map') return [setValue([...path, 'read_only'], true)];
        const parts = splitMount(raw);
        if (!parts?.source) return noPlace;
        if (!parts.options) return [setValue(path, `${raw}:ro`)];
        const options = parts.options.text.split(',').filter(option => option !== 'rw');
        return [setValue(path, `${raw.slice(0, parts.options.start)}${[...options, 'ro'].join(',')}`)];
      }),
    dropPropagation: mount =>
      at(mount, (path, raw, node) => {
        if (node.kind === 'map') return [removeNode([...path, 'bind', 'propagation'], true)];
        const parts = splitMount(raw);
        if (!parts?.options) return noPlace;
        const options = parts.options.text.split(',').filter(option => !propagationWords.has(option));
        return [setValue(path, raw.slice(0, parts.options.start - (options.length === 0 ? 1 : 0)) + options.join(','))];
      }),
    addTmpfsOptions: (tmpfs, options) =>
      at(tmpfs, (path, raw, node) => {
        if (node.kind === 'map') {
          const size = options.find(option => option.startsWith('size='))?.slice('size='.length);
          return size === undefined ? noPlace : [setValue([...path, 'tmpfs', 'size'], size)];
        }
        const separator = raw.endsWith(':') ? '' : raw.includes(':') ? ',' : ':';
        return [setValue(path, raw + separator + options.join(','))];
      }),
    dropTmpfsOptions: (tmpfs, options) =>
      at(tmpfs, (path, raw) => {
        const colon = raw.indexOf(':');
        if (colon < 0) return noPlace;
        const left = raw
          .slice(colon + 1)
          .split(',')
          .filter(option => !options.includes(option));
        return [setValue(path, raw.slice(0, left.length === 0 ? colon : colon + 1) + left.join(','))];
      }),
  };
}

/** How the fixes of checks are written into a service, or into an anchor that services share. */
export function createEditor(service: ServiceView): ContainerEditor {
  const own = (...names: readonly string[]): Path => [...service.path, ...names];
  const anchor = service.users ? service.node?.anchor : undefined;
  /** Everything that an anchor says counts for all that merge it in: that is asked before. */
  const meant = (operation: YamlOperation): YamlOperation => {
    const asBlock: YamlOperation =
      operation.type === 'yaml.append' || operation.type === 'yaml.set' ? { ...operation, block: true } : operation;
    return anchor === undefined ? asBlock : { ...asBlock, anchors: [anchor] };
  };
  const edit =
    (...operations: readonly YamlOperation[]): Edit =>
    () =>
      operations.map(meant);
  const at: Change = (setting, change) => {
    const found = nodeAt(service, setting);
    if (!found) return setting.inherited ? shared : noPlace;
    const { node, path } = found;
    const made = change(path, rawText({ node }), node);
    return 'reason' in made ? made : () => made.map(meant);
  };

  return {
    set: (field, value) => (field === 'pids' && !mayLimitPids(service) ? noPlace : edit(setValue(pathOf(service, field, own), value))),
    append: (field, values) => appendTo(service, field, values, own, edit),
    keep: paths => keptIn(service, paths, own, edit),
    dropAll: () => edit(setValue(own('cap_drop'), ['ALL'])),
    remove: setting => at(setting, path => [removeWithComment(path, true)]),
    replace: (setting, value) =>
      at(setting, (path, raw) =>
        // the condition of a restart policy has words of its own
        path.at(-1) === 'condition'
          ? noPlace
          : [setValue(path, typeof value === 'number' ? value : replacement(service, setting, raw, value))],
      ),
    textOf: setting => {
      const node = settingNodes(service).get(setting.range.start);
      return node?.kind === 'scalar' ? rawText({ node }) : null;
    },
    bindTo: (port, address) =>
      at(port, (path, raw, node) => {
        if (node.kind === 'map') return [setValue([...path, 'host_ip'], address)];
        const { ip, host, container } = splitPort(raw);
        const target = address.includes(':') ? `[${address}]` : address;
        const rest = ip ? raw.slice(ip.end + 1) : host ? raw : `:${raw.slice(container.start)}`;
        return [setValue(path, `${target}:${rest}`)];
      }),
    ...mountEdits(at),
  };
}

/** Where a field with one value is written: where it stands, or under `deploy` where limits stand there. */
function pathOf(service: ServiceView, field: ScalarField, own: (...names: readonly string[]) => Path): Path {
  const keys = scalarKeys[field] ?? [];
  const there = keys.find(names => !isNull(service.at(...names)));
  if (there) return own(...there);
  const [deploy, short] = keys;
  if (!deploy) return own(field);
  if (!short) return own(...deploy);
  const isGrouped = service.at(...deploy.slice(0, -1))?.kind === 'map' || service.compose.swarm;
  // beside limits under deploy Compose refuses one of its own: even an empty map counts
  return isGrouped && deploy[0] === 'deploy' && deploy[1] === 'resources' ? own(...deploy) : own(...short);
}

/** Whether there is a key for the limit of processes: `docker stack deploy` refuses all of them below version 3.9 (docker/cli, config_schema_v3.8.json). */
function mayLimitPids({ compose }: ServiceView): boolean {
  const version = memberAt(compose.project.merged, 'version');
  return !compose.swarm || version === undefined || !/^3(?:\.[0-8])?$/.test(textOf(version) ?? '');
}

/** Whether more than one container of it runs, or may: they would share a volume. */
function isMany(service: ServiceView): boolean {
  const counts = [service.at('scale'), service.at('deploy', 'replicas')].filter(count => count !== undefined && !isNull(count));
  return (
    service.users !== null || service.compose.swarm || !isNull(service.at('deploy', 'mode')) || counts.some(count => textOf(count) !== '1')
  );
}

function keptIn(
  service: ServiceView,
  paths: readonly string[],
  own: (...names: readonly string[]) => Path,
  edit: (...operations: readonly YamlOperation[]) => Edit,
): Edit | null {
  const { compose, name } = service;
  if (isMany(service) || !/^[A-Za-z0-9][\w.-]*$/.test(name)) return null;
  const isTaken = (volume: string): boolean =>
    memberAt(compose.project.merged, 'volumes', volume) !== undefined || compose.definedBeside('volumes', volume);
  const names = volumeNames(name, paths, isTaken);
  const mounts = appendTo(
    service,
    'mounts',
    names.map((volume, at) => `${volume}:${paths[at]}`),
    own,
    edit,
  );
  const declared = names.map((volume): YamlOperation => ({ type: 'yaml.set', path: ['volumes', volume], value: {}, apart: true }));
  return joined([mounts, () => declared]);
}

function appendTo(
  service: ServiceView,
  field: ListField,
  values: readonly string[],
  own: (...names: readonly string[]) => Path,
  edit: (...operations: readonly YamlOperation[]) => Edit,
): Edit {
  const keys = listKeys[field];
  const there = service.at(...keys);
  const written = values.map(value => (field === 'securityOpt' ? securityText(service, value) : value));
  if (field === 'env' || field === 'logOptions') {
    return there?.kind === 'list'
      ? edit(...written.map(value => appendItem(own(...keys), value)))
      : edit(
          ...written.map(value => {
            const equals = value.indexOf('=');
            return setValue(own(...keys, equals < 0 ? value : value.slice(0, equals)), equals < 0 ? null : value.slice(equals + 1));
          }),
        );
  }
  if (there?.kind === 'scalar' && !isNull(there)) {
    const whole: YamlValue = [rawText(there), ...written];
    return service.isInherited(there) ? shared : edit(setValue(own(...keys), whole));
  }
  return edit(...written.map(value => appendItem(own(...keys), value)));
}

/** `no-new-privileges` as Compose files write it: with a colon, or with the `=` that the file has elsewhere. */
function securityText(service: ServiceView, value: string): string {
  if (value !== 'no-new-privileges') return value;
  const own = spellingsOf([service]);
  const all = spellingsIn(service.compose);
  return `no-new-privileges${(own.equals || all.equals) && !own.colon && !all.colon ? '=' : ':'}true`;
}

/** How security options are spelt. */
interface Spellings {
  readonly equals: boolean;
  readonly colon: boolean;
}

/** Each service of a file asks, so that the answer is kept: it looks at all of them. */
const kept = new WeakMap<ComposeView, Spellings>();

function spellingsIn(compose: ComposeView): Spellings {
  let spellings = kept.get(compose);
  if (!spellings) kept.set(compose, (spellings = spellingsOf(compose.services)));
  return spellings;
}

function spellingsOf(services: readonly ServiceView[]): Spellings {
  const options = services.flatMap(service => itemsOfValue(service.at('security_opt')).map(item => textOf(item) ?? ''));
  return { equals: options.some(option => option.includes('=')), colon: options.some(option => /^[a-z-]+:/.test(option)) };
}

function replacement(service: ServiceView, setting: Setting<unknown>, raw: string, value: string): string {
  if (setting.field === 'securityOpt' && value === 'no-new-privileges')
    return raw.includes('=') ? 'no-new-privileges=true' : 'no-new-privileges:true';
  if (setting.field === 'env' || setting.field === 'labels') {
    const equals = raw.indexOf('=');
    const list = service.at(...listKeys[setting.field])?.kind === 'list';
    return list && equals >= 0 ? `${raw.slice(0, equals + 1)}${value}` : value;
  }
  return value;
}
