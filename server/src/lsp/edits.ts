import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Range as LspRange, TextEdit as LspTextEdit, WorkspaceEdit } from 'vscode-languageserver';
import { fromLineStarts, snippetSyntax, type Range, type SnippetEdit, type TextEdit } from '../../../shared/src/index';
import type { ClientSupport } from './capabilities';

/** A range of offsets as the client counts it: in the very text that it sent, a byte order mark included. */
export function toLspRange(document: TextDocument, range: Range): LspRange {
  return { start: document.positionAt(range.start), end: document.positionAt(range.end) };
}

/** Edits as the client counts them. */
export function toLspEdits(document: TextDocument, edits: readonly TextEdit[]): LspTextEdit[] {
  return edits.map(edit => ({ range: toLspRange(document, edit.range), newText: edit.newText }));
}

/** The one edit that makes a text another: what is the same at both ends stays. */
export function changeOf(text: string, other: string): TextEdit {
  const least = Math.min(text.length, other.length);
  let start = 0;
  while (start < least && text[start] === other[start]) start++;
  let end = 0;
  while (end < least - start && text.at(-1 - end) === other.at(-1 - end)) end++;
  return { range: { start, end: text.length - end }, newText: other.slice(start, other.length - end) };
}

/** Edits with tab stops, for clients with `support.snippetEdits`, bound to the version of the document. */
export function toSnippetEdit(document: TextDocument, edits: readonly SnippetEdit[]): WorkspaceEdit {
  const own = fromLineStarts(document.getText(), edits).map(({ range, pieces }) => ({
    range: toLspRange(document, range),
    snippet: { kind: 'snippet' as const, value: snippetSyntax(pieces) },
  }));
  return { documentChanges: [{ textDocument: { uri: document.uri, version: document.version }, edits: own }] };
}

/** Edits of one document, bound to its version where the client can refuse stale ones. */
export function toWorkspaceEdit(document: TextDocument, edits: readonly TextEdit[], support: ClientSupport): WorkspaceEdit {
  const own = toLspEdits(document, edits);
  if (!support.documentChanges) return { changes: { [document.uri]: own } };
  return { documentChanges: [{ textDocument: { uri: document.uri, version: document.version }, edits: own }] };
}
