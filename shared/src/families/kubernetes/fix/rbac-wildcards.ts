import { markOf } from '../../../fix/places';
import type { FixPlace } from '../../../fix/types';
import { groupsWith, resourcesIn } from '../../../knowledge/kubernetes-apis';
import type { YamlOperation } from '../../../yaml/operations';
import type { PolicyRule, RbacWord, RoleView } from '../model/rbac';
import { apiVerbs, wordsIn, writeWords } from './rbac';

type Field = 'apiGroups' | 'resources' | 'verbs';

/** A rule of a role with words in place of its wildcards. */
export interface Spelling {
  /** The fields that get a list of words. */
  readonly fields: readonly Field[];
  readonly operations: () => readonly YamlOperation[];
  /** Those that a person fills, since nobody else knows what is needed; empty where all are known. */
  readonly places: readonly FixPlace[];
}

/** Resources that can be created, and not even read. */
const onlyCreated = /^(?:bindings|[a-z]+reviews)$/;

const isAny = (words: readonly RbacWord[]): boolean => words.length === 1 && words[0]!.text === '*';

/** The groups of the API that have resources of these names, each once; `null` where one of them is not Kubernetes' own. */
export function groupsOf(resources: readonly string[], minor: number): readonly string[] | null {
  const groups = resources.map(name => groupsWith(name.split('/', 1)[0]!, minor));
  return groups.every(found => found.length > 0) ? [...new Set(groups.flat())] : null;
}

/**
 * What a rule comes to when its wildcards are spelt out: the verbs of the API, the resources of its groups or the groups of its resources. What nobody
 * knows, as the resources of a custom group, has a place to fill. `null` where a list has other words beside its wildcard, or is not all there.
 * @param minor the cluster's minor release
 */
export function spellOut({ cluster }: RoleView, rule: PolicyRule, minor: number): Spelling | null {
  const { groups, resources, verbs } = rule;
  const lists = { apiGroups: groups, resources, verbs };
  const [groupNames, resourceNames] = [wordsIn(rule, 'apiGroups'), wordsIn(rule, 'resources')];
  if (!groupNames || !resourceNames || !wordsIn(rule, 'verbs') || rule.open) return null;
  if (Object.values(lists).some(words => words.length === 0 || (!isAny(words) && words.some(({ text }) => text === '*')))) return null;
  const places: FixPlace[] = [];
  const fields: Field[] = [];
  const operations: YamlOperation[] = [];
  const write = (field: Field, words: readonly string[]): void => {
    fields.push(field);
    operations.push(writeWords(rule, field, words));
  };
  const ask = (field: Field, sample: string): void => write(field, [markOf(places.push({ text: '', sample }))]);
  if (isAny(resources)) {
    const known = isAny(groups) ? [] : groupNames.map(group => resourcesIn(group, minor, !cluster));
    if (isAny(groups)) ask('apiGroups', 'example.com');
    const mayCreate = verbs.some(({ text }) => text === '*' || text === 'create');
    const names = [...new Set(known.flat())].filter(name => mayCreate || !onlyCreated.test(name));
    if (names.length > 0 && known.every(found => found.length > 0)) write('resources', names);
    else ask('resources', 'examples');
  } else if (isAny(groups)) {
    const known = groupsOf(resourceNames, minor);
    if (known) write('apiGroups', known);
  }
  // nobody writes what is measured, and what has no name yet, or many, is not allowed by name
  const possible = groupNames.every(group => group.endsWith('metrics.k8s.io')) ? ['get', 'list'] : apiVerbs;
  if (isAny(verbs))
    write('verbs', rule.names.length > 0 ? possible.filter(verb => verb !== 'create' && verb !== 'deletecollection') : possible);
  return { fields, operations: () => operations, places };
}
