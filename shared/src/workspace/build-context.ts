import { folderOf, joinPath } from './paths';
import type { WorkspaceIndex } from './types';

/** What is known of the folder that a Dockerfile is built with. */
export interface BuildContext {
  /** The ignore file in force; `null`: there is none. */
  readonly ignore: { readonly path: string; readonly text: string } | null;
  /** The `.gitignore` at the top of the context; `null`: there is none. */
  readonly untracked: { readonly path: string; readonly text: string } | null;
  /** Those of `contextSecrets` that are there, as they are named, but for those that were read and hold none. */
  readonly secrets: readonly string[];
  /** Those that were read and hold no credential. */
  readonly open: readonly string[];
}

/**
 * The folders that a Dockerfile may be built with, the likeliest first: those that a build names, or its own and those above it in which nothing is
 * missing that it copies. None: the context is not known.
 * @param sources what it copies by name, relative to the context
 */
export function buildContexts(
  dockerfile: string,
  sources: readonly string[],
  index: Pick<WorkspaceIndex, 'contextsOf' | 'isAbsent'>,
): readonly string[] {
  const composed = index.contextsOf(dockerfile, 'compose');
  if (composed.length > 0) return composed;
  const own = folderOf(dockerfile);
  const possible = [...new Set([own, folderOf(own), ''])].filter(folder =>
    sources.every(source => {
      const path = joinPath(folder, source);
      return path !== null && !index.isAbsent(path);
    }),
  );
  // where one folder alone has everything, nobody has to read all that may build something
  const named = possible.length === 1 ? [] : index.contextsOf(dockerfile, 'any');
  return named.length > 0 ? named : possible;
}

/**
 * Whether a Dockerfile is surely built with another folder than this one: builds name others, or what it copies by name is missing here, and is in the folder
 * of the Dockerfile.
 */
export function isOtherContext(
  dockerfile: string,
  folder: string,
  sources: readonly string[],
  index: Pick<WorkspaceIndex, 'contextsOf' | 'isAbsent'>,
): boolean {
  const named = index.contextsOf(dockerfile, 'any');
  if (named.length > 0) return !named.includes(folder);
  const isIn = (place: string, source: string): boolean => !index.isAbsent(joinPath(place, source) ?? '..');
  return sources.some(source => !isIn(folder, source) && isIn(folderOf(dockerfile), source));
}

/** Names at the top of a build context that hold credentials, some only if their text says so, or the history in which they were. */
export const contextSecrets: readonly string[] = (
  '.git .env .env.local .env.production .npmrc .yarnrc.yml .pypirc .netrc .git-credentials .aws .ssh .kube .docker id_rsa id_ed25519 ' +
  'credentials.json service-account.json kubeconfig terraform.tfstate pip.conf settings.xml'
).split(' ');

/**
 * Where the ignore file of a Dockerfile may be, the first that is there counts. BuildKit looks for one of the Dockerfile's own name beside it, then in
 * the context; the context is taken to be the Dockerfile's folder, or the top of the workspace where that folder has none.
 * @param path of the Dockerfile, relative to the workspace, with `/`
 */
export function ignoreFilePaths(path: string): readonly string[] {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  return [...new Set([`${path}.dockerignore`, `${folder}.dockerignore`, '.dockerignore'])];
}

/**
 * The folder that a Dockerfile is taken to be built with, given the ignore file in force: that file's own, or the Dockerfile's.
 * @returns `''` for the top of the workspace, else with a slash at its end
 */
export function contextFolder(path: string, ignore: BuildContext['ignore']): string {
  const place = ignore !== null && /(?:^|\/)\.dockerignore$/.test(ignore.path) ? ignore.path : path;
  return place.slice(0, place.lastIndexOf('/') + 1);
}

/** Whether a name is that of an ignore file, so that a change of it concerns Dockerfiles. */
export function isIgnoreFile(path: string): boolean {
  return path.endsWith('.dockerignore') || /(?:^|\/)\.gitignore$/.test(path);
}
