import type { Range } from '../../base/text/range';
import type { YamlEntry, YamlMap, YamlNode, YamlSequence } from './types';

/** Maps with more entries than this look keys up in an index. */
const indexedFrom = 12;

const sharedNodes = new WeakMap<YamlNode, YamlNode>();
const origins = new WeakMap<YamlNode, YamlNode>();

/** The node as seen through an alias or merge key: the same text, marked `shared`, children included. Always the same object for one node. */
export function share(node: YamlNode): YamlNode {
  if (node.shared) return node;
  let copy = sharedNodes.get(node);
  if (copy === undefined) {
    if (node instanceof MapNode) copy = node.asShared();
    else if (node instanceof SequenceNode) copy = node.asShared();
    else copy = { ...node, shared: true };
    sharedNodes.set(node, copy);
    origins.set(copy, node);
  }
  return copy;
}

/** The node that a shared one is seen through an alias or merge key; any other node itself. */
export function unshared(node: YamlNode): YamlNode {
  return node.shared ? (origins.get(node) ?? node) : node;
}

/**
 * Follows an alias to the node that it names, marked `shared`. A node that is no alias, and an alias without target, come back as they are.
 * An anchor cannot stand on an alias, so one step is enough. No cycle can arise, and what all aliases stand for is bounded: see `build.ts`.
 */
export function resolveAlias(node: YamlNode): YamlNode {
  return node.kind === 'alias' && node.target !== null ? share(node.target) : node;
}

function shareEntry(entry: YamlEntry): YamlEntry {
  return {
    key: entry.key && { ...entry.key, shared: true },
    name: entry.name,
    value: entry.value && share(entry.value),
    range: entry.range,
    colon: entry.colon,
  };
}

/** Whether an entry is a merge key: an unquoted `<<`, or one that its tag says is one. */
export function isMergeEntry({ name, key }: YamlEntry): boolean {
  return name === '<<' && (key?.tag === undefined ? key?.style === 'plain' : key.tag === 'tag:yaml.org,2002:merge');
}

/** The maps that an entry `<<: ...` merges, in the order of their precedence. */
function mergedMaps(entry: YamlEntry): readonly YamlMap[] {
  const value = entry.value && resolveAlias(entry.value);
  if (!value) return [];
  if (value.kind === 'map') return [value];
  if (value.kind !== 'sequence') return [];
  return value.items.flatMap(item => {
    const map = item && resolveAlias(item);
    return map?.kind === 'map' ? [map] : [];
  });
}

// A class, since thousands of maps share the two methods: a closure each would cost more than the rest of the tree.
/** The implementation of `YamlMap`. */
export class MapNode implements YamlMap {
  readonly kind = 'map';
  declare readonly shared?: boolean;
  declare anchor?: string;
  declare tag?: string;
  readonly merged: boolean;
  private readonly own: readonly YamlEntry[];
  private sharedEntries: readonly YamlEntry[] | undefined;
  private index: Map<string, YamlEntry> | undefined;
  private mergedIndex: Map<string, YamlEntry> | undefined;

  constructor(
    readonly range: Range,
    readonly flow: boolean,
    entries: readonly YamlEntry[],
    shared = false,
  ) {
    this.own = entries;
    this.merged = entries.some(isMergeEntry);
    if (shared) this.shared = true;
  }

  get entries(): readonly YamlEntry[] {
    return this.shared ? (this.sharedEntries ??= this.own.map(shareEntry)) : this.own;
  }

  asShared(): MapNode {
    const copy = new MapNode(this.range, this.flow, this.own, true);
    if (this.anchor !== undefined) copy.anchor = this.anchor;
    if (this.tag !== undefined) copy.tag = this.tag;
    return copy;
  }

  entry(name: string): YamlEntry | undefined {
    return this.ownEntry(name) ?? (this.merged ? this.mergedEntries().get(name) : undefined);
  }

  get(name: string): YamlNode | null | undefined {
    const entry = this.entry(name);
    return entry && entry.value && resolveAlias(entry.value);
  }

  /** Of equal keys the last counts, as for every decoder that accepts them. */
  private ownEntry(name: string): YamlEntry | undefined {
    const { entries } = this;
    if (entries.length > indexedFrom) {
      this.index ??= new Map(entries.map(entry => [entry.name, entry]));
      return this.index.get(name);
    }
    for (let i = entries.length - 1; i >= 0; i--) if (entries[i]!.name === name) return entries[i];
    return undefined;
  }

  members(): readonly YamlEntry[] {
    if (!this.merged) return this.entries;
    const own = this.entries.filter(entry => !isMergeEntry(entry));
    const names = new Set(own.map(({ name }) => name));
    return [...own, ...[...this.mergedEntries().values()].filter(({ name }) => !names.has(name))];
  }

  private mergedEntries(): ReadonlyMap<string, YamlEntry> {
    if (!this.mergedIndex) {
      this.mergedIndex = new Map();
      this.collectMerged(this.mergedIndex, new Set([this]));
    }
    return this.mergedIndex;
  }

  // Every map is looked at once: a tree of merges that fans out must not multiply.
  private collectMerged(found: Map<string, YamlEntry>, seen: Set<YamlMap>): void {
    for (const entry of this.own) {
      if (!isMergeEntry(entry)) continue;
      for (const map of mergedMaps(entry)) {
        if (!(map instanceof MapNode) || seen.has(map)) continue;
        seen.add(map);
        const own = new Map(map.entries.flatMap(inMap => (isMergeEntry(inMap) ? [] : [[inMap.name, inMap] as const])));
        for (const [name, inMap] of own) if (!found.has(name)) found.set(name, map.shared ? inMap : shareEntry(inMap));
        if (map.merged) map.collectMerged(found, seen);
      }
    }
  }
}

/** The implementation of `YamlSequence`. */
export class SequenceNode implements YamlSequence {
  readonly kind = 'sequence';
  declare readonly shared?: boolean;
  declare anchor?: string;
  declare tag?: string;
  private sharedItems: readonly (YamlNode | null)[] | undefined;

  constructor(
    readonly range: Range,
    readonly flow: boolean,
    private readonly own: readonly (YamlNode | null)[],
    readonly itemRanges: readonly Range[],
    shared = false,
  ) {
    if (shared) this.shared = true;
  }

  get items(): readonly (YamlNode | null)[] {
    return this.shared ? (this.sharedItems ??= this.own.map(item => item && share(item))) : this.own;
  }

  asShared(): SequenceNode {
    const copy = new SequenceNode(this.range, this.flow, this.own, this.itemRanges, true);
    if (this.anchor !== undefined) copy.anchor = this.anchor;
    if (this.tag !== undefined) copy.tag = this.tag;
    return copy;
  }
}
