import type { YamlValue } from '../../operations';
import type { Range } from '../../../../base/text/range';
import type { Comment } from '../../../../base/text/comment';
import type { YamlDocument, YamlEntry, YamlNode } from '../../types';
import { commentsOf } from '../render/moved-entry';

/**
 * The value of a document as verification compares it: tags, anchors and aliases are there as written (nothing is expanded), quotes and
 * layout are not. Mutable, so that operations can be played on it.
 */
export type Tree = TreeScalar | TreeMap | TreeSequence | TreeAlias | TreeKept;

interface TreeBase {
  anchor: string | undefined;
  tag: string | undefined;
}

/** A scalar. `source` is what an existing one says, so that `1.20` does not pass for `1.2`. */
export interface TreeScalar extends TreeBase {
  kind: 'scalar';
  value: string | number | boolean | null;
  source: string | null;
  /** Where it stands in a document; `null` for what operations write. */
  readonly at: { readonly text: string; readonly range: Range } | null;
}

/** One key and its value. `value` is `null` where nothing follows the colon. */
export interface TreeEntry {
  /** The key as it was before the operations: that is what paths speak of. */
  readonly key: string;
  /** The key as it is. */
  name: string;
  value: Tree | null;
  removed: boolean;
  prune: boolean;
  /** The key behind which the entry was put. */
  after: string | null;
  /** The entry of the document that this one is; `null` for items and for what operations add. */
  origin: Origin | null;
  /** Whether it was moved from elsewhere, so that its comments have to come along. */
  moved: boolean;
}

/** An entry of a document. */
interface Origin {
  readonly document: YamlDocument;
  readonly entry: YamlEntry;
  readonly flow: boolean;
}

/** A map. */
export interface TreeMap extends TreeBase {
  kind: 'map';
  entries: TreeEntry[];
}

/** A sequence. Items that are removed keep their place, so that indexes hold. */
export interface TreeSequence extends TreeBase {
  kind: 'sequence';
  entries: TreeEntry[];
}

/** An alias. */
export interface TreeAlias extends TreeBase {
  kind: 'alias';
  name: string;
}

/** A value that no operation leads to, whatever it is. */
export interface TreeKept extends TreeBase {
  kind: 'kept';
}

function entryOf(name: string, value: Tree | null): TreeEntry {
  return { key: name, name, value, removed: false, prune: false, after: null, origin: null, moved: false };
}

/** The tree of a node of a document; `null` for an empty value. */
export function treeOf(document: YamlDocument, node: YamlNode | null): Tree | null {
  if (node === null) return null;
  const base = { anchor: node.anchor, tag: node.tag };
  switch (node.kind) {
    case 'scalar':
      return { ...base, kind: 'scalar', value: node.value, source: node.source, at: { text: document.text, range: node.range } };
    case 'map':
      return {
        ...base,
        kind: 'map',
        entries: node.entries.map(entry => ({
          ...entryOf(entry.name, treeOf(document, entry.value)),
          origin: { document, entry, flow: node.flow },
        })),
      };
    case 'sequence':
      return { ...base, kind: 'sequence', entries: node.items.map(item => entryOf('', treeOf(document, item))) };
    case 'alias':
      return { ...base, kind: 'alias', name: node.name };
  }
}

/** The tree of a value that an operation writes. */
export function treeOfValue(value: YamlValue): Tree {
  const base = { anchor: undefined, tag: undefined };
  if (value === null || typeof value !== 'object') return { ...base, kind: 'scalar', value, source: null, at: null };
  if (Array.isArray(value)) return { ...base, kind: 'sequence', entries: value.map((item: YamlValue) => entryOf('', treeOfValue(item))) };
  const members = Object.entries(value as Readonly<Record<string, YamlValue | undefined>>);
  return {
    ...base,
    kind: 'map',
    entries: members.flatMap(([name, member]) => (member === undefined ? [] : [entryOf(name, treeOfValue(member))])),
  };
}

/** A new entry or item. */
export const newEntry = entryOf;

/** The comments that belong to an entry, above, in and beside it. */
export function commentsWith({ origin }: TreeEntry): readonly Comment[] {
  return origin ? commentsOf(origin.document, origin.entry, origin.flow) : [];
}

function sameCommentsWith(a: TreeEntry, b: TreeEntry): boolean {
  const [left, right] = [commentsWith(a), commentsWith(b)];
  // One above the key must not slip beside or below it.
  const side = ({ origin }: TreeEntry, comment: Comment): boolean => comment.range.start < origin!.entry.range.start;
  return (
    left.length === right.length && left.every((one, index) => one.text === right[index]!.text && side(a, one) === side(b, right[index]!))
  );
}

/** Where two trees differ first, as a JSON pointer; `null` where they say the same. Of what was moved in `a`, the comments count too. */
export function firstDifference(a: Tree | null, b: Tree | null, path = ''): string | null {
  if (a === null || b === null) return a === b ? null : path || '/';
  if (a.kind !== b.kind || a.anchor !== b.anchor || a.tag !== b.tag) return path || '/';
  if (a.kind === 'scalar' && b.kind === 'scalar') {
    const same = Object.is(a.value, b.value) && (a.source === null || b.source === null || a.source === b.source);
    return same ? null : path || '/';
  }
  if (a.kind === 'alias' && b.kind === 'alias') return a.name === b.name ? null : path || '/';
  if ((a.kind !== 'map' && a.kind !== 'sequence') || (b.kind !== 'map' && b.kind !== 'sequence')) return path || '/';
  for (let i = 0; i < Math.max(a.entries.length, b.entries.length); i++) {
    const left = a.entries[i];
    const right = b.entries[i];
    const here = `${path}/${left?.name || right?.name || i}`;
    if (!left || !right || left.name !== right.name) return here;
    if (left.moved && !sameCommentsWith(left, right)) return here;
    const inside = firstDifference(left.value, right.value, here);
    if (inside !== null) return inside;
  }
  return null;
}
