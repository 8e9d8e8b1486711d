import type { Range } from '../../base/text/range';
import { firstIndex } from '../../base/text/search';
import { resolveAlias, unshared } from './collections';
import { maskCharacter } from './mask';
import type { Path, YamlDocument, YamlEntry, YamlNode, YamlSequence } from './types';

/** A node as look-ups give it: `null` where a key or item is there and empty, `undefined` where it is absent. */
export type MaybeNode = YamlNode | null | undefined;

/** The node at `path` with aliases and merge keys seen through (such nodes are `shared`); `null` where it is empty, `undefined` where it is absent. */
export function nodeAt(document: YamlDocument, path: Path): MaybeNode {
  let node: MaybeNode = document.root;
  if (node) node = resolveAlias(node);
  for (const step of path) {
    node = childOf(node, step);
    if (node === undefined) return undefined;
  }
  return node;
}

function childOf(node: MaybeNode, step: string | number): MaybeNode {
  if (!node) return undefined;
  if (node.kind === 'map') return node.get(String(step));
  if (node.kind !== 'sequence' || typeof step !== 'number') return undefined;
  const item = node.items[step];
  return item && resolveAlias(item);
}

/** The entry whose key is the last step of `path`; `undefined` where there is none, or where the last step is an index. */
export function entryAt(document: YamlDocument, path: Path): YamlEntry | undefined {
  if (path.length === 0) return undefined;
  const parent = nodeAt(document, path.slice(0, -1));
  return parent?.kind === 'map' ? parent.entry(String(path[path.length - 1])) : undefined;
}

/** The path as a JSON pointer (RFC 6901): `/spec/containers/0`; the empty path is the empty string. */
export function pathToPointer(path: Path): string {
  return path.map(step => '/' + String(step).replaceAll('~', '~0').replaceAll('/', '~1')).join('');
}

/** Offset of the first character at or after `offset` that is neither blank, line break nor comment. */
function firstToken(document: YamlDocument, offset: number): number {
  const { text, comments } = document;
  const from = Math.max(0, offset);
  const next = firstIndex(comments.length, i => comments[i]!.range.end > from);
  const at = skipBlanks(text, from);
  const comment = comments[next];
  return comment && comment.range.start <= at ? tokensBehind(document)[next]! : at;
}

function skipBlanks(text: string, offset: number): number {
  let at = offset;
  while (at < text.length && ' \t\r\n\uFEFF'.includes(text[at]!)) at++;
  return at;
}

/** What follows each comment: found out once, since a file may have thousands of directives above one another. */
const tokensBehind = memoizeWeakly(({ text, comments }: YamlDocument): readonly number[] => {
  const found: number[] = [];
  for (let i = comments.length - 1; i >= 0; i--) {
    const at = skipBlanks(text, comments[i]!.range.end);
    const next = comments[i + 1];
    found[i] = next && next.range.start <= at ? found[i + 1]! : at;
  }
  return found;
});

/** Remembers what was computed for a key, as long as the key lives. */
function memoizeWeakly<K extends object, V>(compute: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, V>();
  return key => {
    let value = known.get(key);
    if (value === undefined) known.set(key, (value = compute(key)));
    return value;
  };
}

/**
 * The range of the mapping entry or sequence item whose first token is the first token at or after `offset`: what a comment at `offset`
 * comes before. Of several that start there (an item and its first entry) the outermost. `null` where the next token starts neither.
 */
export function coveredRange(document: YamlDocument, offset: number): Range | null {
  const at = firstToken(document, offset);
  let node = document.root;
  while (node) {
    const parts: readonly { readonly range: Range; readonly value: YamlNode | null }[] =
      node.kind === 'map'
        ? node.entries
        : node.kind === 'sequence'
          ? node.itemRanges.map((range, index) => ({ range, value: (node as YamlSequence).items[index] ?? null }))
          : [];
    const part = parts[firstIndex(parts.length, i => parts[i]!.range.end > at)];
    if (!part) return null;
    const { start } = part.range;
    if (at <= start) return at === start ? part.range : null;
    node = part.value;
  }
  return null;
}

/** The range of the outermost mapping entry or sequence item that starts on the line of `offset`: what a comment at the end of that line stands beside. */
export function lineItemAt(document: YamlDocument, offset: number): Range | null {
  const start = document.text.lastIndexOf('\n', Math.max(0, offset - 1)) + 1;
  const covered = coveredRange(document, start);
  if (!covered) return null;
  const feed = document.text.indexOf('\n', start);
  return feed < 0 || covered.start < feed ? covered : null;
}

/** Whether a value is unknown because a template action (or an expression such as `${{ }}`) stands in it or for it. */
export function isMasked(node: MaybeNode): boolean {
  return node?.kind === 'scalar' && (node.source.includes(maskCharacter) || node.source.includes('{{'));
}

/** Whether a template action may add keys or items to this map or sequence, so that nothing can be said to be missing from it. */
export function isOpen(document: YamlDocument, node: YamlNode): boolean {
  return document.open?.has(unshared(node)) ?? false;
}
