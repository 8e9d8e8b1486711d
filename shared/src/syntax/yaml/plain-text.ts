import type { Comment } from '../../base/text/comment';
import { blockScalarRange } from './build';
import { resolvePlain, resolveText, type ScalarToken } from './plain-core';
import type { YamlScalar } from './types';

const tab = 9;
const lineFeed = 10;
const carriageReturn = 13;
const blank = 32;
const quote = 34;
const hash = 35;
const apostrophe = 39;
const dash = 45;
const dot = 46;
const colon = 58;
const question = 63;
const backslash = 92;

/** No plain scalar begins with these: `,[]{}#&*!|>'"%@` and the backtick. */
const indicators = new Set(Array.from(',[]{}#&*!|>\'"%@`', sign => sign.charCodeAt(0)));

/** The library reads keys of up to 1,024 characters. */
export const longestKey = 1000;

/** Thrown, and caught, where a text goes beyond the plain part. */
export const beyondPlain = new Error('not in the plain part of YAML');

/** Reads the scalars and comments of a text in the plain part of YAML. A class, since its methods share the place that they have come to. */
export class PlainText {
  /** Where the text of the line begins that comes next, and its column; -1 after the last. */
  protected at = 0;
  protected column = 0;
  protected nodes = 0;
  protected readonly comments: Comment[] = [];

  constructor(protected readonly text: string) {}

  /** Goes to the first text from the start of a line on. */
  protected toContent(line: number): void {
    const { text } = this;
    for (;;) {
      let at = line;
      while (text.charCodeAt(at) === blank) at++;
      const code = text.charCodeAt(at);
      if (code === lineFeed) line = at + 1;
      else if (code === hash) line = this.comment(at, true);
      else if (code === tab || code === carriageReturn) throw beyondPlain;
      else {
        this.at = at;
        this.column = at < text.length ? at - line : -1;
        return;
      }
    }
  }

  /** Takes a comment up; gives where the next line starts. */
  protected comment(start: number, ownLine: boolean): number {
    const { text } = this;
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    if (text.charCodeAt(end - 1) === carriageReturn) throw beyondPlain;
    this.comments.push({ range: { start, end }, text: text.slice(start + 1, end).trim(), ownLine });
    return end + 1;
  }

  protected isEmpty(at: number): boolean {
    const code = this.text.charCodeAt(at);
    return code === blank || code === lineFeed || code !== code;
  }

  protected isDash(at: number): boolean {
    return this.text.charCodeAt(at) === dash && this.isEmpty(at + 1);
  }

  /** The key that begins at an offset: its colon follows it. */
  protected key(start: number): YamlScalar {
    const { text } = this;
    const first = text.charCodeAt(start);
    let key: YamlScalar;
    if (first === quote || first === apostrophe) {
      key = this.quoted(start, -1);
    } else {
      if (!this.isPlainStart(start)) throw beyondPlain;
      const end = this.lineOfPlain(start);
      if (text.charCodeAt(end) !== colon) throw beyondPlain;
      key = this.plainScalar(start, end);
    }
    const { end } = key.range;
    if (text.charCodeAt(end) !== colon || !this.isEmpty(end + 1) || end - start > longestKey) throw beyondPlain;
    this.nodes++;
    return key;
  }

  protected isPlainStart(at: number): boolean {
    const { text } = this;
    const code = text.charCodeAt(at);
    // at the start of a line both would be markers
    if ((code === dash || code === dot) && (text.startsWith('---', at) || text.startsWith('...', at))) return false;
    if (code === dash || code === question || code === colon) return !this.isEmpty(at + 1);
    return !indicators.has(code);
  }

  /** Whether a key begins at an offset within a line. */
  protected isKey(at: number): boolean {
    const code = this.text.charCodeAt(at);
    if (code === quote || code === apostrophe) {
      const end = this.quoteEnd(at, code);
      return this.text.charCodeAt(end) === colon;
    }
    return this.isPlainStart(at) && this.text.charCodeAt(this.lineOfPlain(at)) === colon;
  }

  /** Goes on after what ends within a line. */
  protected after(end: number): void {
    const { text } = this;
    let at = end;
    while (text.charCodeAt(at) === blank) at++;
    const code = text.charCodeAt(at);
    if (code === hash && at > end) this.toContent(this.comment(at, false));
    else if (code === lineFeed || at >= text.length) this.toContent(at + 1);
    else throw beyondPlain;
  }

