import type { EffectiveConfig } from '../../shared/src/engine/config/types';
import type { Finding } from '../../shared/src/rule/finding/types';
import type { BuildContext } from '../../shared/src/workspace/build-context';
import { defaultConfig } from '../../shared/src/engine/config/effective';
import { createEngine } from '../../shared/src/engine/create-engine';
import type { InputFile, LintContext } from '../../shared/src/engine/types';
import { parseDockerfile } from '../../shared/src/families/dockerfile/model/parse';
import type { Rule } from '../../shared/src/rule/define-rule';
import { parseDocument } from '../../shared/src/syntax/yaml/parse';
import { itemsOf, mapOf } from '../../shared/src/syntax/yaml/values';
import { createLineTable } from '../../shared/src/base/text/line-table';
import { createWorkspaceIndex } from '../../shared/src/workspace/workspace-index';
import { plainContext } from '../lint-context';
import { answersOf, type Answer, type Mapping } from './mapping';
import type { Row } from './rows';

/** Why a row is not counted: its own text says that its verdict is no measure. */
export type Uncounted = 'conflict' | 'quirk' | 'disputed' | 'broader';

/** What we say about a row. */
export interface Verdict {
  readonly row: Row;
  readonly answers: readonly Answer[];
  /** Whether we say what the peer says. */
  readonly right: boolean;
  /** A hit of ours that is in the row's instruction or service but on another of its lines, or that names the row's line as a related place. */
  readonly near: boolean;
  readonly uncounted: Uncounted | null;
  /** Findings of the rules that answer, with their 1-based lines in the row's own text; those of messages that do not answer too. */
  readonly found: readonly { readonly finding: Finding; readonly line: number }[];
}

/** A base image of which nothing is known, for the rows that have no FROM. */
const headerRegistry = 'registry.example.net';
const header = `FROM ${headerRegistry}/base:1.2.3\n`;

/** Creates a judge over a set of rules: it lints rows at the strictest profile and compares. */
export function createJudge(rules: readonly Rule[], mapping: Mapping): (row: Row) => Verdict | null {
  const engine = createEngine(rules);
  const yields = new Map(rules.map(rule => [rule.id, rule.supersedes]));
  return row => {
    // a rule that is catalogued and not written yet answers for nothing
    const answers = mapping(row).filter(({ rule }) => yields.has(rule));
    if (answers.length === 0) return null;
    const fragment = row.marks['fragment'] === true;
    const file: InputFile = {
      path: pathOf(row),
      text: fragment ? header + row.text : withCheckArgument(row),
    };
    const shift = fragment ? 1 : 0;
    const table = createLineTable(file.text);
    const findings = engine.open(file).lint(contextOf(row, engine.open(file).facts())).findings;
    const lineOf = (offset: number): number => table.position(offset).line + 1 - shift;
    const found = findings
      .filter(f => f.suppression === null && answers.some(a => a.rule === f.rule))
      .map(finding => ({ finding, line: lineOf(finding.range.start) }));
    const counting = found.filter(({ finding }) => answersOf(answers, finding));
    // One defect, one finding: what another rule of ours says in the place of the one asked is said too.
    const instead = findings.filter(f => f.suppression === null && answers.some(a => yields.get(f.rule)?.includes(a.rule) === true));
    const saying = [...counting.map(({ finding }) => finding), ...instead];
    const lines = linesOf(row);
    const exact = saying.some(({ range }) => lines === null || lines.has(lineOf(range.start)));
    const related = saying.some(f => f.related.some(r => r.path === undefined && lines?.has(lineOf(r.range.start))));
    const hit = exact || related || (lines?.size !== 0 && sameUnit(file.text, saying, row, shift));
    const right = row.expect === 'hit' ? hit : counting.length === 0;
    return { row, answers, found, right, near: row.expect === 'hit' && hit && !exact, uncounted: uncounted(row) };
  };
}

/** What of a peer's rule the catalogue maps, where its messages tell: actionlint checks types and spelling by the rule that knows what outsiders write. */
const mapped: Readonly<Record<string, RegExp>> = { 'actionlint expression': /untrusted/ };

/** The lines of the findings of a row that the catalogue maps; `null`: all of them are meant. */
function mappedLines({ peer, rule, marks }: Row): readonly number[] | null {
  const wanted = mapped[`${peer} ${rule}`];
  const { findings } = marks;
  if (!wanted || !Array.isArray(findings)) return null;
  return findings.map(record).flatMap(({ message, line }) => (wanted.test(String(message)) && typeof line === 'number' ? [line] : []));
}

/** The lines on which a row's peer reports; `null`: it names none. Of a workflow or a policy all of them count, of other files the first. */
function linesOf(row: Row): ReadonlySet<number> | null {
  const { family, line, marks } = row;
  // checkov says of a workflow as a whole that it stands at its triggers, and of a step all its lines
  const { lines, ranges, resources } = marks;
  if (line === null || (family === 'workflow' && Array.isArray(resources) && String(resources[0]).startsWith('on('))) return null;
  // policy-controller names a place for each field that is at odds with others
  if (family !== 'workflow' && family !== 'policy') return new Set([line]);
  const only = mappedLines(row);
  if (only) return new Set(only);
  const covered = (Array.isArray(ranges) ? (ranges as readonly (readonly [number, number])[]) : []).flatMap(([from, to]) =>
    Array.from({ length: to - from + 1 }, (_, i) => from + i),
  );
  return new Set([line, ...(Array.isArray(lines) ? (lines as readonly number[]) : []), ...covered]);
}

