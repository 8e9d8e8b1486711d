import { keeping } from '../../../base/text/automaton';
import { isOpenData, unfilled } from '../../../syntax/yaml/data';
import { isObject, type Json } from '../../../syntax/jmespath/values';
import { resourceOf } from '../model/api-names';
import { and, not, or, type Reach } from '../model/reach';
import { dig, mapsIn, textIn, textsIn, type Subject } from './subject';
import { matchesGlob } from './types';

/** Labels or annotations of an object; a value that is filled in later is `null`. */
type Tags = ReadonlyMap<string, string | null>;

function tagsOf({ json }: Pick<Subject, 'json'>, key: 'labels' | 'annotations'): { readonly tags: Tags; readonly open: boolean } {
  const metadata = json.get('metadata');
  const map = dig(metadata, key);
  const tags = new Map<string, string | null>();
  if (map !== undefined && isObject(map))
    for (const [name, value] of map) tags.set(String(name), value === unfilled ? null : textIn(value));
  return { tags, open: isOpenData(map) || map === unfilled || isOpenData(metadata) };
}

/** Whether a selector selects an object by its labels. */
export function selectsObject(selector: Json | undefined, json: Subject['json']): Reach {
  return selects(selector, tagsOf({ json }, 'labels'));
}

/** Whether labels have what a selector wants; wildcards are those of Kyverno. */
function selects(selector: Json | undefined, { tags, open }: { readonly tags: Tags; readonly open: boolean }): Reach {
  const labels = dig(selector, 'matchLabels');
  const wanted = labels !== undefined && isObject(labels) ? [...labels] : [];
  const one = (key: string, test: (value: string) => boolean): Reach => {
    const names =
      key.includes('*') || key.includes('?') ? [...tags.keys()].filter(name => matchesGlob(key, name)) : tags.has(key) ? [key] : [];
    return or([
      ...names.map((name): Reach => (tags.get(name) === null ? null : test(tags.get(name)!))),
      open && names.length === 0 ? null : false,
    ]);
  };
  const expressions = mapsIn(dig(selector, 'matchExpressions')).map((each): Reach => {
    const [key, operator, values] = [textIn(each.get('key')) ?? '', textIn(each.get('operator')), textsIn(each.get('values'))];
    if (operator === 'Exists') return one(key, () => true);
    if (operator === 'DoesNotExist') return not(one(key, () => true));
    const isIn = one(key, value => values.includes(value));
    return operator === 'In' ? isIn : operator === 'NotIn' ? not(isIn) : false;
  });
  return and([...wanted.map(([key, value]) => one(String(key), local => matchesGlob(textIn(value) ?? '', local))), ...expressions]);
}

function namespaceSelects(selector: Json | undefined, subject: Subject): Reach {
  const wanted = dig(selector, 'matchLabels');
  const isEmpty =
    (wanted === undefined || (isObject(wanted) && wanted.size === 0)) && mapsIn(dig(selector, 'matchExpressions')).length === 0;
  if (isEmpty) return true;
  // every namespace has this label
  const local = subject.namespace === null ? [] : [['kubernetes.io/metadata.name', subject.namespace] as const];
  const tags = new Map<string, string | null>([...local, ...(subject.namespaceLabels ?? [])]);
  return selects(selector, { tags, open: subject.namespaceLabels === null });
}

const versionForm = /^(?:v\d(?:(?:alpha|beta)\d)?|\*)$/;

/** The parts of a kind as a policy of Kyverno writes it: `apps/v1/Deployment`, `Pod/exec`. */
const kindParts = keeping((written: string): readonly [group: string, version: string, kind: string, subresource: string] => {
  const slashed = written.split('/');
  const [a = '', b = '', c = '', d = ''] = [...slashed.slice(0, -1), ...slashed.at(-1)!.split('.')];
  switch (slashed.length - 1 + slashed.at(-1)!.split('.').length) {
    case 1:
      return ['*', '*', a, ''];
    case 2:
      if (a === '*' && b === '*') return ['*', '*', '*', '*'];
      if (a === '*' && b.toLowerCase() === b) return ['*', '*', a, b];
      return versionForm.test(a) ? ['*', a, b, ''] : ['*', '*', a, b];
    case 3:
      return versionForm.test(a) ? ['*', a, b, c] : [a, b, c, ''];
    default:
      return [a, b, c, d];
  }
});

/** Whether one of the kinds that a policy of Kyverno names is that of an object. */
export function isOfKinds(kinds: readonly string[], { group, version, kind }: Pick<Subject, 'group' | 'version' | 'kind'>): boolean {
  return kinds.some(written => {
    const [g, v, k, sub] = kindParts(written);
    return matchesGlob(g, group) && matchesGlob(v, version) && matchesGlob(k, kind) && matchesGlob(sub, '');
  });
}

const others = ['roles', 'clusterRoles', 'subjects'];

