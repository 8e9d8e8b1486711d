import { appendItem, removeNode, setValue, type YamlOperation } from '../../../syntax/yaml/operations';
import { sequenceOf, stringOf } from '../../../syntax/yaml/values';
import type { PolicyRule, RoleView } from '../model/rbac';

/**
 * The verbs of the API for any resource, sorted. `*` adds those that give rights away: bind, escalate, impersonate, approve, sign, use.
 * Source: https://kubernetes.io/docs/reference/access-authn-authz/authorization/#determine-the-request-verb
 */
export const apiVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** A role that keeps some of its verbs. */
export interface Narrowed {
  /** What is still allowed on the resources in question; empty: they are no longer named. */
  readonly verbs: readonly string[];
  readonly operations: readonly YamlOperation[];
}

/** The words of a list of a rule; `null` where one of them is filled in later, or it is no list. */
export function wordsIn(rule: PolicyRule, field: string): readonly string[] | null {
  const words = sequenceOf(rule.node.get(field))?.items.map(stringOf);
  return words && words.every(word => word !== null) ? words : null;
}

/** Words in place of a list of a rule, laid out as it is, whatever other lists of the file are. */
export function writeWords(rule: PolicyRule, field: string, words: readonly string[]): YamlOperation {
  const isBlock = sequenceOf(rule.node.get(field))?.flow === false;
  return { ...setValue([...rule.path, field], words), ...(isBlock && { block: true }) };
}

/** A rule of a role whose lists are all written out. */
interface Spelt {
  readonly verbs: readonly string[];
  /** Whether the verbs are `*`. */
  readonly any: boolean;
  /** The resources in question, as the rule names them. */
  readonly moved: readonly string[];
  /** What takes them out of the rule; `null` where the rule names no others. */
  readonly remove: readonly YamlOperation[] | null;
  /** A rule of their own, behind the others. */
  readonly own: (more: Readonly<Record<'verbs' | 'resourceNames', readonly string[] | undefined>>) => YamlOperation;
}

function spellOut({ object }: RoleView, rule: PolicyRule, resources: readonly string[]): Spelt | null {
  const all = wordsIn(rule, 'verbs');
  const named = wordsIn(rule, 'resources');
  const groups = wordsIn(rule, 'apiGroups');
  const words = [...(named ?? []), ...(groups ?? [])];
  if (!all || !named || !groups || words.includes('*') || new Set(all).size < all.length || rule.open) return null;
  const any = all.includes('*');
  const moved = named.filter(name => resources.includes(name));
  if (new Set(moved).size < moved.length) return null;
  const remove = named.flatMap((name, index) => (moved.includes(name) ? [removeNode([...rule.path, 'resources', index])] : []));
  return {
    verbs: any ? apiVerbs : all,
    any,
    moved,
    remove: moved.length === named.length ? null : remove,
    own: ({ verbs, resourceNames }) =>
      appendItem([...object.path, 'rules'], {
        apiGroups: groups,
        resources: moved,
        ...(resourceNames && { resourceNames }),
        ...(verbs && { verbs }),
      }),
  };
}

/** Leaves some of the verbs of a rule as they are written. */
function keepVerbs(rule: PolicyRule, { any, verbs }: Spelt, kept: readonly string[]): readonly YamlOperation[] {
  if (any) return [writeWords(rule, 'verbs', kept)];
  const path = [...rule.path, 'verbs'];
  return verbs.flatMap((verb, index) => (kept.includes(verb) ? [] : [removeNode([...path, index])]));
}

/**
 * A rule of a role that no longer allows some verbs on some resources; what else it allows stays as it is, the other resources in the rule, and these in
 * one of their own. `null` where nothing would be left of the rule, or it is for names or groups that are not spelt out.
 * @param resources those in question; others of the rule keep all verbs
 */
export function withoutVerbs(role: RoleView, rule: PolicyRule, resources: readonly string[], verbs: readonly string[]): Narrowed | null {
  const spelt = spellOut(role, rule, resources);
  if (!spelt) return null;
  const { moved, remove, own } = spelt;
  // nobody reads or deletes a subresource that is there to act: what is left of its verbs allows nothing
  const left = moved.every(name => name.includes('/')) ? [] : spelt.verbs.filter(verb => !verbs.includes(verb));
  if (!remove) return left.length === 0 ? null : { verbs: left, operations: keepVerbs(rule, spelt, left) };
  const resourceNames = wordsIn(rule, 'resourceNames') ?? undefined;
  return { verbs: left, operations: left.length > 0 ? [...remove, own({ resourceNames, verbs: left })] : remove };
}

/**
 * A rule of a role that allows its verbs on the objects of some resources that are named, and on no other; creating, which asks for no name, stays
 * allowed in a rule of its own, and to delete all at once is no longer. `null` where no other verb is there, or as above.
 * @param resources those in question; others of the rule stay as they are
 * @param names of the objects
 */
export function forNames(
  role: RoleView,
  rule: PolicyRule,
  resources: readonly string[],
  names: readonly string[],
): readonly YamlOperation[] | null {
  const spelt = spellOut(role, rule, resources);
  const verbs = spelt?.verbs.filter(verb => verb !== 'create' && verb !== 'deletecollection') ?? [];
  if (!spelt || verbs.length === 0) return null;
  const { remove, own } = spelt;
  const creating = spelt.verbs.includes('create') ? [own({ resourceNames: undefined, verbs: ['create'] })] : [];
  if (remove) return [...remove, own({ resourceNames: names, verbs }), ...creating];
  return [...keepVerbs(rule, spelt, verbs), setValue([...rule.path, 'resourceNames'], names), ...creating];
}
