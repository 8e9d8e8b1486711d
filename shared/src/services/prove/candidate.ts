import { isWithinPath } from '../../knowledge/host-paths';
import type { TrialPlace } from '../../knowledge/trials';
import type { SearchContext } from './settings';
import type { SubjectAnswer } from './subject/types';

/** What harden would write for what a trial is about: its user and folders once every fix is accepted. */
export interface Candidate {
  /** `uid:gid`; `null`: none. */
  readonly user: string | null;
  readonly folders: SearchContext['known'];
}

/** No better start than what a file says. */
export const noCandidate: Candidate = { user: null, folders: [] };

/** What the hardened text of a file has more than the text itself, and where what it is about is known to write. */
export function candidateOf(written: SubjectAnswer, hardened: SubjectAnswer, place: Pick<TrialPlace, 'writes'> | null): Candidate {
  if (!('container' in written) || !('container' in hardened)) return noCandidate;
  const had = new Set(written.container.mounts.map(({ path }) => path));
  const { user, mounts } = hardened.container;
  const added = mounts.filter(({ path }) => !had.has(path));
  const known = (place?.writes() ?? []).filter(({ path }) => !mounts.some(mount => isWithinPath(path, mount.path)));
  return {
    user: /^\d+$/.test(user ?? '') ? `${user}:${user}` : /^\d+:\d+$/.test(user ?? '') ? user : null,
    folders: [
      ...added.map(({ path, kind }) => ({ path, kind, learned: 'known' as const })),
      ...known.map(({ path, filled }) => ({ path, kind: filled ? ('volume' as const) : ('memory' as const), learned: 'known' as const })),
    ],
  };
}

/** The one place of a file that a name is of, or else its only one; `null`: there is none, or more than one. */
export function placeNamed(places: readonly TrialPlace[], name: string): TrialPlace | null {
  const alike = places.filter(place => isNamed(place, name));
  const [place, other] = alike.length > 0 ? alike : places;
  return other ? null : (place ?? null);
}

/** Whether a name that a person gives, or the reader of a family, is that of a place. */
export const isNamed = (place: Pick<TrialPlace, 'name'>, name: string): boolean => place.name === name || place.name.endsWith(`/${name}`);
