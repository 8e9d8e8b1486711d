import type { YamlDocument, YamlEntry, YamlMap, YamlNode } from '../../syntax/yaml/types';
import { mapOf, scalarOf, sequenceOf, stringOf } from '../../syntax/yaml/values';
import type { NameLink, OutlineItem } from '../family/outline';

const servicesOf = ({ root }: YamlDocument): readonly YamlEntry[] => mapOf(mapOf(root)?.get('services'))?.entries ?? [];

/** The services of a Compose file. */
export function servicesOutlined(document: YamlDocument): readonly OutlineItem[] {
  return servicesOf(document).flatMap(({ name, key, range, value }): readonly OutlineItem[] =>
    key === null
      ? []
      : [{ kind: 'service', name, detail: stringOf(mapOf(value)?.get('image')) ?? '', range, named: key.range, children: [] }],
  );
}

/** Where services name others of the file, and what it has for all: networks, volumes, secrets, configurations. */
export function composeLinks(document: YamlDocument): readonly NameLink[] {
  const links: NameLink[] = [];
  const to = (place: YamlNode | null | undefined, part: string, name: string | null): void => {
    const key = name === null ? null : mapOf(mapOf(document.root)?.get(part))?.entry(name)?.key;
    if (place && key) links.push({ range: place.range, target: key.range });
  };
  const each = (node: YamlNode | null | undefined, part: string, nameOf = (text: string | null): string | null => text): void => {
    for (const item of sequenceOf(node)?.items ?? []) {
      const source = mapOf(item) ? mapOf(item)!.get('source') : item;
      to(source, part, nameOf(stringOf(source)));
    }
    for (const { key, name } of mapOf(node)?.entries ?? []) to(key, part, name);
  };
  for (const { value } of servicesOf(document)) {
    const service = mapOf(value);
    if (service) linksOf(service, to, each);
  }
  return links;
}

/** What precedes the first colon: the service of a link, the volume of a mount. */
const first = (text: string | null): string | null => text?.split(':', 1)[0] ?? null;

function linksOf(
  service: YamlMap,
  to: (place: YamlNode | null | undefined, part: string, name: string | null) => void,
  each: (node: YamlNode | null | undefined, part: string, nameOf?: (text: string | null) => string | null) => void,
): void {
  each(service.get('depends_on'), 'services');
  each(service.get('links'), 'services', first);
  each(service.get('volumes_from'), 'services', first);
  each(service.get('networks'), 'networks');
  each(service.get('volumes'), 'volumes', first);
  each(service.get('secrets'), 'secrets');
  each(service.get('configs'), 'configs');
  const base = mapOf(service.get('extends'));
  // one of another file is not defined in this one
  if (base ? !base.entry('file') : true) {
    const name = base ? base.get('service') : service.get('extends');
    to(name, 'services', stringOf(name));
  }
  for (const mode of ['network_mode', 'pid', 'ipc']) {
    const node = scalarOf(service.get(mode));
    const text = stringOf(node);
    if (text?.startsWith('service:')) to(node, 'services', text.slice('service:'.length));
  }
}