/** Where a file of a kind stands, and where the peers look for it. */
const paths: Readonly<Record<string, string>> = {
  dockerfile: 'Dockerfile',
  compose: 'compose.yaml',
  'workflow action': 'action.yml',
  'workflow dependabot': '.github/dependabot.yml',
  'workflow gitlab': '.gitlab-ci.yml',
  gitlab: '.gitlab-ci.yml',
  workflow: '.github/workflows/row.yml',
};
const pathOf = ({ family, marks }: Row): string => paths[`${family} ${String(marks['kind'])}`] ?? paths[family] ?? 'row.yaml';

/** BuildKit's own build argument says in the place of the file's first line what is not checked. */
function withCheckArgument({ text, marks }: Row): string {
  const value = record(record(marks['config'])['buildArgs'])['BUILDKIT_DOCKERFILE_CHECK'];
  return typeof value === 'string' ? text.replace(/^#check=.*/, () => `#check=${value}`) : text;
}

/**
 * Whether a finding lies in the instruction or the service that holds a line: we underline the word, peers name the line where it begins.
 */
function sameUnit(text: string, found: readonly Finding[], { line, family }: Row, shift: number): boolean {
  if (line === null || found.length === 0 || family === 'kubernetes') return false;
  const table = createLineTable(text);
  const wanted = line - 1 + shift;
  const lines = ({ start, end }: { start: number; end: number }): readonly [number, number] => [
    table.position(start).line,
    table.position(Math.max(start, end - 1)).line,
  ];
  const units =
    family === 'dockerfile'
      ? parseDockerfile(text).instructions
      : family === 'workflow'
        ? workflowUnits(text)
        : mapOf(mapOf(parseDocument(text).root)?.get('services'))?.entries;
  const holder = units?.find(({ range }) => {
    const [from, to] = lines(range);
    return from <= wanted && wanted <= to;
  });
  return holder !== undefined && found.some(({ range }) => range.start >= holder.range.start && range.start < holder.range.end);
}

/** The steps of a workflow or a composite action, then its jobs, and what stands at its top: peers name where one of them begins. */
function workflowUnits(text: string): readonly { readonly range: { readonly start: number; readonly end: number } }[] {
  const root = mapOf(parseDocument(text).root);
  const jobs = mapOf(root?.get('jobs'))?.entries ?? [];
  const holders = [...jobs.map(({ value }) => mapOf(value)), mapOf(root?.get('runs'))];
  const steps = holders.flatMap(holder => itemsOf(holder?.get('steps')).map(({ map }) => map));
  const updates = itemsOf(root?.get('updates')).map(({ map }) => map);
  return [...steps, ...updates, ...jobs, ...(root?.entries ?? [])];
}

/** Checks of peers that ask less than ours: poutine wants permissions where outsiders start a workflow, and pins in actions alone. */
const narrower = /^poutine (?:default_permissions_on_risky_events|unpinnable_action)$/;

function uncounted({ peer, rule, expect, marks }: Row): Uncounted | null {
  if ('conflict' in marks) return 'conflict';
  if ('quirk' in marks) return 'quirk';
  if ('disputed' in marks) return 'disputed';
  return expect === 'clean' && (marks['checkIsBroader'] === true || narrower.test(`${peer} ${rule}`)) ? 'broader' : null;
}

/** The peer's configuration of the row in our terms, as far as we have them. */
function contextOf(row: Row, facts: Parameters<ReturnType<typeof createWorkspaceIndex>['update']>[1]): LintContext {
  const workspace = createWorkspaceIndex({ complete: true });
  if (row.family !== 'dockerfile') workspace.update(pathOf(row), facts);
  const ignored = row.marks['dockerignore'];
  const buildContext = (): BuildContext | null =>
    typeof ignored === 'string' ? { ignore: { path: '.dockerignore', text: ignored }, untracked: null, secrets: [], open: [] } : null;
  return { ...plainContext(), config: configOf(row), workspace: workspace.index, buildContext };
}

function configOf({ peer, rule, marks }: Row): EffectiveConfig {
  const base: EffectiveConfig = { ...defaultConfig, profile: 'strict' };
  const config = record(marks['config']);
  const data = record(marks['with']);
  const trusted = config['allowedRegistries'] ?? data['data.ksv0125.trusted_registries'];
  const version =
    peer === 'kubeaudit'
      ? config['targetedVersion']
      : peer === 'kube-score' && rule === 'stable-version'
        ? config['kubernetesVersion']
        : data['data.k8s.version'];
  const minor = typeof version === 'string' ? /^v?1\.(\d+)/.exec(version)?.[1] : undefined;
  const minimum = minimumOf(peer, rule, config);
  return {
    ...base,
    ...(minimum !== null && { rules: { 'kubernetes/single-replica': { severity: 'default', options: { minimum } } } }),
    ...(Array.isArray(trusted) && { trustedRegistries: [...trusted.map(String), headerRegistry] }),
    ...(minor !== undefined && { kubernetesMinor: Number(minor) }),
  };
}

/** How many replicas the row's peer asks for, where that is not two: kube-linter wants three, kube-score lets it be set. */
function minimumOf(peer: string, rule: string, config: Readonly<Record<string, unknown>>): number | null {
  if (peer === 'kube-linter' && rule.endsWith('minimum-three-replicas')) return 3;
  const set = Number(config[rule === 'horizontalpodautoscaler-replicas' ? 'MinReplicasHPA' : 'MinReplicasDeployment'] ?? 0);
  return set > 0 ? set : null;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
