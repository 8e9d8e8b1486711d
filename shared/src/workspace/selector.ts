import { isVariable, mayChange, mayGain } from '../syntax/yaml/certainty';
import type { YamlDocument, YamlMap } from '../syntax/yaml/types';
import type { MaybeNode } from '../syntax/yaml/lookup';
import { itemsOf, mapOf, sequenceOf, stringOf } from '../syntax/yaml/values';

/** How a requirement compares; the four operators of a LabelSelector. */
export type Operator = 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';

/** One requirement. `values` is empty for `Exists` and `DoesNotExist`. */
export interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
}

/** A label selector: every requirement must hold, and without any it selects everything. */
export interface LabelSelector {
  readonly requirements: readonly Requirement[];
  /** Whether part of it is filled in later or is written in a way that is not understood, so that nobody can say what it leaves out. */
  readonly partial: boolean;
}

/** Labels as far as they are known. */
export interface Labels {
  /** `null`: a value that is filled in later. */
  readonly values: Readonly<Record<string, string | null>>;
  /** Whether a template may add more. */
  readonly open: boolean;
  /** The workload whose controller makes the pods that get them, and adds labels of its own; absent: it may be any. */
  readonly of?: { readonly kind: string; readonly name: string | null };
}

/** Whether a selector selects: `maybe` where that depends on what is filled in later. */
export type Match = 'yes' | 'no' | 'maybe';

/** Selects everything. */
export const everything: LabelSelector = { requirements: [], partial: false };

const operators: ReadonlySet<string> = new Set<Operator>(['In', 'NotIn', 'Exists', 'DoesNotExist']);

/** Reads labels from a map node; what is not a map gives none. */
export function readLabels(document: YamlDocument, node: MaybeNode): Labels {
  const map = mapOf(node);
  if (!map) return { values: {}, open: node !== null && node !== undefined };
  const values: Record<string, string | null> = {};
  for (const [name, value] of readPairs(map)) values[name] = value;
  return { values, open: mayGain(document, map) };
}

/** The keys of a map with their text; `null` for what is no text yet. A key that is filled in later has none. */
function* readPairs(map: YamlMap): Generator<readonly [string, string | null]> {
  for (const { name, value } of map.entries) {
    if (name === '<<' || name === '__proto__') continue;
    const text = stringOf(value);
    yield [name, text === null || isVariable(text) ? null : text];
  }
}

/**
 * Reads a LabelSelector (`matchLabels` and `matchExpressions`), such as `spec.podSelector`. `{}` selects everything; `null`: there is none,
 * which selects nothing or everything, as the field says.
 */
export function readLabelSelector(document: YamlDocument, node: MaybeNode): LabelSelector | null {
  const map = mapOf(node);
  if (!map) return mayChange(node) ? { requirements: [], partial: true } : null;
  const labels = readLabelMap(document, map.get('matchLabels'));
  const requirements = [...labels.requirements];
  const list = sequenceOf(map.get('matchExpressions'));
  const items = itemsOf(list);
  let partial =
    labels.partial || mayGain(document, map) || (list !== null && (mayGain(document, list) || items.length < list.items.length));
  for (const { map: item } of items) {
    const key = stringOf(item.get('key'));
    const operator = stringOf(item.get('operator'));
    const listed = item.get('values');
    const values = (sequenceOf(listed)?.items ?? [listed]).filter(value => value !== undefined).map(stringOf);
    const known = values.filter((value): value is string => value !== null && !isVariable(value));
    const understood = key !== null && !isVariable(key) && operator !== null && operators.has(operator) && known.length === values.length;
    if (understood) requirements.push({ key, operator: operator as Operator, values: known });
    else partial = true;
  }
  return { requirements, partial };
}

/** Reads a plain map of labels that must all be there, as `spec.selector` of a Service. What is not a map selects nothing in particular. */
export function readLabelMap(document: YamlDocument, node: MaybeNode): LabelSelector {
  const map = mapOf(node);
  if (!map) return { requirements: [], partial: stringOf(node) !== null };
  const requirements: Requirement[] = [];
  let partial = mayGain(document, map);
  for (const [key, value] of readPairs(map)) {
    if (value === null || isVariable(key)) partial = true;
    else requirements.push({ key, operator: 'In', values: [value] });
  }
  return { requirements, partial };
}

/** The name of a pod, which the controller of a StatefulSet makes of the name of that and a number. */
const podName = 'statefulset.kubernetes.io/pod-name';

/** Labels that controllers put on the pods that they make, whatever the template says. */
const added = new Set([
  podName,
  'apps.kubernetes.io/pod-index',
  'controller-revision-hash',
  'pod-template-generation',
  'pod-template-hash',
  'rollouts-pod-template-hash',
  'job-name',
  'controller-uid',
  'batch.kubernetes.io/job-name',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-completion-index',
]);

/** Whether the controller of the pods may add the label that is asked for. */
function mayAdd({ key, operator, values }: Requirement, { of }: Labels): boolean {
  if (key !== podName || !of) return added.has(key);
  // a prefix or suffix of Kustomize may come around the name
  return of.kind === 'StatefulSet' && (of.name === null || operator !== 'In' || values.some(value => value.includes(`${of.name}-`)));
}

function meets(requirement: Requirement, labels: Labels): Match {
  const { key, operator, values } = requirement;
  const value = Object.hasOwn(labels.values, key) ? labels.values[key] : undefined;
  if (value === undefined) {
    if (labels.open || mayAdd(requirement, labels)) return 'maybe';
    return operator === 'NotIn' || operator === 'DoesNotExist' ? 'yes' : 'no';
  }
  if (operator === 'Exists') return 'yes';
  if (operator === 'DoesNotExist') return 'no';
  if (value === null) return 'maybe';
  return values.includes(value) === (operator === 'In') ? 'yes' : 'no';
}

/** Whether a selector selects something with these labels, as `labels.Selector.Matches` of the API server does (`NotIn` holds where the key is absent). */
export function matches(selector: LabelSelector, labels: Labels): Match {
  let result: Match = selector.partial ? 'maybe' : 'yes';
  for (const requirement of selector.requirements) {
    const one = meets(requirement, labels);
    if (one === 'no') return 'no';
    if (one === 'maybe') result = 'maybe';
  }
  return result;
}

/** Whether both of two conditions hold. */
export function bothMatch(a: Match, b: Match): Match {
  return a === 'no' || b === 'no' ? 'no' : a === 'yes' && b === 'yes' ? 'yes' : 'maybe';
}

/** A requirement that one label of one of few values must meet, by which selectors and labels can be looked up; `null` where there is none. */
export function keyRequirement(selector: LabelSelector): Requirement | null {
  let best: Requirement | null = null;
  for (const requirement of selector.requirements) {
    if (requirement.operator === 'In' && !added.has(requirement.key) && (best === null || requirement.values.length < best.values.length))
      best = requirement;
  }
  return best;
}

/** A selector as people write it on a command line: `app=web,tier in (a,b),!x`. */
export function printSelector({ requirements }: LabelSelector): string {
  return requirements
    .map(({ key, operator, values }) => {
      if (operator === 'Exists') return key;
      if (operator === 'DoesNotExist') return `!${key}`;
      return operator === 'In' && values.length === 1
        ? `${key}=${values[0]}`
        : `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`;
    })
    .join(',');
}
