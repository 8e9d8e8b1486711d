import { memoize } from '../../../base/text/memoize';
import { reachAgain, withReach, type Reached } from '../../../base/text/reach';
import { mapOf, scalarOf, stringOf } from '../../../syntax/yaml/values';
import type { YamlDocument, YamlMap, YamlScalar } from '../../../syntax/yaml/types';
import { environmentsOf } from './environments';
import { isCalled, outsiders, writerOfEvent, writerOfHead, type Writer } from './events';
import { askedIn, expressionsIn } from './expression/find';
import type { Expression, Reference } from './expression/types';
import { nameOf, resultsOf } from './expression/walk';
import type { ActionView, JobView, StepView, WorkflowView } from './types';
import { majorOf } from './pins';
import { matrixNode } from './runner';
import { textOf, valueOf } from './values';

/**
 * What is known of the text that an expression comes to. `fixed`: numbers, commits, choices, names of GitHub's own, which hold nothing that a shell takes for
 * more than a word; `open`: whatever is in it, nobody who is not trusted is known to write it. `inputs`: those of the file in which callers may have written it.
 */
export type Origin =
  | { readonly kind: 'fixed' }
  | { readonly kind: 'open' }
  | { readonly kind: 'written'; readonly by: Writer; readonly inputs: readonly string[] };

/** Where an expression stands. */
export interface Place {
  readonly file: WorkflowView | ActionView;
  readonly job: JobView | null;
  readonly step: StepView | null;
}

const fixed: Origin = { kind: 'fixed' };
const open: Origin = { kind: 'open' };

/** Members of `github` that hold nothing but what GitHub makes: names of accounts and repositories have letters, digits, `-`, `_` and `.` only. */
const fixedOfGithub = new Set(
  (
    'actor actor_id triggering_actor repository repository_id repository_owner repository_owner_id repositoryurl sha run_id run_number run_attempt ' +
    'workspace server_url api_url graphql_url event_name event_path job ref_type ref_protected action_path action_repository action_status workflow ' +
    'workflow_sha retention_days env output path state token secret_source artifact_cache_size_limit base_sha'
  ).split(' '),
);

/** Last names of what an event says that is a number, a commit, a date, an address or a name of an account. */
const fixedOfEvents =
  /^(?:(?:.+_)?(?:id|number|sha|oid|count|at|url|before|after|login|type|state|action|draft|merged|mergeable|locked|size|additions|deletions|commits|position|created|deleted|forced|private|fork|association|user_type)|name_with_owner|full_name|conclusion|status|event|tag_name|prerelease|changed_files|comments|timestamp)$/;

/** Actions that put texts of the event into their outputs, with those outputs. */
const copying: Readonly<Record<string, RegExp>> = {
  'tj-actions/branch-names': /branch/,
  'tj-actions/changed-files': /_files$/,
  'dorny/paths-filter': /_files$/,
  'jitterbit/get-changed-files': /./,
  'trilom/file-changes-action': /./,
  'nrwl/nx-set-shas': /^$/,
  'xt0rted/pull-request-comment-branch': /ref$/,
  'peter-evans/find-comment': /comment-body/,
  'rlespinasse/github-slug-action': /./,
};

/** The worst of several origins. */
function worst(origins: readonly Origin[]): Origin {
  const written = origins.filter(origin => origin.kind === 'written');
  const first = written.find(({ by }) => outsiders.has(by)) ?? written.find(({ by }) => by === 'caller') ?? written[0];
  return first ? { ...first, inputs: written.flatMap(({ inputs }) => inputs) } : (origins.find(({ kind }) => kind === 'open') ?? fixed);
}

/** Whether a reference has the one value that the conditions of its job and step let in: `if: github.ref_name == 'main' && ...`. */
function isSettled(name: string, { file, job, step }: Place): boolean {
  const settles = (expression: Expression): boolean => {
    if (expression.kind !== 'binary') return false;
    const sides = [expression.left, expression.right];
    if (expression.operator === '&&') return sides.some(settles);
    const isCompared = sides.some(side => side.kind === 'reference' && nameOf(side) === name);
    return expression.operator === '==' && isCompared && sides.some(({ kind }) => kind === 'literal');
  };
  return [job?.condition, step?.condition].some(node => {
    const condition = node && askedIn(file.document, node);
    return condition != null && settles(condition);
  });
}

