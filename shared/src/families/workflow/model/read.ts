import { scriptInScalar } from '../../family/yaml-script';
import { memoize } from '../../../base/text/memoize';
import { beyond } from '../../../base/text/reach';
import type { Path, YamlDocument, YamlMap, YamlScalar } from '../../../syntax/yaml/types';
import { itemsOf, mapOf, resolve, scalarOf, sequenceOf, stringOf } from '../../../syntax/yaml/values';
import { readPermissions } from './permissions';
import { readRunner } from './runner';
import { shellInForce } from './shells';
import { readTriggers } from './triggers';
import type {
  ActionView,
  DependabotView,
  JobContainer,
  JobView,
  OptionalNode,
  RunScript,
  StepView,
  WorkflowFile,
  WorkflowView,
} from './types';
import { readUses, type Uses } from './uses';
import { readValues } from './values';

/** How deep groups of steps within each other are followed. */
const deepest = 5;

/** What a document is, by its keys, with its model; `null` where its root is no map. Read once for each document. */
export function readWorkflow(document: YamlDocument, path: string): WorkflowFile | null {
  return models(document)(path);
}

const models = memoize((document: YamlDocument) => {
  let last: { readonly path: string; readonly file: WorkflowFile | null } | null = null;
  return (path: string): WorkflowFile | null => {
    if (last?.path !== path) last = { path, file: read(document, path) };
    return last.file;
  };
});

function read(document: YamlDocument, path: string): WorkflowFile | null {
  const root = mapOf(document.root);
  if (!root) return null;
  if (root.entry('jobs') || root.entry('on')) return readJobs(document, root, path);
  return root.entry('updates') ? readDependabot(document, root, path) : readAction(document, root, path);
}

function isComplete(document: YamlDocument): boolean {
  return document.problems.length === 0 && !document.shortfalls;
}

function readJobs(document: YamlDocument, root: YamlMap, path: string): WorkflowView {
  const jobs: JobView[] = [];
  const workflow: WorkflowView = {
    target: 'workflow',
    document,
    path,
    root,
    triggers: readTriggers(root),
    permissions: readPermissions(root, []),
    env: readValues(root, 'env', []),
    get jobs() {
      return beyond(jobs);
    },
    complete: isComplete(document),
    memo: new Map(),
  };
  for (const { key, name, value } of mapOf(root.get('jobs'))?.entries ?? []) {
    const node = mapOf(value);
    if (key && node) jobs.push(readJob(workflow, name, key, node));
  }
  return workflow;
}

function readJob(workflow: WorkflowView, id: string, key: YamlScalar, node: YamlMap): JobView {
  const path = ['jobs', id];
  const permissions = readPermissions(node, path);
  const steps: StepView[] = [];
  const job: JobView = {
    target: 'job',
    workflow,
    id,
    key: key.range,
    node,
    path,
    permissions,
    effective: permissions ?? workflow.permissions,
    needs: readNeeds(node),
    steps,
    uses: usesOf(workflow.document, node, path),
    inputs: readValues(node, 'with', path),
    env: readValues(node, 'env', path),
    condition: scalarOf(node.get('if')),
    runner: readRunner(node),
    containers: readContainers(node, path),
    guarded: resolve(node.get('environment')) !== null,
    complete: workflow.complete,
    memo: new Map(),
  };
  readSteps(steps, { file: workflow, job }, node, path);
  return job;
}

function readNeeds(node: YamlMap): readonly string[] {
  const needs = resolve(node.get('needs'));
  const items = needs?.kind === 'sequence' ? needs.items : [needs];
  return items.flatMap(item => stringOf(item) ?? []);
}

function usesOf(document: YamlDocument, node: YamlMap, path: Path): Uses | null {
  const scalar = scalarOf(node.get('uses'));
  return scalar && readUses(document, scalar, [...path, 'uses']);
}

function readContainers(node: YamlMap, path: Path): readonly JobContainer[] {
  const found: JobContainer[] = [];
  const add = (value: OptionalNode, at: Path): void => {
    const map = mapOf(value);
    const image = map ? scalarOf(map.get('image')) : scalarOf(value);
    if (map || image) found.push({ image, imagePath: map ? [...at, 'image'] : at, map, path: at });
  };
  add(node.get('container'), [...path, 'container']);
  for (const { name, value } of mapOf(node.get('services'))?.entries ?? []) add(value, [...path, 'services', name]);
  return found;
}

/** What steps are read for. */
type Owner = { readonly file: WorkflowView; readonly job: JobView } | { readonly file: ActionView; readonly job: null };

/** Reads the steps of `holder`; those of a group (`parallel`) stand in the order of the text, as if there was none. */
function readSteps(steps: StepView[], owner: Owner, holder: YamlMap, holderPath: Path, key = 'steps', depth = 0): void {
  for (const { index, map } of itemsOf(holder.get(key))) {
    const path = [...holderPath, key, index];
    if (sequenceOf(map.get('parallel')) && depth < deepest) readSteps(steps, owner, map, path, 'parallel', depth + 1);
    else steps.push(readStep(owner, map, path, steps.length));
  }
}

function readStep({ file, job }: Owner, node: YamlMap, path: Path, index: number): StepView {
  const { document } = file;
  const uses = usesOf(document, node, path);
  const run = readRun({ file, job } as Owner, node, path);
  const key = node.entry('run')?.key ?? node.entries[0]?.key;
  return {
    target: 'step',
    file,
    job,
    index,
    node,
    path,
    id: stringOf(node.get('id')),
    uses,
    run,
    inputs: readValues(node, 'with', path),
    env: readValues(node, 'env', path),
    condition: scalarOf(node.get('if')),
    reportRange: uses?.range ?? key?.range ?? node.range,
    complete: file.complete,
    memo: new Map(),
  };
}

function readRun({ file, job }: Owner, node: YamlMap, path: Path): RunScript | null {
  const scalar = scalarOf(node.get('run'));
  const text = stringOf(scalar);
  if (!scalar || text === null) return null;
  const shell = shellInForce(node, job?.node ?? null, file.root, job?.runner ?? null);
  // where nobody knows, most scripts are those of a POSIX shell, and what is looked for is spelt the same in others
  const isPosix = shell === 'posix' || shell === 'mixed' || shell === 'unknown';
  return {
    node: scalar,
    text,
    path: [...path, 'run'],
    shell,
    script: () => (isPosix ? scriptInScalar(file.document, scalar) : null),
  };
}

function readAction(document: YamlDocument, root: YamlMap, path: string): ActionView {
  const runs = mapOf(root.get('runs'));
  const using = scalarOf(runs?.get('using'));
  const text = stringOf(using);
  const steps: StepView[] = [];
  const action: ActionView = {
    target: 'action',
    document,
    path,
    root,
    using: using && text !== null ? { text, node: using } : null,
    image: scalarOf(runs?.get('image')),
    steps,
    complete: isComplete(document),
    memo: new Map(),
  };
  if (runs && text?.toLowerCase() === 'composite') readSteps(steps, { file: action, job: null }, runs, ['runs']);
  return action;
}

function readDependabot(document: YamlDocument, root: YamlMap, path: string): DependabotView {
  return {
    target: 'dependabot',
    document,
    path,
    root,
    updates: itemsOf(root.get('updates')).map(({ index, map }) => ({
      node: map,
      path: ['updates', index],
      ecosystem: stringOf(map.get('package-ecosystem')),
    })),
    complete: isComplete(document),
  };
}
