import { scriptInScalar } from '../../family/yaml-script';
import type { Path, YamlDocument, YamlMap, YamlScalar } from '../../../syntax/yaml/types';
import { booleanOf, mapOf, resolve, scalarOf, stringOf } from '../../../syntax/yaml/values';
import type { GitlabScript, GitlabView, OptionalNode } from './types';

/** Keys at the top of a pipeline that are no jobs (docs.gitlab.com, "CI/CD YAML syntax reference", 2026-08). */
const keywords = new Set('after_script before_script cache default image include services spec stages variables workflow'.split(' '));
const scriptKeys = ['before_script', 'script', 'after_script'];

/** Whether jobs come from, or go on in, files that are not this one. */
function isOpen(root: YamlMap): boolean {
  if (root.entry('include')) return true;
  const jobs = root.members().map(({ value }) => mapOf(value));
  return jobs.some(job => {
    const bases = resolve(job?.get('extends'));
    const named = bases?.kind === 'sequence' ? bases.items : [bases];
    return job?.entry('trigger') !== undefined || named.some(base => base && !root.entry(stringOf(scalarOf(base)) ?? ''));
  });
}

/** Whether every way in which a job says when it runs is that of a merge request. */
function isMerging(job: YamlMap): boolean {
  const rules = resolve(job.get('rules'));
  if (rules?.kind === 'sequence')
    return rules.items.length > 0 && rules.items.every(rule => /merge_request/.test(stringOf(scalarOf(mapOf(rule)?.get('if'))) ?? ''));
  const only = resolve(mapOf(job.get('only'))?.get('refs') ?? job.get('only'));
  const refs = only?.kind === 'sequence' ? only.items : [only];
  return refs.every(ref => stringOf(scalarOf(ref)) === 'merge_requests');
}

/** Tags of GitLab's own runners for macOS and Windows, where `image` names a virtual machine, if anything (docs.gitlab.com, "Hosted runners on macOS", 2026). */
const machineTag = /^saas-(?:macos|windows)-/;

/** The texts of a list, or of one word in its place. */
function textsOf(value: OptionalNode): readonly string[] {
  const node = resolve(value);
  return (node?.kind === 'sequence' ? node.items : [node]).flatMap(item => stringOf(scalarOf(item)) ?? []);
}

/** Whether a job runs in a virtual machine of GitLab's: by its tags, or by those that it takes from a job of the file or from the defaults. */
function isInMachine(job: YamlMap, root: YamlMap, depth = 0): boolean {
  if (job.entry('tags')) return textsOf(job.get('tags')).some(tag => machineTag.test(tag));
  const bases = depth < 11 ? textsOf(job.get('extends')).flatMap(name => mapOf(root.get(name)) ?? []) : [];
  const tagged = bases.filter(base => base.entry('tags') ?? base.entry('extends'));
  if (tagged.length > 0) return isInMachine(tagged.at(-1)!, root, depth + 1);
  const defaults = mapOf(root.get('default'));
  return defaults !== null && defaults !== job && isInMachine(defaults, root, 11);
}

/** Reads a pipeline of GitLab, as far as rules ask: its images and its scripts. What is included or extended is not followed. */
export function readGitlab(document: YamlDocument, root: YamlMap, path: string): GitlabView {
  const images: { readonly node: YamlScalar; readonly path: Path }[] = [];
  const scripts: GitlabScript[] = [];
  const view: GitlabView = { target: 'gitlab', document, path, root, images, scripts, open: isOpen(root) };
  const addImage = (value: OptionalNode, at: Path): void => {
    const map = mapOf(value);
    const node = scalarOf(map ? map.get('name') : value);
    if (node) images.push({ node, path: map ? [...at, 'name'] : at });
  };
  const addScript = (job: YamlMap, value: OptionalNode, at: Path, depth = 0): void => {
    const node = resolve(value);
    // lists in lists are flattened by GitLab, ten deep at most
    if (node?.kind === 'sequence' && depth < 10) node.items.forEach((item, i) => addScript(job, item, [...at, i], depth + 1));
    const scalar = scalarOf(node);
    if (!scalar) return;
    scripts.push({
      target: 'script',
      file: view,
      node: scalar,
      path: at,
      mayFail: booleanOf(job.get('allow_failure')) === true ? (job.entry('allow_failure')?.value?.range ?? null) : null,
      merging: isMerging(job),
      script: () => scriptInScalar(document, scalar),
    });
  };
  const addJob = (job: YamlMap, at: Path): void => {
    if (!isInMachine(job, root)) addImage(resolve(job.get('image')), [...at, 'image']);
    const services = resolve(job.get('services'));
    if (services?.kind === 'sequence') services.items.forEach((item, i) => addImage(resolve(item), [...at, 'services', i]));
    for (const key of scriptKeys) addScript(job, job.get(key), [...at, key]);
  };
  addJob(root, []);
  for (const { name, value } of root.members()) {
    const job = mapOf(value);
    if (job && (name === 'default' || !keywords.has(name))) addJob(job, [name]);
  }
  return view;
}
