import { splitPort } from '../../../families/compose/model/ports';
import { rawText } from '../../../families/compose/model/items';
import { itemsOfValue, type Value } from '../../../families/compose/model/value';
import { findImageProfile } from '../../../knowledge/image-profiles';
import type { Field, PodDraft } from './draft';
import { fillTemplate, filledAt, textsOf } from './filled';

/** More ports than these are a range that nobody wants to read as a list. */
const mostPorts = 100;

function add({ ports }: PodDraft, target: number, protocol: string, published: number | null): void {
  let port = ports.find(known => known.target === target && known.protocol === protocol);
  if (!port) ports.push((port = { target, protocol, published: [] }));
  if (published !== null && !port.published.includes(published)) port.published.push(published);
}

/** `ports`: a Service leads to them. */
export const ports: Field = (value, draft, what) => {
  const items = itemsOfValue(value);
  if (items.length > mostPorts) return draft.notes.add('many-ports', what, { limit: mostPorts });
  for (const item of items) {
    const { target, published, protocol, text } = readPort(item);
    const name = `${what} ${text}`;
    if (target === null) {
      draft.notes.add('fill', name, { name: text });
      continue;
    }
    draft.notes.add('service-type', what);
    if (published === null) draft.notes.add('free-port', name);
    add(draft, target, protocol.toUpperCase(), published ?? target);
  }
};

interface ReadPort {
  readonly target: number | null;
  readonly published: number | null;
  readonly protocol: string;
  readonly text: string;
}

function readPort(item: Value): ReadPort {
  const number = (text: string | undefined): number | null => (text !== undefined && /^\d{1,5}$/.test(text) ? Number(text) : null);
  if (item.kind === 'map') {
    const target = filledAt(item, 'target')?.text;
    const published = filledAt(item, 'published')?.text;
    const protocol = filledAt(item, 'protocol')?.text ?? 'tcp';
    const text = `${published === undefined ? '' : `${published}:`}${target ?? '?'}`;
    return { target: number(target), published: number(published), protocol, text };
  }
  // the short form with a variable in it
  const { host, container, protocol } = splitPort(rawText(item));
  const part = (text: string | undefined): string | undefined => (text === undefined ? undefined : fillTemplate(text).text);
  return {
    target: number(part(container.text)),
    published: number(part(host?.text)),
    protocol: part(protocol?.text) ?? 'tcp',
    text: fillTemplate(rawText(item)).text,
  };
}

/** `expose`. */
export const expose: Field = (value, draft, what) => {
  for (const { text } of textsOf(value)) {
    const match = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(tcp|udp|sctp))?$/i.exec(text);
    const first = Number(match?.[1]);
    const last = Number(match?.[2] ?? first);
    if (!match || last - first >= mostPorts) draft.notes.add('many-ports', `${what} ${text}`, { limit: mostPorts });
    else for (let port = first; port <= last; port++) add(draft, port, (match[3] ?? 'tcp').toUpperCase(), port);
  }
};

/** Where nothing is published, others reach a service of Compose by its name all the same: a Service is needed for that, and a port. */
export function knownPorts(draft: PodDraft, image: string | null): void {
  if (draft.ports.length > 0 || draft.once) return;
  const known = image === null ? [] : (findImageProfile(image)?.exposedPorts ?? []);
  for (const port of known) {
    const [number = '', protocol = 'tcp'] = String(port).split('/');
    add(draft, Number(number), protocol.toUpperCase(), Number(number));
    draft.notes.add('known-port', draft.name, { port: String(port) });
  }
  if (known.length === 0) draft.notes.add('no-port', draft.name);
}
