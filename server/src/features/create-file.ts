import type { TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import type { ServerContext } from '../session/context';

/** The edits of a file beside the one that is checked, which they create where it does not exist. */
export function fileEdit({ documents, support }: ServerContext, uri: string, exists: boolean, edits: TextEdit[]): WorkspaceEdit {
  if (!support.documentChanges) return { changes: { [uri]: edits } };
  const edit = { textDocument: { uri, version: documents.find(uri)?.version ?? null }, edits };
  return { documentChanges: [...(exists ? [] : [{ kind: 'create' as const, uri, options: { ignoreIfExists: true } }]), edit] };
}

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
