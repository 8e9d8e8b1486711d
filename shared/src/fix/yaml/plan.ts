import type { YamlDocument, YamlMap, YamlNode, YamlSequence } from '../../model/yaml/types';
import type { Refusal, YamlOperation } from '../types';
import { draftOf, sameDraft } from './draft';
import type { Draft, DraftMap, DraftSequence } from './draft';
import { sourceDraft } from './moved';

/** A key or item that is added to a collection. */
export interface Addition {
  /** The key; the empty string for an item. */
  readonly name: string;
  draft: Draft;
  /** Index of the entry behind which it goes; -1 for the end, -2 for the start. */
  readonly after: number;
}

/** What happens to one entry of a map or one item of a sequence. */
export interface PartPlan {
  action: 'keep' | 'remove' | 'replace';
  /** The new value of a `replace`. */
  draft: Draft | null;
  /** What happens inside a value that is kept. */
  inner: CollectionPlan | null;
  /** The new key. */
  name: string | null;
  /** Whether a parent that is left empty goes too. */
  prune: boolean;
}

/** What happens to one map or sequence. */
export interface CollectionPlan {
  readonly node: YamlMap | YamlSequence;
  /** By index of entry or item. */
  readonly parts: Map<number, PartPlan>;
  readonly additions: Addition[];
}

/** What happens to a document. */
export interface Plan {
  readonly root: CollectionPlan | null;
  /** Documents to be added behind this one. */
  readonly documents: readonly Draft[];
  /** Where the comments start that moved text carries away. */
  readonly carried: ReadonlySet<number>;
}

/** Says no, and why. */
export function refuse(reason: Refusal['reason'], detail: string): Refusal {
  return { reason, detail };
}

/** Whether a result is a refusal. */
export function isRefusal(value: object): value is Refusal {
  return 'reason' in value;
}

type Cursor =
  { readonly at: 'collection'; readonly plan: CollectionPlan } | { readonly at: 'draft'; readonly draft: DraftMap | DraftSequence };

interface Planning {
  readonly document: YamlDocument;
  readonly root: CollectionPlan | null;
  /** Anchors that an alias names: what they hold cannot change in one place alone. */
  readonly used: ReadonlySet<string>;
  readonly documents: Draft[];
  readonly carried: Set<number>;
}

/** Puts operations together: what they need in common is there once. All paths speak of the document as it is. */
export function planOperations(document: YamlDocument, operations: readonly YamlOperation[]): Plan | Refusal {
  const { root } = document;
  const collection = root?.kind === 'map' || root?.kind === 'sequence' ? newPlan(root) : null;
  const used = document.text.includes('*') ? aliasNames(root) : new Set<string>();
  const planning: Planning = { document, root: collection, used, documents: [], carried: new Set() };
  for (const operation of operations) {
    const refusal = planOne(planning, operation);
    if (refusal) return refusal;
  }
  if (collection) settle(collection);
  return { root: collection, documents: planning.documents, carried: planning.carried };
}

function newPlan(node: YamlMap | YamlSequence): CollectionPlan {
  return { node, parts: new Map(), additions: [] };
}

function aliasNames(root: YamlNode | null): ReadonlySet<string> {
  const names = new Set<string>();
  const stack: (YamlNode | null)[] = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node?.kind === 'alias') names.add(node.name);
    else if (node?.kind === 'map') for (const entry of node.entries) stack.push(entry.value);
    else if (node?.kind === 'sequence') stack.push(...node.items);
  }
  return names;
}

function planOne(planning: Planning, operation: YamlOperation): Refusal | null {
  switch (operation.type) {
    case 'yaml.set':
      return withParent(planning, operation.path, true, (parent, step) =>
        set(planning, parent, step, draftOf(operation.value), operation.after),
      );
    case 'yaml.append':
      return withParent(planning, operation.path, true, (parent, step) => append(planning, parent, step, draftOf(operation.value)));
    case 'yaml.remove':
      return withParent(planning, operation.path, false, (parent, step) => {
        const part = existingPart(planning, parent, step);
        if (isRefusal(part)) return part;
        if (part.action === 'replace' || part.inner || part.name !== null) return refuse('conflict', 'what is removed is changed as well');
        part.action = 'remove';
        part.prune ||= operation.prune ?? false;
        return null;
      });
    case 'yaml.rename':
      return withParent(planning, operation.path, false, (parent, step) => rename(planning, parent, step, operation.name));
    case 'yaml.move':
      return move(planning, operation.from, operation.to);
    case 'yaml.insert-document':
      planning.documents.push(draftOf(operation.value));
      return null;
  }
}

