import type { Connection } from 'vscode-languageserver';
import {
  findFilesMethod,
  readFileMethod,
  type FindFilesParams,
  type FindFilesResult,
  type ReadFileParams,
  type ReadFileResult,
} from '../../../../shared/src/protocol/messages';
import { factNames } from '../../../../shared/src/workspace/paths';
import { nothingFound, type WorkspaceFiles } from '../../lsp/files';

/** Files as the client sees them: for hosts without a disk, and for workspaces that are not on one. */
export function createClientFiles(connection: Pick<Connection, 'sendRequest'>): WorkspaceFiles {
  const read = async (uri: string, maxBytes: number): Promise<string | null> => {
    const params: ReadFileParams = { uri, maxBytes };
    try {
      const { text } = await connection.sendRequest<ReadFileResult>(readFileMethod, params);
      return typeof text === 'string' ? text : null;
    } catch {
      return null;
    }
  };
  return {
    read,
    exists: async uri => (await read(uri, Number.MAX_SAFE_INTEGER)) !== null,
    find: async (folder, limit) => {
      const params: FindFilesParams = { folder, names: factNames, limit };
      try {
        const { uris } = await connection.sendRequest<FindFilesResult>(findFilesMethod, params);
        if (!Array.isArray(uris)) return nothingFound;
        const found = uris.filter((uri): uri is string => typeof uri === 'string').slice(0, limit);
        return { uris: found, complete: found.length < limit };
      } catch {
        return nothingFound;
      }
    },
  };
}

/** A host that can read nothing: a client that answers no file requests, in a browser. */
export const noFiles: WorkspaceFiles = {
  read: () => Promise.resolve(null),
  exists: () => Promise.resolve(false),
  find: () => Promise.resolve(nothingFound),
};
