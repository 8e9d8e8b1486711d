import { markOf } from '../../../rule/fix/places';
import type { FixPlace } from '../../../rule/fix/types';
import { groupsWith, resourcesIn } from '../../../knowledge/kubernetes-apis';
import { removeWithComment, type YamlOperation } from '../../../syntax/yaml/operations';
import type { PolicyRule, RbacWord, RoleView } from '../model/rbac';
import { apiVerbs, wordsIn, writeWords } from './rbac';

type Field = 'apiGroups' | 'resources' | 'verbs';

/** A rule of a role with words in place of its wildcards. */
export interface Spelling {
  /** The fields that get a list of words, or keep those that they have. */
  readonly fields: readonly Field[];
  /** What is taken for granted: of known words that others are not needed, by field; `named`: that nothing is but what is named already. */
  readonly assumes: readonly (Field | 'named')[];
  readonly operations: () => readonly YamlOperation[];
  /** Those that a person fills, since nobody else knows what is needed; empty where all are known. */
  readonly places: readonly FixPlace[];
}

/** Resources that can be created, and not even read. */
const onlyCreated = /^(?:bindings|[a-z]+reviews)$/;

const isAny = (words: readonly RbacWord[]): boolean => words.length > 0 && words.every(({ text }) => text === '*');

/** The groups of the API that have resources of these names, each once; `null` where one of them is not Kubernetes' own. */
export function groupsOf(resources: readonly string[], minor: number): readonly string[] | null {
  const groups = resources.map(name => groupsWith(name.split('/', 1)[0]!, minor));
  return groups.every(found => found.length > 0) ? [...new Set(groups.flat())] : null;
}

/**
 * What a rule comes to when its wildcards are spelt out: the verbs of the API, the resources of its groups or the groups of its resources. What nobody
 * knows, as the resources of a custom group, has a place to fill; beside other words a wildcard goes. `null` where a list is not all there.
 * @param minor the cluster's minor release
 */
export function spellOut({ cluster }: RoleView, rule: PolicyRule, minor: number): Spelling | null {
  const { groups, resources, verbs } = rule;
  const places: FixPlace[] = [];
  const fields: Field[] = [];
  const assumes: (Field | 'named')[] = [];
  const operations: YamlOperation[] = [];
  /** The words of a list without a wildcard beside them, which goes. */
  const namedIn = (field: Field): readonly string[] | null => {
    const words = wordsIn(rule, field);
    const named = words?.filter(word => word !== '*') ?? [];
    if (!words || named.length === 0 || named.length === words.length) return words;
    fields.push(field);
    assumes.push('named');
    operations.push(...words.flatMap((word, index) => (word === '*' ? [removeWithComment([...rule.path, field, index])] : [])));
    return named;
  };
  const [groupNames, resourceNames, verbNames] = [namedIn('apiGroups'), namedIn('resources'), namedIn('verbs')];
  if (!groupNames?.length || !resourceNames?.length || !verbNames?.length || rule.open) return null;
  const put = (field: Field, words: readonly string[]): void => {
    fields.push(field);
    operations.push(writeWords(rule, field, words));
  };
  const write = (field: Field, words: readonly string[]): void => {
    assumes.push(field);
    put(field, words);
  };
  const ask = (field: Field, sample: string): void => put(field, [markOf(places.push({ text: '', sample }))]);
  if (isAny(resources)) {
    const known = isAny(groups) ? [] : groupNames.map(group => resourcesIn(group, minor, !cluster));
    if (isAny(groups)) ask('apiGroups', 'example.com');
    const mayCreate = verbNames.some(verb => verb === '*' || verb === 'create');
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
  return { fields, assumes: [...new Set(assumes)], operations: () => operations, places };
}
