import { isAlias, isMap, isPair, isScalar, isSeq } from 'yaml';
import type { CST, Pair, ParsedNode, YAMLMap, YAMLSeq } from 'yaml';
import { budgets } from '../../base/limits/budgets';
import { decodeLatin1 } from '../../base/text/base64';
import type { Range } from '../../base/text/range';
import { isMergeEntry, MapNode, SequenceNode } from './collections';
import type { YamlAlias, YamlEntry, YamlNode, YamlProblem, YamlScalar, YamlShortfall } from './types';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Anchors are bound in the order of the text. */
interface Anchor {
  /** `null` until the node is finished: an alias inside it would have no end. */
  node: YamlNode | null;
  /** How long the node's text is with its aliases written out. */
  length: number;
}

interface Context {
  readonly text: string;
  readonly anchors: Map<string, Anchor>;
  /** What the aliases that are followed stand for. */
  aliased: number;
  /** Those that are not followed. */
  unfollowed: { readonly first: Range; count: number } | null;
  readonly problems: YamlProblem[];
  nodes: number;
}

const styles = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
} as const;

/** A tree of our own from the library's, and what is wrong with it beyond syntax (equal keys). `node` must not nest deep: see `scanTokens`. */
export function buildTree(
  text: string,
  node: ParsedNode | null,
): {
  readonly root: YamlNode | null;
  readonly problems: readonly YamlProblem[];
  readonly shortfalls: readonly YamlShortfall[];
  readonly nodes: number;
  readonly anchored: boolean;
} {
  const context: Context = { text, anchors: new Map(), aliased: 0, unfollowed: null, problems: [], nodes: 0 };
  const root = convert(node, context);
  const { unfollowed } = context;
  const shortfalls: readonly YamlShortfall[] = unfollowed ? [{ id: 'aliases', range: unfollowed.first, count: unfollowed.count }] : [];
  return { root, problems: context.problems, shortfalls, nodes: context.nodes, anchored: context.anchors.size > 0 };
}

function convert(node: ParsedNode | null | undefined, context: Context): YamlNode | null {
  if (!node) return null;
  context.nodes++;
  const name = 'anchor' in node ? node.anchor : undefined;
  if (name === undefined) return convertBare(node, context);
  const anchor: Anchor = { node: null, length: 0 };
  context.anchors.set(name, anchor);
  const before = context.aliased;
  const converted = convertBare(node, context) ?? emptyScalar(node);
  anchor.length = 1 + converted.range.end - converted.range.start + (context.aliased - before);
  if (converted.kind !== 'alias') (converted as Writable<YamlNode>).anchor = name;
  return (anchor.node = converted);
}

function convertBare(node: ParsedNode, context: Context): YamlNode | null {
  if (isScalar(node)) {
    if (node.range[0] === node.range[1] && node.tag === undefined) return null;
    return convertScalar(node, context.text);
  }
  if (isMap(node)) return withTag(convertMap(node, context), node.tag);
  if (isSeq(node)) return withTag(convertSequence(node, context), node.tag);
  if (!isAlias(node)) return null;
  return convertAlias(rangeOf(node.range), node.source, context);
}

function convertAlias(range: Range, name: string, context: Context): YamlAlias {
  const anchor = context.anchors.get(name);
  if (!anchor) context.problems.push({ range, code: 'UNKNOWN_ALIAS', message: `No anchor ${name} precedes this alias` });
  else if (anchor.node !== null && context.aliased + anchor.length <= budgets.aliasedLength) {
    context.aliased += anchor.length;
    return { kind: 'alias', range, name, target: anchor.node };
  } else if (context.unfollowed) context.unfollowed.count++;
  else context.unfollowed = { first: range, count: 1 };
  return { kind: 'alias', range, name, target: null };
}

function withTag<N extends MapNode | SequenceNode>(node: N, tag: string | undefined): N {
  if (tag !== undefined) node.tag = tag;
  return node;
}

function rangeOf(range: readonly [number, number, number]): Range {
  return { start: range[0], end: range[1] };
}

function emptyScalar(node: ParsedNode): YamlScalar {
  return { kind: 'scalar', range: { start: node.range[0], end: node.range[0] }, value: null, style: 'plain', source: '' };
}

const binaryTag = 'tag:yaml.org,2002:binary';

function convertScalar(node: ParsedNode, text: string): YamlScalar {
  if (!isScalar(node)) return emptyScalar(node);
  // Go's decoder takes what is written in base64 for the text in it, keys too
  const decoded = node.tag === binaryTag ? decodeLatin1((node.source ?? '').replace(/\s+/g, '')) : null;
  const value = decoded ?? node.value;
  const style = styles[node.type as keyof typeof styles] ?? 'plain';
  const scalar: Writable<YamlScalar> = {
    kind: 'scalar',
    range: style === 'literal' || style === 'folded' ? blockScalarRange(text, node.range) : rangeOf(node.range),
    value:
      value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : (node.source ?? ''),
    style,
    source: decoded ?? node.source ?? '',
  };
  if (node.tag !== undefined) scalar.tag = node.tag;
  return scalar;
}

