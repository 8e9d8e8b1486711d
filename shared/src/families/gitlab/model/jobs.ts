import { memoize } from '../../../base/text/memoize';
import type { Path, YamlEntry, YamlMap, YamlNode, YamlScalar } from '../../../syntax/yaml/types';
import { booleanOf, mapOf, resolve, scalarOf, sequenceOf, stringOf, valueRange } from '../../../syntax/yaml/values';
import type { GitlabJob, GitlabView, Keyword, Layer, OptionalNode, Variable } from './types';

/** Keys at the top of a pipeline that are no jobs (docs.gitlab.com, "CI/CD YAML syntax reference", 2026-08). */
export const keywords = new Set(
  'after_script before_script cache default image include services spec stages variables workflow'.split(' '),
);

/** Keywords of a job that hold its scripts, in the order in which they run. */
export const scriptKeys = ['before_script', 'script', 'after_script'] as const;

/** Keywords that `default`, or the root, gives to jobs that have none of their own. */
const defaults = new Set(
  'after_script artifacts before_script cache hooks id_tokens identity image interruptible retry services tags timeout'.split(' '),
);

/** How deep jobs extend others: what GitLab allows. */
const deepest = 11;

/** The texts of a list, or of one word in its place. */
export function textsOf(value: OptionalNode): readonly string[] {
  const node = resolve(value);
  return (node?.kind === 'sequence' ? node.items : [node]).flatMap(item => stringOf(scalarOf(item)) ?? []);
}

/** What `!reference [job, keyword]` names; `null`: the node is another. */
export function referenceOf(node: YamlNode | null): readonly string[] | null {
  return node?.kind === 'sequence' && node.tag === '!reference' ? textsOf(node) : null;
}

/** What a reference leads to in the file; `undefined`: it is elsewhere. */
function referred(root: YamlMap, names: readonly string[]): OptionalNode {
  let node: OptionalNode = root;
  for (const name of names) node = mapOf(node)?.get(name);
  return node;
}

/** The scalars of a script: lists in lists are flattened, references followed, ten deep at most. `null`: something that is not in the file. */
function scalarsOf(root: YamlMap, value: OptionalNode, depth = 0): readonly (YamlScalar | null)[] {
  const node = resolve(value);
  if (depth >= deepest || !node) return [];
  const names = referenceOf(node);
  if (names) {
    const target = referred(root, names);
    return target === undefined ? [null] : scalarsOf(root, target, depth + 1);
  }
  if (node.kind === 'sequence') return node.items.flatMap(item => scalarsOf(root, item, depth + 1));
  const scalar = scalarOf(node);
  return scalar ? [scalar] : [];
}

/** What a job extends, the nearest first; `null`: something that is not in the file. */
function basesOf(root: YamlMap, node: YamlMap, depth = 0): readonly (Layer | null)[] {
  if (depth >= deepest) return [];
  return [...textsOf(node.get('extends'))].reverse().flatMap(name => {
    const base = keywords.has(name) ? null : mapOf(root.get(name));
    return base ? [{ node: base, path: [name] }, ...basesOf(root, base, depth + 1)] : [null];
  });
}

/** Which of the defaults, or of the variables of the pipeline, a job takes (`inherit`). */
function inherits(layers: readonly Layer[], what: 'default' | 'variables'): (name: string) => boolean {
  const inherit = layers.map(({ node }) => mapOf(node.get('inherit'))?.get(what)).find(node => node != null);
  if (inherit == null) return () => true;
  if (sequenceOf(inherit)) {
    const names = textsOf(inherit);
    return name => names.includes(name);
  }
  return () => booleanOf(inherit) !== false;
}

/** The variables of a map of them. */
export function variablesIn(layer: Layer): readonly Variable[] {
  return (mapOf(layer.node.get('variables'))?.members() ?? []).map(entry => {
    const map = mapOf(entry.value);
    const node = scalarOf(map ? map.get('value') : entry.value);
    const path = [...layer.path, 'variables', entry.name];
    const range = valueRange((entry.value?.kind === 'map' && entry.value.entry('value')) || entry);
    return { name: entry.name, entry, node, text: stringOf(node), range, path };
  });
}

/** The variables that a pipeline sets itself, at the top and in jobs, each where it is written: what a merge key or an alias brings in is reported there. */
export const writtenVariables = memoize(({ root, jobs }: GitlabView): readonly Variable[] => {
  const seen = new Set<number>();
  return [{ node: root, path: [] }, ...jobs]
    .flatMap(variablesIn)
    .filter(({ entry: { range } }) => !seen.has(range.start) && seen.add(range.start));
});

const keywordIn = ({ node, path }: Layer, name: string): Keyword | null => {
  const entry = node.entry(name);
  return entry ? { entry, node: resolve(entry.value), path: [...path, name] } : null;
};

