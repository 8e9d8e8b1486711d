import type { Refusal } from '../../../../base/terms/reasons';
import type { YamlDocument, YamlMap, YamlNode, YamlSequence } from '../../types';
import type { DraftMap, DraftSequence, Draft } from './draft';
import { isRefusal, refuse } from './plan';
import type { CollectionPlan, NewDocument, PartPlan } from './plan';

/** Where a path has led: into a collection of the document, or into a value that is going to be written. */
export type Cursor =
  { readonly at: 'collection'; readonly plan: CollectionPlan } | { readonly at: 'draft'; readonly draft: DraftMap | DraftSequence };

/** What planning knows and gathers. */
export interface Planning {
  readonly document: YamlDocument;
  readonly root: CollectionPlan | null;
  /** Anchors that an alias names: what they hold cannot change in one place alone. */
  readonly used: ReadonlySet<string>;
  /** Anchors whose every use the operation at hand means. */
  meant: readonly string[];
  readonly documents: NewDocument[];
  readonly carried: Set<number>;
}

/** A plan in which nothing happens yet. */
export function newPlan(node: YamlMap | YamlSequence): CollectionPlan {
  return { node, parts: new Map(), additions: [] };
}

/** The names of all aliases below a node. */
export function aliasNames(root: YamlNode | null): ReadonlySet<string> {
  const names = new Set<string>();
  const stack: (YamlNode | null)[] = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node?.kind === 'alias') names.add(node.name);
    else if (node?.kind === 'map') for (const entry of node.entries) stack.push(entry.value);
    else if (node?.kind === 'sequence') stack.push(...node.items);
  }
  return names;
}

/** Walks to the parent of `path`, which is made as a map where it is missing and `create` is set, and goes on with it and the last step. */
export function withParent(
  planning: Planning,
  path: readonly (string | number)[],
  create: boolean,
  then: (parent: Cursor, step: string | number) => Refusal | null,
): Refusal | null {
  if (path.length === 0) return refuse('no-fix', 'the root of a document cannot be replaced');
  if (!planning.root) return refuse('no-fix', 'the document holds no map or sequence');
  const { root } = planning;
  if (root.node.anchor !== undefined && planning.used.has(root.node.anchor))
    return refuse('shared', `&${root.node.anchor} is used elsewhere`);
  let cursor: Cursor = { at: 'collection', plan: root };
  for (const step of path.slice(0, -1)) {
    const next = descend(planning, cursor, step, create);
    if (isRefusal(next)) return next;
    cursor = next;
  }
  return then(cursor, path[path.length - 1]!);
}

/** Index of the entry or item that a step names; -1 where there is none; a refusal where a merge key brings it in. */
export function indexOf(node: YamlMap | YamlSequence, step: string | number): number | Refusal {
  if (node.kind === 'sequence') return typeof step === 'number' && step >= 0 && step < node.items.length ? step : -1;
  const name = String(step);
  for (let i = node.entries.length - 1; i >= 0; i--) if (node.entries[i]!.name === name) return i;
  return node.merged && node.entry(name) ? refuse('shared', `a merge key brings in ${name}`) : -1;
}

/** The plan of an entry or item. */
export function partOf(plan: CollectionPlan, index: number): PartPlan {
  let part = plan.parts.get(index);
  if (!part) {
    part = { action: 'keep', draft: null, inner: null, name: null, moved: false, prune: false };
    plan.parts.set(index, part);
  }
  return part;
}

/** The value of an entry or item. */
export function valueAt(node: YamlMap | YamlSequence, index: number): YamlNode | null {
  return (node.kind === 'map' ? node.entries[index]?.value : node.items[index]) ?? null;
}

/** Whether a value is an alias, or has an anchor that an alias names. */
export function isUsed(planning: Planning, value: YamlNode | null): boolean {
  if (value?.kind === 'alias') return true;
  return value?.anchor !== undefined && planning.used.has(value.anchor) && !planning.meant.includes(value.anchor);
}

/** `[a: b]` holds a map without braces, which nothing can be added to. */
export function isBracelessMap(planning: Planning, node: YamlNode): boolean {
  return node.kind === 'map' && node.flow && planning.document.text[node.range.start] !== '{';
}