/** A block scalar ends behind its last line of text; one that keeps its blank lines (`|+`) ends behind the last of those. */
export function blockScalarRange(text: string, [start, end]: readonly [number, number, ...unknown[]]): Range {
  let header = text.indexOf('\n', start);
  if (header < 0 || header > end) header = end;
  const keep = /^[|>][0-9]?\+/.test(text.slice(start, Math.min(header, start + 3)));
  let at = Math.min(end, text.length);
  if (keep) {
    if (text[at - 1] === '\n') at--;
    if (text[at - 1] === '\r') at--;
  } else {
    // A tab is text of the scalar, blanks and line breaks are not.
    while (at > start && (text[at - 1] === '\n' || text[at - 1] === '\r' || text[at - 1] === ' ')) at--;
  }
  return { start, end: Math.max(at, start + 1) };
}

function offsetOf(tokens: readonly CST.SourceToken[] | undefined, type: CST.SourceToken['type']): number {
  if (tokens) for (const token of tokens) if (token.type === type) return token.offset;
  return -1;
}

/** Start of the first token that is not blank, a line break or a comment; `otherwise` where there is none. */
function contentStart(tokens: readonly CST.SourceToken[] | undefined, otherwise: number): number {
  if (tokens) {
    for (const { type, offset } of tokens) {
      if (type === 'explicit-key-ind' || type === 'anchor' || type === 'tag') return offset;
    }
  }
  return otherwise;
}

/** End of the last token that is not blank, a line break or a comment; `otherwise` where there is none. */
function contentEnd(tokens: readonly CST.SourceToken[] | undefined, otherwise: number): number {
  if (tokens) {
    for (let i = tokens.length - 1; i >= 0; i--) {
      const token = tokens[i]!;
      if (token.type !== 'space' && token.type !== 'newline' && token.type !== 'comment' && token.type !== 'comma') {
        return token.offset + token.source.length;
      }
    }
  }
  return otherwise;
}

function convertPair(pair: Pair<ParsedNode, ParsedNode | null>, context: Context): YamlEntry {
  const token = pair.srcToken;
  const keyNode = convert(pair.key, context);
  const key = keyNode?.kind === 'scalar' ? keyNode : null;
  const value = convert(pair.value, context);
  const keyRange = keyNode?.range ?? rangeOf(pair.key.range);
  const colon = offsetOf(token?.sep, 'map-value-ind');
  const start = contentStart(token?.start, keyRange.start);
  const end = value && value.range.end > value.range.start ? value.range.end : contentEnd(token?.sep, keyRange.end);
  const name = key
    ? key.source
    : keyNode?.kind === 'alias'
      ? aliasName(keyNode, context)
      : context.text.slice(keyRange.start, keyRange.end);
  return { key, name, value, range: { start, end: Math.max(end, keyRange.end, start) }, colon };
}

/** `*name : value`: the key is what the anchor holds. */
function aliasName(alias: YamlAlias, context: Context): string {
  const target = context.anchors.get(alias.name)?.node;
  return target?.kind === 'scalar' ? target.source : `*${alias.name}`;
}

function convertMap(node: YAMLMap.Parsed, context: Context): MapNode {
  const entries: YamlEntry[] = [];
  for (const pair of node.items) if (isPair(pair)) entries.push(convertPair(pair, context));
  findDuplicates(entries, context.problems);
  const first = entries[0];
  const last = entries[entries.length - 1];
  const flow = node.flow === true;
  const range = flow || !first || !last ? rangeOf(node.range) : { start: first.range.start, end: last.range.end };
  return new MapNode(range, flow, entries);
}

// The library compares each key with each other: 3 seconds for 20,000 keys.
export function findDuplicates(entries: readonly YamlEntry[], problems: YamlProblem[]): void {
  if (entries.length < 2) return;
  const names = new Set<string>();
  for (const entry of entries) {
    const before = names.size;
    names.add(entry.name);
    if (names.size === before && !isMergeEntry(entry)) {
      const range = entry.key?.range ?? entry.range;
      problems.push({ range, code: 'DUPLICATE_KEY', message: `The key ${entry.name} occurs twice in this map` });
    }
  }
}

function convertSequence(node: YAMLSeq.Parsed, context: Context): SequenceNode {
  const items = (node.items as (ParsedNode | null)[]).map(item => convert(item, context));
  const itemRanges: Range[] = [];
  if (node.flow) {
    items.forEach((item, index) => itemRanges.push(item?.range ?? rangeOf((node.items[index] as ParsedNode).range)));
    return new SequenceNode(rangeOf(node.range), true, items, itemRanges);
  }
  // The library leaves out trailing comments, which the tokens hold as an item without a dash.
  const tokens = node.srcToken && 'items' in node.srcToken ? node.srcToken.items : [];
  let index = 0;
  for (const token of tokens) {
    const dash = offsetOf(token.start, 'seq-item-ind');
    if (dash < 0 && !token.value && offsetOf(token.start, 'anchor') < 0 && offsetOf(token.start, 'tag') < 0) continue;
    if (index >= items.length) break;
    const item = items[index++];
    const start = dash >= 0 ? dash : (item?.range.start ?? node.range[0]);
    const filled = item && item.range.end > item.range.start;
    itemRanges.push({ start, end: Math.max(filled ? item.range.end : contentEnd(token.start, start), start) });
  }
  const first = itemRanges[0];
  const last = itemRanges[itemRanges.length - 1];
  const range = first && last ? { start: first.start, end: last.end } : rangeOf(node.range);
  return new SequenceNode(range, false, items, itemRanges);
}