function withParent(
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
function indexOf(node: YamlMap | YamlSequence, step: string | number): number | Refusal {
  if (node.kind === 'sequence') return typeof step === 'number' && step >= 0 && step < node.items.length ? step : -1;
  const name = String(step);
  for (let i = node.entries.length - 1; i >= 0; i--) if (node.entries[i]!.name === name) return i;
  return node.merged && node.entry(name) ? refuse('shared', `a merge key brings in ${name}`) : -1;
}

function partOf(plan: CollectionPlan, index: number): PartPlan {
  let part = plan.parts.get(index);
  if (!part) {
    part = { action: 'keep', draft: null, inner: null, name: null, prune: false };
    plan.parts.set(index, part);
  }
  return part;
}

function valueAt(node: YamlMap | YamlSequence, index: number): YamlNode | null {
  return (node.kind === 'map' ? node.entries[index]?.value : node.items[index]) ?? null;
}

function isUsed(planning: Planning, value: YamlNode | null): boolean {
  return value?.kind === 'alias' || (value?.anchor !== undefined && planning.used.has(value.anchor));
}

/** `[a: b]` holds a map without braces, which nothing can be added to. */
function isBare(planning: Planning, node: YamlNode): boolean {
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
    const draft: DraftMap = { kind: 'map', entries: new Map() };
    plan.additions.push({ name, draft, after: -1 });
    return { at: 'draft', draft };
  }
  const value = valueAt(plan.node, index);
  if (isUsed(planning, value)) return refuse('shared', `${String(step)} is shared through an anchor`);
  const part = partOf(plan, index);
  if (part.action === 'remove') return refuse('conflict', `${String(step)} is removed and changed`);
  if (part.action === 'replace') return cursorOf(part.draft!);
  if ((value?.kind === 'map' && value.entries.length > 0) || (value?.kind === 'sequence' && value.items.length > 0)) {
    if (isBare(planning, value)) return refuse('conflict', 'a map without braces');
    part.inner ??= newPlan(value);
    return { at: 'collection', plan: part.inner };
  }
  if (!create || !isVacant(value, 'map')) return refuse('conflict', `${String(step)} is not a map`);
  part.action = 'replace';
  part.draft = { kind: 'map', entries: new Map() };
  return cursorOf(part.draft);
}

/** Whether a map or sequence may take the place of this value: it is empty, null, or an empty collection of that kind. */
function isVacant(value: YamlNode | null, kind: 'map' | 'sequence'): boolean {
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
function existingPart(planning: Planning, parent: Cursor, step: string | number): PartPlan | Refusal {
  if (parent.at === 'draft') return refuse('conflict', `there is no ${step}`);
  const index = indexOf(parent.plan.node, step);
  if (typeof index !== 'number') return index;
  if (index < 0) return refuse('conflict', `there is no ${step}`);
  // An alias may go; what it names may not.
  const value = valueAt(parent.plan.node, index);
  if (holdsUsedAnchor(planning, value)) return refuse('shared', `${String(step)} holds an anchor that is used elsewhere`);
  if (isBare(planning, parent.plan.node)) return refuse('conflict', 'a map without braces');
  return partOf(parent.plan, index);
}

function holdsUsedAnchor(planning: Planning, root: YamlNode | null): boolean {
  if (planning.used.size === 0) return false;
  const stack: (YamlNode | null)[] = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node?.anchor !== undefined && planning.used.has(node.anchor)) return true;
    if (node?.kind === 'map') for (const entry of node.entries) stack.push(entry.key, entry.value);
    else if (node?.kind === 'sequence') stack.push(...node.items);
  }
  return false;
}

/** Whether a value says already what a draft would write. */
function says(value: YamlNode | null, draft: Draft): boolean {
  return draft.kind === 'scalar' && value?.kind === 'scalar' && value.tag === undefined && Object.is(value.value, draft.value);
}

