import type { FactPlace } from './fact-place';
import { bothMatch, keyRequirement, matches, type Labels, type LabelSelector, type Match } from './selector';

/** Namespaces of manifests are often set from outside (`kubectl -n`, kustomize): one that is not written may be any. */
export function sameNamespace(a: string | null, b: string | null): boolean {
  return a === null || b === null || a === b;
}

/** Facts by a key; each goes and comes without a look at others. */
export interface Table<F> {
  add(key: string, fact: F): void;
  remove(key: string, fact: F): void;
  /** In order of paths and places. */
  get(key: string): readonly F[];
  has(key: string): boolean;
  /** How many facts there are under a key. */
  count(key: string): number;
  /** How many keys there are. */
  size(): number;
  /** The keys, sorted. */
  keys(): readonly string[];
}

/** Creates an empty table. */
export function createTable<F extends FactPlace>(): Table<F> {
  const buckets = new Map<string, { readonly facts: Set<F>; sorted: readonly F[] | null }>();
  let keys: readonly string[] | null = null;
  return {
    add: (key, fact) => {
      let bucket = buckets.get(key);
      if (!bucket) {
        buckets.set(key, (bucket = { facts: new Set<F>(), sorted: null }));
        keys = null;
      }
      bucket.facts.add(fact);
      bucket.sorted = null;
    },
    remove: (key, fact) => {
      const bucket = buckets.get(key);
      if (!bucket?.facts.delete(fact)) return;
      bucket.sorted = null;
      if (bucket.facts.size > 0) return;
      buckets.delete(key);
      keys = null;
    },
    get: key => {
      const bucket = buckets.get(key);
      if (!bucket) return [];
      return (bucket.sorted ??= [...bucket.facts].sort((a, b) =>
        a.path < b.path ? -1 : a.path > b.path ? 1 : a.range.start - b.range.start,
      ));
    },
    has: key => buckets.has(key),
    count: key => buckets.get(key)?.facts.size ?? 0,
    size: () => buckets.size,
    keys: () => (keys ??= [...buckets.keys()].sort()),
  };
}

/** The keys under which a selector is filed: those of the requirement that narrows it most, or `*`. */
export function selectorKeys(selector: LabelSelector): readonly string[] {
  const requirement = keyRequirement(selector);
  return requirement ? [...new Set(requirement.values)].map(value => `${requirement.key}=${value}`) : ['*'];
}

/** The keys under which labels are filed: each label, `?` where a template may change them, and `*`. */
export function labelKeys({ values, open }: Labels): readonly string[] {
  const entries = Object.entries(values);
  const keys = entries.flatMap(([key, value]) => (value === null ? [] : [`${key}=${value}`]));
  return open || keys.length < entries.length ? [...keys, '?', '*'] : [...keys, '*'];
}

/** What a table of selectors (by `selectorKeys`) may select of these labels, each once. */
export function candidates<F extends FactPlace>(table: Table<F>, everySelector: () => Iterable<F>, labels: Labels): Iterable<F> {
  const keys = labelKeys(labels);
  if (keys.includes('?')) return everySelector();
  return new Set(keys.flatMap(key => table.get(key)));
}

/** What a table of labels (by `labelKeys`) may have that a selector selects, each once. */
export function labelled<F extends FactPlace>(table: Table<F>, selector: LabelSelector): readonly F[] {
  const keys = selectorKeys(selector);
  if (keys[0] === '*' && keys.length === 1) return table.get('*');
  if (keys.length === 1 && !table.has('?')) return table.get(keys[0]!);
  return [...new Set([...keys, '?'].flatMap(key => table.get(key)))];
}

/** Whether a policy of one namespace, or of those that a selector selects, holds in `namespace`. `labelsOf` gives what is known of a Namespace. */
export function reaches(
  scope: { readonly scope: 'namespace' | 'cluster'; readonly namespace: string | null; readonly namespaces: LabelSelector | null },
  namespace: string | null,
  labelsOf: (namespace: string) => Labels | null,
): Match {
  if (scope.scope === 'namespace') return sameNamespace(scope.namespace, namespace) ? 'yes' : 'no';
  if (scope.namespaces === null) return 'yes';
  if (namespace === null) return 'maybe';
  const labels = labelsOf(namespace);
  const values = { ...labels?.values, 'kubernetes.io/metadata.name': namespace };
  return bothMatch('yes', matches(scope.namespaces, { values, open: labels?.open ?? true }));
}
