import type { Range } from '../../../base/text/range';
import { sourceRange, type MappedText } from '../../../syntax/shell/mapped-text';
import { isSpace } from './characters';
import { parseParts, readSubstitution } from './substitution';

/** A `<<NAME` on a logical line. */
export interface HeredocWord {
  readonly name: string;
  readonly descriptor: number;
  readonly stripTabs: boolean;
  /** False where a part of the name is quoted. */
  readonly expand: boolean;
  readonly range: Range;
}

/**
 * Finds the heredoc words of a logical line. BuildKit splits it with its shell lexer (whose escape is always a backslash here), in which
 * blanks behind `<<` belong to the word; where that lexer fails, as at an apostrophe, the line has no heredocs.
 */
export function heredocWords(logical: MappedText): HeredocWord[] {
  const { text } = logical;
  const found: HeredocWord[] = [];
  let start = -1;
  const finish = (end: number): void => {
    if (start >= 0) {
      const word = readHeredocWord(text.slice(start, end));
      if (word !== null) found.push({ ...word, range: sourceRange(logical, start, end) });
    }
    start = -1;
  };
  let at = 0;
  while (at < text.length) {
    const character = text[at]!;
    if (isSpace(text.charCodeAt(at))) {
      finish(at++);
      continue;
    }
    if (start < 0) start = at;
    if (character === "'") {
      const close = text.indexOf("'", at + 1);
      if (close < 0) return [];
      at = close + 1;
    } else if (character === '"') {
      at = skipDoubleQuote(text, at);
      if (at < 0) return [];
    } else if (character === '$') {
      const substitution = readSubstitution(text, at);
      if (substitution === null) return [];
      // BuildKit's lexer shares one buffer with the operand inside braces, so what stood before is lost from the word.
      if (substitution.operand) start = at;
      at = substitution.end;
    } else if (character === '\\') {
      at += 2;
    } else if (character === '<' && text[at + 1] === '<') {
      at += 2;
      while (at < text.length && (text[at] === ' ' || text[at] === '\t' || text[at] === '\r')) at++;
    } else {
      at++;
    }
  }
  finish(text.length);
  return found;
}

function skipDoubleQuote(text: string, open: number): number {
  let at = open + 1;
  while (at < text.length) {
    const character = text[at]!;
    if (character === '"') return at + 1;
    if (character === '$') {
      const substitution = readSubstitution(text, at);
      if (substitution === null) return -1;
      at = substitution.end;
    } else at += character === '\\' && '"$\\'.includes(text[at + 1] ?? 'x') ? 2 : 1;
  }
  return -1;
}

/** Reads `2<<-NAME`; `null` for any other word. */
function readHeredocWord(word: string): Omit<HeredocWord, 'range'> | null {
  const match = /^(\d*)<<(-?)[\t\n\f\r ]*([^\t\n\f\r <][^<]*)?$/.exec(word);
  const rest = match?.[3] ?? '';
  if (match === null || rest === '') return null;
  const parts = parseParts(rest, 0, rest.length, '\\');
  if (parts === null) return null;
  const name = parts.map(part => (part.kind === 'literal' ? part.text : rest.slice(part.start, part.end))).join('');
  if (name === '') return null;
  const quotes = (text: string): number => text.split(/['"]/).length - 1;
  // A quoted delimiter: taking the quotes out made them fewer. An escaped quote is literal in both.
  const expand = quotes(name) === quotes(rest.replace(/\\(['"])/g, '$1'));
  return { name, descriptor: Number.parseInt(match[1] || '0', 10), stripTabs: match[2] === '-', expand };
}
