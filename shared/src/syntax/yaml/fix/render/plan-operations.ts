import type { YamlOperation } from '../../operations';
import type { Refusal } from '../../../../base/terms/reasons';
import type { Path, YamlDocument, YamlNode } from '../../types';
import { appendOnce, draftOf, sameDraft } from './draft';
import type { Draft, DraftMap, DraftSequence } from './draft';
import { sourceDraft } from './moved-entry';
import {
  aliasNames,
  existingPart,
  holdsUsedAnchor,
  indexOf,
  isBracelessMap,
  isUsed,
  isVacant,
  newPlan,
  partOf,
  renamedTo,
  valueAt,
  withParent,
} from './cursor';
import type { Cursor, Planning } from './cursor';
import { emptyDraft, isEmptied, isRefusal, refuse } from './plan';
import type { CollectionPlan, Plan } from './plan';

/** Puts operations together: what they need in common is there once. All paths speak of the document as it is. */
export function planOperations(document: YamlDocument, operations: readonly YamlOperation[]): Plan | Refusal {
  const { root } = document;
  const collection = root?.kind === 'map' || root?.kind === 'sequence' ? newPlan(root) : null;
  const planning: Planning = { document, root: collection, used: usedAnchors(document), meant: [], documents: [], carried: new Set() };
  for (const operation of operations) {
    planning.meant = operation.anchors ?? [];
    const refusal = planOne(planning, operation);
    if (refusal) return refusal;
  }
  if (collection) settle(collection);
  return { root: collection, documents: planning.documents, carried: planning.carried };
}

const used = new WeakMap<YamlDocument, ReadonlySet<string>>();

/** The anchors that aliases of a document name. */
function usedAnchors(document: YamlDocument): ReadonlySet<string> {
  let names = used.get(document);
  if (!names) used.set(document, (names = document.text.includes('*') ? aliasNames(document.root) : new Set()));
  return names;
}

function planOne(planning: Planning, operation: YamlOperation): Refusal | null {
  switch (operation.type) {
    case 'yaml.set':
      return withParent(planning, operation.path, true, (parent, step) =>
        set(planning, parent, step, inBlock(draftOf(operation.value), operation.block), operation.after, operation.anew),
      );
    case 'yaml.append':
      return withParent(planning, operation.path, true, (parent, step) =>
        append(planning, parent, step, draftOf(operation.value), operation.block),
      );
    case 'yaml.remove':
      return withParent(planning, operation.path, false, (parent, step) => {
        const part = existingPart(planning, parent, step);
        if (isRefusal(part)) return part;
        if (part.action === 'replace' || part.inner || part.name !== null || part.moved)
          return refuse('conflict', 'what is removed is changed as well');
        part.action = 'remove';
        part.prune ||= operation.prune ?? false;
        return null;
      });
    case 'yaml.rename':
      return withParent(planning, operation.path, false, (parent, step) => rename(planning, parent, step, operation.name));
    case 'yaml.move':
      return move(planning, operation.from, operation.to, operation.after);
    case 'yaml.edit-text':
      // nothing moves: rendered by itself
      return null;
    case 'yaml.insert-document':
      planning.documents.push({ draft: draftOf(operation.value), inline: operation.inline ?? [] });
      return null;
  }
}

/** A sequence in block style where that is asked for. */
function inBlock(draft: Draft, block = false): Draft {
  return block && draft.kind === 'sequence' ? { ...draft, block } : draft;
}

/** Whether a value says already what a draft would write. */
function says(value: YamlNode | null, draft: Draft): boolean {
  return draft.kind === 'scalar' && value?.kind === 'scalar' && value.tag === undefined && Object.is(value.value, draft.value);
}

function set(
  planning: Planning,
  parent: Cursor,
  step: string | number,
  draft: Draft,
  after: string | null | undefined,
  anew = false,
): Refusal | null {
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
  if (!anew && says(value, draft)) return null;
  part.action = 'replace';
  part.draft = draft;
  return null;
}

function add(
  planning: Planning,
  plan: CollectionPlan,
  step: string | number,
  draft: Draft,
  after: string | null | undefined,
): Refusal | null {
  const { node, additions } = plan;
  if (node.kind !== 'map') return refuse('conflict', `there is no item ${step}`);
  if (isBracelessMap(planning, node)) return refuse('conflict', 'a map without braces');
  const name = String(step);
  const known = additions.find(addition => addition.name === name);
  if (known) return sameDraft(known.draft, draft) ? null : refuse('conflict', `${name} is set twice`);
  if (renamedTo(plan, null, name)) return refuse('conflict', `a key is renamed to ${name}`);
  const index = typeof after === 'string' ? indexOf(node, after) : -1;
  if (typeof index === 'number' && index >= 0) {
    // Several that go behind one key stand in the order in which they came; what goes behind one of them follows them all.
    const place = additions.findIndex(addition => addition.after === index && addition.behind !== after);
    additions.splice(place < 0 ? additions.length : place, 0, { name, draft, after: index, behind: after });
    return null;
  }
  const place = placeBehind(additions, after);
  const neighbour = typeof after === 'string' ? additions.find(addition => addition.name === after) : undefined;
  additions.splice(place, 0, {
    name,
    draft,
    after: after === null ? -2 : (neighbour?.after ?? -1),
    behind: neighbour ? after : after === null ? null : undefined,
  });
  return null;
}

