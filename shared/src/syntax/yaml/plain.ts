import type { Comment } from '../../base/text/comment';
import { budgets } from '../../base/limits/budgets';
import type { Range } from '../../base/text/range';
import { findDuplicates } from './build';
import { MapNode, SequenceNode } from './collections';
import { beyondPlain, longestKey, PlainText } from './plain-text';
import type { YamlEntry, YamlNode, YamlProblem } from './types';

/** What a document holds that is written in the plain part of YAML. */
export interface PlainDocument {
  readonly root: YamlNode;
  readonly problems: readonly YamlProblem[];
  readonly comments: readonly Comment[];
  readonly nodes: number;
}

const tab = 9;
const lineFeed = 10;
const carriageReturn = 13;
const blank = 32;
const quote = 34;
const hash = 35;
const apostrophe = 39;
const comma = 44;
const dash = 45;
const colon = 58;
const greater = 62;
const question = 63;
const openBracket = 91;
const closeBracket = 93;
const openBrace = 123;
const pipe = 124;
const closeBrace = 125;

/**
 * Reads a text of one document in the part of YAML that nearly all files keep to: block maps and sequences, scalars of every style, flow collections, comments.
 * The tree is the one that `buildTree` makes of what the library reads, at a tenth of the cost. `null`: the text has something else in it, or something is wrong.
 * Linear.
 */
export function readPlain(text: string, outside: number): PlainDocument | null {
  if (text.includes('\uFEFF')) return null;
  try {
    return new PlainReader(text, outside).read();
  } catch (error) {
    if (error === beyondPlain) return null;
    throw error;
  }
}

/** Reads collections as well. */
class PlainReader extends PlainText {
  private readonly problems: YamlProblem[] = [];

  constructor(
    text: string,
    private readonly outside: number,
  ) {
    super(text);
  }

  read(): PlainDocument {
    const { text } = this;
    this.toContent(0);
    if (this.column === 0 && text.startsWith('---\n', this.at)) this.toContent(this.at + 4);
    if (this.column < 0) throw beyondPlain;
    const root = this.below(-1, this.outside);
    if (root.kind === 'scalar') throw beyondPlain;
    if (this.column >= 0) throw beyondPlain;
    const { problems, comments, nodes } = this;
    return { root, problems, comments, nodes };
  }

  /** What begins here, on a line of its own that is indented further than `column`. */
  private below(column: number, depth: number): YamlNode {
    const code = this.text.charCodeAt(this.at);
    if (code === pipe || code === greater) throw beyondPlain;
    return this.isDash(this.at) || this.isKey(this.at) ? this.block(depth) : this.inline(this.at, code, column, depth);
  }

  /** The collection that begins here. */
  private block(depth: number): MapNode | SequenceNode {
    if (depth >= budgets.yamlDepth) throw beyondPlain;
    return this.isDash(this.at) ? this.sequence(depth) : this.map(depth);
  }

  private map(depth: number): MapNode {
    const { column } = this;
    const entries: YamlEntry[] = [];
    this.nodes++;
    while (this.column === column) {
      const key = this.key(this.at);
      const at = key.range.end;
      const value = this.value(at + 1, column, depth, false);
      const end = value && value.range.end > value.range.start ? value.range.end : at + 1;
      entries.push({ key, name: key.source, value, range: { start: key.range.start, end }, colon: at });
    }
    if (this.column > column) throw beyondPlain;
    findDuplicates(entries, this.problems);
    return new MapNode({ start: entries[0]!.range.start, end: entries[entries.length - 1]!.range.end }, false, entries);
  }

  private sequence(depth: number): SequenceNode {
    const { column } = this;
    const items: (YamlNode | null)[] = [];
    const itemRanges: Range[] = [];
    this.nodes++;
    while (this.column === column && this.isDash(this.at)) {
      const start = this.at;
      const item = this.value(start + 1, column, depth, true);
      items.push(item);
      itemRanges.push({ start, end: item && item.range.end > item.range.start ? item.range.end : start + 1 });
    }
    if (this.column > column) throw beyondPlain;
    return new SequenceNode({ start: itemRanges[0]!.start, end: itemRanges[itemRanges.length - 1]!.end }, false, items, itemRanges);
  }

  /** What follows a colon or dash: on its line, or on those below. */
  private value(from: number, column: number, depth: number, isItem: boolean): YamlNode | null {
    const { text } = this;
    let at = from;
    while (text.charCodeAt(at) === blank) at++;
    const code = text.charCodeAt(at);
    if (code === lineFeed || at >= text.length || (code === hash && at > from)) {
      this.toContent(code === hash ? this.comment(at, false) : at + 1);
      if (this.column > column) return this.below(column, depth + 1);
      if (!isItem && this.column === column && this.isDash(this.at)) return this.block(depth + 1);
      this.nodes++;
      return null;
    }
    // further items, and the first entry of a map, may follow on the line of a dash
    if (isItem && (this.isDash(at) || this.isKey(at))) {
      this.column = column + at - (from - 1);
      this.at = at;
      return this.block(depth + 1);
    }
    return this.inline(at, code, column, depth + 1);
  }

