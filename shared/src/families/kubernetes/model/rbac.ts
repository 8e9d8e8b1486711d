import { isFinal, isVariable } from '../../../syntax/yaml/certainty';
import { textRange } from '../../../syntax/yaml/text-range';
import { memoize, type Memo } from '../../../base/text/memoize';
import type { Range } from '../../../base/text/range';
import type { Path, YamlMap } from '../../../syntax/yaml/types';
import { itemsOf, mapOf, scalarOf, sequenceOf, stringOf } from '../../../syntax/yaml/values';
import type { KubernetesObject } from './types';

/** One word of a rule's list (`verbs: [get]`), or a field of a binding, with where it is. */
export interface RbacWord {
  readonly text: string;
  /** Without quotes. */
  readonly range: Range;
}

/** One item of `rules` of a role. */
export interface PolicyRule {
  readonly path: Path;
  readonly node: YamlMap;
  readonly groups: readonly RbacWord[];
  readonly resources: readonly RbacWord[];
  readonly verbs: readonly RbacWord[];
  /** Empty: the rule holds for all names. */
  readonly names: readonly RbacWord[];
  /** Whether a template may name objects that the rule is for. */
  readonly open: boolean;
}

/** A Role or ClusterRole that its file's author answers for: not one of those that the cluster makes itself. */
export interface RoleView extends Memo {
  readonly target: 'role';
  readonly object: KubernetesObject;
  readonly path: Path;
  readonly complete: boolean;
  /** Whether it is a ClusterRole. */
  readonly cluster: boolean;
  readonly rules: readonly PolicyRule[];
}

/** One subject of a binding. */
export interface SubjectView {
  readonly path: Path;
  readonly kind: string;
  readonly name: string;
  /** The name's range, or the first key's. */
  readonly range: Range;
}

/** A RoleBinding or ClusterRoleBinding that its file's author answers for. */
export interface BindingView extends Memo {
  readonly target: 'binding';
  readonly object: KubernetesObject;
  readonly path: Path;
  readonly complete: boolean;
  /** Whether it is a ClusterRoleBinding. */
  readonly cluster: boolean;
  /** `null` where the binding names no role, or one that is filled in later. */
  readonly role: { readonly kind: string; readonly name: string; readonly range: Range } | null;
  readonly subjects: readonly SubjectView[];
}

/** The group of RBAC's own objects. */
export const rbacGroup = 'rbac.authorization.k8s.io';

/** The label of what the API server makes and keeps up by itself. */
const bootstrapping = 'kubernetes.io/bootstrapping';

/** What its names begin with, as they come out of a cluster without that label. */
const ownNames =
  /^system:(?:controller:|kube-|node|certificates\.|auth-delegator$|aggregate-to-|heapster$|monitoring$|persistent-volume-provisioner$)/;

/** Whether the cluster makes an object itself. Names alone say little: add-ons call their own roles `system:` too. */
function isBuiltIn({ name, labels }: KubernetesObject): boolean {
  return labels.has(bootstrapping) || (name?.startsWith('system:') === true && ownNames.test(name));
}

function wordsOf(object: KubernetesObject, rule: YamlMap, field: string): RbacWord[] {
  const words: RbacWord[] = [];
  for (const item of sequenceOf(rule.get(field))?.items ?? []) {
    const node = scalarOf(item);
    const text = stringOf(node);
    if (node && text !== null) words.push({ text, range: textRange(object.document, node).range });
  }
  return words;
}

/** The view of a Role or ClusterRole; `null` for other objects, and for built-in roles. */
export const roleOf = memoize((object: KubernetesObject): RoleView | null => {
  const cluster = object.kind === 'ClusterRole';
  if ((!cluster && object.kind !== 'Role') || object.group !== rbacGroup || isBuiltIn(object)) return null;
  const rules = itemsOf(object.node.get('rules')).map(({ index, map }) => ({
    path: [...object.path, 'rules', index],
    node: map,
    groups: wordsOf(object, map, 'apiGroups'),
    resources: wordsOf(object, map, 'resources'),
    verbs: wordsOf(object, map, 'verbs'),
    names: wordsOf(object, map, 'resourceNames'),
    open: !isFinal(object.document, map, 'resourceNames'),
  }));
  return { target: 'role', memo: new Map(), object, path: object.path, complete: object.complete, cluster, rules };
});

/** The view of a RoleBinding or ClusterRoleBinding; `null` for other objects, and for built-in bindings. */
export const bindingOf = memoize((object: KubernetesObject): BindingView | null => {
  const cluster = object.kind === 'ClusterRoleBinding';
  if ((!cluster && object.kind !== 'RoleBinding') || object.group !== rbacGroup || isBuiltIn(object)) return null;
  const ref = mapOf(object.node.get('roleRef'));
  const nameNode = scalarOf(ref?.get('name'));
  const name = stringOf(nameNode);
  const role =
    nameNode && name !== null && !isVariable(name)
      ? { kind: stringOf(ref?.get('kind')) ?? '', name, range: textRange(object.document, nameNode).range }
      : null;
  const subjects = itemsOf(object.node.get('subjects')).flatMap(({ index, map }) => {
    const node = scalarOf(map.get('name'));
    const subject = stringOf(node);
    if (!node || subject === null) return [];
    return [
      {
        path: [...object.path, 'subjects', index],
        kind: stringOf(map.get('kind')) ?? '',
        name: subject,
        namespace: stringOf(map.get('namespace')),
        range: textRange(object.document, node).range,
      },
    ];
  });
  return { target: 'binding', memo: new Map(), object, path: object.path, complete: object.complete, cluster, role, subjects };
});

/** What one item of `rules` allows of what was asked. */
export interface Grant {
  readonly rule: PolicyRule;
  /** Where the first of the resources stands. */
  readonly range: Range;
  /** The resources among those asked for, as messages list them. */
  readonly resources: string;
  /** The verbs likewise; `*` alone where the rule has that. */
  readonly verbs: string;
}

/** A list as messages show it: two words at most, and one where they are long. */
function listed(words: readonly string[]): string {
  const shown = words.slice(0, words.length > 1 && words[0]!.length + words[1]!.length > 40 ? 1 : 2);
  return [...shown, ...(shown.length < words.length ? ['...'] : [])].join(', ');
}

/** Whether a rule holds for some names only, be they filled in later. (RBAC knows no `*` among names; who writes it means all.) */
export function isNarrow({ names, open }: PolicyRule): boolean {
  return open || (names.length > 0 && !names.some(({ text }) => text === '*'));
}

/**
 * What the rules of a role allow on named resources (`pods`, `pods/exec`) of one group with any of these verbs. Matches as the RBAC authorizer
 * does: `*` is any group or verb, `pods/*` is nothing. A resource `*` is passed over, since `rbac-wildcard` speaks of it.
 */
export function grantsOf(role: RoleView, group: string, resources: readonly string[], verbs: readonly string[]): Grant[] {
  const found: Grant[] = [];
  for (const rule of role.rules) {
    const named = rule.resources.filter(({ text }) => resources.includes(text));
    if (named.length === 0 || !rule.groups.some(({ text }) => text === group || text === '*')) continue;
    const any = rule.verbs.some(({ text }) => text === '*');
    const allowed = any ? ['*'] : rule.verbs.map(({ text }) => text).filter(text => verbs.includes(text));
    if (allowed.length === 0) continue;
    found.push({ rule, range: named[0]!.range, resources: listed(named.map(({ text }) => text)), verbs: listed(allowed) });
  }
  return found;
}
