import { scriptInScalar } from '../../family/yaml-script';
import { memoize } from '../../../base/text/memoize';
import type { Range } from '../../../base/text/range';
import type { Path, YamlDocument, YamlMap, YamlNode, YamlScalar } from '../../../syntax/yaml/types';
import { booleanOf, mapOf, resolve, scalarOf, sequenceOf, stringOf } from '../../../syntax/yaml/values';
import { hostSocketsOf, openDaemonsOf } from './daemons';
import { isInMachine, isMerging, keywords, readJob, referenceOf, scriptKeys, textsOf, usersOf, variablesIn } from './jobs';
import { restOf } from './rest';
import { isSecret } from './secrets';
import type { GitlabInclude, GitlabJob, GitlabLine, GitlabView, OptionalNode, PlacedImage } from './types';

/** Whether jobs come from, or go on in, files that are not this one. */
function isOpen(root: YamlMap): boolean {
  if (root.entry('include')) return true;
  return root.members().some(({ value }) => {
    const job = mapOf(value);
    return job?.entry('trigger') !== undefined || textsOf(job?.get('extends')).some(base => !root.entry(base));
  });
}

/** What an item of `include` names. */
function includeOf(file: GitlabView, value: YamlNode | null, path: Path): readonly GitlabInclude[] {
  const map = mapOf(value);
  if (!map) {
    const node = scalarOf(value);
    const text = stringOf(node);
    if (!node || text === null) return [];
    return [{ target: 'include', file, kind: /^https?:\/\//i.test(text) ? 'remote' : 'local', node, text, map: null, path }];
  }
  for (const kind of ['local', 'project', 'remote', 'template', 'component'] as const) {
    const named = resolve(map.get(kind));
    const nodes = (named?.kind === 'sequence' ? named.items : [named]).flatMap(item => scalarOf(item) ?? []);
    if (nodes.length > 0)
      return nodes.map(node => ({ target: 'include', file, kind, node, text: stringOf(node) ?? '', map, path: [...path, kind] }));
  }
  return [];
}

function includesOf(file: GitlabView): readonly GitlabInclude[] {
  const lists: (readonly [OptionalNode, Path])[] = [[file.root.get('include'), ['include']]];
  for (const { name, node } of file.jobs) lists.push([mapOf(node.get('trigger'))?.get('include'), [name, 'trigger', 'include']]);
  return lists.flatMap(([value, path]) => {
    const node = resolve(value);
    return node?.kind === 'sequence'
      ? node.items.flatMap((item, i) => includeOf(file, resolve(item), [...path, i]))
      : includeOf(file, node, path);
  });
}

function complete({ problems, shortfalls }: YamlDocument): boolean {
  return problems.length === 0 && !shortfalls;
}

/** Whether a job is one of a scanner that the templates of GitLab bring along (gitlab.com/gitlab-org/gitlab, lib/gitlab/ci/templates/Jobs, 2026-08). */
function isScanOfGitlab({ name, node }: GitlabJob): boolean {
  return /^(?:sast|secret_detection|container_scanning|dependency_scanning|dast|[a-z-]{1,40}-sast)$/.test(name) && !node.entry('script');
}

/** The value that lets the pipeline go on, where all jobs that run what a job has may fail. */
function mayFailOf(job: GitlabJob): Range | null {
  const users = usersOf(job);
  const values = (users.length > 0 ? users : [job]).map(user => {
    const value = user.keyword('allow_failure');
    return booleanOf(value?.node) === true ? (value?.node?.range ?? null) : null;
  });
  return values.includes(null) ? null : (values[0] ?? null);
}

/** Reads a pipeline of GitLab, or a part of one. Read once for each document. */
export function readGitlab(document: YamlDocument, path: string): GitlabView | null {
  return models(document)(path);
}

const models = memoize((document: YamlDocument) => {
  let last: { readonly path: string; readonly file: GitlabView | null } | null = null;
  return (path: string): GitlabView | null => {
    const root = mapOf(document.root);
    if (last?.path !== path) last = { path, file: root && read(document, root, path) };
    return last.file;
  };
});

function read(document: YamlDocument, root: YamlMap, path: string): GitlabView {
  const images: PlacedImage[] = [];
  const scripts: GitlabLine[] = [];
  const jobs: GitlabJob[] = [];
  const view: GitlabView = {
    target: 'pipeline',
    document,
    path,
    root,
    images,
    scripts,
    jobs,
    get includes() {
      return allIncludes(view);
    },
    variables: variablesIn({ node: root, path: [] }),
    open: isOpen(root),
    rest: workspace => restOf(view, workspace),
    openDaemons: workspace => openDaemonsOf(view, workspace),
    hostSockets: () => hostSocketsOf(view),
    reportingScans: () => jobs.flatMap(job => (isScanOfGitlab(job) ? (mayFailOf(job) ?? []) : [])),
    complete: complete(document),
    memo: new Map(),
  };
  for (const entry of root.members()) {
    const node = mapOf(entry.value);
    if (entry.key && node && (entry.name === 'default' || !keywords.has(entry.name))) jobs.push(readJob(view, entry, entry.key, node));
  }
  const seen = new Set<number>();
  for (const job of [null, ...jobs]) addContents(view, job, images, scripts, seen);
  return view;
}

const allIncludes = memoize(includesOf);

/** Adds the images and scripts that are written in a job, or at the root, each scalar once. */
function addContents(file: GitlabView, job: GitlabJob | null, images: PlacedImage[], scripts: GitlabLine[], seen: Set<number>): void {
  const { document } = file;
  const { node: map, path: at }: { node: YamlMap; path: Path } = job ?? { node: file.root, path: [] };
  const addImage = (value: OptionalNode, path: Path, isService: boolean): void => {
    const named = mapOf(value);
    const node = scalarOf(named ? named.get('name') : value);
    if (node && !seen.has(node.range.start) && seen.add(node.range.start))
      images.push({ node, path: named ? [...path, 'name'] : path, isService, map: named });
  };
  const addScript = (value: OptionalNode, path: Path, depth = 0): void => {
    const node = resolve(value);
    // what a reference names is read where it is written
    if (node?.kind === 'sequence' && depth < 10 && !referenceOf(node))
      node.items.forEach((item, i) => addScript(item, [...path, i], depth + 1));
    const scalar = scalarOf(node);
    if (scalar && !seen.has(scalar.range.start) && seen.add(scalar.range.start))
      scripts.push(lineOf(file, job, scalar, path, () => scriptInScalar(document, scalar)));
  };
  if (!job || !isInMachine(job)) addImage(resolve(map.get('image')), [...at, 'image'], false);
  sequenceOf(map.get('services'))?.items.forEach((item, i) => addImage(resolve(item), [...at, 'services', i], true));
  for (const key of scriptKeys) addScript(map.get(key), [...at, key]);
}

function lineOf(file: GitlabView, job: GitlabJob | null, node: YamlScalar, path: Path, script: GitlabLine['script']): GitlabLine {
  return {
    target: 'script',
    file,
    job,
    node,
    path,
    get mayFail() {
      return job && mayFailOf(job);
    },
    get merging() {
      if (!job) return false;
      const users = usersOf(job);
      return (users.length > 0 ? users : [job]).every(isMerging);
    },
    secretKind: (name, workspace) => (name === 'CI_JOB_TOKEN' ? 'token' : isSecret(name, file, job, workspace) ? 'secret' : null),
    script,
  };
}
