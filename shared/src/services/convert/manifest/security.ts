import { parseSecurityOption } from '../../../rule/container/values';
import { normalizeCapability } from '../../../knowledge/capabilities';
import type { Value } from '../../../families/compose/model/value';
import { type Field, type PodDraft, settled } from './draft';
import { filled, pairsOf, textsOf } from './filled';

/** A number of a user or a group as Kubernetes takes it. */
function idOf(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,10}$/.test(text) && Number(text) <= 2_147_483_647 ? Number(text) : null;
}

/** `user`. */
export const user: Field = (value, draft, what) => {
  const text = filled(value)?.text ?? '';
  const [name, group] = text.split(':');
  const uid = name === 'root' ? 0 : idOf(name);
  const gid = group === 'root' ? 0 : idOf(group);
  if (uid === null) draft.notes.add('user-name', `${what} ${text}`);
  else {
    draft.containerSecurity['runAsUser'] = uid;
    if (uid !== 0) draft.containerSecurity['runAsNonRoot'] = true;
  }
  if (gid !== null) draft.containerSecurity['runAsGroup'] = gid;
  else if (group !== undefined) draft.notes.add('group-name', `${what} ${text}`);
};

/** `group_add`. */
export const groups: Field = (value, draft, what) => {
  const ids: number[] = [];
  for (const { text } of textsOf(value)) {
    const id = idOf(text);
    if (id === null) draft.notes.add('group-name', `${what} ${text}`);
    else ids.push(id);
  }
  if (ids.length > 0) draft.podSecurity['supplementalGroups'] = ids;
};

/** `cap_add`, `cap_drop`. */
export const capabilities =
  (list: 'add' | 'drop'): Field =>
  (value, draft) => {
    const names = [...new Set(textsOf(value).map(({ text }) => normalizeCapability(text)))];
    if (names.length === 0) return;
    const known = (draft.containerSecurity['capabilities'] ?? {}) as Record<string, string[]>;
    draft.containerSecurity['capabilities'] = { ...known, [list]: names };
  };

/** A boolean of the container's security context. */
export const securityFlag =
  (field: string): Field =>
  (value, draft, what) => {
    const known = filled(value);
    if (known?.variables.length) draft.notes.add('fill', what, { name: known.text });
    else if (known) draft.containerSecurity[field] = known.text === 'true';
  };

/** `security_opt`. */
export const securityOptions: Field = (value, draft, what) => {
  for (const option of textsOf(value)) {
    const text = settled(draft, option, what);
    const { key, value: setting } = parseSecurityOption(text);
    const name = `${what} ${text}`;
    if (key === 'no-new-privileges') {
      // the API server refuses this beside what gives privileges anyway
      if (setting !== 'false') draft.containerSecurity['allowPrivilegeEscalation'] = false;
    } else if (key === 'seccomp') seccomp(draft, setting, name);
    else if (key === 'apparmor') {
      const type = setting === 'unconfined' ? 'Unconfined' : setting === 'docker-default' ? 'RuntimeDefault' : 'Localhost';
      draft.containerSecurity['appArmorProfile'] = { type, ...(type === 'Localhost' && { localhostProfile: setting }) };
    } else if (key === 'label' && /^(?:user|role|type|level)[:=]/.test(setting)) {
      const at = setting.search(/[:=]/);
      const known = (draft.containerSecurity['seLinuxOptions'] ?? {}) as Record<string, string>;
      draft.containerSecurity['seLinuxOptions'] = { ...known, [setting.slice(0, at)]: setting.slice(at + 1) };
    } else draft.notes.add('security-option', name);
  }
};

function seccomp(draft: PodDraft, setting: string, name: string): void {
  if (setting === 'unconfined') draft.containerSecurity['seccompProfile'] = { type: 'Unconfined' };
  else if (setting === 'builtin') draft.containerSecurity['seccompProfile'] = { type: 'RuntimeDefault' };
  else {
    const profile = setting.slice(setting.lastIndexOf('/') + 1);
    draft.containerSecurity['seccompProfile'] = { type: 'Localhost', localhostProfile: `profiles/${profile}` };
    draft.notes.add('seccomp-file', name);
  }
}

/** A namespace that is the host's; others have no counterpart. */
export const hostNamespace =
  (field: 'hostPID' | 'hostIPC' | null): Field =>
  (value, draft, what) => {
    const mode = filled(value)?.text ?? '';
    if (mode === 'host' && field !== null) draft.pod[field] = true;
    // what an engine does anyway, and a pod too
    else if (!['', 'private', 'host'].includes(mode) || (mode === 'host' && field === null)) draft.notes.add('no-field', `${what} ${mode}`);
  };

/** `network_mode`. */
export const networkMode: Field = (value, draft, what) => {
  const mode = filled(value)?.text ?? '';
  if (mode === 'host') draft.pod['hostNetwork'] = true;
  else if (mode !== 'bridge' && mode !== 'default') draft.notes.add('network', `${what} ${mode}`);
};

/** `sysctls`. */
export const sysctls: Field = (value, draft, what) => {
  const all = pairsOf(value).flatMap(([name, text]) => (text ? [{ name, value: settled(draft, text, `${what} ${name}`) }] : []));
  if (all.length > 0) draft.podSecurity['sysctls'] = all;
};

/** Whether a container has so much power that the API server takes no `allowPrivilegeEscalation: false` beside it. */
export function mayEscalate({ containerSecurity }: PodDraft): boolean {
  const { add = [] } = (containerSecurity['capabilities'] ?? {}) as { readonly add?: readonly string[] };
  return containerSecurity['privileged'] === true || add.includes('SYS_ADMIN');
}

/** Whether a value says so. */
export function isTrue(value: Value): boolean {
  return filled(value)?.text === 'true';
}
