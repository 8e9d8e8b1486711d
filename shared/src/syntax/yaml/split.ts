import { maxActionLength } from './mask';

/** A piece of a YAML stream that can be parsed on its own. */
export interface TextChunk {
  /** Offset of the piece in the stream's text. */
  readonly base: number;
  readonly text: string;
}

const tab = 9;
const lineFeed = 10;
const carriageReturn = 13;
const blank = 32;
const hash = 35;
const percent = 37;
const dash = 45;
const dot = 46;
const quote = 34;
const backslash = 92;
const brace = 123;
const closingBrace = 125;
const byteOrderMark = 0xfeff;

function isMarker(text: string, at: number, code: number): boolean {
  if (text.charCodeAt(at) !== code || text.charCodeAt(at + 1) !== code || text.charCodeAt(at + 2) !== code) return false;
  const next = text.charCodeAt(at + 3);
  return Number.isNaN(next) || next === blank || next === lineFeed || next === carriageReturn || next === tab;
}

/** Gives the comments of a text's template actions one by one, as start and end of the whole action. Linear over all calls. */
function templateComments(text: string): (from: number) => { readonly start: number; readonly end: number } | null {
  const opening = /\{\{(?:-[ \t\r\n])?\/\*/g;
  let close = -1;
  return from => {
    opening.lastIndex = from;
    for (let found = opening.exec(text); found; found = opening.exec(text)) {
      if (close < opening.lastIndex) close = text.indexOf('*/', opening.lastIndex);
      if (close < 0) return null;
      const brace = close + (text.startsWith(' -', close + 2) ? 4 : 2);
      if (text.startsWith('}}', brace) && brace - found.index < maxActionLength) return { start: found.index, end: brace + 2 };
    }
    return null;
  };
}

/** Offset of the quote that closes the string of JSON whose quote stands at `start`; -1 where its line ends first. */
function stringClose(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) return at;
    if (code === lineFeed) return -1;
    if (code === backslash) at++;
  }
  return -1;
}

/** Where the JSON object starts that follows the one at `start`; -1 where none does, or where a template action stands. No further than to the next marker. */
function nextObject(text: string, start: number): number {
  const opens = (at: number): boolean => text.charCodeAt(at) === brace && text.charAt(at + 1) !== '{' && text.charAt(at + 1) !== '%';
  if (!opens(start)) return -1;
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (depth === 0 && at > start) {
      if (code !== blank && code !== tab && code !== lineFeed && code !== carriageReturn) return opens(at) ? at : -1;
    } else if (code === brace) depth++;
    else if (code === closingBrace) depth--;
    else if (code === quote) {
      at = stringClose(text, at);
      if (at < 0) return -1;
    } else if (code === lineFeed && (isMarker(text, at + 1, dash) || isMarker(text, at + 1, dot))) return -1;
  }
  return -1;
}

/**
 * Splits a stream before each `---` and behind each `...`. That is sound: YAML forbids both at the start of a line inside any scalar or
 * flow collection. Comments before a `---` go with the document that follows, unless content stands before them in the same piece.
 * Where a line starts with `%` the whole stream is one piece, since a directive may hold for later documents.
 * Lines within a template comment are no YAML. JSON objects that follow one another, as kubectl reads them, are pieces, too. The pieces joined are the text.
 */
export function splitDocuments(text: string): readonly TextChunk[] {
  const chunks: TextChunk[] = [];
  let start = 0;
  let occupied = false;
  const cut = (at: number): void => {
    if (at > start) chunks.push({ base: start, text: text.slice(start, at) });
    start = at;
    occupied = false;
  };
  let line = text.charCodeAt(0) === byteOrderMark ? 1 : 0;
  const nextComment = templateComments(text);
  let comment = nextComment(line);
  while (line < text.length) {
    let found = text.indexOf('\n', line);
    for (; comment && found >= 0 && comment.start < found; comment = nextComment(comment.end)) {
      if (comment.end > found) found = text.indexOf('\n', comment.end);
    }
    const next = found < 0 ? text.length : found + 1;
    const first = text.charCodeAt(line);
    if (first === percent) return [{ base: 0, text }];
    if (first === dash && isMarker(text, line, dash)) {
      if (occupied) cut(line);
      occupied = true;
    } else if (first === dot && isMarker(text, line, dot)) {
      cut(next);
    } else if (!occupied) {
      let at = line;
      while (text.charCodeAt(at) === blank || text.charCodeAt(at) === tab) at++;
      const code = text.charCodeAt(at);
      occupied = at < next && code !== lineFeed && code !== carriageReturn && code !== hash;
      const object = code === brace ? nextObject(text, at) : -1;
      if (object > 0) {
        cut(object);
        line = object;
        continue;
      }
    }
    line = next;
  }
  cut(text.length);
  return chunks;
}
