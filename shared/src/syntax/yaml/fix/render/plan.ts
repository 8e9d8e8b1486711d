import type { Refusal } from '../../../../base/terms/reasons';
import type { YamlMap, YamlSequence } from '../../types';
import type { Draft } from './draft';

/** A document that is added, and the keys whose values stand on one line in it. */
export interface NewDocument {
  readonly draft: Draft;
  readonly inline: readonly string[];
}

/** A key or item that is added to a collection. */
export interface Addition {
  /** The key; the empty string for an item. */
  readonly name: string;
  draft: Draft;
  /** Index of the entry behind which it goes; -1 for the end, -2 for the start. */
  readonly after: number;
  /** The key that it was to go behind; `null` for the start. */
  readonly behind: string | null | undefined;
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
  /** Whether what is removed stands elsewhere from now on. */
  moved: boolean;
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
  readonly documents: readonly NewDocument[];
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
