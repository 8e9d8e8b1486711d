import type { CelValue } from '../../../syntax/cel/values';
import { isArray, isObject, type Json } from '../../../syntax/jmespath/values';
import { asOpen, dataOf, isOpenData } from '../../../syntax/yaml/data';
import { nodeAt } from '../../../syntax/yaml/lookup';
import { parseDocument } from '../../../syntax/yaml/parse';
import { isJudging, type PolicyTextFact } from '../../../workspace/admission-facts';
import { factKind } from '../../../workspace/fact-kind';
import { sharedDepth } from '../../../workspace/paths';
import type { WorkspaceIndex } from '../../../workspace/types';
import { selectsObject } from './match';
import { dig, textIn, type ParameterObject, type Subject } from './subject';

/** What a policy is given as `params`: `null` for nothing, `undefined` where there is something that is not known here. */
export type Parameters = CelValue | undefined;

/** Why there can be none for an object that is in no namespace. */
export const misplaced = 'cannot use namespaced paramRef in policy binding that matches cluster-scoped resources';

/** Data that has no place in what is judged; `isFilled`: the API server fills in more. */
function detached(data: Json, isFilled: boolean): Json {
  if (isArray(data)) return data.map(item => detached(item, isFilled));
  if (!isObject(data)) return data;
  const copy = new Map([...data].map(([key, item]) => [key, detached(item, isFilled && key !== 'metadata')] as const));
  return isFilled || isOpenData(data) ? asOpen(copy) : copy;
}

const known = new WeakMap<PolicyTextFact, ReadonlyMap<string, Json> | null>();

function objectOf(fact: PolicyTextFact): ReadonlyMap<string, Json> | null {
  let found = known.get(fact);
  if (found === undefined) {
    const document = parseDocument(fact.text ?? '');
    // a custom resource has fields that its definition fills in
    const data = detached(dataOf(document, nodeAt(document, fact.at), [], { whole: true }), fact.of !== 'ConfigMap');
    known.set(fact, (found = isObject(data) ? (data as ReadonlyMap<string, Json>) : null));
  }
  return found;
}

/** The objects of a kind that policies may take as their parameters, for the objects of a file: of several with one name the nearest. */
export function parameterObjects(
  workspace: Pick<WorkspaceIndex, 'kustomizes' | 'parameterTexts'>,
  kind: string,
  path: string,
): readonly ParameterObject[] {
  const nearest = new Map<string, ParameterObject & { readonly depth: number }>();
  for (const fact of workspace.parameterTexts(kind)) {
    if (!isJudging(fact) || workspace.kustomizes(fact.path, 'changes')) continue;
    const value = objectOf(fact);
    const namespace = workspace.kustomizes(fact.path, 'places') ? null : textIn(dig(value ?? undefined, 'metadata', 'namespace'));
    const [key, depth] = [`${namespace ?? ''}/${fact.name}`, sharedDepth(fact.path, path)];
    const other = nearest.get(key);
    if (!other || other.depth < depth) nearest.set(key, { name: fact.name, namespace, value, depth });
    else if (other.depth === depth) nearest.set(key, { ...other, value: null });
  }
  return [...nearest.values()];
}

/** A `paramKind`, and the reference of a binding, or of a rule, to objects of it. */
export type Handed = readonly [kind: Json | undefined, reference: Json | undefined];

function kindOf(kind: Json | undefined): string {
  const [group, version] = (textIn(dig(kind, 'apiVersion')) ?? '').split('/');
  return factKind(version === undefined ? '' : group!, textIn(dig(kind, 'kind')) ?? '');
}

/** The objects that a reference may mean, wherever what is judged is. */
export function meant([kind, reference]: Handed, objects: Subject['parameters']): readonly ParameterObject[] {
  const [name, stated] = [textIn(dig(reference, 'name')), textIn(dig(reference, 'namespace'))];
  return (objects?.(kindOf(kind)) ?? []).filter(
    object =>
      (!stated || object.namespace === null || object.namespace === stated) &&
      (name === null ? object.value !== null && selectsObject(dig(reference, 'selector'), object.value) === true : object.name === name),
  );
}

/**
 * What an object is judged with, as the API server finds it (apiserver, policy/generic/policy_dispatcher.go): all that a selector selects, each in turn. What is not
 * in the workspace may be in the cluster. `null`: there can be none.
 */
export function parametersFor(kind: Json | undefined, reference: Json | undefined, subject: Subject): readonly Parameters[] | null {
  if (kind === undefined || reference === undefined) return [null];
  const namespace = textIn(dig(reference, 'namespace')) || subject.namespace;
  if (namespace === '' && kindOf(kind) === 'ConfigMap') return null;
  const all = meant([kind, reference], subject.parameters);
  const local = all.filter(object => object.namespace === namespace && namespace !== null);
  const anywhere = all.filter(object => object.namespace === null);
  const found = dig(reference, 'name') === undefined ? [...local, ...anywhere] : local.length > 0 ? local : anywhere;
  return found.length > 0 ? found.map(({ value }) => (value as CelValue) ?? undefined) : [undefined];
}
