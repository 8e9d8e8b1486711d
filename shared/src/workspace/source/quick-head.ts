import { lineEnd, nextLine } from '../../base/text/lines';
import { logicalLine } from '../../syntax/yaml/closing';
import { blockHeader, indentation, parentIndent } from '../../syntax/yaml/mask';
import { hasOtherBreaks } from '../../syntax/yaml/parse';
import type { DocumentHead } from './document-head';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What has been read of a head, and whether it is written so that the lines do not tell. */
interface Draft extends Omit<Mutable<DocumentHead>, 'keys'> {
  readonly keys: string[];
  /** Whether the last key says a type, which nothing may go on that is indented deeper. */
  typed: boolean;
  odd: boolean;
}

/** Values of `apiVersion` and `kind` that need no parser: a word, and whatever a template or a tool fills in. */
const plainWord = /^(?:[\w./-]+|"[\w./-]+"|'[\w./-]+')$/;
const filledIn = /^["']?(?:\{\{|\{%|<|\$)/;

function take(draft: Draft, name: string, written: string): void {
  const bare = written.trimStart();
  const comment = bare.startsWith('#') ? 0 : bare.search(/[ \t]#/);
  const value = (comment < 0 ? bare : bare.slice(0, comment)).trimEnd();
  const isType = name === 'apiVersion' || name === 'kind';
  if (name === '<<' || (isType && (draft[name] !== null || !(plainWord.test(value) || filledIn.test(value))))) draft.odd = true;
  draft.keys.push(name);
  draft.typed = isType;
  if (isType) draft[name] = value.replace(/^["']|["']$/g, '');
}

const isBlank = (char: string): boolean => char === ' ' || char === '\t' || char === '';

/** Reads `key: value` at the start of a line; `null`: there is none, `odd`: only the parser knows. */
function readKey(line: string): { readonly name: string; readonly value: string } | 'odd' | null {
  const first = line.charAt(0);
  if ('?&!*%:'.includes(first)) return 'odd';
  let name: string;
  let colon: number;
  if (first === '"' || first === "'") {
    const close = line.indexOf(first, 1);
    name = line.slice(1, close);
    colon = close + 1;
    if (close < 0 || name.includes('\\')) return 'odd';
    while (line.charAt(colon) === ' ') colon++;
    if (line.charAt(colon) !== ':' || !isBlank(line.charAt(colon + 1))) return 'odd';
  } else {
    colon = line.indexOf(':');
    while (colon >= 0 && !isBlank(line.charAt(colon + 1))) colon = line.indexOf(':', colon + 1);
    if (colon <= 0) return null;
    name = line.slice(0, colon).trimEnd();
    if (/[ \t]#/.test(name)) return null;
  }
  return { name, value: line.slice(colon + 1) };
}

/** Reads a map in braces, as programs write it: with nothing in it that needs a parser, and nothing behind it. */
function readFlow(draft: Draft, text: string, start: number): void {
  let depth = 0;
  let from = start;
  let colon = -1;
  const close = (end: number): void => {
    const name = text.slice(from, colon < 0 ? end : colon).trim();
    if (colon >= 0 && plainWord.test(name)) take(draft, name.replace(/["']/g, ''), text.slice(colon + 1, end));
    else if (colon >= 0 || name !== '') draft.odd = true;
    colon = -1;
  };
  for (let at = start; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === "'" || char === '#' || (char === '"' && !/[\s:,[{]/.test(text.charAt(at - 1)))) break;
    if (char === '"') {
      for (at++; at < text.length && text.charAt(at) !== '"'; at++) if (text.charAt(at) === '\\') at++;
    } else if (char === '{' || char === '[') {
      depth++;
      if (depth === 1) from = at + 1;
    } else if (char === '}' || char === ']') {
      if (depth === 1) close(at);
      depth--;
      if (depth > 0) continue;
      if (text.slice(at + 1).trim() !== '') draft.odd = true;
      return;
    } else if (depth === 1 && char === ',') {
      close(at);
      from = at + 1;
    } else if (depth === 1 && char === ':' && colon < 0 && (text.charAt(at - 1) === '"' || /[\s,[\]{}]/.test(text.charAt(at + 1))))
      colon = at;
  }
  draft.odd = true;
}

/** Reads the first item of a sequence. */
function readItem(draft: Draft, item: string): void {
  draft.sequence = true;
  const key = item === '' || item.startsWith('{') ? 'odd' : readKey(item);
  if (key === 'odd') draft.odd = true;
  else draft.itemKey = key?.name ?? null;
}

/** Reads a sequence in brackets by what it starts with. */
function readArray(draft: Draft, start: string): void {
  draft.sequence = true;
  const word = /^\[\s*(?:\{\s*"([\w./-]+)"\s*:|(?:"[^"\\]*"|-?[\d.]+)\s*[,\]])/.exec(start);
  if (word) draft.itemKey = word[1] ?? null;
  else draft.odd = true;
}

/** Whether a line that goes on with what is quoted or in brackets is indented less than YAML wants it: what looks like a key there may be none. */
function isLow(text: string, { start, end }: { readonly start: number; readonly end: number }, base: number): boolean {
  for (let line = nextLine(text, start); line < end; line = nextLine(text, line)) {
    const content = line + indentation(text, line, end);
    if (content - line <= base && !'\r\n}]'.includes(text.charAt(content))) return true;
  }
  return false;
}

/** Where a look at the lines of a document has come to. */
interface Look {
  readonly text: string;
  readonly draft: Draft;
  /** The column of the top level; -1 in front of it. */
  base: number;
  /** The content of an open block scalar must be indented deeper than this; `null` outside. */
  block: number | null;
  /** Whether what spans lines is still followed: what is never closed is looked for once. */
  follows: boolean;
  /** The next sign at or behind the line that may open something. */
  sign: number;
}

const signs = /["'[{|>]/g;

/** Whether a line has a sign that may open something. */
function hasSign(look: Look, line: number, end: number): boolean {
  if (look.sign < line) {
    signs.lastIndex = line;
    look.sign = signs.exec(look.text)?.index ?? look.text.length;
  }
  return look.sign < end;
}

/** Reads what stands at the top level: a key, or the first item of a sequence. */
function readTop({ draft }: Look, line: string, isFirst: boolean): void {
  if (line.startsWith('-') && isBlank(line.charAt(1))) {
    if (isFirst) readItem(draft, line.slice(1).trimStart());
    return;
  }
  const key = readKey(line);
  if (key === 'odd') draft.odd = true;
  else if (key) take(draft, key.name, key.value);
}

/** Reads the line at `line` whose text starts at `content`; gives the end of what it opens. */
function readLine(look: Look, line: number, content: number): number {
  const { text, draft } = look;
  const end = lineEnd(text, line);
  const written = text.slice(content, end);
  const isAction = written.startsWith('{{') || written.startsWith('{%');
  const isFirst = look.base < 0 && !isAction;
  if (isFirst) {
    look.base = content - line;
    if (written.startsWith('{')) readFlow(draft, text, content);
    else if (written.startsWith('[')) readArray(draft, text.slice(content, content + 1000));
    if (written.startsWith('{') || written.startsWith('[')) return text.length;
  }
  if (content - line <= look.base && !written.startsWith('{')) readTop(look, written, isFirst);
  let last = end;
  let tail = written;
  if (!hasSign(look, line, end)) return end;
  if (look.follows && !isAction) {
    const logical = logicalLine(text, line, content);
    look.follows = !logical.unclosed;
    if (logical.spans.some(span => isLow(text, span, look.base))) draft.odd = true;
    last = logical.end;
    tail = text.slice(logical.tail.start, logical.tail.end);
  }
  if (blockHeader.test(tail)) look.block = parentIndent(text.slice(line, last));
  return last;
}

function isMarker(text: string, line: number): boolean {
  return (text.startsWith('---', line) || text.startsWith('...', line)) && /[ \t\r\n]|^$/.test(text.charAt(line + 3));
}

/** Where the document goes on behind a marker of its start or end; -1: its content stands behind the marker, and not in braces. */
function behindMarker(text: string, line: number): number {
  const end = lineEnd(text, line);
  const rest = text.slice(line + 3, end).trimStart();
  if (rest === '' || rest.startsWith('#') || text.startsWith('.', line)) return nextLine(text, end);
  return rest.startsWith('{') ? end - rest.length : -1;
}

/**
 * The head of a document by a look at its lines; `odd`: only a parse can tell, `null`: there is no content. Linear.
 * Files are looked at in this way that are none of ours, so that it has to be cheap, and right: `test/unit/source/head.test.ts` compares it with the parser.
 */
export function quickHead(text: string): DocumentHead | 'odd' | null {
  if (hasOtherBreaks(text) || text.includes('\uFEFF', 1)) return 'odd';
  const draft: Draft = { keys: [], apiVersion: null, kind: null, sequence: false, itemKey: null, typed: false, odd: false };
  const look: Look = { text, draft, base: -1, block: null, follows: true, sign: -1 };
  for (let line = text.charCodeAt(0) === 0xfeff ? 1 : 0; line < text.length && !draft.odd;) {
    const feed = text.indexOf('\n', line);
    const end = feed < 0 ? text.length : feed;
    let content = line;
    let code = text.charCodeAt(line);
    while (code === 32 || code === 9) code = text.charCodeAt(++content);
    const column = content - line;
    const isInside = content >= end || code === 13 || (look.block !== null && column > look.block);
    if (!isInside) look.block = null;
    const isDeeper = look.base >= 0 && column > look.base;
    if (isInside || code === 35) line = end + 1;
    else if (isDeeper && draft.typed) return 'odd';
    else if (isDeeper && !hasSign(look, line, end)) line = end + 1;
    else if (column === 0 && isMarker(text, line)) {
      line = behindMarker(text, line);
      if (line < 0) return 'odd';
    } else line = nextLine(text, readLine(look, line, content));
  }
  const { odd, typed: _, ...head } = draft;
  return odd ? 'odd' : look.base < 0 ? null : head;
}
