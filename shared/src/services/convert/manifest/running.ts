import { durationOf } from '../../../families/compose/model/durations';
import { isAddress } from '../../../rule/container/ports';
import { entriesOfValue, itemsOfValue, member, type Value } from '../../../families/compose/model/value';
import { type Field, settled } from './draft';
import { unexpanded } from './environment';
import { filled, filledAt, textsOf, wordsOf } from './filled';
import { isTrue } from './security';

/** A text of the container or the pod. */
export const text =
  (on: 'container' | 'pod', field: string): Field =>
  (value, draft, what) => {
    const known = filled(value);
    if (known && known.text !== '') draft[on][field] = settled(draft, known, what);
  };

/** `hostname`: of a pod it is one label, without dots. */
export const hostname: Field = (value, draft, what) => {
  const name = filled(value)?.text ?? '';
  if (/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) draft.pod['hostname'] = name;
  else draft.notes.add('no-field', `${what} ${name}`);
};

/** A switch of the container that is only worth writing where it is on. */
export const flag =
  (field: string): Field =>
  (value, { container }) => {
    if (isTrue(value)) container[field] = true;
  };

/** `entrypoint`, `command`. */
export const command =
  (field: 'command' | 'args'): Field =>
  (value, draft, what) => {
    const words = wordsOf(value);
    if (words && words.length > 0) draft.container[field] = words.map(word => unexpanded(settled(draft, word, what)));
  };

/** `pull_policy`. */
export const pullPolicy: Field = (value, { container, notes }, what) => {
  const policy = filled(value)?.text ?? '';
  const known: Readonly<Record<string, string>> = {
    always: 'Always',
    missing: 'IfNotPresent',
    if_not_present: 'IfNotPresent',
    never: 'Never',
  };
  if (Object.hasOwn(known, policy)) container['imagePullPolicy'] = known[policy];
  else notes.add('no-field', `${what} ${policy}`);
};

/** `restart`. */
export const restart: Field = (value, draft, what) => {
  const policy = filled(value)?.text ?? '';
  if (policy === 'always' || policy === 'unless-stopped') return;
  if (draft.once && policy.startsWith('on-failure')) draft.pod['restartPolicy'] = 'OnFailure';
  else if (!draft.once) draft.notes.add('always-restarts', `${what} ${policy}`);
};

/** Seconds of a duration, at least `least`; `null` where it is none. */
function secondsOf(text: string | undefined, least: number): number | null {
  const nanoseconds = text === undefined ? null : durationOf(text);
  return nanoseconds === null ? null : Math.max(least, Math.ceil(nanoseconds / 1e9));
}

/** `stop_grace_period`. */
export const gracePeriod: Field = (value, { pod }) => {
  const seconds = secondsOf(filled(value)?.text, 0);
  if (seconds !== null) pod['terminationGracePeriodSeconds'] = seconds;
};

/** `healthcheck`: a liveness probe with the times of Docker, which a probe has others for. */
export const healthcheck: Field = (value, draft, what) => {
  const test = member(value, 'test');
  const [first, ...rest] = test?.kind === 'list' ? textsOf(test) : [];
  if (isOff(value) || first?.text === 'NONE') return;
  const shell = test?.kind === 'list' ? (first?.text === 'CMD-SHELL' ? rest[0] : null) : filled(test);
  const words = shell ? [{ text: 'sh', variables: [] }, { text: '-c', variables: [] }, shell] : first?.text === 'CMD' ? rest : [];
  if (words.length === 0) return draft.notes.add('no-field', what);
  // each with the time that Docker takes where none is said
  const seconds = (key: string, standard: string): number => secondsOf(filledAt(value, key)?.text ?? standard, 1) ?? 1;
  const start = secondsOf(filledAt(value, 'start_period')?.text, 0) ?? 0;
  const retries = Number(filledAt(value, 'retries')?.text ?? 3) || 3;
  draft.container['livenessProbe'] = {
    exec: { command: words.map(word => settled(draft, word, what)) },
    ...(start > 0 && { initialDelaySeconds: start }),
    periodSeconds: seconds('interval', '30s'),
    timeoutSeconds: seconds('timeout', '30s'),
    failureThreshold: retries,
  };
  if (filledAt(value, 'start_interval')) draft.notes.add('no-field', `${what}.start_interval`);
};

function isOff(value: Value): boolean {
  const disable = member(value, 'disable');
  return disable !== undefined && isTrue(disable);
}

/** `extra_hosts`. */
export const extraHosts: Field = (value, draft, what) => {
  const byAddress = new Map<string, string[]>();
  const add = (name: string, address: string): void => {
    const bare = address.replace(/^\[(.*)\]$/, '$1');
    if (isAddress(bare)) byAddress.set(bare, [...(byAddress.get(bare) ?? []), name]);
    else draft.notes.add('host-entry', `${what} ${name}`);
  };
  for (const [name, { value: inner }] of entriesOfValue(value)) for (const { text: address } of textsOf(inner)) add(name, address);
  for (const { text: entry } of value.kind === 'list' ? textsOf(value) : []) {
    const at = entry.search(/[=:]/);
    add(entry.slice(0, Math.max(at, 0)), entry.slice(at + 1));
  }
  if (byAddress.size > 0) draft.pod['hostAliases'] = [...byAddress].map(([ip, hostnames]) => ({ ip, hostnames }));
};

/** `dns`, `dns_search`, `dns_opt`. */
export const dns =
  (field: 'nameservers' | 'searches' | 'options'): Field =>
  (value, { pod }) => {
    const texts = textsOf(value).map(item => item.text);
    const known = (pod['dnsConfig'] ?? {}) as Record<string, never>;
    const option = (entry: string): { name: string; value?: string } => {
      const [name = '', setting] = entry.split(':', 2);
      return { name, ...(setting !== undefined && { value: setting }) };
    };
    if (texts.length > 0) pod['dnsConfig'] = { ...known, [field]: field === 'options' ? texts.map(option) : texts };
  };

/** `scale`. */
export const scale: Field = (value, draft) => {
  draft.replicas = Number(filled(value)?.text ?? 1) || 1;
};

/** The first of what a list or a map names, for a note. */
export function shownItems(value: Value): string {
  if (value.kind === 'scalar') return filled(value)?.text ?? '';
  const names =
    value.kind === 'map' ? entriesOfValue(value).map(([name]) => name) : itemsOfValue(value).flatMap(item => filled(item)?.text ?? []);
  return names.slice(0, 3).join(', ');
}
