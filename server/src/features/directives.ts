import type { Position, TextDocument } from 'vscode-languageserver-textdocument';
import { parseDirective, type Range, withoutEnd } from '../../../shared/src/index';

/** The line of a position up to it, and where the line starts. */
export function linePrefix(document: TextDocument, position: Position): { readonly text: string; readonly start: number } {
  const start = document.offsetAt({ line: position.line, character: 0 });
  return { text: document.getText().slice(start, document.offsetAt(position)), start };
}

/** The word at a position, as far as the characters of a rule's id go. The range is in the document's text. */
export function wordAt(document: TextDocument, position: Position): { readonly id: string; readonly range: Range } {
  const text = document.getText();
  const isPart = (at: number): boolean => /[\w/-]/.test(text.charAt(at));
  let start = document.offsetAt(position);
  let end = start;
  while (start > 0 && isPart(start - 1)) start--;
  while (end < text.length && isPart(end)) end++;
  return { id: text.slice(start, end), range: { start, end } };
}

/** The rule that a directive names at a position. Ranges are offsets in the document's text. */
export function directiveRuleAt(document: TextDocument, position: Position): { readonly id: string; readonly range: Range } | null {
  const start = document.offsetAt({ line: position.line, character: 0 });
  const end = document.offsetAt({ line: position.line + 1, character: 0 });
  const line = withoutEnd(document.getText().slice(start, end), '\r\n');
  const at = line.indexOf('#');
  if (at < 0) return null;
  const comment = { range: { start: at, end: line.length }, text: line.slice(at + 1).trim(), ownLine: line.slice(0, at).trim() === '' };
  const offset = position.character;
  const rule = parseDirective(line, comment)?.rules.find(({ range }) => range.start <= offset && offset <= range.end);
  return rule ? { id: rule.id, range: { start: rule.range.start + start, end: rule.range.end + start } } : null;
}

/** What may be typed at the end of a line's prefix that is a comment: the name of a directive, or a rule of one. */
export type DirectiveContext =
  /** `word` is what stands there already. */
  { readonly expects: 'name' | 'rule'; readonly word: string } | null;

/** Reads the prefix of a line as the beginning of a directive. */
export function directiveContext(prefix: string): DirectiveContext {
  const at = prefix.lastIndexOf('#');
  if (at < 0) return null;
  const comment = prefix.slice(at + 1).trimStart();
  let from = comment.length;
  while (from > 0 && !/[\s,]/.test(comment[from - 1]!)) from--;
  const [before, word] = [comment.slice(0, from), comment.slice(from)];
  if (before === '') return word !== '' && 'bulkhead-ignore-file'.startsWith(word) ? { expects: 'name', word } : null;
  if (!/^bulkhead-ignore(?:-file)?\s/.test(before) || /(?:^|\s)--(?:\s|$)/.test(before) || word.startsWith('-')) return null;
  return { expects: 'rule', word };
}