  /** A scalar or flow collection that begins on a line. */
  private inline(at: number, code: number, column: number, depth: number): YamlNode {
    if (code === pipe || code === greater) return this.blockScalar(at, column);
    if (code === openBracket || code === openBrace) {
      const node = this.flow(at, column, depth);
      this.after(node.range.end);
      return node;
    }
    this.nodes++;
    if (code === quote || code === apostrophe) {
      const scalar = this.quoted(at, column);
      this.after(scalar.range.end);
      return scalar;
    }
    if (!this.isPlainStart(at)) throw beyondPlain;
    return this.plain(at, column);
  }

  /** A flow collection; its lines are indented further than `column`. */
  private flow(start: number, column: number, depth: number): MapNode | SequenceNode {
    if (depth >= budgets.yamlDepth) throw beyondPlain;
    this.nodes++;
    const isMap = this.text.charCodeAt(start) === openBrace;
    const close = isMap ? closeBrace : closeBracket;
    const entries: YamlEntry[] = [];
    const items: YamlNode[] = [];
    let at = this.skip(start + 1, column);
    while (this.text.charCodeAt(at) !== close) {
      const item = isMap ? this.flowEntry(at, column, depth) : this.flowNode(at, column, depth);
      if ('kind' in item) items.push(item);
      else entries.push(item);
      at = this.skip(item.range.end, column);
      if (this.text.charCodeAt(at) === comma) at = this.skip(at + 1, column);
      else if (this.text.charCodeAt(at) !== close) throw beyondPlain;
    }
    const range = { start, end: at + 1 };
    findDuplicates(entries, this.problems);
    if (isMap) return new MapNode(range, true, entries);
    const ranges = items.map(item => item.range);
    return new SequenceNode(range, true, items, ranges);
  }

  /** After blanks, line breaks and comments within a flow collection. */
  private skip(from: number, column: number): number {
    const { text } = this;
    let at = from;
    let line = -1;
    for (;;) {
      while (text.charCodeAt(at) === blank) at++;
      const code = text.charCodeAt(at);
      if (code === lineFeed) line = ++at;
      else if (code === hash && at > from) line = at = this.comment(at, line >= 0);
      else if (line >= 0 && at - line <= column) throw beyondPlain;
      else return at;
    }
  }

  private flowEntry(start: number, column: number, depth: number): YamlEntry {
    const { text } = this;
    const key = this.flowNode(start, column, depth);
    const at = key.range.end;
    if (key.kind !== 'scalar' || text.charCodeAt(at) !== colon || at - start > longestKey) throw beyondPlain;
    if (key.style === 'plain' && !this.isEmpty(at + 1)) throw beyondPlain;
    const value = this.flowNode(this.skip(at + 1, column), column, depth);
    return { key, name: key.source, value, range: { start, end: value.range.end }, colon: at };
  }

  /** A scalar on its line, or a collection, within a flow collection. */
  private flowNode(start: number, column: number, depth: number): YamlNode {
    const { text } = this;
    const code = text.charCodeAt(start);
    if (code === openBracket || code === openBrace) return this.flow(start, column, depth + 1);
    this.nodes++;
    if (code === quote || code === apostrophe) return this.quoted(start, -1);
    if (!this.isPlainStart(start) || ((code === dash || code === question || code === colon) && isFlowSign(text.charCodeAt(start + 1))))
      throw beyondPlain;
    let end = start;
    for (let at = start; ; at++) {
      const sign = text.charCodeAt(at);
      if (sign === comma || sign === closeBracket || sign === closeBrace || sign === lineFeed) break;
      if (sign === hash && text.charCodeAt(at - 1) === blank) break;
      if (sign === colon) {
        if (isFlowSign(text.charCodeAt(at + 1)) || (this.isEmpty(at + 1) && end !== at)) throw beyondPlain;
        if (this.isEmpty(at + 1)) break;
      }
      if (sign !== sign || sign === tab || sign === carriageReturn || isFlowSign(sign)) throw beyondPlain;
      if (sign !== blank) end = at + 1;
    }
    if (end === start) throw beyondPlain;
    return this.plainScalar(start, end);
  }
}

function isFlowSign(code: number): boolean {
  return code === comma || code === openBracket || code === closeBracket || code === openBrace || code === closeBrace;
}
