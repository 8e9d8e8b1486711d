import type { Connection } from 'vscode-languageserver';
import {
  findFilesMethod,
  readFileMethod,
  type FindFilesParams,
  type FindFilesResult,
  type ReadFileParams,
  type ReadFileResult,
} from '../../../../shared/src/output/protocol/messages';
import { noText, nothingFound, type ReadText, type WorkspaceFiles } from '../../lsp/files';
import { baseName } from '../../lsp/uri';

/** Files as the client sees them: for hosts without a disk, and for workspaces that are not on one. */
export function createClientFiles(connection: Pick<Connection, 'sendRequest'>): WorkspaceFiles {
  const ask = async (params: ReadFileParams): Promise<ReadFileResult | null> => {
    try {
      return await connection.sendRequest<ReadFileResult>(readFileMethod, params);
    } catch {
      return null;
    }
  };
  // nothing may be as large as that, so that no byte is sent
  const exists = async (uri: string): Promise<boolean> => {
    const result = await ask({ uri, maxBytes: -1 });
    return typeof result?.text === 'string' || typeof result?.problem === 'string';
  };
  return {
    read: async (uri, { maxBytes }): Promise<ReadText> => {
      const result = await ask({ uri, maxBytes });
      if (typeof result?.text === 'string') return { text: result.text };
      return typeof result?.problem === 'string' ? { text: null, problem: result.problem } : noText;
    },
    exists,
    // what is in a folder a client does not tell
    holds: exists,
    find: async (folder, limit, { globs, has }) => {
      const params: FindFilesParams = { folder, names: globs, limit };
      try {
        const { uris } = await connection.sendRequest<FindFilesResult>(findFilesMethod, params);
        if (!Array.isArray(uris)) return nothingFound;
        const found = uris.filter((uri): uri is string => typeof uri === 'string').slice(0, limit);
        return { uris: found.filter(uri => has(baseName(uri))), complete: found.length < limit };
      } catch {
        return nothingFound;
      }
    },
  };
}

/** A host that can read nothing: a client that answers no file requests, in a browser. */
export const noFiles: WorkspaceFiles = {
  read: () => Promise.resolve(noText),
  exists: () => Promise.resolve(false),
  holds: () => Promise.resolve(false),
  find: () => Promise.resolve(nothingFound),
};
