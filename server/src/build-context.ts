import { contextFolder, contextSecrets, ignoreFilePaths, isIgnoreFile, type BuildContext } from '../../shared/src/workspace/build-context';
import { kindOfName } from '../../shared/src/source/names';
import type { Documents } from './documents';
import type { WorkspaceFiles } from './lsp/files';
import { baseName, joinUri, parentUri } from './lsp/uri';
import { maxSideBytes } from './limits';

/**
 * Reads what rules may know of the folder that a document is built with; the editor's text of an ignore file counts before the file's.
 * @param base the folder that `path` is relative to
 * @returns `null` for manifests, and where files cannot be read: what is not found then says nothing
 */
export async function readBuildContext(
  uri: string,
  base: string | null,
  path: string,
  { documents, files }: { readonly documents: Documents; readonly files: WorkspaceFiles },
): Promise<BuildContext | null> {
  const top = base ?? parentUri(uri);
  if (top === null || kindOfName(baseName(uri)).kind === 'yaml' || !(await files.exists(uri))) return null;
  let ignore: BuildContext['ignore'] = null;
  for (const name of ignoreFilePaths(path)) {
    const place = joinUri(top, name);
    const text = documents.find(place)?.getText() ?? (await files.read(place, { root: top, maxBytes: maxSideBytes })).text;
    if (text === null) continue;
    ignore = { path: name, text };
    break;
  }
  const folder = contextFolder(path, ignore);
  const there = await Promise.all(contextSecrets.map(name => files.exists(joinUri(top, folder + name))));
  return { ignore, secrets: contextSecrets.filter((_, i) => there[i]) };
}

/** The files that the answer depends on, as a glob to be watched; folders of that name are not told of. */
export const buildGlob = `**/{*.dockerignore,${contextSecrets.join(',')}}`;

/** Whether a change of this file may change what is known of build contexts. */
export function concernsBuilds(uri: string): boolean {
  const name = baseName(uri);
  return isIgnoreFile(name) || contextSecrets.includes(name);
}