/** Where in a list something goes that is to follow `after` (`null`: first), and behind what was put there before. */
function placeBehind(
  list: readonly { readonly name: string; readonly behind: string | null | undefined }[],
  after: string | null | undefined,
): number {
  if (after === undefined) return list.length;
  if (after === null) return list.findLastIndex(other => other.behind === null) + 1;
  let at = list.findLastIndex(other => other.name === after) + 1;
  if (at === 0) return list.length;
  while (list[at]?.behind === after) at++;
  return at;
}

function setDraft(parent: DraftMap | DraftSequence, step: string | number, draft: Draft, after: string | null | undefined): Refusal | null {
  if (parent.kind === 'sequence') return refuse('conflict', `there is no item ${step}`);
  const name = String(step);
  const known = parent.entries.get(name);
  if (known) return sameDraft(known, draft) ? null : refuse('conflict', `${name} is set twice`);
  if (after === undefined) {
    parent.entries.set(name, draft);
    return null;
  }
  const list = [...parent.entries].map(([key, member]) => ({ name: key, member, behind: parent.behind?.get(key) }));
  list.splice(placeBehind(list, after), 0, { name, member: draft, behind: after });
  parent.entries.clear();
  for (const { name: key, member } of list) parent.entries.set(key, member);
  (parent.behind ??= new Map()).set(name, after);
  return null;
}

function append(planning: Planning, parent: Cursor, step: string | number, draft: Draft, block = false): Refusal | null {
  if (parent.at === 'collection') {
    const { plan } = parent;
    const index = indexOf(plan.node, step);
    if (typeof index !== 'number') return index;
    if (index >= 0) return appendTo(planning, plan, index, draft);
    const known = plan.additions.find(addition => addition.name === String(step));
    if (known) return appendDraft(known.draft, draft);
    return add(planning, plan, step, { kind: 'sequence', items: [draft], block }, undefined);
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
    appendOnce(part.inner.additions, { name: '', draft, after: -1, behind: undefined }, addition => addition.draft);
    return null;
  }
  if (!isVacant(value, 'sequence')) return refuse('conflict', 'what is appended to is not a sequence');
  part.action = 'replace';
  part.draft = { kind: 'sequence', items: [draft] };
  return null;
}

function appendDraft(known: Draft, draft: Draft): Refusal | null {
  if (known.kind !== 'sequence') return refuse('conflict', 'what is appended to is not a sequence');
  appendOnce(known.items, draft, item => item);
  return null;
}

function rename(planning: Planning, parent: Cursor, step: string | number, name: string): Refusal | null {
  const part = existingPart(planning, parent, step);
  if (isRefusal(part)) return part;
  if (parent.at === 'draft' || parent.plan.node.kind !== 'map') return refuse('conflict', 'an item has no name');
  if (part.action === 'remove') return refuse('conflict', `${String(step)} is removed and renamed`);
  const { node, additions } = parent.plan;
  const taken = node.entry(name) !== undefined || additions.some(addition => addition.name === name) || renamedTo(parent.plan, part, name);
  if (taken && name !== String(step)) return refuse('conflict', `${name} already exists`);
  if (part.name !== null && part.name !== name) return refuse('conflict', `${String(step)} is renamed twice`);
  const entry = node.entries[indexOf(node, step) as number];
  if (!entry?.key || entry.key.style === 'literal' || entry.key.style === 'folded')
    return refuse('no-fix', 'the key is not a plain scalar');
  if (name !== String(step)) part.name = name;
  return null;
}

function move(planning: Planning, from: Path, to: Path, after: string | null | undefined): Refusal | null {
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
    const entry = parent.plan.node.entries[indexOf(parent.plan.node, step) as number]!;
    // Elsewhere the alias might stand before its anchor.
    if (planning.used.size > 0 && aliasNames(entry.value).size > 0) return refuse('shared', `${String(step)} holds an alias`);
    const source = sourceDraft(planning.document, entry, parent.plan.node.flow);
    if (isRefusal(source)) return source;
    draft = source;
    part.action = 'remove';
    part.moved = true;
    for (const offset of source.comments) planning.carried.add(offset);
    return null;
  });
  if (refusal) return refusal;
  return withParent(planning, to, true, (parent, step) => {
    if (parent.at === 'collection') {
      const index = indexOf(parent.plan.node, step);
      if (typeof index !== 'number') return index;
      if (index >= 0) return refuse('conflict', `${String(step)} already exists`);
    }
    return set(planning, parent, step, draft!, after);
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
