import type { WorkspaceEdit } from 'vscode-languageserver';

/** The edit that creates a file. One of that name stays as it is: the editor refuses the edit then. */
export function creationOf(uri: string, text: string): WorkspaceEdit {
  const start = { line: 0, character: 0 };
  return {
    documentChanges: [
      { kind: 'create', uri, options: { overwrite: false, ignoreIfExists: false } },
      { textDocument: { uri, version: null }, edits: [{ range: { start, end: start }, newText: text }] },
    ],
  };
}