/** The job of an entry of a pipeline. */
export function readJob(file: GitlabView, { name }: YamlEntry, key: YamlScalar, node: YamlMap): GitlabJob {
  const { root } = file;
  const path: Path = [name];
  const bases = basesOf(root, node);
  const layers = [{ node, path }, ...bases.filter(base => base !== null)];
  const takes = inherits(layers, 'default');
  const common = mapOf(root.get('default'));
  const outer = [...(common && common !== node ? [{ node: common, path: ['default'] }] : []), { node: root, path: [] }];
  const keyword = (wanted: string): Keyword | null => {
    const found = layers.map(layer => keywordIn(layer, wanted)).find(one => one !== null);
    if (found || !defaults.has(wanted) || !takes(wanted)) return found ?? null;
    return outer.map(layer => keywordIn(layer, wanted)).find(one => one !== null) ?? null;
  };
  const scalars = memoize((_: GitlabJob) => scriptKeys.flatMap(one => scalarsOf(root, keyword(one)?.node)));
  const job: GitlabJob = {
    target: 'gitlabJob',
    file,
    name,
    key,
    node,
    path,
    runs: !name.startsWith('.') && name !== 'default',
    layers,
    get whole() {
      return !bases.includes(null) && !scalars(job).includes(null);
    },
    keyword,
    variables: () => variablesOf(job),
    lines: () => scalars(job).filter(scalar => scalar !== null),
    memo: new Map(),
  };
  return job;
}

const variablesOf = memoize(({ layers, file }: GitlabJob): readonly Variable[] => {
  const takes = inherits(layers, 'variables');
  const seen = new Set<string>();
  return [...layers.flatMap(variablesIn), ...file.variables.filter(({ name }) => takes(name))].filter(
    ({ name }) => !seen.has(name) && seen.add(name),
  );
});

/** Whether a condition lets a job run for merge requests, and for nothing else. */
const isOfMerge = (condition: string): boolean =>
  !condition.includes('||') &&
  (/\$CI_PIPELINE_SOURCE\s{0,9}==\s{0,9}["']merge_request_event["']/.test(condition) ||
    /^\$CI_MERGE_REQUEST_I?ID(?!\s{0,9}[=!])/.test(condition));

/** Whether every way in which a job says when it runs is that of a merge request. */
export function isMerging(job: GitlabJob): boolean {
  const rules = job.keyword('rules')?.node;
  if (rules?.kind === 'sequence') {
    const lets = rules.items.map(mapOf).filter(rule => stringOf(rule?.get('when')) !== 'never');
    return lets.length > 0 && lets.every(rule => isOfMerge((stringOf(rule?.get('if')) ?? '').trim()));
  }
  const only = job.keyword('only')?.node;
  const refs = textsOf(mapOf(only)?.get('refs') ?? only);
  return refs.length > 0 && refs.every(ref => ref === 'merge_requests');
}

/** Whether one of the ways in which a job says when it runs is that of a merge request, and no person has to start it then. */
export function runsForMerge(job: GitlabJob): boolean {
  const rules = sequenceOf(job.keyword('rules')?.node);
  if (!rules) return isMerging(job) || textsOf(job.keyword('only')?.node).includes('merge_requests');
  return rules.items.map(mapOf).some(rule => {
    const condition = (stringOf(rule?.get('if')) ?? '').trim();
    return isOfMerge(condition) && !/_PROTECTED\b/.test(condition) && !/^(?:never|manual)$/.test(stringOf(rule?.get('when')) ?? '');
  });
}

/** Tags of GitLab's own runners for macOS and Windows, where `image` names a virtual machine, if anything (docs.gitlab.com, "Hosted runners on macOS", 2026). */
const machineTag = /^saas-(?:macos|windows)-/;

/** Whether a job runs in a virtual machine of GitLab's. */
export function isInMachine(job: GitlabJob): boolean {
  return textsOf(job.keyword('tags')?.node).some(tag => machineTag.test(tag));
}

/** The jobs that run what is written in another: itself, and those that extend it. */
export const usersOf = memoize((job: GitlabJob): readonly GitlabJob[] =>
  job.file.jobs.filter(other => other.runs && other.layers.some(({ node }) => node === job.node)),
);

/** A pattern from end to end of which each part is a name, a digit, or a class of such: what it admits holds no blank and no quote. */
const plainPattern = /^\/\^(?:[\w{}+*?,-]|\\[.dw/-]|\[[\w.-]{1,40}\])+\$\/$/;
/** Whether a condition admits but names of branches and tags that somebody thought of. */
function fixesName(condition: string): boolean {
  if (condition.includes('||')) return false;
  return condition.split('&&').some(part => {
    const [, operator, value = ''] = /^\s{0,9}\$CI_COMMIT_(?:REF_NAME|BRANCH|TAG)\s{0,9}(==|=~)\s{0,9}(\S{1,200})\s{0,9}$/.exec(part) ?? [];
    return operator === '=='
      ? /^(?:\$CI_DEFAULT_BRANCH|"[\w./-]{1,200}"|'[\w./-]{1,200}')$/.test(value)
      : operator !== undefined && plainPattern.test(value);
  });
}

/** Whether all jobs that run what a job has, or a template that other files extend, say by their rules which names a branch or a tag may have. */
export function isOfKnownRefs(job: GitlabJob): boolean {
  const users = usersOf(job);
  return (users.length > 0 ? users : [job]).every(user => {
    const rules = sequenceOf(user.keyword('rules')?.node)?.items ?? [];
    const lets = rules.map(mapOf).filter(rule => stringOf(rule?.get('when')) !== 'never');
    return lets.length > 0 && lets.every(rule => fixesName(stringOf(rule?.get('if')) ?? ''));
  });
}