/** What is known of the text that an expression comes to at its place. */
export function originOf(expression: Expression, place: Place): Origin {
  return worst(
    resultsOf(expression).map(result => {
      const origin = result.kind === 'reference' ? originOfReference(result, place) : fixed;
      return origin.kind === 'written' && isSettled(nameOf(result as Reference), place) ? fixed : origin;
    }),
  );
}

const known = memoize((_: YamlDocument): Map<number, Reached<Origin>> => new Map());
const notYet: Reached<Origin> = { value: open, isOut: false };

/** The same for all expressions of a text that is put in. Each is looked at once, so that variables may name each other as they like. */
export function originOfText(node: YamlScalar | null, place: Place): Origin {
  if (!node) return open;
  const kept = known(place.file.document);
  const before = kept.get(node.range.start);
  if (before) return reachAgain(before);
  kept.set(node.range.start, notYet);
  const found = expressionsIn(place.file.document, node);
  const origin = withReach(() => worst(found.map(({ expression }) => (expression ? originOf(expression, place) : open))));
  kept.set(node.range.start, origin);
  return origin.value;
}

function originOfReference(reference: Reference, place: Place): Origin {
  const { root } = reference;
  const [, first, ...rest] = nameOf(reference).split('.');
  switch (root) {
    case 'github':
      return originInGithub(first, rest, place);
    case 'inputs':
      return originOfInput(first ?? null, place);
    case 'env':
      return first === undefined ? open : originOfEnv(first, place);
    case 'needs':
      return rest[0] === 'outputs' ? originOfNeed(first ?? '', rest[1] ?? '', place) : fixed;
    case 'steps':
      return rest[0] === 'outputs' ? originOfOutput(first ?? '', rest[1] ?? '', place) : fixed;
    case 'matrix':
      return originInMatrix(first, place);
    case 'runner':
    case 'strategy':
    case 'job':
    case 'jobs':
      return fixed;
    default:
      return open;
  }
}

function written(by: Writer | null): Origin {
  return by === null ? open : { kind: 'written', by, inputs: [] };
}

function originInGithub(first: string | undefined, rest: readonly string[], place: Place): Origin {
  const { file } = place;
  if (first === undefined) return written(writerOfEvent([], file) ?? writerOfHead(file));
  if (fixedOfGithub.has(first)) return fixed;
  if (first === 'head_ref') return written(writerOfHead(file));
  if (first === 'ref_name' || first === 'ref') return originOfRef(file);
  if (first !== 'event') return open;
  if (rest[0] === 'inputs') return originOfEventInput(rest[1] ?? null, place);
  const last = rest.at(-1);
  const by = writerOfEvent(rest, file);
  if (by !== null) return written(by);
  return last !== undefined && last !== '*' && fixedOfEvents.test(last) ? fixed : open;
}

/** Whoever may push names branches and tags; what only a pull request, a deletion or a schedule starts runs on a ref that GitHub names. */
function originOfRef(file: WorkflowView | ActionView): Origin {
  if (isCalled(file)) return written('ref');
  const named = ['push', 'create', 'release', 'workflow_dispatch'];
  return file.target === 'workflow' && named.some(event => isOpenTo(file, event)) ? written('ref') : fixed;
}

