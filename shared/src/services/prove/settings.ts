import { isTemporary } from '../../evidence/engine-start';
import { isWithinPath } from '../../knowledge/host-paths';
import type { TrialRight } from '../../knowledge/trials';
import { isRootUser } from './arguments';
import type { TrialFolder, TrialObservation, TrialSettings, TrialSubject } from './contract';
import { type Identity, identityOf, mayKeep, type OwnedPlace, placesOf, soleOwner } from './owned';
import type { Lack } from './read-failure';
import type { PathKind, WrittenFolders } from './reduce';

/** What a search goes by besides what it has seen. */
export interface SearchContext {
  readonly subject: TrialSubject;
  /** As the image has it; '' or `null`: root. */
  readonly imageUser: string | null;
  /** Where relative paths of its messages start. */
  readonly workdir: string;
  /** The user that harden would write, as `uid:gid`; `null`: it would write none. */
  readonly candidateUser: string | null;
  /** Folders that are known to be written to, whatever a trial of seconds sees. */
  readonly known: readonly TrialFolder[];
  /** Whose the files of the image are, as far as that was asked for; `null`: it is not known. */
  readonly places: readonly OwnedPlace[] | null;
  /** Folders that are volumes by the image's own word. */
  readonly imageVolumes: readonly string[];
  readonly maxStarts: number;
  /** Whether the time is over: what was found so far is all there is. */
  readonly isOver: boolean;
}

/** The capabilities that Docker and containerd give to a container; no trial keeps another one. */
export const defaultCapabilities: readonly string[] =
  'CHOWN DAC_OVERRIDE FOWNER SETGID SETUID NET_BIND_SERVICE FSETID KILL SETPCAP SETFCAP NET_RAW SYS_CHROOT MKNOD AUDIT_WRITE'.split(' ');

/** Restrictions in the order in which a search puts them on: the ones first that few services mind. */
export const rights: readonly TrialRight[] = ['escalation', 'pids', 'files', 'capabilities', 'user'];

const leastPids = 64;

/** What the file says by itself: no restriction on top of it. */
export function asWritten({ subject: { container } }: Pick<SearchContext, 'subject'>): TrialSettings {
  const { readOnly, noNewPrivileges, init } = container;
  return { user: null, readOnly, folders: [], capabilities: null, noNewPrivileges, pids: null, init: init ?? false, lowPorts: true };
}

/** The user that it steps down to by itself, as its processes show: the only one that is not root. */
function stepsDownTo({ processes }: TrialObservation): string | null {
  const others = new Map(processes.filter(({ uid }) => uid !== 0).map(({ uid, gid }) => [uid, gid ?? uid]));
  const [only] = others;
  return only && others.size === 1 ? `${only[0]}:${only[1]}` : null;
}

/** Whether it listens on a port that a kernel keeps for root. */
export const listensLow = ({ sockets }: TrialObservation): boolean =>
  sockets.some(socket => Number(/^(?:tcp|udp) (?:\S*:)?(\d+)$/.exec(socket)?.[1] ?? 1024) < 1024);

/** Whether it matters whose the files of its image are: it is another user than root by itself, or writes what has to be kept. */
export const asksPlaces = (
  { observed, written }: { readonly observed: TrialObservation; readonly written: WrittenFolders },
  known: readonly TrialFolder[],
): boolean => identityOf(observed) !== null || [...written.folders, ...known].some(({ path }) => !isTemporary(path));

/** Everything that harden would write, at once. */
export function strictest(context: SearchContext, baseline: TrialObservation, written: WrittenFolders): TrialSettings {
  const { container, platform } = context.subject;
  const user = isRootUser(container.user ?? context.imageUser) ? otherUser(context, baseline, written) : null;
  const who = whoRuns(user, context, baseline);
  const isMounted = ({ path }: TrialFolder): boolean => container.mounts.some(mount => isWithinPath(path, mount.path));
  const known = mergeFolders(context.known, ownFolders(context, baseline)).filter(
    folder => !isMounted(folder) && givable(folder, who, context),
  );
  const isOther = user !== null || !isRootUser(container.user ?? context.imageUser);
  return {
    user,
    readOnly: true,
    // what is edited in place is left out at first: many programs work without
    folders: mergeFolders(known, written.folders.filter(({ edited }) => !edited).map(plainFolder)),
    capabilities: [],
    noNewPrivileges: true,
    pids: Math.max(leastPids, 4 * (baseline.threads ?? baseline.processes.length)),
    init: platform === 'engine' && (container.init === true || baseline.stop?.wasKilled === true),
    lowPorts: isOther && listensLow(baseline),
  };
}

