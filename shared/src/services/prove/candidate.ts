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

/** What the hardened text of a file has more than the text itself. */
export function candidateOf(written: SubjectAnswer, hardened: SubjectAnswer): Candidate {
  if (!('container' in written) || !('container' in hardened)) return noCandidate;
  const had = new Set(written.container.mounts.map(({ path }) => path));
  const { user, mounts } = hardened.container;
  return {
    user: /^\d+$/.test(user ?? '') ? `${user}:${user}` : /^\d+:\d+$/.test(user ?? '') ? user : null,
    folders: mounts.filter(({ path }) => !had.has(path)).map(({ path, kind }) => ({ path, kind, learned: 'known' as const })),
  };
}

/** Whether a name that a person gives, or the reader of a family, is that of a place. */
export const isNamed = (place: Pick<TrialPlace, 'name'>, name: string): boolean => place.name === name || place.name.endsWith(`/${name}`);
