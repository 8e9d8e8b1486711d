import { isPrivateFolder } from './private-files';
import { createEntryStore } from './fact-cache';
import { userCacheFolder } from '../../../../../shared/host/node/cache-folder';
import { liesIn } from '../../../../../shared/host/node/folders';
import { type NamedTrial, printEvidence, readEvidence } from '../../../../../shared/src/index';

/** The trials that this user has made, by the absolute path of the file that they are of: in a folder of the user's own, which no repository can fill. */
export interface OwnTrials {
  of(path: string): readonly NamedTrial[];
  /** Gives whether they were kept. */
  set(path: string, trials: readonly NamedTrial[]): boolean;
}

/** Keeps nothing, where the folder of the user lies in one that anybody may have filled. */
const nothing: OwnTrials = { of: () => [], set: () => false };

/** Opens the trials of this user. Never throws. `guarded`: folders that anybody may have filled. */
export function openOwnTrials(guarded: readonly string[], env: NodeJS.ProcessEnv): OwnTrials {
  const folder = userCacheFolder('trials', env);
  if (guarded.some(one => liesIn(folder, one))) return nothing;
  const entries = createEntryStore(folder);
  const about = (path: string): unknown => ['trials', 1, path];
  let isThere: boolean | null = null;
  return {
    of: path => {
      // most have none at all
      if (!(isThere ??= isPrivateFolder(folder))) return [];
      const text = entries.read(about(path));
      return typeof text === 'string' ? readEvidence(text, 'own', () => undefined) : [];
    },
    set: (path, trials) => {
      entries.write(about(path), JSON.stringify(printEvidence(trials)));
      return (isThere = isPrivateFolder(folder));
    },
  };
}