function set(planning: Planning, parent: Cursor, step: string | number, draft: Draft, after: string | null | undefined): Refusal | null {
  if (parent.at === 'draft') return setDraft(parent.draft, step, draft, after);
  const { plan } = parent;
  const index = indexOf(plan.node, step);
  if (typeof index !== 'number') return index;
  if (index < 0) return add(planning, plan, step, draft, after);
  const value = valueAt(plan.node, index);
  if (isUsed(planning, value) || holdsUsedAnchor(planning, value)) return refuse('shared', `${String(step)} is shared through an anchor`);
  if (value?.tag !== undefined) return refuse('no-fix', `${String(step)} has the tag ${value.tag}`);
  const part = partOf(plan, index);
  if (part.action === 'replace') return sameDraft(part.draft!, draft) ? null : refuse('conflict', `${String(step)} is set twice`);
  if (part.action === 'remove' || part.inner) return refuse('conflict', `${String(step)} is set and changed`);
  if (says(value, draft)) return null;
  part.action = 'replace';
  part.draft = draft;
  return null;
}

function add(planning: Planning, plan: CollectionPlan, step: string | number, draft: Draft, after: string | null | undefined): Refusal | null {
  const { node, additions } = plan;
  if (node.kind !== 'map') return refuse('conflict', `there is no item ${step}`);
  if (isBare(planning, node)) return refuse('conflict', 'a map without braces');
  const name = String(step);
  const known = additions.find(addition => addition.name === name);
  if (known) return sameDraft(known.draft, draft) ? null : refuse('conflict', `${name} is set twice`);
  if (renamedTo(plan, null, name)) return refuse('conflict', `a key is renamed to ${name}`);
  const before = typeof after !== 'string' ? -1 : additions.findIndex(addition => addition.name === after);
  if (before >= 0) {
    additions.splice(before + 1, 0, { name, draft, after: additions[before]!.after });
    return null;
  }
  if (after === null) {
    additions.push({ name, draft, after: -2 });
    return null;
  }
  const place = after === undefined ? -1 : indexOf(node, after);
  additions.push({ name, draft, after: typeof place === 'number' ? place : -1 });
  return null;
}

function setDraft(parent: DraftMap | DraftSequence, step: string | number, draft: Draft, after: string | null | undefined): Refusal | null {
  if (parent.kind === 'sequence') return refuse('conflict', `there is no item ${step}`);
  const name = String(step);
  const known = parent.entries.get(name);
  if (known) return sameDraft(known, draft) ? null : refuse('conflict', `${name} is set twice`);
  const rest = typeof after === 'string' && parent.entries.has(after) ? [...parent.entries] : [];
  if (rest.length === 0) {
    parent.entries.set(name, draft);
    return null;
  }
  parent.entries.clear();
  for (const [key, member] of rest) {
    parent.entries.set(key, member);
    if (key === after) parent.entries.set(name, draft);
  }
  return null;
}

function append(planning: Planning, parent: Cursor, step: string | number, draft: Draft): Refusal | null {
  if (parent.at === 'collection') {
    const { plan } = parent;
    const index = indexOf(plan.node, step);
    if (typeof index !== 'number') return index;
    if (index >= 0) return appendTo(planning, plan, index, draft);
    const known = plan.additions.find(addition => addition.name === String(step));
    if (known) return appendDraft(known.draft, draft);
    return add(planning, plan, step, { kind: 'sequence', items: [draft] }, undefined);
  }
  if (parent.draft.kind === 'map') {
    const known = parent.draft.entries.get(String(step));
    if (known) return appendDraft(known, draft);
  }
  return setDraft(parent.draft, step, { kind: 'sequence', items: [draft] }, undefined);
}

function appendTo(planning: Planning, plan: CollectionPlan, index: number, draft: Draft): Refusal | null {
  const value = valueAt(plan.node, index);
  if (isUsed(planning, value)) return refuse('shared', 'the sequence is shared through an anchor');
  const part = partOf(plan, index);
  if (part.action === 'remove') return refuse('conflict', 'the sequence is removed and changed');
  if (part.action === 'replace') return appendDraft(part.draft!, draft);
  if (value?.kind === 'sequence' && value.items.length > 0) {
    part.inner ??= newPlan(value);
    const { additions } = part.inner;
    if (!additions.some(addition => sameDraft(addition.draft, draft))) additions.push({ name: '', draft, after: -1 });
    return null;
  }
  if (!isVacant(value, 'sequence')) return refuse('conflict', 'what is appended to is no sequence');
  part.action = 'replace';
  part.draft = { kind: 'sequence', items: [draft] };
  return null;
}

