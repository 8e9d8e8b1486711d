import { TextDocuments, type Connection } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { documentMessages } from '../lsp/document-messages';
import { canonicalUri } from '../lsp/uri';

/** The documents that are open in the editor, kept in step by incremental changes. */
export interface Documents {
  /** By the client's own spelling of the URI. */
  get(uri: string): TextDocument | undefined;
  /** By any spelling of the URI: what the editor shows wins over what is on disk. */
  find(uri: string): TextDocument | undefined;
  all(): readonly TextDocument[];
  /** The version that was last opened or saved. */
  savedVersion(uri: string): number | undefined;
  /** Calls back when a document was opened or changed, saved, or closed. */
  onChange(listener: (document: TextDocument) => void): void;
  onSave(listener: (document: TextDocument) => void): void;
  onClose(listener: (document: TextDocument) => void): void;
}

/** Schemes of documents that only mirror others: version control views and output panes. */
const mirrors = new Set(['git', 'gitfs', 'git-graph', 'gitlens', 'output', 'vscode-scm', 'review', 'pr', 'bulkhead-preview']);

/** Whether a document is worth checking, by its URI alone. */
export function isWanted(uri: string): boolean {
  return !mirrors.has(uri.slice(0, uri.indexOf(':')));
}

/** Listens to a connection's document notifications. */
export function createDocuments(connection: Connection): Documents {
  const documents = new TextDocuments(TextDocument);
  const byKey = new Map<string, string>();
  const saved = new Map<string, number>();
  documents.onDidOpen(({ document }) => {
    byKey.set(canonicalUri(document.uri), document.uri);
    saved.set(document.uri, document.version);
  });
  documents.onDidSave(({ document }) => saved.set(document.uri, document.version));
  documents.onDidClose(({ document }) => {
    byKey.delete(canonicalUri(document.uri));
    saved.delete(document.uri);
  });
  documents.listen(documentMessages(connection, what => connection.console.warn(what)));
  return {
    get: uri => documents.get(uri),
    find: uri => documents.get(uri) ?? documents.get(byKey.get(canonicalUri(uri)) ?? ''),
    all: () => documents.all(),
    savedVersion: uri => saved.get(uri),
    onChange: listener => void documents.onDidChangeContent(({ document }) => listener(document)),
    onSave: listener => void documents.onDidSave(({ document }) => listener(document)),
    onClose: listener => void documents.onDidClose(({ document }) => listener(document)),
  };
}
