import { derive, type Keeper } from '../derived';
import type { Range } from '../../text/range';
import type { Path, YamlMap } from '../yaml/types';
import { textRange } from './image-view';
import { isVariable, itemsOf, mapOf, scalarOf, sequenceOf, stringOf } from './nodes';
import type { KubernetesObject } from './types';

/** One word of a rule's list (`verbs: [get]`), or a field of a binding, with where it stands. */
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
}

/** A Role or ClusterRole that its file's author answers for: not one of those that the cluster makes itself. */
export interface RoleView extends Keeper {
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
  /** `null` where unset: for a ServiceAccount of a RoleBinding the binding's own. */
  readonly namespace: string | null;
  /** The name's range, or the first key's. */
  readonly range: Range;
}

/** A RoleBinding or ClusterRoleBinding that its file's author answers for. */
export interface BindingView extends Keeper {
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

/** Roles that the API server makes and keeps up by itself, under this label. */
const bootstrapping = 'kubernetes.io/bootstrapping';

/** Whether the cluster makes an object itself: its name begins with `system:`, or its label says so. */
function isBuiltIn(object: KubernetesObject): boolean {
  return object.name?.startsWith('system:') === true || object.labels.has(bootstrapping);
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
export const roleOf = derive((object: KubernetesObject): RoleView | null => {
  const cluster = object.kind === 'ClusterRole';
  if ((!cluster && object.kind !== 'Role') || object.group !== rbacGroup || isBuiltIn(object)) return null;
  const rules = itemsOf(object.node.get('rules')).map(({ index, map }) => ({
    path: [...object.path, 'rules', index],
    node: map,
    groups: wordsOf(object, map, 'apiGroups'),
    resources: wordsOf(object, map, 'resources'),
    verbs: wordsOf(object, map, 'verbs'),
    names: wordsOf(object, map, 'resourceNames'),
  }));
  return { target: 'role', derived: new Map(), object, path: object.path, complete: object.complete, cluster, rules };
});

/** The view of a RoleBinding or ClusterRoleBinding; `null` for other objects, and for built-in bindings. */
export const bindingOf = derive((object: KubernetesObject): BindingView | null => {
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
  return { target: 'binding', derived: new Map(), object, path: object.path, complete: object.complete, cluster, role, subjects };
});

/** What a rule allows of what was asked: one resource, and the first of the verbs. */
export interface Grant {
  readonly rule: PolicyRule;
  readonly resource: RbacWord;
  readonly verb: RbacWord;
  /** All verbs among those asked for that the rule names, as messages list them; `*` alone where it has that. */
  readonly verbs: string;
}

/**
 * What the rules of a role allow on named resources (`pods`, `pods/exec`) with one of these verbs. Groups, verbs and names follow the RBAC
 * authorizer: `*` is any; `pods/*` is nothing. Resources that are `*` are passed over: `rbac-wildcard` speaks of those.
 * @param group the API group of the resources; `*` in the rule matches it
 */
export function grantsOf(role: RoleView, group: string, resources: ReadonlySet<string>, verbs: ReadonlySet<string>): Grant[] {
  const found: Grant[] = [];
  for (const rule of role.rules) {
    if (rule.resources.length === 0 || !rule.groups.some(({ text }) => text === group || text === '*')) continue;
    const allowed = rule.verbs.filter(({ text }) => text === '*' || verbs.has(text));
    const verb = allowed[0];
    if (!verb) continue;
    const any = allowed.some(({ text }) => text === '*');
    for (const resource of rule.resources)
      if (resources.has(resource.text)) found.push({ rule, resource, verb, verbs: any ? '*' : allowed.map(({ text }) => text).join(', ') });
  }
  return found;
}
