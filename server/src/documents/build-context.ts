import { type BuildContext, contextSecrets, isIgnoreFile, kindOfName } from '../../../shared/src/index';
import { decideLater } from '../decisions/deciding';
import type { Documents } from './documents';
import { findBuildContext, type BuildHost } from '../decisions/find-build-context';
import type { WorkspaceFiles } from '../lsp/files';
import { baseName, joinUri, parentUri } from '../lsp/uri';
import { maxSideBytes } from '../decisions/limits';

/** A file that says how a document is checked, and that could not be read; the problem goes on from its name. */
export interface Unread {
  readonly name: string;
  readonly problem: string;
}

/** What is known of the folder that a document is built with. */
interface FoundContext {
  readonly context: BuildContext | null;
  readonly unread: readonly Unread[];
}

/**
 * Reads what rules may know of the folder that a document is built with; the editor's text of an ignore file counts before the file's.
 * @param base the folder that `path` is relative to
 * @returns `context` is `null` for manifests, and where files cannot be read: what is not found then says nothing
 */
export async function readBuildContext(
  uri: string,
  base: string | null,
  path: string,
  { documents, files }: { readonly documents: Documents; readonly files: WorkspaceFiles },
): Promise<FoundContext> {
  const unread: Unread[] = [];
  const top = base ?? parentUri(uri);
  if (top === null || kindOfName(baseName(uri)).kind === 'yaml' || !(await files.exists(uri))) return { context: null, unread };
  const host: BuildHost = {
    read: async name => {
      const place = joinUri(top, name);
      const open = documents.find(place)?.getText();
      const read = open === undefined ? await files.read(place, { root: top, maxBytes: maxSideBytes }) : { text: open };
      if (read.text === null && read.problem !== null) unread.push({ name, problem: read.problem });
      return read.text;
    },
    exist: names => Promise.all(names.map(name => files.exists(joinUri(top, name)))),
  };
  return { context: await decideLater(findBuildContext(path, host)), unread };
}

/** The files that the answer depends on, as a glob to be watched; folders of that name are not told of. */
export const buildGlob = `**/{*.dockerignore,.gitignore,${contextSecrets.join(',')}}`;

/** Whether a change of this file may change what is known of build contexts. */
export function concernsBuilds(uri: string): boolean {
  const name = baseName(uri);
  return isIgnoreFile(name) || contextSecrets.includes(name);
}
