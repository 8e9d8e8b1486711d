import { parseBytes, parseTmpfs } from '../../../rule/container/values';
import { splitMount } from '../../../families/compose/model/mounts';
import { isHostPath } from '../../../rule/container/mounts';
import { rawText } from '../../../families/compose/model/items';
import { entriesOfValue, itemsOfValue, memberAt, type Value } from '../../../families/compose/model/value';
import { findDangerousPath, findRuntimeSocket, isWithinPath, normalizeHostPath } from '../../../knowledge/host-paths';
import { shellWord } from '../quote';
import { dnsName, type Field, type Members, type PodDraft, volumeName } from './draft';
import { fillTemplate, filledAt, textsOf } from './filled';
import { quantity } from './resources';

/** What a claim asks for where nobody said a size, since the API server wants one. */
const claimSize = '1Gi';

interface Mount {
  readonly type: string;
  readonly source: string | null;
  readonly target: string;
  readonly readOnly: boolean;
  readonly subPath: string | null;
  readonly size: string | null;
}

/** `volumes`. */
export const volumes: Field = (value, draft, what) => {
  for (const item of itemsOfValue(value)) {
    const mount = readMount(item);
    if (!mount) draft.notes.add('no-field', what);
    else if (mount.target !== '') addMount(mount, draft, `${what} ${mount.source === null ? '' : `${mount.source}:`}${mount.target}`);
  }
};

function readMount(item: Value): Mount | null {
  if (item.kind === 'map') {
    const text = (...names: string[]): string | null => filledAt(item, ...names)?.text ?? null;
    return {
      type: text('type') ?? 'volume',
      source: text('source'),
      target: text('target') ?? '',
      readOnly: text('read_only') === 'true',
      subPath: text('volume', 'subpath'),
      size: text('tmpfs', 'size'),
    };
  }
  // the short form with a variable in it
  const parts = splitMount(rawText(item));
  if (!parts) return null;
  const source = parts.source ? fillTemplate(parts.source.text).text : null;
  return {
    type: source !== null && (isHostPath(source) || source.startsWith('${')) ? 'bind' : 'volume',
    source,
    target: fillTemplate(parts.target.text).text,
    readOnly: parts.options?.text.split(',').includes('ro') ?? false,
    subPath: null,
    size: null,
  };
}

function addMount(mount: Mount, draft: PodDraft, what: string): void {
  switch (mount.type) {
    case 'volume':
      return mount.source === null ? addEmpty(mount, draft, what) : addClaim(mount, draft, what, mount.source);
    case 'bind':
      return addBind(mount, draft, what);
    case 'tmpfs':
      return addMemory(draft, mount.target, mount.size);
    default:
      return draft.notes.add('mount-kind', what);
  }
}

/** Makes a volume of the pod, and mounts it. */
function addVolume(draft: PodDraft, wanted: string, source: Members, mount: Partial<Mount> & Pick<Mount, 'target'>): string {
  const name = volumeName(draft, wanted);
  draft.volumes.push({ name, ...source });
  mountVolume(draft, name, mount);
  return name;
}

function mountVolume({ mounts }: PodDraft, name: string, { target, readOnly, subPath }: Partial<Mount> & Pick<Mount, 'target'>): void {
  mounts.push({ name, mountPath: target, ...(subPath != null && { subPath }), ...(readOnly === true && { readOnly }) });
}

function addEmpty(mount: Mount, draft: PodDraft, what: string): void {
  addVolume(draft, mount.target, { emptyDir: {} }, mount);
  draft.notes.add('anonymous-volume', what);
}

function addClaim(mount: Mount, draft: PodDraft, what: string, source: string): void {
  const name = dnsName(source, 'data');
  if (!draft.claims.has(name)) {
    draft.claims.set(name, { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: claimSize } } });
    draft.notes.add('claim', `PersistentVolumeClaim ${name}`, { size: claimSize });
    if (usersOf(draft, source) > 1) draft.notes.add('shared-data', what);
  }
  const known = draft.claimVolumes.get(name);
  if (known !== undefined) mountVolume(draft, known, mount);
  else draft.claimVolumes.set(name, addVolume(draft, name, { persistentVolumeClaim: { claimName: name } }, mount));
}

/** How many services of the project mount a volume. */
function usersOf({ project }: PodDraft, source: string): number {
  return entriesOfValue(memberAt(project, 'services')).filter(([, { value }]) =>
    itemsOfValue(memberAt(value, 'volumes')).some(item => filledAt(item, 'source')?.text === source),
  ).length;
}

/** Folders of a host that belong to its system: no pod has them from anywhere else. */
const ofTheSystem =
  '/bin /boot /dev /etc /lib /lib64 /proc /root /run /sbin /sys /usr/bin /usr/lib /usr/src /var/lib/docker /var/lib/kubelet /var/log'.split(
    ' ',
  );

function addBind(mount: Mount, draft: PodDraft, what: string): void {
  const { source, target, readOnly } = mount;
  const path = source?.startsWith('/') ? normalizeHostPath(source) : null;
  // a folder of the project is nobody's system, wherever it lies
  const isSystem =
    path !== null &&
    (path === '/' || ofTheSystem.some(folder => isWithinPath(path, folder)) || findRuntimeSocket(path) || findDangerousPath(path));
  if (source === null || isSystem) return draft.notes.add('host-path', what);
  const base =
    source
      .replace(/[/\\]{1,20}$/, '')
      .split(/[/\\]/)
      .at(-1) ?? '';
  const last = target.split('/').at(-1) ?? '';
  const name = dnsName(`${draft.name}-${/^[.~]{0,2}$|^\$/.test(base) ? last : base}`, 'files');
  if (!readOnly) {
    addClaim({ ...mount, subPath: null }, draft, what, name);
    return draft.notes.add('copied-data', what);
  }
  // one file has the name that the container knows it by; a folder is one file for each key
  const isFile = /\.[A-Za-z0-9]{1,10}$/.test(last) && /\.[A-Za-z0-9]{1,10}$/.test(base);
  const key = last.replace(/[^\w.-]{1,200}/g, '_');
  addVolume(draft, name, { configMap: { name } }, { ...mount, subPath: isFile ? key : null });
  draft.notes.add('config-files', what, { name, file: isFile ? `${key}=${shellWord(source)}` : shellWord(source) });
}

function addMemory(draft: PodDraft, target: string, size: string | null): void {
  const limit = size === null ? null : parseBytes(size);
  const sizeLimit = limit !== null && limit > 0 ? { sizeLimit: quantity(limit) } : {};
  addVolume(draft, target, { emptyDir: { medium: 'Memory', ...sizeLimit } }, { target });
}

/** `tmpfs`. */
export const tmpfs: Field = (value, draft, what) => {
  for (const { text } of textsOf(value)) {
    const { target, options } = parseTmpfs(text);
    const size = options.find(option => option.startsWith('size='))?.slice('size='.length) ?? null;
    if (options.some(option => !/^size=|^rw$|^exec$/.test(option))) draft.notes.add('tmpfs-options', `${what} ${text}`);
    addMemory(draft, target, size);
  }
};

/** `shm_size`. */
export const sharedMemory: Field = (value, draft) => addMemory(draft, '/dev/shm', filledAt(value)?.text ?? null);
