import { lstat } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { noText, nothingFound, type WorkspaceFiles } from '../../lsp/files';
import { canonicalUri } from '../../lsp/uri';
import { holds } from './holds';
import { readText } from './reader';
import { readOwner } from './repository';
import { runLater } from './steps';
import { gitRootSteps, walkSteps } from './walk';
import { createTurns } from '../../../../shared/src/services/registry/turns';

/** A folder with more entries is no project: a home folder, say, that is under version control. */
const maxEntries = 500_000;
/** One that takes longer to walk lies on a slow disk, far away. */
const maxWalkMs = 10_000;
/** How many files are read at a time: the threads that Node has for it, and as many that wait for one. */
const maxReads = 8;

/**
 * Files on disk for `file:` URIs, and `other` (the client, as a rule) for the rest.
 * @param warn hears, once for each, of ignore files and indexes that could not be read
 */
export function createWorkspaceFiles(other: WorkspaceFiles | null, warn: (line: string) => void): WorkspaceFiles {
  const inTurn = createTurns(maxReads);
  const warned = new Set<string>();
  const note = (path: string, what: string): void => {
    const line = `${path} ${what}`;
    if (warned.has(line)) return;
    warned.add(line);
    warn(line);
  };
  return {
    read: (uri, bounds) => {
      const path = pathOf(uri);
      if (path === null) return other ? other.read(uri, bounds) : Promise.resolve(noText);
      const root = pathOf(bounds.root);
      if (root === null) return Promise.resolve(noText);
      return inTurn(async () => {
        const read = await runLater(readText(path, { root, maxBytes: bounds.maxBytes }));
        return read.ok ? { text: read.value } : { text: null, problem: read.shortfall && read.message };
      });
    },
    exists: async uri => {
      const path = pathOf(uri);
      if (path === null) return other ? other.exists(uri) : false;
      return lstat(path).then(
        () => true,
        () => false,
      );
    },
    holds: async uri => {
      const path = pathOf(uri);
      if (path === null) return other ? other.holds(uri) : false;
      return runLater(holds(path));
    },
    owner: async top => {
      const path = pathOf(top);
      return path === null ? null : runLater(readOwner(path));
    },
    find: async (folder, limit, sought) => {
      const path = pathOf(folder);
      if (path === null) return other ? other.find(folder, limit, sought) : nothingFound;
      const uris: string[] = [];
      let complete = true;
      const end = performance.now() + maxWalkMs;
      const walk = walkSteps(path, {
        top: await runLater(gitRootSteps(path)),
        root: path,
        wanted: sought.has,
        maxEntries,
        note,
        visit: file => {
          if (file.unread === null) uris.push(canonicalUri(pathToFileURL(file.path).href));
          else complete = false;
          const goesOn = uris.length < limit && performance.now() < end;
          complete &&= goesOn;
          return goesOn;
        },
      });
      try {
        await runLater(walk);
      } catch {
        complete = false;
      }
      return { uris, complete };
    },
  };
}

/** The path of a `file:` URI; `null` for any other. */
export function pathOf(uri: string): string | null {
  if (!uri.startsWith('file:')) return null;
  try {
    return fileURLToPath(uri);
  } catch {
    return null;
  }
}
