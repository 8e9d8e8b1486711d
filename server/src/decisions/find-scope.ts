import { ask, type Answer, type Deciding } from './deciding';

// What is in force for a file, decided once for editors and the command line: which repository it is in, which configuration holds, what paths are relative to.

/** What is asked of a tree of folders. A place is a folder as the host names it: a path, or a URI. */
export interface TreeHost {
  /** The folder around a place; `null` at the root. */
  readonly parentOf: (place: string) => string | null;
  /** Whether a folder is the top of a working tree: it holds `.git`. */
  readonly isRepository: (folder: string) => Answer<boolean>;
}

/** What is asked in search of a configuration. */
export interface ScopeHost<C> extends Pick<TreeHost, 'parentOf'> {
  /** Whether a place lies in a folder, or is it. */
  readonly isIn: (folder: string, place: string) => boolean;
  /** The configuration that stands in a folder, one that cannot be read among them; `null`: none. No link leads to one outside of `root`. */
  readonly configIn: (folder: string, root: string | null) => Answer<C | null>;
  /** The user's home: like at the root of a disk, a file left there speaks for no project. */
  readonly home: string | null;
}

/** A configuration that the user named. */
export interface ChosenConfig<C> {
  /** `null`: there is none of that name. */
  readonly config: Answer<C | null>;
  /** What it speaks for, wherever it stands. */
  readonly baseIn: (repository: string | null) => string | null;
}

/** What was decided for the files of a folder. */
export interface FoundScope<C> {
  readonly config: C | null;
  /** What paths are relative to and the workspace index covers: the folder of the configuration, else the repository, else the workspace folder. */
  readonly base: string | null;
}

/** Deeper folders than this are a loop or a joke. */
const maxDepth = 64;

/** A folder and those around it, innermost first. */
function* upward(start: string, { parentOf }: Pick<TreeHost, 'parentOf'>): Generator<string> {
  let folder: string | null = start;
  for (let depth = 0; folder !== null && depth < maxDepth; depth++) {
    yield folder;
    folder = parentOf(folder);
  }
}

/** The repository that a folder is in. */
export function* findRepository(start: string, host: TreeHost): Deciding<string | null> {
  for (const folder of upward(start, host)) if (yield* ask(host.isRepository(folder))) return folder;
  return null;
}

/**
 * Finds out what holds for the files of a folder: the nearest configuration, as far as the top of the repository, or of the workspace folder if that is the inner one.
 * Outside of a repository neither the user's home nor the root of the disk counts on the way.
 * @param start the files' own folder
 * @param repository the one that they are in, as `findRepository` says
 * @param workspace the folder that the user has opened; `null` on the command line, and for single files
 */
export function* findScope<C>(
  start: string,
  repository: string | null,
  workspace: string | null,
  chosen: ChosenConfig<C> | null,
  host: ScopeHost<C>,
): Deciding<FoundScope<C>> {
  if (chosen) {
    const config = yield* ask(chosen.config);
    return { config, base: (config && chosen.baseIn(repository)) ?? repository ?? workspace };
  }
  const isInner = repository !== null && (workspace === null || host.isIn(workspace, repository));
  const limit = isInner ? repository : workspace;
  for (const folder of upward(start, host)) {
    const outer = host.parentOf(folder);
    const isLast = limit !== null && (outer === null || !host.isIn(limit, outer));
    const counts = isInner || isLast || folder === start || (folder !== host.home && outer !== null);
    const config = counts ? yield* ask(host.configIn(folder, limit)) : null;
    if (config) return { config, base: folder };
    if (isLast) break;
  }
  return { config: null, base: repository ?? workspace };
}