  /** Where a plain scalar ends within its line: after its last sign, where a colon makes a key of it or not. */
  private lineOfPlain(start: number): number {
    const { text } = this;
    let end = start;
    for (let at = start; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === lineFeed) break;
      if (code === tab || code === carriageReturn) throw beyondPlain;
      if (code === blank) {
        if (text.charCodeAt(at + 1) === hash) break;
      } else if (code === colon && this.isEmpty(at + 1)) {
        // a blank in front of the colon is not looked for
        if (end !== at) throw beyondPlain;
        break;
      } else end = at + 1;
    }
    return end;
  }

  protected plainScalar(start: number, end: number): YamlScalar {
    const source = this.text.slice(start, end);
    return { kind: 'scalar', range: { start, end }, value: resolvePlain(source), style: 'plain', source };
  }

  /** A plain scalar that may go on over lines that are indented further than `column`. */
  protected plain(start: number, column: number): YamlScalar {
    const { text } = this;
    let end = this.lineOfPlain(start);
    if (text.charCodeAt(end) === colon) throw beyondPlain;
    let next = this.nextOf(end, column);
    const isFolded = next >= 0;
    while (next >= 0) {
      end = this.lineOfPlain(next);
      if (end === next || text.charCodeAt(end) === colon) throw beyondPlain;
      next = this.nextOf(end, column);
    }
    this.after(end);
    if (!isFolded) return this.plainScalar(start, end);
    const token: ScalarToken = { type: 'scalar', offset: start, indent: column, source: text.slice(start, end) };
    const source = this.resolved(token).value;
    return { kind: 'scalar', range: { start, end }, value: resolvePlain(source), style: 'plain', source };
  }

  /** Where a plain scalar goes on that has come to the end of its text on a line; -1 where it does not. */
  private nextOf(end: number, column: number): number {
    const { text } = this;
    let at = end;
    while (text.charCodeAt(at) === blank) at++;
    while (text.charCodeAt(at) === lineFeed) {
      const line = at + 1;
      at = line;
      while (text.charCodeAt(at) === blank) at++;
      const code = text.charCodeAt(at);
      if (code === lineFeed) continue;
      return at - line > column && at < text.length && code !== hash ? at : -1;
    }
    return -1;
  }

  private resolved(token: ScalarToken): { readonly value: string; readonly end: number } {
    const resolved = resolveText(token);
    if (!resolved) throw beyondPlain;
    return resolved;
  }

  /** Offset after the closing quote; -1 where there is none. */
  private quoteEnd(start: number, code: number): number {
    const { text } = this;
    const sign = code === quote ? '"' : "'";
    let end = text.indexOf(sign, start + 1);
    if (code === apostrophe) {
      while (end >= 0 && text.charCodeAt(end + 1) === apostrophe) end = text.indexOf(sign, end + 2);
    } else {
      while (end >= 0 && this.isEscaped(end)) end = text.indexOf(sign, end + 1);
    }
    return end < 0 ? -1 : end + 1;
  }

  /** Whether backslashes in front of a quote make it text. */
  private isEscaped(at: number): boolean {
    let first = at;
    while (this.text.charCodeAt(first - 1) === backslash) first--;
    return (at - first) % 2 === 1;
  }

  /** A quoted scalar; over several lines where these are indented further than `column`, not at all where that is -1. */
  protected quoted(start: number, column: number): YamlScalar {
    const { text } = this;
    const code = text.charCodeAt(start);
    const end = this.quoteEnd(start, code);
    if (end < 0) throw beyondPlain;
    let isFolded = false;
    for (let line = text.indexOf('\n', start); line >= 0 && line < end; line = text.indexOf('\n', line + 1)) {
      let at = line + 1;
      while (text.charCodeAt(at) === blank) at++;
      const isFar = at - line - 1 > column;
      if (column < 0 || (!isFar && text.charCodeAt(at) !== lineFeed)) throw beyondPlain;
      isFolded = true;
    }
    const raw = text.slice(start + 1, end - 1);
    const range = { start, end };
    const style = code === quote ? 'double' : 'single';
    if (!isFolded && !raw.includes(code === quote ? '\\' : "'")) return { kind: 'scalar', range, value: raw, style, source: raw };
    const source = this.resolved({ type: `${style}-quoted-scalar`, offset: start, indent: column, source: text.slice(start, end) }).value;
    return { kind: 'scalar', range, value: source, style, source };
  }

  /** A block scalar below a header of a sign or two; see `parseBlockScalar` in the lexer of the library. */
  protected blockScalar(start: number, column: number): YamlScalar {
    const { text } = this;
    const chomp = text.charAt(start + 1);
    const header = text.slice(start, start + (chomp === '-' || chomp === '+' ? 2 : 1));
    const from = start + header.length + 1;
    if (text.charCodeAt(from - 1) !== lineFeed) throw beyondPlain;
    const [end, indent] = this.blockEnd(from, column, chomp === '+');
    const token: ScalarToken = {
      type: 'block-scalar',
      offset: start,
      indent: column,
      props: [
        { type: 'block-scalar-header', offset: start, indent: column, source: header },
        { type: 'newline', offset: from - 1, indent: column, source: '\n' },
      ],
      source: text.slice(from, end),
    };
    // of lines that are not indented something may be read that is none of its own
    if (indent <= column && end > from) throw beyondPlain;
    const resolved = this.resolved(token);
    this.nodes++;
    this.toContent(end);
    const range = blockScalarRange(text, [start, resolved.end]);
    return {
      kind: 'scalar',
      range,
      value: resolved.value,
      style: header.startsWith('|') ? 'literal' : 'folded',
      source: resolved.value,
    };
  }

  /** Where the lines of a block scalar end that start at `from`, and how far the first is indented. */
  private blockEnd(from: number, column: number, keeps: boolean): readonly [end: number, indent: number] {
    const { text } = this;
    let line = from;
    let first = from;
    while (text.charCodeAt(first) === blank || text.charCodeAt(first) === lineFeed) if (text.charCodeAt(first++) === lineFeed) line = first;
    const indent = first - line;
    if (first >= text.length) throw beyondPlain;
    if (indent <= column) return [line, indent];
    // `last` is the break that ends it
    let last = text.indexOf('\n', first);
    while (last >= 0) {
      let at = last + 1;
      while (text.charCodeAt(at) === blank) at++;
      if (text.charCodeAt(at) !== lineFeed && at - last - 1 < indent) {
        if (text.charCodeAt(at) === tab) throw beyondPlain;
        break;
      }
      last = text.indexOf('\n', at);
    }
    if (last < 0) {
      if (text.charCodeAt(text.length - 1) <= blank) throw beyondPlain;
      return [text.length, indent];
    }
    while (!keeps) {
      let at = last - 1;
      while (text.charCodeAt(at) === blank) at--;
      if (text.charCodeAt(at) !== lineFeed || at < from || at + 1 + indent <= last - 1) break;
      last = at;
    }
    return [last + 1, indent];
  }
}
