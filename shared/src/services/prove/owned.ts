import { resolvePath } from '../../base/text/path';
import { isWithinPath } from '../../knowledge/host-paths';
import type { TrialObservation } from './contract';

// Whose the files of an image are: what its user can ever write to, whatever a trial of seconds has seen.

/** An entry of an image as an archive has it. */
export interface ImageEntry {
  /** As archives have it: `./data/`, `data`; of a place absolute, without a slash at the end. */
  readonly path: string;
  readonly isFolder: boolean;
  readonly uid: number;
  readonly gid: number;
  /** The bits that `chmod` sets. */
  readonly mode: number;
}

/** A folder that others than root may write to, or that is in one; a file among those of somebody else. */
export interface OwnedPlace extends ImageEntry {
  /** Whether there are files in it, but for those with a dot in front that every new user has. */
  readonly isFilled: boolean;
}

/** As whom something runs. */
export interface Identity {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

/** More places are not kept: then it is not known. */
const mostPlaces = 20_000;

/** What no image has of its own. */
const ofKernel = /^\/(?:dev|proc|sys)(?:\/|$)/;

/** Places of everybody, for which programs that use them take `/tmp` as well, and what an engine writes itself. */
const ofEverybody = /^\/(?:tmp|var\/tmp|run\/lock|var\/lock|etc\/(?:hosts|hostname|resolv\.conf|mtab))$/;

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));

/** Collects the places of an image from its entries, folders before what is in them. */
export function collectPlaces(): { readonly add: (entry: ImageEntry) => void; readonly places: () => readonly OwnedPlace[] | null } {
  const found = new Map<string, ImageEntry & { isFilled: boolean }>();
  const add = (entry: ImageEntry): void => {
    const { isFolder, uid, gid, mode } = entry;
    const path = resolvePath(`/${entry.path}`);
    if (ofKernel.test(path) || found.size > mostPlaces) return;
    let nearest: ImageEntry | null = null;
    for (let at = parentOf(path); at !== ''; at = parentOf(at)) {
      const place = found.get(at);
      if (!place) continue;
      nearest ??= place;
      if (!isFolder && !(parentOf(path) === at && /\/\.[^/]*$/.test(path))) place.isFilled = true;
    }
    const isOpen = uid !== 0 || (gid !== 0 && (mode & 0o020) !== 0) || (mode & 0o002) !== 0;
    const isTheirs = nearest !== null && nearest.uid === uid && nearest.gid === gid;
    // a folder of root in one of somebody else is none of theirs
    if (isFolder ? isOpen || nearest !== null : isOpen && !isTheirs) found.set(path, { ...entry, path, isFilled: !isFolder });
  };
  return { add, places: () => (found.size > mostPlaces ? null : [...found.values()]) };
}

/** Whether somebody may write to a place. */
export function mayWrite({ uid, gid, mode }: Pick<ImageEntry, 'uid' | 'gid' | 'mode'>, who: Identity): boolean {
  if (who.uid === uid) return (mode & 0o200) !== 0;
  return (mode & (who.gid === gid || who.groups.includes(gid) ? 0o020 : 0o002)) !== 0;
}

/** The one that all processes of a start are, where that is not root; `null`: root, or several. */
export function identityOf({ processes }: Pick<TrialObservation, 'processes'>): Identity | null {
  const [first, ...others] = processes;
  if (!first || first.uid === 0 || others.some(({ uid }) => uid !== first.uid)) return null;
  return { uid: first.uid, gid: first.gid ?? first.uid, groups: first.groups ?? [] };
}

/** The places that somebody may write to, without those inside another one of them. */
export function placesOf(places: readonly OwnedPlace[], who: Identity): readonly OwnedPlace[] {
  const open = places.filter(place => !ofEverybody.test(place.path) && mayWrite(place, who));
  return open.filter(({ path }) => !open.some(other => other.isFolder && other.path !== path && isWithinPath(path, other.path)));
}

/** Whether a new volume at a folder is one that somebody may write to: it takes over whose the folder of the image is, and is root's where there is none. */
export function mayKeep(places: readonly OwnedPlace[] | null, folder: string, who: Identity | null): boolean {
  if (who === null) return true;
  const place = places?.find(({ path, isFolder }) => isFolder && path === folder);
  return place !== undefined && mayWrite(place, who);
}

/** The one user other than root, and than those of the group of root, to whom folders of an image belong; `null`: there is none, or several. */
export function soleOwner(places: readonly OwnedPlace[] | null, folders: readonly string[]): string | null {
  const theirs = (places ?? []).filter(({ path, isFolder, uid, gid }) => isFolder && uid !== 0 && gid !== 0 && folders.includes(path));
  const users = new Set(theirs.map(({ uid, gid }) => `${uid}:${gid}`));
  return users.size === 1 ? [...users][0]! : null;
}