function descend(planning: Planning, cursor: Cursor, step: string | number, create: boolean): Cursor | Refusal {
  if (cursor.at === 'draft') return descendDraft(cursor.draft, step, create);
  const { plan } = cursor;
  const index = indexOf(plan.node, step);
  if (typeof index !== 'number') return index;
  if (index < 0) {
    const name = String(step);
    const known = plan.additions.find(addition => addition.name === name && plan.node.kind === 'map');
    if (known) return cursorOf(known.draft);
    if (!create || plan.node.kind !== 'map') return refuse('conflict', `there is no ${name}`);
    if (renamedTo(plan, null, name)) return refuse('conflict', `a key is renamed to ${name}`);
    const draft: DraftMap = { kind: 'map', entries: new Map() };
    plan.additions.push({ name, draft, after: -1, behind: undefined });
    return { at: 'draft', draft };
  }
  const value = valueAt(plan.node, index);
  if (isUsed(planning, value)) return refuse('shared', `${String(step)} is shared through an anchor`);
  const part = partOf(plan, index);
  if (part.action === 'remove') return refuse('conflict', `${String(step)} is removed and changed`);
  if (part.action === 'replace') return cursorOf(part.draft!);
  if ((value?.kind === 'map' && value.entries.length > 0) || (value?.kind === 'sequence' && value.items.length > 0)) {
    if (isBracelessMap(planning, value)) return refuse('conflict', 'a map without braces');
    part.inner ??= newPlan(value);
    return { at: 'collection', plan: part.inner };
  }
  if (!create || !isVacant(value, 'map')) return refuse('conflict', `${String(step)} is not a map`);
  part.action = 'replace';
  part.draft = { kind: 'map', entries: new Map() };
  return cursorOf(part.draft);
}

/** Whether a map or sequence may take the place of this value: it is empty, null, or an empty collection of that kind. */
export function isVacant(value: YamlNode | null, kind: 'map' | 'sequence'): boolean {
  if (value === null || (value.kind === 'scalar' && value.value === null)) return true;
  return value.kind === kind && (value.kind === 'map' ? value.entries.length === 0 : value.kind === 'sequence' && value.items.length === 0);
}

function cursorOf(draft: Draft): Cursor | Refusal {
  return draft.kind === 'map' || draft.kind === 'sequence' ? { at: 'draft', draft } : refuse('conflict', 'two operations set one place');
}

function descendDraft(draft: DraftMap | DraftSequence, step: string | number, create: boolean): Cursor | Refusal {
  if (draft.kind === 'sequence') {
    const item = typeof step === 'number' ? draft.items[step] : undefined;
    return item ? cursorOf(item) : refuse('conflict', `there is no item ${step}`);
  }
  const name = String(step);
  let next = draft.entries.get(name);
  if (!next) {
    if (!create) return refuse('conflict', `there is no ${name}`);
    next = { kind: 'map', entries: new Map() };
    draft.entries.set(name, next);
  }
  return cursorOf(next);
}

/** The plan of an entry or item that is there and may be edited. */
export function existingPart(planning: Planning, parent: Cursor, step: string | number): PartPlan | Refusal {
  if (parent.at === 'draft') return refuse('conflict', `there is no ${step}`);
  const index = indexOf(parent.plan.node, step);
  if (typeof index !== 'number') return index;
  if (index < 0) return refuse('conflict', `there is no ${step}`);
  // An alias may go; what it names may not.
  const value = valueAt(parent.plan.node, index);
  if (holdsUsedAnchor(planning, value)) return refuse('shared', `${String(step)} holds an anchor that is used elsewhere`);
  if (isBracelessMap(planning, parent.plan.node)) return refuse('conflict', 'a map without braces');
  return partOf(parent.plan, index);
}

/** Whether an anchor that an alias names is in a value. */
export function holdsUsedAnchor(planning: Planning, root: YamlNode | null): boolean {
  if (planning.used.size === 0) return false;
  const stack: (YamlNode | null)[] = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node?.anchor !== undefined && planning.used.has(node.anchor)) return true;
    if (node?.kind === 'map') for (const entry of node.entries) stack.push(entry.key, entry.value);
    else if (node?.kind === 'sequence') stack.push(...node.items);
  }
  return false;
}

/** Whether another part gets this name. */
export function renamedTo(plan: CollectionPlan, except: PartPlan | null, name: string): boolean {
  return [...plan.parts.values()].some(part => part !== except && part.name === name);
}
