import type { YamlOperation, YamlValue } from '../../operations';
import type { Path } from '../../types';
import { firstDifference, newEntry, treeOfValue } from './tree';
import type { Tree, TreeEntry, TreeMap, TreeSequence } from './tree';

/** Stands for the key behind which an entry goes that is put to the start: no key holds a line break. */
const front = '\n';

/** Plays operations on a tree, which is changed in place; paths speak of the tree as it was. Gives what went wrong, or `null`. */
export function playOperations(root: Tree | null, operations: readonly YamlOperation[]): string | null {
  for (const operation of withTextEditsTogether(operations)) {
    const wrong = play(root, operation);
    if (wrong !== null) return `${operation.type}: ${wrong}`;
  }
  finish(root);
  return null;
}

type EditText = Extract<YamlOperation, { type: 'yaml.edit-text' }>;

/** The operations with all edits of one text in one, in order of place: they speak of the text as it was. */
function withTextEditsTogether(operations: readonly YamlOperation[]): readonly YamlOperation[] {
  const byPath = new Map<string, Map<string, EditText['edits'][number]>>();
  const paths = new Map<string, Path>();
  for (const operation of operations) {
    if (operation.type !== 'yaml.edit-text') continue;
    const key = JSON.stringify(operation.path);
    const edits = byPath.get(key) ?? new Map<string, EditText['edits'][number]>();
    for (const edit of operation.edits) edits.set(`${edit.range.start} ${edit.range.end} ${edit.text}`, edit);
    byPath.set(key, edits);
    paths.set(key, operation.path);
  }
  if (byPath.size === 0) return operations;
  const together = [...byPath].map(([key, edits]): EditText => ({
    type: 'yaml.edit-text',
    path: paths.get(key)!,
    edits: [...edits.values()].sort((a, b) => a.range.start - b.range.start),
  }));
  return [...operations.filter(({ type }) => type !== 'yaml.edit-text'), ...together];
}

function play(root: Tree | null, operation: YamlOperation): string | null {
  switch (operation.type) {
    case 'yaml.set': {
      const parent = parentOf(root, operation.path, true);
      return parent ? put(parent, last(operation.path), operation.value, operation.after) : 'no parent';
    }
    case 'yaml.append':
      return append(root, operation.path, operation.value);
    case 'yaml.remove': {
      const entry = find(parentOf(root, operation.path, false), last(operation.path));
      if (!entry) return 'nothing to remove';
      entry.removed = true;
      entry.prune ||= operation.prune ?? false;
      return null;
    }
    case 'yaml.rename': {
      const entry = find(parentOf(root, operation.path, false), last(operation.path));
      if (!entry) return 'nothing to rename';
      entry.name = operation.name;
      return null;
    }
    case 'yaml.move':
      return move(root, operation.from, operation.to, operation.after);
    case 'yaml.edit-text': {
      const entry = find(parentOf(root, operation.path, false), last(operation.path));
      return entry ? editText(entry, operation.edits) : 'no text to change';
    }
    case 'yaml.insert-document':
      return null;
  }
}

/** As in the value of a block: without the indentation behind line breaks. */
const unindented = (text: string): string => text.replace(/\r?\n[ \t]*/g, '\n');

/** Changes the value of an entry as edits of its text do: what is replaced is found in the value by its place among its equals. */
function editText({ value }: TreeEntry, edits: EditText['edits']): string | null {
  if (value?.kind !== 'scalar' || value.at === null || typeof value.value !== 'string') return 'no text to change';
  const { text, range: whole } = value.at;
  let left = value.value;
  let done = '';
  let from = whole.start;
  for (const { range, text: newText } of edits) {
    const old = unindented(text.slice(range.start, range.end));
    // the header of a block: whether its last line break counts
    if (range.start === whole.start && /^[|>]$/.test(old) && newText === `${old}-`) {
      left = left.replace(/\n{1,100}$/, '');
      continue;
    }
    let at = left.indexOf(old);
    // equal texts before it that stay as they are
    for (let count = occurrences(unindented(text.slice(from, range.start)), old); count > 0 && at >= 0; count--)
      at = left.indexOf(old, at + old.length);
    if (old === '' || at < 0) return 'what is changed is not in the value';
    done += left.slice(0, at) + unindented(newText);
    left = left.slice(at + old.length);
    from = range.end;
  }
  value.value = done + left;
  value.source = null;
  return null;
}

function occurrences(text: string, wanted: string): number {
  return wanted === '' ? 0 : text.split(wanted).length - 1;
}

const last = (path: Path): string | number => path[path.length - 1] ?? '';

function find(parent: TreeMap | TreeSequence | null, step: string | number): TreeEntry | undefined {
  if (parent?.kind === 'sequence') return typeof step === 'number' ? parent.entries[step] : undefined;
  return parent?.entries.findLast(entry => entry.key === String(step));
}