function appendDraft(known: Draft, draft: Draft): Refusal | null {
  if (known.kind !== 'sequence') return refuse('conflict', 'what is appended to is no sequence');
  if (!known.items.some(item => sameDraft(item, draft))) known.items.push(draft);
  return null;
}

function rename(planning: Planning, parent: Cursor, step: string | number, name: string): Refusal | null {
  const part = existingPart(planning, parent, step);
  if (isRefusal(part)) return part;
  if (parent.at === 'draft' || parent.plan.node.kind !== 'map') return refuse('conflict', 'an item has no name');
  if (part.action === 'remove') return refuse('conflict', `${String(step)} is removed and renamed`);
  const { node, additions } = parent.plan;
  const taken = node.entry(name) !== undefined || additions.some(addition => addition.name === name) || renamedTo(parent.plan, part, name);
  if (taken && name !== String(step)) return refuse('conflict', `there is a ${name} already`);
  if (part.name !== null && part.name !== name) return refuse('conflict', `${String(step)} is renamed twice`);
  const entry = node.entries[indexOf(node, step) as number];
  if (!entry?.key || entry.key.style === 'literal' || entry.key.style === 'folded') return refuse('no-fix', 'the key is no plain scalar');
  if (name !== String(step)) part.name = name;
  return null;
}

function renamedTo(plan: CollectionPlan, except: PartPlan | null, name: string): boolean {
  return [...plan.parts.values()].some(part => part !== except && part.name === name);
}

function move(planning: Planning, from: readonly (string | number)[], to: readonly (string | number)[]): Refusal | null {
  const last = to[to.length - 1];
  if (from.length === 0 || last === undefined) return refuse('no-fix', 'the root of a document cannot be moved');
  const sameParent = from.length === to.length && from.slice(0, -1).every((step, index) => String(step) === String(to[index]));
  if (sameParent) return withParent(planning, from, false, (parent, step) => rename(planning, parent, step, String(last)));
  let draft: Draft | null = null;
  const refusal = withParent(planning, from, false, (parent, step) => {
    const part = existingPart(planning, parent, step);
    if (isRefusal(part)) return part;
    if (parent.at === 'draft' || parent.plan.node.kind !== 'map') return refuse('conflict', 'only keys can be moved');
    if (part.action !== 'keep' || part.inner || part.name !== null) return refuse('conflict', `${String(step)} is moved and changed`);
    const source = sourceDraft(
      planning.document,
      parent.plan.node.entries[indexOf(parent.plan.node, step) as number]!,
      parent.plan.node.flow,
    );
    if (isRefusal(source)) return source;
    draft = source;
    part.action = 'remove';
    for (const offset of source.comments) planning.carried.add(offset);
    return null;
  });
  if (refusal) return refusal;
  return withParent(planning, to, true, (parent, step) => {
    if (parent.at === 'collection') {
      const index = indexOf(parent.plan.node, step);
      if (typeof index !== 'number') return index;
      if (index >= 0) return refuse('conflict', `there is a ${String(step)} already`);
    }
    return set(planning, parent, step, draft!, undefined);
  });
}

/** Decides bottom-up what becomes of collections that lose all that they hold: they go too, or stay as `{}` or `[]`. */
function settle(plan: CollectionPlan): void {
  for (const part of plan.parts.values()) {
    if (!part.inner) continue;
    settle(part.inner);
    if (!isEmptied(part.inner)) continue;
    const prune = [...part.inner.parts.values()].some(inner => inner.prune);
    part.action = prune ? 'remove' : 'replace';
    part.prune = prune;
    part.draft = prune ? null : emptyDraft(part.inner.node);
    part.inner = null;
  }
}

/** Whether nothing is left of a collection and nothing comes in. */
export function isEmptied(plan: CollectionPlan): boolean {
  const { node, parts, additions } = plan;
  const count = node.kind === 'map' ? node.entries.length : node.items.length;
  return additions.length === 0 && count > 0 && parts.size === count && [...parts.values()].every(part => part.action === 'remove');
}

/** `{}` or `[]`. */
export function emptyDraft(node: YamlMap | YamlSequence): Draft {
  return node.kind === 'map' ? { kind: 'map', entries: new Map() } : { kind: 'sequence', items: [] };
}
