import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { mayHaveFacts } from '../../../../shared/src/workspace/paths';
import { nothingFound, type WorkspaceFiles } from '../../lsp/files';
import { canonicalUri } from '../../lsp/uri';
import { walk } from './walk';

/** Nobody waits longer than this for a walk over a large folder. */
const sliceMs = 15;
/** A folder that takes longer is no project: a home folder, say, that is under version control. */
const maxWalkMs = 10_000;

/** Files on disk for `file:` URIs, and `other` (the client, as a rule) for the rest. */
export function createWorkspaceFiles(other: WorkspaceFiles | null): WorkspaceFiles {
  return {
    read: async (uri, maxBytes) => {
      const path = pathOf(uri);
      if (path === null) return other ? other.read(uri, maxBytes) : null;
      try {
        const { size } = await stat(path);
        return size > maxBytes ? null : await readFile(path, 'utf8');
      } catch {
        return null;
      }
    },
    exists: async uri => {
      const path = pathOf(uri);
      if (path === null) return other ? other.exists(uri) : false;
      return stat(path).then(
        () => true,
        () => false,
      );
    },
    find: async (folder, limit) => {
      const path = pathOf(folder);
      if (path === null) return other ? other.find(folder, limit) : nothingFound;
      const found: string[] = [];
      let complete = true;
      const end = performance.now() + maxWalkMs;
      let slice = performance.now();
      for (const file of walk(path, gitRootOf(path), mayHaveFacts)) {
        if (file.problem === null) found.push(canonicalUri(pathToFileURL(file.path).href));
        else complete = false;
        if (found.length >= limit) return { uris: found, complete: false };
        if (performance.now() - slice < sliceMs) continue;
        await new Promise(resolve => setImmediate(resolve));
        slice = performance.now();
        if (slice > end) return { uris: found, complete: false };
      }
      return { uris: found, complete };
    },
  };
}

/** The root of the repository that holds a folder: ignore files up to there count. */
function gitRootOf(folder: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (at === dirname(at)) return null;
  }
}

/** The path of a `file:` URI; `null` for any other. */
function pathOf(uri: string): string | null {
  if (!uri.startsWith('file:')) return null;
  try {
    return fileURLToPath(uri);
  } catch {
    return null;
  }
}