/** The user that it steps down to, or that has the folders that it writes to, or that harden would write. */
const otherUser = ({ candidateUser, places }: SearchContext, baseline: TrialObservation, { folders }: WrittenFolders): string | null =>
  stepsDownTo(baseline) ??
  soleOwner(
    places,
    folders.map(({ path }) => path),
  ) ??
  candidateUser;

/** Ids as they are written; of a name, those of no user. */
function idsOf(user: string): Identity {
  const [, uid = '-1', gid = uid] = /^(\d+)(?::(\d+))?$/.exec(user) ?? [];
  return { uid: Number(uid), gid: Number(gid), groups: [] };
}

/** As whom it runs with settings; `null`: as root. */
function whoRuns(user: string | null, { subject: { container }, imageUser }: SearchContext, baseline: TrialObservation): Identity | null {
  if (user !== null) return idsOf(user);
  const written = container.user ?? imageUser;
  return isRootUser(written) ? null : (identityOf(baseline) ?? idsOf(written!));
}

/** Folders without files that belong to its user, where that is none of root's from the start: it can write to nothing else later, so that all of them are given. */
function ownFolders({ places }: SearchContext, baseline: TrialObservation): readonly TrialFolder[] {
  const who = identityOf(baseline);
  if (who === null || places === null) return [];
  return placesOf(places, who).flatMap(({ path, isFolder, isFilled }) =>
    isFolder && !isFilled ? [{ path, kind: 'memory', learned: 'owned' }] : [],
  );
}

/** Whether it writes to nothing but what it has, later either: it ran to its end, or all of it is one user other than root, who may write to no other file of the image. */
export function isBounded(
  { folders, readOnly }: TrialSettings,
  { places, subject, imageVolumes }: SearchContext,
  baseline: TrialObservation,
): boolean {
  if (baseline.outcome === 'ended') return true;
  const who = identityOf(baseline);
  if (who === null || places === null || !readOnly) return false;
  const given = [...[...subject.container.mounts, ...folders].map(({ path }) => path), ...imageVolumes];
  return placesOf(places, who).every(({ path }) => given.some(folder => isWithinPath(real(path), real(folder))));
}

/** What is known to be written to, as far as a start can give it: its user may write there, and no file of the image is hidden. */
function givable({ path, kind }: TrialFolder, who: Identity | null, { places, subject: { platform } }: SearchContext): boolean {
  if (platform === 'pod' || isTemporary(path)) return kind === 'memory';
  return mayKeep(places, path, who);
}

/** What has to be kept becomes a volume, where its user may write to a new one. */
export function keeping(settings: TrialSettings, context: SearchContext, baseline: TrialObservation): TrialSettings {
  if (context.subject.platform === 'pod') return settings;
  const who = whoRuns(settings.user, context, baseline);
  const keeps = ({ path, kind }: TrialFolder): boolean => kind === 'memory' && !isTemporary(path) && mayKeep(context.places, path, who);
  return { ...settings, folders: settings.folders.map(folder => (keeps(folder) ? { ...folder, kind: 'volume' } : folder)) };
}

const plainFolder = ({ path, kind, learned }: TrialFolder): TrialFolder => ({ path, kind, learned });

/** `/var/run` and `/var/lock` are links in every image that has them (FHS 3.0, 5.13). */
const real = (path: string): string => path.replace(/^\/var\/run(?=\/|$)/, '/run').replace(/^\/var\/lock(?=\/|$)/, '/run/lock');

