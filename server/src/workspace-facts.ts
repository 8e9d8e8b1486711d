import type { Location } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Engine } from '../../shared/src/engine/engine';
import type { Related } from '../../shared/src/engine/types';
import { createLineTable, type LineTable } from '../../shared/src/text/line-table';
import { createWorkspaceIndex, type MutableWorkspaceIndex } from '../../shared/src/workspace/create-index';
import type { WorkspaceIndex } from '../../shared/src/workspace/types';
import type { Documents } from './documents';
import type { WorkspaceFiles } from './lsp/files';
import type { Log } from './lsp/log';
import { canonicalUri, joinUri, relativePath } from './lsp/uri';
import type { Scope } from './scopes';

/** The facts of other manifests, one index for each base folder in use. Indexing runs beside the answers and lets them through. */
export interface WorkspaceFacts {
  /** What is known for a document of this scope now; starts indexing its folder where that has not been done. */
  of(scope: Scope): WorkspaceIndex;
  /** A document was opened or edited: its facts count, not those of the file. */
  update(document: TextDocument, scope: Scope): void;
  /** A file may have changed on disk, or its document was closed. */
  reread(uri: string): void;
  /** Folders or settings changed: everything is read again when it is next asked for. */
  reset(): void;
  /** Calls back when facts of any index changed. */
  onChange(listener: () => void): void;
  /** Where a related place of another file stands. */
  locate(scope: Scope, related: Related): Location | null;
  /** How many files the index of a folder holds. */
  size(base: string): number;
}

/** What an index is made with. */
export interface FactSources {
  readonly engine: Engine;
  readonly documents: Documents;
  readonly files: WorkspaceFiles;
  readonly log: Log;
  /** Whether other files may be read at all. */
  readonly allowed: boolean;
}

const extensions = ['yaml', 'yml'];
const maxFiles = 5000;
const maxBytes = 1 << 20;
/** Answers wait no longer than this for indexing. */
const sliceMs = 15;

interface FolderIndex {
  readonly index: MutableWorkspaceIndex;
  /** Only of files that have facts. */
  readonly lines: Map<string, LineTable>;
  readonly known: Set<string>;
}

/** Lets everything run that waits. */
const breathe = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 0));

/** Creates the indexes of a session; nothing is read before somebody asks. */
export function createWorkspaceFacts({ engine, documents, files, log, allowed }: FactSources): WorkspaceFacts {
  const folders = new Map<string, FolderIndex>();
  const listeners: (() => void)[] = [];
  const nothing = createWorkspaceIndex();
  const notify = (): void => listeners.forEach(listener => listener());

  const put = (folder: FolderIndex, path: string, text: string): boolean => {
    folder.known.add(path);
    const changed = folder.index.set(path, engine.facts({ path, text }));
    if (changed) folder.lines.set(path, createLineTable(text));
    return changed;
  };

  const fill = async (base: string, folder: FolderIndex): Promise<void> => {
    const started = performance.now();
    const uris = await files.find(base, extensions, maxFiles);
    let slice = performance.now();
    for (const uri of uris) {
      if (folders.get(base) !== folder) return;
      const path = relativePath(base, uri);
      if (path === null || folder.known.has(path)) continue;
      const text = documents.find(uri)?.getText() ?? (await files.read(uri, maxBytes));
      if (text !== null && !folder.known.has(path)) put(folder, path, text);
      if (performance.now() - slice > sliceMs) {
        await breathe();
        slice = performance.now();
      }
    }
    folder.index.setComplete(uris.length < maxFiles);
    log.debug(`indexed ${folder.known.size} files in ${Math.round(performance.now() - started)} ms`);
    notify();
  };

  const folderOf = (scope: Scope): FolderIndex | null => {
    if (!allowed || scope.base === null || !scope.settings.indexWorkspace) return null;
    let folder = folders.get(scope.base);
    if (!folder) {
      folder = { index: createWorkspaceIndex(), lines: new Map(), known: new Set() };
      folders.set(scope.base, folder);
      fill(scope.base, folder).catch((error: unknown) => log.failure('the workspace could not be indexed', error));
    }
    return folder;
  };

  const reread = async (uri: string): Promise<void> => {
    let changed = false;
    for (const [base, folder] of folders) {
      const path = relativePath(base, uri);
      if (path === null) continue;
      const text = documents.find(uri)?.getText() ?? (await files.read(uri, maxBytes));
      if (text !== null) changed = put(folder, path, text) || changed;
      else if (folder.known.delete(path)) changed = folder.index.delete(path) || changed;
    }
    if (changed) notify();
  };

  return {
    of: scope => folderOf(scope)?.index ?? nothing,
    update: (document, scope) => {
      const folder = folderOf(scope);
      if (folder && isYaml(document.uri) && put(folder, scope.path, document.getText())) notify();
    },
    reread: uri => {
      if (isYaml(uri)) reread(canonicalUri(uri)).catch((error: unknown) => log.failure('a file could not be indexed', error));
    },
    reset: () => folders.clear(),
    onChange: listener => void listeners.push(listener),
    locate: (scope, related) => {
      if (scope.base === null || related.path === undefined) return null;
      const lines = folders.get(scope.base)?.lines.get(related.path);
      if (!lines) return null;
      const uri = joinUri(scope.base, related.path);
      return { uri: documents.find(uri)?.uri ?? uri, range: lines.positions(related.range) };
    },
    size: base => folders.get(base)?.known.size ?? 0,
  };
}

function isYaml(uri: string): boolean {
  return extensions.some(extension => uri.toLowerCase().endsWith(`.${extension}`));
}