/** Whether an event comes from refs of any name: those that `branches` and `tags` list without a wildcard hold no surprise. */
function isOpenTo({ triggers }: WorkflowView, event: string): boolean {
  const trigger = triggers.get(event);
  if (!trigger) return false;
  const listed = ['branches', 'tags'].flatMap(key => {
    const node = trigger.settings?.get(key);
    return node === undefined ? [] : [node];
  });
  if (event !== 'push' || listed.length === 0) return true;
  return listed.some(node => {
    const items = node?.kind === 'sequence' ? node.items : [node];
    return items.some(item => /[*?+[!]/.test(stringOf(item) ?? '*'));
  });
}

/** The declaration of an input by each trigger that may give it. */
function declarationsOf(name: string, file: WorkflowView | ActionView): readonly { readonly map: YamlMap | null; readonly by: Writer }[] {
  const lookUp = (inputs: YamlMap | null | undefined): YamlMap | null => {
    const entry = inputs?.entries.find(one => one.name.toLowerCase() === name);
    return entry ? mapOf(entry.value) : null;
  };
  if (file.target === 'action') return [{ map: lookUp(mapOf(file.root.get('inputs'))), by: 'caller' }];
  const found: { map: YamlMap | null; by: Writer }[] = [];
  for (const [event, by] of [
    ['workflow_call', 'caller'],
    ['workflow_dispatch', 'input'],
  ] as const) {
    const trigger = file.triggers.get(event);
    if (trigger) found.push({ map: lookUp(mapOf(trigger.settings?.get('inputs'))), by });
  }
  return found;
}

/** Types of inputs that hold no text that anybody chooses. */
const closedTypes = new Set(['boolean', 'number', 'choice', 'environment']);

/** Whether a person who starts a workflow may write an input of it. */
export function isAsked(name: string, file: WorkflowView | ActionView): boolean {
  return declarationsOf(name, file).some(({ map, by }) => by === 'input' && map && !closedTypes.has(stringOf(map.get('type')) ?? 'string'));
}

function originOfInput(name: string | null, { file }: Place): Origin {
  if (name === null || name === '*') return { kind: 'written', by: isCalled(file) ? 'caller' : 'input', inputs: ['*'] };
  const texts = declarationsOf(name, file).filter(({ map }) => map && !closedTypes.has(stringOf(map.get('type')) ?? 'string'));
  // an action declares no types
  const undeclared = file.target === 'action' ? declarationsOf(name, file).filter(({ map }) => map === null) : [];
  const [one] = [...texts, ...undeclared].sort((a, b) => Number(b.by === 'caller') - Number(a.by === 'caller'));
  if (!one) return fixed;
  // calls that give nothing do not say what it is then
  const isOwn = (stringOf(one.map?.get('default')) ?? '').includes('${{');
  return { kind: 'written', by: one.by, inputs: one.by !== 'caller' ? [] : [isOwn ? '*' : name] };
}

/** An input of the event is what a person gave the workflow that it started, whatever that one passes to what it calls. */
function originOfEventInput(name: string | null, place: Place): Origin {
  return isCalled(place.file) ? written('input') : originOfInput(name, place);
}

/** What is known of the value of a variable, by its name, where a step sees it. */
export function originOfEnv(name: string, place: Place): Origin {
  const levels = place.step
    ? environmentsOf(place.step)
    : place.job
      ? [place.job.env, place.job.workflow.env]
      : place.file.target === 'workflow'
        ? [place.file.env]
        : [];
  for (const values of levels) {
    const value = valueOf(values, name);
    if (value) return originOfText(value.node, place);
  }
  return open;
}

function originOfNeed(job: string, output: string, place: Place): Origin {
  if (place.file.target !== 'workflow') return open;
  const found = place.file.jobs.find(({ id }) => id.toLowerCase() === job);
  const outputs = mapOf(found?.node.get('outputs'));
  const entry = outputs?.entries.find(({ name }) => name.toLowerCase() === output);
  if (!found || !entry) return open;
  return originOfText(scalarOf(entry.value), { file: place.file, job: found, step: null });
}

function originOfOutput(id: string, output: string, { file, job }: Place): Origin {
  const steps = job?.steps ?? (file.target === 'action' ? file.steps : []);
  const step = steps.find(one => one.id?.toLowerCase() === id);
  const outputs = step?.uses?.kind === 'repository' ? copying[step.uses.name] : undefined;
  if (!outputs?.test(output)) return open;
  const by = writerOfHead(file);
  return written(by !== null && escapesNames(step!, file.document) ? 'escaped' : by);
}

/**
 * Whether a step lists files with what a shell takes for more than letters escaped: tj-actions/changed-files from v41 on, unless `safe_output` is off
 * (GHSA-mcph-m25j-8j63). A commit has its version in its comment.
 */
function escapesNames({ uses, inputs }: StepView, document: YamlDocument): boolean {
  if (uses?.name !== 'tj-actions/changed-files' || inputs.open) return false;
  return (majorOf(document, uses) ?? 0) >= 41 && (textOf(inputs, 'safe_output') ?? 'true') === 'true';
}

function originInMatrix(name: string | undefined, { file, job }: Place): Origin {
  if (!job) return open;
  const strategy = job.node.entry('strategy')?.range;
  if (strategy && !file.document.text.slice(strategy.start, strategy.end).includes('${{')) return fixed;
  const { node, values } = matrixNode(job.node, name);
  if (values !== null) return worst(values.map(value => originOfText(value.node, { file, job, step: null })));
  return node ? originOfText(node, { file, job, step: null }) : open;
}