/** Folders of two sources, each once, without those inside another one. The first source wins. */
function mergeFolders(first: readonly TrialFolder[], more: readonly TrialFolder[]): readonly TrialFolder[] {
  const isIn = (path: string, folder: string): boolean => `${real(path)}/`.startsWith(`${real(folder)}/`);
  const added = more.filter(({ path }) => !first.some(folder => isIn(path, folder.path)));
  const kept = first.filter(({ path }) => !added.some(folder => isIn(path, folder.path)));
  return [...kept, ...added].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Folders whose files are gone when it is stopped, and would stay as the file has it; an emptyDir stays as long as a pod, longer than its containers. */
export const keptInMemory = ({ folders }: TrialSettings, { platform }: TrialSubject): readonly string[] =>
  platform === 'pod' ? [] : folders.flatMap(({ path, kind }) => (kind === 'memory' && !isTemporary(path) ? [path] : []));

/** A restriction taken off: as the file has it. */
export function without(settings: TrialSettings, right: TrialRight, context: SearchContext): TrialSettings {
  const written = asWritten(context);
  if (right === 'files') return { ...settings, readOnly: written.readOnly, folders: written.readOnly ? settings.folders : [] };
  if (right === 'capabilities') return { ...settings, capabilities: null };
  if (right === 'escalation') return { ...settings, noNewPrivileges: written.noNewPrivileges };
  if (right === 'pids') return { ...settings, pids: null };
  return {
    ...settings,
    user: null,
    lowPorts: isRootUser(context.subject.container.user ?? context.imageUser) ? false : settings.lowPorts === true,
  };
}

/** A restriction put on, as `strict` has it. */
export function withRight(settings: TrialSettings, right: TrialRight, strict: TrialSettings): TrialSettings {
  if (right === 'files') return { ...settings, readOnly: strict.readOnly, folders: strict.folders };
  if (right === 'capabilities') return { ...settings, capabilities: strict.capabilities };
  if (right === 'escalation') return { ...settings, noNewPrivileges: strict.noNewPrivileges };
  if (right === 'pids') return { ...settings, pids: strict.pids };
  // of who is not root, capabilities are of no use
  return {
    ...settings,
    user: strict.user,
    lowPorts: strict.lowPorts === true,
    capabilities: strict.user === null ? settings.capabilities : strict.capabilities,
  };
}

/** Whether a restriction is on: whether it takes away more than the file does. */
export function isOn(settings: TrialSettings, right: TrialRight, context: SearchContext): boolean {
  const written = asWritten(context);
  if (right === 'files') return settings.readOnly && !written.readOnly;
  if (right === 'capabilities') return settings.capabilities !== null;
  if (right === 'escalation') return settings.noNewPrivileges && !written.noNewPrivileges;
  if (right === 'pids') return settings.pids !== null;
  return settings.user !== null;
}

/** The capabilities that a trial of this service may keep. */
export const usableCapabilities = ({ subject: { container } }: SearchContext): readonly string[] =>
  container.capabilities ?? defaultCapabilities;

/** Settings that have what a log says they lack. The same object where that changes nothing. */
export function relax(
  settings: TrialSettings,
  lacks: readonly Lack[],
  context: SearchContext,
  written: WrittenFolders,
  kinds: ReadonlyMap<string, PathKind>,
): TrialSettings {
  let relaxed = settings;
  for (const lack of lacks) {
    if (lack.kind === 'folder') relaxed = withFolder(relaxed, lack, written, kinds);
    else if (lack.kind === 'capabilities') relaxed = withCapabilities(relaxed, lack.names, context);
    else if (lack.kind === 'low-ports') relaxed = openLowPorts(relaxed, context);
    else relaxed = isOn(relaxed, lack.kind, context) ? without(relaxed, lack.kind, context) : relaxed;
  }
  return relaxed;
}

function withFolder(
  settings: TrialSettings,
  { path, isFolder }: Extract<Lack, { kind: 'folder' }>,
  written: WrittenFolders,
  kinds: ReadonlyMap<string, PathKind>,
): TrialSettings {
  const isIn = (folder: string): boolean => path === folder || path.startsWith(`${folder}/`);
  if (settings.folders.some(folder => isIn(folder.path))) return settings;
  const seen = written.folders.find(folder => isIn(folder.path));
  // what root edits of the image belongs to root in a volume, too
  if (seen?.edited && settings.user !== null) return settings;
  const parent = path.slice(0, path.lastIndexOf('/')) || '/';
  // a folder that it makes beside files of the image
  const hidesNothing = ['empty', 'folders'].includes(kinds.get(parent) ?? 'filled');
  const isNew = isFolder && !kinds.has(path) && !hidesNothing;
  const place = isNew ? path : parent;
  if (!seen && place === '/') return settings;
  const kind = isNew || hidesNothing ? 'memory' : 'volume';
  const folder: TrialFolder = seen ? plainFolder(seen) : { path: place, kind, learned: 'log' };
  return { ...settings, folders: mergeFolders(settings.folders, [folder]) };
}

function withCapabilities(settings: TrialSettings, names: readonly string[], context: SearchContext): TrialSettings {
  if (settings.capabilities === null) return settings;
  const more = names.filter(name => usableCapabilities(context).includes(name) && !settings.capabilities?.includes(name));
  return more.length === 0 ? settings : { ...settings, capabilities: [...settings.capabilities, ...more].sort() };
}

/** A low port needs the capability where root listens, and the sysctl where anybody else does. */
function openLowPorts(settings: TrialSettings, context: SearchContext): TrialSettings {
  if (settings.user !== null || !isRootUser(context.subject.container.user ?? context.imageUser))
    return settings.lowPorts ? settings : { ...settings, lowPorts: true };
  return withCapabilities(settings, ['NET_BIND_SERVICE'], context);
}