/** An empty or null value turns into a collection when something is put into it; its anchor stays. */
function collectionIn(entry: TreeEntry, kind: 'map' | 'sequence'): TreeMap | TreeSequence | null {
  const { value } = entry;
  if (value?.kind === 'map' || value?.kind === 'sequence') {
    if (value.kind === kind || value.entries.length > 0) return value;
    return null;
  }
  if (value !== null && !(value.kind === 'scalar' && value.value === null)) return null;
  const created: TreeMap | TreeSequence = { kind, anchor: value?.anchor, tag: undefined, entries: [] };
  entry.value = created;
  return created;
}

function parentOf(root: Tree | null, path: Path, create: boolean): TreeMap | TreeSequence | null {
  if (root?.kind !== 'map' && root?.kind !== 'sequence') return null;
  let node: TreeMap | TreeSequence = root;
  for (const step of path.slice(0, -1)) {
    let entry = find(node, step);
    if (!entry) {
      if (!create || node.kind !== 'map') return null;
      entry = newEntry(String(step), null);
      node.entries.push(entry);
    }
    const next = create ? collectionIn(entry, 'map') : entry.value;
    if (next?.kind !== 'map' && next?.kind !== 'sequence') return null;
    node = next;
  }
  return node;
}

function put(parent: TreeMap | TreeSequence, step: string | number, value: YamlValue, after: string | null | undefined): string | null {
  return putTree(parent, step, treeOfValue(value), after);
}

function putTree(
  parent: TreeMap | TreeSequence,
  step: string | number,
  tree: Tree | null,
  after: string | null | undefined,
): string | null {
  const known = find(parent, step);
  if (known) {
    // An equal scalar stays as it is written.
    if (known.value && tree && firstDifference(known.value, tree) === null) return null;
    if (tree) tree.anchor = known.value?.anchor;
    known.value = tree;
    return null;
  }
  if (parent.kind === 'sequence') return 'no such item';
  place(parent, newEntry(String(step), tree), after);
  return null;
}

function place(parent: TreeMap, entry: TreeEntry, after: string | null | undefined): void {
  if (after === null) {
    entry.after = front;
    parent.entries.splice(parent.entries.findLastIndex(other => other.after === front) + 1, 0, entry);
    return;
  }
  const before = after === undefined ? -1 : parent.entries.findLastIndex(other => other.key === after);
  if (before < 0) {
    parent.entries.push(entry);
    return;
  }
  entry.after = after!;
  let at = before + 1;
  while (parent.entries[at]?.after === after) at++;
  parent.entries.splice(at, 0, entry);
}

/** What was appended to a sequence, as JSON. */
const appendedTo = new WeakMap<TreeSequence, Set<string>>();

function append(root: Tree | null, path: Path, value: YamlValue): string | null {
  const parent = parentOf(root, path, true);
  if (!parent) return 'no parent';
  const step = last(path);
  let entry = find(parent, step);
  if (!entry) {
    if (parent.kind !== 'map') return 'no such item';
    entry = newEntry(String(step), null);
    parent.entries.push(entry);
  }
  const sequence = collectionIn(entry, 'sequence');
  if (sequence?.kind !== 'sequence') return 'no sequence';
  // Two equal appends are one; what was in the sequence before does not count.
  let appended = appendedTo.get(sequence);
  if (!appended) appendedTo.set(sequence, (appended = new Set()));
  const key = JSON.stringify(value);
  if (!appended.has(key)) sequence.entries.push({ ...newEntry('', treeOfValue(value)), after: '' });
  appended.add(key);
  return null;
}

function move(root: Tree | null, from: Path, to: Path, after: string | null | undefined): string | null {
  const source = parentOf(root, from, false);
  const entry = find(source, last(from));
  if (!source || !entry) return 'nothing to move';
  const target = parentOf(root, to, true);
  if (!target) return 'no place to move to';
  if (target === source) {
    entry.name = String(last(to));
    return null;
  }
  if (find(target, last(to))) return 'the place is taken';
  const { value } = entry;
  entry.removed = true;
  if (target.kind !== 'map') return 'only keys can be moved';
  place(target, { ...newEntry(String(last(to)), value), origin: entry.origin, moved: true }, after);
  return null;
}

/** Drops what was removed, and what was left empty by that. */
function finish(node: Tree | null): void {
  if (node?.kind !== 'map' && node?.kind !== 'sequence') return;
  for (const entry of node.entries) {
    const { value } = entry;
    if (entry.removed || (value?.kind !== 'map' && value?.kind !== 'sequence')) continue;
    const before = value.entries.length;
    const pruned = value.entries.some(inner => inner.prune || pruneWithin(inner));
    finish(value);
    if (before > 0 && value.entries.length === 0 && pruned) {
      entry.removed = true;
      entry.prune = true;
    }
  }
  node.entries = node.entries.filter(entry => !entry.removed);
}

/** Whether all of an entry's value goes with `prune`, so that the entry goes too. */
function pruneWithin(entry: TreeEntry): boolean {
  const { value } = entry;
  if (value?.kind !== 'map' && value?.kind !== 'sequence') return false;
  return (
    value.entries.length > 0 &&
    value.entries.every(inner => inner.removed || pruneWithin(inner)) &&
    value.entries.some(inner => inner.prune || pruneWithin(inner))
  );
}
