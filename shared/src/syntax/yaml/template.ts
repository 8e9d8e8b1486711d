import type { Range } from '../../base/text/range';
import { MapNode, SequenceNode } from './collections';
import { maskCharacter } from './mask';
import type { Action } from './mask';
import type { TemplateBranch, YamlEntry, YamlNode, YamlScalar } from './types';
import { firstIndex } from '../../base/text/search';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Stands for a value that an action on the lines below the key prints. */
function unknownScalar(at: number): YamlScalar {
  return { kind: 'scalar', range: { start: at, end: at }, value: maskCharacter, style: 'plain', source: maskCharacter };
}

/** Column of an offset in its line. */
function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

/**
 * The maps and sequences that what is at `offset` may add to, from the root down, and the entry without a value that it may fill.
 * It cannot add to a map while it stands inside the value of one of its entries.
 */
function targetsAt(root: YamlNode, offset: number): { readonly chain: YamlNode[]; readonly hole: YamlEntry | null } {
  let chain: YamlNode[] = [];
  let node: YamlNode | null = root;
  while (node !== null) {
    let child: YamlNode | null;
    if (node.kind === 'map') {
      const { entries }: { entries: readonly YamlEntry[] } = node;
      const entry: YamlEntry | undefined = entries[firstIndex(entries.length, i => entries[i]!.range.start >= offset) - 1];
      if (entry && entry.value === null && entry.colon >= 0 && entry.colon < offset) return { chain: [...chain, node], hole: entry };
      child = entry?.value ?? null;
    } else if (node.kind === 'sequence') {
      const itemRanges: readonly Range[] = node.itemRanges;
      const index = firstIndex(itemRanges.length, i => itemRanges[i]!.start >= offset) - 1;
      child = index < 0 ? null : (node.items[index] ?? null);
    } else {
      break;
    }
    const inside: boolean = child !== null && child.kind !== 'scalar' && offset < child.range.end;
    if (inside) chain = [];
    else chain.push(node);
    node = child;
  }
  return { chain, hole: null };
}

/**
 * Finds what actions leave unknown: gives empty values that an action below the key may fill a placeholder, and lists the maps and
 * sequences that an action may add keys or items to. `root` must be fresh from `buildTree`: it is completed in place.
 */
export function openByActions(
  text: string,
  root: YamlNode | null,
  actions: readonly Action[],
): { readonly root: YamlNode | null; readonly open: ReadonlySet<YamlNode> } {
  const open = new Set<YamlNode>();
  if (root === null) return { root: actions.some(action => action.prints) ? unknownScalar(0) : null, open };
  for (const action of actions) {
    if (!action.wholeLine && action.column === null) continue;
    const { chain, hole } = targetsAt(root, action.start);
    if (hole && action.wholeLine) (hole as Writable<YamlEntry>).value = unknownScalar(action.start);
    if (!action.prints) continue;
    // What is printed deeper than the key whose value is missing is that value, and adds to nothing else.
    const parent = chain[chain.length - 1];
    if (hole && parent && (action.column ?? columnOf(text, action.start)) > columnOf(text, parent.range.start)) continue;
    const fitting = action.column === null ? [] : chain.filter(node => columnOf(text, node.range.start) === action.column);
    for (const node of fitting.length > 0 ? fitting : chain) open.add(node);
  }
  addMaskedKeys(root, open);
  return { root, open };
}

function addMaskedKeys(node: YamlNode | null, open: Set<YamlNode>): void {
  if (node instanceof MapNode) {
    for (const entry of node.entries) {
      if (entry.name.includes(maskCharacter)) open.add(node);
      addMaskedKeys(entry.value, open);
    }
  } else if (node instanceof SequenceNode) {
    for (const item of node.items) addMaskedKeys(item, open);
  }
}

/** The branches of blocks, by the actions between them. What is never closed is no block. */
export function branchesOf(actions: readonly Action[]): readonly TemplateBranch[] {
  const found: TemplateBranch[] = [];
  const open: Action[][] = [];
  for (const action of actions) {
    if (action.flow === 'opens') open.push([action]);
    else if (action.flow === 'turns') open.at(-1)?.push(action);
    else if (action.flow === 'closes') {
      const turns = open.pop() ?? [];
      turns.forEach((turn, i) => found.push({ words: turn.words, start: turn.end, end: (turns[i + 1] ?? action).start }));
    }
  }
  return found;
}
