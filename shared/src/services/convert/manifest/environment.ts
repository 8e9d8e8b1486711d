import { findNamedSecret, isSecretName, secretValueKind } from '../../../knowledge/secrets/detect';
import { itemsOfValue, memberAt, type Value } from '../../../families/compose/model/value';
import { type Field, type PodDraft, dnsName, settled, volumeName, want } from './draft';
import { filled, filledAt, pairsOf, type Filled } from './filled';
import { shellWord } from '../quote';

/** Text in a command or a variable: `$(NAME)` would be filled in, and `$$` is a dollar. */
export function unexpanded(text: string): string {
  return text.replace(/\$(?=[$(])/g, '$$$$');
}

/** Whether a value is a secret, or one is going to stand there. */
function isSecret(name: string, value: Filled | null): boolean {
  if (value === null || value.variables.length > 0) return isSecretName(name) || (value?.variables.some(isSecretName) ?? false);
  return findNamedSecret(name, value.text) !== null || (isSecretName(name) && secretValueKind(value.text) === 'default');
}

/** `environment`: plain values as they are, secrets and what is known later from a Secret or a ConfigMap. */
export const environment: Field = (value, draft) => {
  for (const [name, text] of pairsOf(value)) {
    const secret = isSecret(name, text);
    if (text !== null && text.variables.length === 0 && !secret) draft.env.push({ name, value: unexpanded(text.text) });
    else {
      // names of keys have fewer characters than names of variables
      const key = name.replace(/[^\w.-]{1,200}/g, '_');
      const object = `${draft.name}-${secret ? 'secrets' : 'settings'}`;
      want(draft, secret ? 'secret' : 'configmap', object, key);
      draft.env.push({ name, valueFrom: { [secret ? 'secretKeyRef' : 'configMapKeyRef']: { name: object, key } } });
    }
  }
};

/** `env_file`: a Secret of the file's variables, since nobody knows which of them are one. */
export const environmentFiles: Field = (value, draft, what) => {
  for (const item of itemsOfValue(value)) {
    const path = filledAt(item, 'path') ?? filled(item);
    if (!path) continue;
    const name = dnsName(`${draft.name}-${path.text.slice(path.text.lastIndexOf('/') + 1)}`);
    const optional = filledAt(item, 'required')?.text === 'false';
    draft.envFrom.push({ secretRef: { name, ...(optional && { optional }) } });
    draft.notes.add('env-file', `${what} ${path.text}`, { name, file: shellWord(path.text) });
  }
};

/** Files that Compose puts into a container: `secrets` under /run/secrets, `configs` at the root. */
const files =
  (kind: 'secrets' | 'configs'): Field =>
  (value, draft, what) => {
    for (const item of itemsOfValue(value)) mountFile(item, kind, draft, what);
  };

function mountFile(item: Value, kind: 'secrets' | 'configs', draft: PodDraft, what: string): void {
  const source = filledAt(item, 'source')?.text;
  if (source === undefined) return;
  const declared = memberAt(draft.project, kind, source);
  const target = filledAt(item, 'target')?.text ?? source;
  const path = target.startsWith('/') ? target : kind === 'secrets' ? `/run/secrets/${target}` : `/${target}`;
  const name = volumeName(draft, source);
  const object = dnsName(`${draft.name}-${source}`);
  const key = source.replace(/[^\w.-]{1,200}/g, '_');
  const mode = filledAt(item, 'mode')?.text;
  const items = { items: [{ key, path: key, ...(mode !== undefined && /^\d{1,4}$/.test(mode) && { mode: Number(mode) }) }] };
  draft.volumes.push({
    name,
    ...(kind === 'secrets' ? { secret: { secretName: object, ...items } } : { configMap: { name: object, ...items } }),
  });
  draft.mounts.push({ name, mountPath: path, subPath: key, readOnly: true });
  const file = filledAt(declared, 'file');
  const from = file ? `${key}=${shellWord(settled(draft, file, `${kind}.${source}`))}` : null;
  if (from !== null)
    draft.notes.add(kind === 'secrets' ? 'secret-file' : 'config-files', `${what} ${source}`, { name: object, file: from });
  else draft.notes.add(kind === 'secrets' ? 'external-secret' : 'config-text', `${what} ${source}`, { name: object, key });
}

/** `secrets`. */
export const secretFiles = files('secrets');
/** `configs`. */
export const configFiles = files('configs');

/** Labels and annotations: what is no valid label is an annotation. */
export const labels: Field = (value, { labels: out, annotations, notes }, what) => {
  for (const [name, text] of pairsOf(value)) {
    const content = text?.text ?? '';
    const isName = qualified(name);
    if (text && (findNamedSecret(name, content) !== null || text.variables.length > 0))
      notes.add(text.variables.length > 0 ? 'label-lost' : 'label-secret', `${what} ${name}`);
    else if (isName && /^(?:[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?)?$/.test(content)) out[name] = content;
    else if (isName) {
      annotations[name] = content;
      notes.add('label-value', `${what} ${name}`);
    } else notes.add('label-lost', `${what} ${name}`);
  }
};

/** `annotations`. */
export const annotations: Field = (value, draft, what) => {
  for (const [name, text] of pairsOf(value)) {
    if (qualified(name) && text && text.variables.length === 0) draft.annotations[name] = text.text;
    else draft.notes.add('label-lost', `${what} ${name}`);
  }
};

/** Whether a text may be the key of a label: a name, with a domain in front of it or none. */
function qualified(name: string): boolean {
  const [first = '', second, more] = name.split('/');
  if (more !== undefined) return false;
  const isName = /^[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?$/.test(second ?? first);
  // a domain of Kubernetes is not for others to use
  if (second === undefined) return isName;
  return isName && /^[a-z0-9](?:[a-z0-9.-]{0,200}[a-z0-9])?$/.test(first) && !/(?:^|\.)(?:kubernetes|k8s)\.io$/.test(first);
}
