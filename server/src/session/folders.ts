import type { WorkspaceFolder } from 'vscode-languageserver';
import { relativePath } from '../lsp/uri';

/** The folders of the workspace; none where single files are open. */
export interface Folders {
  /** The innermost folder that holds a document. */
  of(uri: string): string | null;
  all(): readonly string[];
  change(added: readonly WorkspaceFolder[], removed: readonly WorkspaceFolder[]): void;
}

/** Keeps the workspace folders, which the client may change at any time. */
export function createFolders(initial: readonly string[]): Folders {
  let folders = [...initial];
  return {
    all: () => folders,
    of: uri => folders.filter(folder => relativePath(folder, uri) !== null).sort((a, b) => b.length - a.length)[0] ?? null,
    change: (added, removed) => {
      const gone = new Set(removed.map(folder => folder.uri));
      folders = [...folders.filter(folder => !gone.has(folder)), ...added.map(folder => folder.uri).filter(uri => !folders.includes(uri))];
    },
  };
}
