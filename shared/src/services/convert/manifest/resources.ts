import { parseBytes } from '../../../rule/container/values';
import { entriesOfValue, itemsOfValue, member, memberAt, type Value } from '../../../families/compose/model/value';
import { dnsName, type Field, type PodDraft, settled } from './draft';
import { filled, filledAt } from './filled';

/** Bytes as a quantity, in the largest unit that holds them exactly. */
export function quantity(bytes: number): string {
  const units = ['Ti', 'Gi', 'Mi', 'Ki'];
  for (const [i, unit] of units.entries()) {
    const size = 1024 ** (4 - i);
    if (bytes % size === 0) return `${bytes / size}${unit}`;
  }
  return String(bytes);
}

/** A number of CPUs as a quantity. */
function cpuQuantity(cpus: number): string {
  const milli = Math.round(cpus * 1000);
  return milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`;
}

function setResource({ container }: PodDraft, group: 'limits' | 'requests', name: string, value: string): void {
  const known = (container['resources'] ?? {}) as Record<string, Record<string, string>>;
  container['resources'] = { ...known, [group]: { ...known[group], [name]: value } };
}

/** A limit of memory. */
export const memory =
  (group: 'limits' | 'requests'): Field =>
  (value, draft, what) => {
    const text = filled(value);
    const bytes = text && text.variables.length === 0 ? parseBytes(text.text, true) : null;
    // zero and less are no limit
    if (bytes !== null) return bytes > 0 ? setResource(draft, group, 'memory', quantity(bytes)) : undefined;
    draft.notes.add('fill', what, { name: text?.text ?? '' });
  };

/** A limit of CPUs. */
export const cpus =
  (group: 'limits' | 'requests'): Field =>
  (value, draft, what) => {
    const text = filled(value)?.text ?? '';
    const number = /^\d{1,6}(?:\.\d{0,9})?$/.test(text) ? Number(text) : null;
    if (number === null) return draft.notes.add('fill', what, { name: text });
    if (number > 0) setResource(draft, group, 'cpu', cpuQuantity(number));
  };

/** Members of `deploy` that a pod has a place for. */
export const deploy: Field = (value, draft, what) => {
  const { notes } = draft;
  for (const [key, { value: inner }] of entriesOfValue(value)) {
    const name = `${what}.${key}`;
    if (key === 'replicas') draft.replicas = Number(filled(inner)?.text ?? 1) || 1;
    else if (key === 'resources') resources(inner, draft, name);
    else if (key === 'restart_policy') notes.add('always-restarts', name);
    else notes.add('no-field', name);
  }
};

function resources(value: Value, draft: PodDraft, what: string): void {
  for (const [group, of] of [
    ['limits', 'limits'],
    ['reservations', 'requests'],
  ] as const) {
    for (const [key, { value: inner }] of entriesOfValue(member(value, group))) {
      const name = `${what}.${group}.${key}`;
      if (key === 'memory') memory(of)(inner, draft, name);
      else if (key === 'cpus') cpus(of)(inner, draft, name);
      else if (key === 'devices') for (const device of itemsOfValue(inner)) gpu(device, draft, name);
      else draft.notes.add(key === 'pids' ? 'pids-limit' : 'no-field', name);
    }
  }
}

function gpu(device: Value, draft: PodDraft, what: string): void {
  const isGpu = itemsOfValue(member(device, 'capabilities')).some(item => filled(item)?.text === 'gpu');
  if (!isGpu) return draft.notes.add('device', what);
  const count = filledAt(device, 'count')?.text ?? String(itemsOfValue(member(device, 'device_ids')).length || 1);
  const number = /^\d{1,3}$/.test(count) ? count : '1';
  setResource(draft, 'limits', 'nvidia.com/gpu', number);
  draft.notes.add('gpus', what, { count: number });
}

/** `gpus`. */
export const gpus: Field = (value, draft, what) => {
  for (const item of itemsOfValue(value)) {
    const count = filledAt(item, 'count')?.text ?? '1';
    const number = /^\d{1,3}$/.test(count) ? count : '1';
    setResource(draft, 'limits', 'nvidia.com/gpu', number);
    draft.notes.add('gpus', what, { count: number });
  }
};

/** `platform`: nodes of that system and architecture. */
export const platform: Field = (value, draft, what) => {
  const text = filled(value);
  if (!text) return;
  const [os, arch] = settled(draft, text, what).split('/');
  const selector: Record<string, string> = {};
  if (os !== undefined && /^(?:linux|windows)$/.test(os)) selector['kubernetes.io/os'] = os;
  if (arch !== undefined) selector['kubernetes.io/arch'] = arch;
  if (Object.keys(selector).length === 0) return draft.notes.add('no-field', `${what} ${text.text}`);
  draft.pod['nodeSelector'] = selector;
  draft.notes.add('node-platform', `${what} ${text.text}`);
};

/** `build`: what a registry has to have. */
export const build: Field = (value, draft, what) => {
  if (memberAt(draft.service, 'image') === undefined) draft.container['image'] = dnsName(draft.name);
  draft.notes.add('build', `${what} ${filledAt(value, 'context')?.text ?? '.'}`);
};
