import type { YamlOperation } from '../../operations';
import type { YamlDocument, YamlEntry, YamlMap, YamlNode, YamlSequence } from '../../types';
import type { Range } from '../../../../base/text/range';
import { playOperations } from './expected-tree';
import { newEntry, treeOf } from './tree';
import type { Tree, TreeEntry, TreeMap, TreeSequence } from './tree';

/** A place that holds a value, by the object that a document has for it and nothing else: an entry of a map, the range of an item, or the root itself. */
export type Slot = YamlEntry | Range | YamlNode;

/** A key or item that operations add to a collection. */
export interface Added {
  readonly node: YamlMap | YamlSequence;
  /** Index of the entry or item of `node` that it follows; -1: it comes first. */
  readonly behind: number;
  readonly name: string;
  readonly value: Tree | null;
}

/** A value that operations put in the place of another. */
export interface Replaced {
  readonly node: YamlMap | YamlSequence;
  readonly index: number;
  readonly value: Tree | null;
}

/** A key that operations give another name. */
export interface Renamed {
  readonly node: YamlMap;
  readonly index: number;
  readonly name: string;
}

/** What operations come to, one collection after the other; everything else of the document stays. */
export interface Effects {
  readonly added: readonly Added[];
  readonly replaced: readonly Replaced[];
  readonly renamed: readonly Renamed[];
  /** Entries and items that go, and what they go from. */
  readonly removed: ReadonlyMap<Slot, YamlMap | YamlSequence>;
  /** The places of all collections on the way. */
  readonly passed: ReadonlySet<Slot>;
  /** Those of them that are in flow style. */
  readonly flows: ReadonlySet<Slot>;
  /** The places of the values that they replace, and of the keys that they rename. */
  readonly claims: ReadonlySet<Slot>;
}

/** Which part of a document operations lead to. */
interface Trail {
  readonly steps: Map<string, Trail>;
  /** Whether the value is looked at as a whole. */
  whole: boolean;
}

/** A collection of the document as it was copied for the operations. */
interface Copied {
  readonly node: YamlMap | YamlSequence;
  readonly entries: readonly TreeEntry[];
  readonly values: readonly (Tree | null)[];
}

/** What operations that set, append, rename and remove do to a document, played on no more of its tree than they lead to; `null` where they cannot be played, or do something else as well. */
export function effectsOf(document: YamlDocument, operations: readonly YamlOperation[]): Effects | null {
  const { root } = document;
  if (root?.kind !== 'map' && root?.kind !== 'sequence') return null;
  const trail = trailOf(operations);
  if (trail === null) return null;
  const copies = new Map<Tree, Copied>();
  const tree = spine(document, root, trail, copies);
  if (playOperations(tree, operations) !== null) return null;
  const effects = {
    added: [],
    replaced: [],
    renamed: [],
    removed: new Map<Slot, YamlMap | YamlSequence>(),
    passed: new Set<Slot>(),
    flows: new Set<Slot>(root.flow ? [root] : []),
    claims: new Set<Slot>(),
  };
  return tree && collect(tree, copies, effects) ? effects : null;
}

/** The object that stands for the place of an entry or item. */
export function slotOf(node: YamlMap | YamlSequence, index: number): Slot {
  return node.kind === 'map' ? node.entries[index]! : node.itemRanges[index]!;
}

function trailOf(operations: readonly YamlOperation[]): Trail | null {
  const trail: Trail = { steps: new Map(), whole: false };
  for (const operation of operations) {
    if (operation.type === 'yaml.move' || operation.type === 'yaml.insert-document') return null;
    let at = trail;
    for (const step of operation.path) {
      const name = String(step);
      let next = at.steps.get(name);
      if (!next) at.steps.set(name, (next = { steps: new Map(), whole: false }));
      at = next;
    }
    if (operation.type === 'yaml.set') at.whole = true;
  }
  return trail;
}

/** What no operation leads to: nobody asks what it is. */
const kept: Tree = { kind: 'kept', anchor: undefined, tag: undefined };

function spine(document: YamlDocument, node: YamlNode | null, trail: Trail | undefined, copies: Map<Tree, Copied>): Tree | null {
  if (node === null) return null;
  if (!trail) return kept;
  if (trail.whole || (node.kind !== 'map' && node.kind !== 'sequence')) return treeOf(document, node);
  const entries =
    node.kind === 'map'
      ? node.entries.map(({ name, value }) => newEntry(name, spine(document, value, trail.steps.get(name), copies)))
      : node.items.map((item, index) => newEntry('', spine(document, item, trail.steps.get(String(index)), copies)));
  const copy: TreeMap | TreeSequence = { kind: node.kind, anchor: node.anchor, tag: node.tag, entries };
  // the copy's own list changes under the operations
  copies.set(copy, { node, entries: [...entries], values: entries.map(({ value }) => value) });
  return copy;
}

/** Gathers what the operations did to a copied collection; gives whether they did nothing but add, replace, rename and remove. */
function collect(
  tree: Tree,
  copies: ReadonlyMap<Tree, Copied>,
  effects: {
    readonly added: Added[];
    readonly replaced: Replaced[];
    readonly renamed: Renamed[];
    readonly removed: Map<Slot, YamlMap | YamlSequence>;
    readonly passed: Set<Slot>;
    readonly flows: Set<Slot>;
    readonly claims: Set<Slot>;
  },
): boolean {
  const copied = copies.get(tree);
  if (!copied || (tree.kind !== 'map' && tree.kind !== 'sequence')) return true;
  const { node, entries, values } = copied;
  const left = new Set(tree.entries);
  let next = 0;
  const skipRemoved = (): void => {
    for (; next < entries.length && !left.has(entries[next]!); next++) effects.removed.set(slotOf(node, next), node);
  };
  for (const entry of tree.entries) {
    skipRemoved();
    if (entry !== entries[next]) {
      effects.added.push({ node, behind: next - 1, name: entry.name, value: entry.value });
      continue;
    }
    const { value } = entry;
    const index = next++;
    if (entry.name !== entry.key) {
      // a key that is there twice is an error that the document may have had before
      if (node.kind !== 'map' || tree.entries.some(other => other !== entry && other.name === entry.name)) return false;
      effects.claims.add(slotOf(node, index));
      effects.renamed.push({ node, index, name: entry.name });
    }
    if (value !== values[index]) {
      // an item in flow style begins where its value does: nobody could tell whose it is
      if (node.kind === 'sequence' && node.flow) return false;
      effects.claims.add(slotOf(node, index));
      effects.replaced.push({ node, index, value });
    } else if (value !== null && copies.has(value)) {
      effects.passed.add(slotOf(node, index));
      if (copies.get(value)!.node.flow) effects.flows.add(slotOf(node, index));
      if (!collect(value, copies, effects)) return false;
    }
  }
  skipRemoved();
  if (left.size === entries.length || effects.removed.size === 0) return true;
  // what is left empty is written in another way
  return entries.some(entry => left.has(entry));
}
