import { short } from '../../base/limits/short';
import { isHostPath, mountFields, parseVolume, propagationWords } from '../../rule/container/mounts';
import { parseGoBoolean, parseTmpfs } from '../../rule/container/values';
import type { Carrying, Given } from './given';
import { type Draft, emptyMap, listIn, mapIn, type ServiceDraft } from './service';
import { workingFolderLength } from './template';

/** Words of the short syntax that Compose reads; the others it passes over. */
const shortOptions: ReadonlySet<string> = new Set(['ro', 'rw', 'z', 'Z', 'nocopy', ...propagationWords]);

/** A path of the host as a template: where somebody stands is the folder of the project. */
function hostTemplate(given: Given, from: number, to: number): string {
  const shown = given.shown.slice(from, to);
  const folder = workingFolderLength(shown);
  return folder === 0 ? given.part(from, to) : `.${given.part(from + folder, to)}`;
}

/** Declares a named volume under the name that the engine knows it by, which Compose would put the project's in front of. */
function declare({ project }: Carrying, name: string): ServiceDraft | null {
  if (!/^[A-Za-z0-9][\w.-]{0,200}$/.test(name)) return null;
  project.volumes[name] ??= { name };
  return project.volumes[name] as ServiceDraft;
}

/** `--volume`. */
export function carryVolume(given: Given, to: Carrying): void {
  const { shown } = given;
  const { kind, source, options, sourceEnd, optionsStart } = parseVolume(shown);
  const targetEnd = optionsStart === shown.length ? shown.length : optionsStart - 1;
  const kept = options.filter(option => shortOptions.has(option));
  for (const option of options) if (!shortOptions.has(option)) to.notes.add('mount-option', given.what, { option });
  const tail = kept.length === 0 ? '' : `:${kept.join(',')}`;
  if (kind === 'anonymous') {
    listIn(to.service, 'volumes').push(kept.length === 0 ? given.part(0, targetEnd) : long('volume', given.part(0, targetEnd), kept));
    return;
  }
  const target = given.part(sourceEnd + 1, targetEnd);
  const path = hostTemplate(given, 0, sourceEnd);
  if (kind === 'volume' && source !== null && declare(to, source) === null) to.notes.add('invalid', given.what);
  listIn(to.service, 'volumes').push(`${path}:${target}${tail}`);
}

/** The long form of a mount without a source. */
function long(type: string, target: string, options: readonly string[]): Draft {
  const readOnly = options.includes('ro');
  return { type, target, ...(readOnly && { read_only: true }), ...(options.includes('nocopy') && { volume: { nocopy: true } }) };
}

/** Options of a tmpfs that Podman alone takes. */
const ofPodman = /^(?:U(?:=.*)?|(?:no)?tmpcopyup|noswap)$/;

/** `--tmpfs`. What Podman gives to the user of the container, everybody may write to. */
export function carryTmpfs(given: Given, { service, notes }: Carrying): void {
  const { target, options } = parseTmpfs(given.value ?? '');
  const foreign = options.filter(option => ofPodman.test(option));
  if (foreign.length === 0) return void listIn(service, 'tmpfs').push(given.template);
  const rest = options.filter(option => !foreign.includes(option) && !option.startsWith('mode='));
  const mode = foreign.some(option => option.startsWith('U')) ? ['mode=1777'] : options.filter(option => option.startsWith('mode='));
  for (const option of foreign) if (!option.startsWith('U')) notes.add('mount-option', given.what, { option });
  listIn(service, 'tmpfs').push([target, [...rest, ...mode].join(',')].filter(part => part !== '').join(':'));
}

/**
 * Takes out what is mounted over: a path is mounted once, as the last `--tmpfs` of it says. The engine passes over a volume or folder of the same
 * path (setupMounts in daemon/volumes_unix.go of moby); the loader of Compose refuses both together.
 */
export function onceMounted({ service, notes }: Pick<Carrying, 'service' | 'notes'>): void {
  if (service['tmpfs'] === undefined) return;
  const byPath = new Map<string, Draft>();
  for (const mount of listIn(service, 'tmpfs')) {
    const path = typeof mount === 'string' ? mount.split(':', 1)[0]! : '';
    byPath.delete(path);
    byPath.set(path, mount);
  }
  service['tmpfs'] = [...byPath.values()];
  if (service['volumes'] === undefined) return;
  const kept = listIn(service, 'volumes').filter(mount => {
    const target = typeof mount === 'string' ? parseVolume(mount).target : (mount as ServiceDraft)['target'];
    if (typeof target !== 'string' || !byPath.has(target)) return true;
    notes.add('mounted-over', `--tmpfs ${short(target)}`, { target: short(target) });
    return false;
  });
  if (kept.length === 0) delete service['volumes'];
  else service['volumes'] = kept;
}

/** `--mount`. */
export function carryMount(given: Given, to: Carrying): void {
  const details = emptyMap();
  const mount = emptyMap();
  const fields = mountFields(given.shown);
  const type = fields.findLast(({ key }) => key === 'type')?.value ?? 'volume';
  mount['type'] = type;
  const options: { readonly key: string; readonly value: string }[] = [];
  let volume: ServiceDraft | null = null;
  // a bind mount of this form has to find its folder; the short form makes one
  if (type === 'bind') mapIn(details, 'bind')['create_host_path'] = false;
  for (const { key, value, valueStart, end } of fields) {
    const template = value === null ? 'true' : given.part(valueStart, end);
    const isOn = value === null || parseGoBoolean(value) === true;
    switch (key) {
      case 'type':
        break;
      case 'source':
      case 'src': {
        const written = value ?? '';
        mount['source'] = type === 'bind' ? hostTemplate(given, valueStart, end) : template;
        if (type === 'volume' && !/[$`]/.test(written) && !isHostPath(written)) volume = declare(to, written);
        break;
      }
      case 'target':
      case 'dst':
      case 'destination':
        mount['target'] = template;
        break;
      case 'readonly':
      case 'ro':
        if (isOn) mount['read_only'] = true;
        break;
      case 'consistency':
        mount['consistency'] = template;
        break;
      case 'bind-propagation':
      case 'bind-recursive':
      case 'volume-subpath':
      case 'image-subpath':
      case 'tmpfs-size': {
        const [of = '', member = ''] = key.split('-');
        mapIn(details, of)[member] = template;
        break;
      }
      case 'bind-create-src':
        mapIn(details, 'bind')['create_host_path'] = isOn;
        break;
      case 'volume-nocopy':
        if (isOn) mapIn(details, 'volume')['nocopy'] = true;
        break;
      case 'tmpfs-mode':
        mapIn(details, 'tmpfs')['mode'] = /^[0-7]{1,5}$/.test(template) ? parseInt(template, 8) : template;
        break;
      case 'volume-driver':
      case 'volume-opt':
      case 'volume-label':
        options.push({ key, value: template });
        break;
      default:
        to.notes.add('mount-option', given.what, { option: key });
    }
  }
  for (const { key, value } of options) {
    const [name = '', ...rest] = value.split('=');
    if (!volume) to.notes.add('mount-option', given.what, { option: key });
    else if (key === 'volume-driver') volume['driver'] = value;
    else mapIn(volume, key === 'volume-opt' ? 'driver_opts' : 'labels')[name] = rest.join('=');
  }
  listIn(to.service, 'volumes').push({ ...mount, ...details });
}