function matchesDescription(filter: Json, subject: Subject, isExclude: boolean): Reach {
  const about = dig(filter, 'resources');
  const users = others.some(key => textsIn(dig(filter, key)).length > 0 || mapsIn(dig(filter, key)).length > 0);
  const keys = about !== undefined && isObject(about) ? [...about.keys()] : [];
  if (keys.length === 0 && !users) return false;
  const operations = textsIn(dig(about, 'operations'));
  if (operations.length > 0 && !operations.includes('CREATE')) return false;
  const list = (key: string, test: (pattern: string) => Reach): Reach => {
    const texts = textsIn(dig(about, key));
    return texts.length === 0 ? true : or(texts.map(test));
  };
  const { name } = subject;
  const namespace = subject.kind === 'Namespace' ? name : subject.namespace;
  const named = (pattern: string): Reach => (pattern === '*' ? true : name === null ? null : matchesGlob(pattern, name));
  const kinds = textsIn(dig(about, 'kinds'));
  const single = textIn(dig(about, 'name'));
  const annotations = dig(about, 'annotations');
  const selector = dig(about, 'selector');
  const namespaces = dig(about, 'namespaceSelector');
  const wanted = new Map<string, Json>([['matchLabels', annotations ?? null]]);
  return and([
    kinds.length === 0 ? true : isOfKinds(kinds, subject),
    single === null || single === '' ? true : named(single),
    list('names', named),
    list('namespaces', pattern =>
      pattern === '*' && namespace !== '' ? true : namespace === null ? null : matchesGlob(pattern, namespace),
    ),
    annotations === undefined ? true : selects(wanted, tagsOf(subject, 'annotations')),
    selector === undefined ? true : selectsObject(selector, subject.json),
    namespaces === undefined ? true : subject.kind === 'Namespace' ? false : namespaceSelects(namespaces, subject),
    // the user is taken for somebody whom no policy names
    users && isExclude ? false : true,
  ]);
}

/** Whether a `match` or `exclude` of Kyverno takes an object. */
export function isTaken(block: Json | undefined, subject: Subject, isExclude: boolean): Reach {
  if (block === undefined || !isObject(block)) return false;
  const filters = (key: string): readonly Reach[] => mapsIn(block.get(key)).map(filter => matchesDescription(filter, subject, isExclude));
  const [any, all] = [filters('any'), filters('all')];
  return any.length > 0 ? or(any) : all.length > 0 ? and(all) : matchesDescription(block, subject, isExclude);
}

/** Whether a `match` may take objects of a kind, whatever else it asks of them. */
export function mayTake(block: Json | undefined, subject: Pick<Subject, 'group' | 'version' | 'kind'>): boolean {
  if (block === undefined || !isObject(block)) return false;
  const names = (filter: Json): boolean => {
    const kinds = textsIn(dig(filter, 'resources', 'kinds'));
    return kinds.length === 0 || isOfKinds(kinds, subject);
  };
  const [any, all] = [mapsIn(block.get('any')), mapsIn(block.get('all'))];
  return any.length > 0 ? any.some(names) : all.length > 0 ? all.every(names) : names(block);
}

const has = (texts: readonly string[], text: string): boolean => texts.includes('*') || texts.includes(text);

/** The lists of a rule about resources. */
type ResourceLists = Readonly<Record<'groups' | 'versions' | 'resources' | 'operations' | 'names', readonly string[]>>;

const listsKnown = new WeakMap<object, ResourceLists>();

/** The lists of a rule, read once: rules are few, and objects many. */
function listsOf(rule: ReadonlyMap<string, Json>): ResourceLists {
  let known = listsKnown.get(rule);
  if (!known) {
    const list = (key: string): readonly string[] => textsIn(rule.get(key));
    const [groups, versions, resources] = [list('apiGroups'), list('apiVersions'), list('resources')];
    known = { groups, versions, resources, operations: list('operations'), names: list('resourceNames') };
    listsKnown.set(rule, known);
  }
  return known;
}

function matchesResourceRule(rule: ReadonlyMap<string, Json>, { group, version, kind, name, namespace }: Subject): Reach {
  const { groups, versions, resources, operations, names } = listsOf(rule);
  if (!has(groups, group) || !has(versions, version) || !has(operations, 'CREATE')) return false;
  if (!resources.some(text => text === '*' || text === '*/*')) {
    const resource = resourceOf(kind);
    if (!(resource === null ? isLikely(kind, resources) : resources.includes(resource))) return false;
  }
  const scope = textIn(rule.get('scope')) ?? '*';
  return and([
    scope === '*' ? true : namespace === null ? scope === 'Namespaced' : (namespace !== '') === (scope === 'Namespaced'),
    names.length === 0 ? true : name === null ? null : names.includes(name),
  ]);
}

/** Whether a kind that is not Kubernetes' own is one of resources, as such names are usually made. */
function isLikely(kind: string, resources: readonly string[]): boolean {
  const lower = kind.toLowerCase();
  return resources.includes(`${lower}s`) || resources.includes(`${lower}es`) || resources.includes(lower.replace(/y$/, 'ies'));
}

/** Whether constraints of a policy in CEL, or of a binding, take an object; absent ones take all. */
export function isConstrained(constraints: Json | undefined, subject: Subject): Reach {
  if (constraints === undefined || constraints === null) return true;
  const rules = mapsIn(dig(constraints, 'resourceRules'));
  const taken = rules.length === 0 ? true : or(rules.map(rule => matchesResourceRule(rule, subject)));
  if (taken === false) return false;
  const excluded = mapsIn(dig(constraints, 'excludeResourceRules'));
  const [objects, namespaces] = [dig(constraints, 'objectSelector'), dig(constraints, 'namespaceSelector')];
  return and([
    taken,
    not(or(excluded.map(rule => matchesResourceRule(rule, subject)))),
    objects === undefined ? true : selectsObject(objects, subject.json),
    // what has no namespace is not selected by one
    namespaces === undefined || (subject.namespace === '' && subject.kind !== 'Namespace') ? true : namespaceSelects(namespaces, subject),
  ]);
}
