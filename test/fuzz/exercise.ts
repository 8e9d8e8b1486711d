import { isDeepStrictEqual } from 'node:util';
import { effectiveConfig } from '../../shared/src/engine/config/effective';
import { parseConfig } from '../../shared/src/engine/config/parse';
import { createEngine } from '../../shared/src/engine/create-engine';
import type { Engine, OpenedFile } from '../../shared/src/engine/engine';
import type { HardenResult, InputFile, LintContext, LintResult } from '../../shared/src/engine/types';
import type { Finding } from '../../shared/src/rule/finding/types';
import { ignoredBy, parseIgnoreFile } from '../../shared/src/families/dockerfile/model/ignore-file';
import { parseDockerfile } from '../../shared/src/families/dockerfile/model/parse';
import { readModel } from '../../shared/src/families/run/model/read';
import { rules } from '../../shared/src/families/generated/index';
import { isDistinctive } from '../../shared/src/knowledge/secrets/maskable';
import { createGate, createSieve } from '../../shared/src/output/report/gate';
import { reportFixes, type ReportedFix } from '../../shared/src/output/report/types';
import { createWords } from '../../shared/src/output/report/words';
import { applyEdits, haveConflict, type TextEdit } from '../../shared/src/base/text/edits';
import type { Range } from '../../shared/src/base/text/range';
import { visible } from '../../shared/src/base/text/visible';
import { createWorkspaceIndex } from '../../shared/src/workspace/workspace-index';
import { networkPolicies } from '../../shared/src/services/writers/network-policy';
import { parseStream } from '../../shared/src/syntax/yaml/parse';
import { plainContext } from '../../tools/lint-context';
import { jsonReport, markdownReport, sarifReport, textReport, type Report } from '../support/reports';

/** An engine with every rule, for `exercise`. */
export const createFullEngine = (): Engine => createEngine(rules);

const words = createWords(rules);
const strict = plainContext('strict');

/** How a file is put to use. */
export interface Exercise {
  readonly engine: Engine;
  /** Whether each edit is tried and read again, and findings are suppressed one by one: several times the work. */
  readonly thorough: boolean;
  /** How many fixes are rendered, images pinned and, if thorough, findings suppressed. */
  readonly most: number;
  /** Takes one step, as an editor or the command line would ask for it. */
  readonly step: <T>(name: string, take: () => T) => T;
}

/**
 * Does with a file whatever the product could do with it: reads its facts, lints, renders fixes, hardens, suppresses, looks for images to
 * pin, reports. A configuration and an ignore file are put in force for another file. Gives what is wrong, in a few words each; an
 * exception goes through.
 */
export function exercise(use: Exercise, file: InputFile): readonly string[] {
  const name = file.path.slice(file.path.lastIndexOf('/') + 1);
  if (name === '.bulkhead.yaml') return exerciseConfig(use, file);
  if (name.endsWith('.dockerignore')) return exerciseIgnoreFile(use, file);
  const opened = use.step('open', () => use.engine.open(file));
  return exerciseFile(
    use,
    opened,
    use.step('facts', () => alone(opened)),
  );
}

/** The context in which a file is all that its folder holds. Reads the facts of the file. */
function alone(opened: OpenedFile): LintContext {
  const facts = createWorkspaceIndex({ complete: false });
  facts.update(opened.file.path, opened.facts());
  facts.settle(true);
  return { ...strict, workspace: facts.index };
}

const pod: InputFile = {
  path: 'deploy/base/web/pod.yaml',
  text: 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: app, image: nginx}]}\n',
};
const dockerfile: InputFile = { path: 'Dockerfile', text: 'FROM alpine\nCOPY . /app\nADD a/b/c.txt /\n' };

function exerciseConfig({ engine, step }: Exercise, file: InputFile): readonly string[] {
  const { config, problems } = step('configuration', () => parseConfig(file.text, rules));
  const effective = step('effective configuration', () => effectiveConfig(config, pod.path));
  if (effective !== 'excluded') step('lint', () => engine.open(pod).lint({ ...strict, config: effective }));
  step('facts', () => engine.open(file).facts());
  return problems.flatMap(({ range, message }) => outside(range, file.text, `problem "${message}"`));
}

function exerciseIgnoreFile(use: Exercise, { path, text }: InputFile): readonly string[] {
  use.step('patterns', () => ignoredBy(parseIgnoreFile(text), `${'a/'.repeat(30)}b`));
  const buildContext = { ignore: { path, text }, untracked: { path: '.gitignore', text }, secrets: ['.env', '.git', 'id_rsa'], open: [] };
  return exerciseFile(use, use.engine.open(dockerfile), { ...strict, buildContext: () => buildContext });
}

function exerciseFile(use: Exercise, opened: OpenedFile, context: LintContext): readonly string[] {
  const { step, thorough, most } = use;
  const { text } = opened.file;
  const result = step('lint', () => opened.lint(context));
  const { findings } = result;
  const flaws = findings.flatMap(finding => flawsOf(finding, opened.file));
  const flawsOfEdits = (edits: readonly TextEdit[], name: string): readonly string[] =>
    misplacedEdits(text, edits, name) ??
    (thorough && problemsOf(opened, applyEdits(text, edits)) > problemsOf(opened) ? [`${name} breaks the file`] : []);

  // rendered once: all reports tell of the same fixes
  const reported = new Map<Finding, readonly ReportedFix[]>();
  let left = most;
  const some = findings.filter(({ fixes }) => fixes.length > 0 && (left -= fixes.length) >= 0);
  const fixesOf = reportFixes(opened, some, words);
  const together = thorough ? step('the fixes of all findings', () => opened.renderAll(some)) : null;
  for (const finding of some) {
    const fixes = step('the fixes of all findings', () => fixesOf(finding));
    reported.set(finding, fixes);
    for (const { id, edits } of fixes) flaws.push(...flawsOfEdits(edits, `${finding.rule} ${id}`));
    for (const [index, fix] of together ? finding.fixes.entries() : []) {
      const alone = opened.render(finding, fix);
      if (JSON.stringify(together?.get(finding)?.[index]) !== JSON.stringify(alone))
        flaws.push(`${finding.rule}: another fix with others than alone`);
    }
  }
  for (const { range, rule } of findings.slice(0, thorough ? most : 1)) {
    for (const scope of ['line', 'file'] as const) {
      const edit = step('a suppression', () => opened.suppress(range, rule, scope));
      if (edit) flaws.push(...flawsOfEdits([edit], `suppression of ${rule}`));
    }
  }
  for (const { range, edits } of step('images', () => opened.images()).slice(0, most)) {
    flaws.push(...outside(range, text, 'an image'), ...flawsOfEdits(edits({ digest: `sha256:${'0'.repeat(64)}` }), 'a pin'));
  }
  const parts = step('who speaks to whom', () => opened.network());
  if (parts.length > 0) {
    const { text: written } = step('network policies', () => networkPolicies(parts, 'shop', context.workspace));
    const errors = use.engine
      .open({ path: 'policy.yaml', text: written })
      .lint(strict)
      .findings.filter(f => f.severity === 'error');
    flaws.push(...errors.map(({ rule }) => `the network policies have an error: ${rule}`));
  }
  flaws.push(
    ...flawsOfHarden(
      opened,
      step('harden', () => opened.harden(context)),
    ),
  );
  flaws.push(...flawsOfReports(use, opened, result, reported));
  return [...new Set(flaws)];
}

/** What is wrong with hardening: edits that overlap or break the file, or do not make up its text. */
function flawsOfHarden(opened: OpenedFile, { edits, text }: HardenResult): readonly string[] {
  if (haveConflict(edits)) return ['edits of harden overlap'];
  return [
    ...(applyEdits(opened.file.text, edits) === text ? [] : ['harden gives another text than its edits']),
    ...(problemsOf(opened, text) > problemsOf(opened) ? ['harden breaks the file'] : []),
  ];
}

/** Every report that can be made of a file; those that machines read must be JSON. */
function flawsOfReports(
  { step }: Exercise,
  opened: OpenedFile,
  result: LintResult,
  fixes: ReadonlyMap<Finding, readonly ReportedFix[]>,
): readonly string[] {
  const report: Report = {
    version: '0',
    profile: 'strict',
    kubernetesVersion: '1.37',
    today: strict.today,
    durationMs: 0,
    problems: [],
    rules,
    words,
    page: () => null,
    pagesAddress: null,
    hasBaseline: false,
    isTried: false,
    files: [
      {
        path: opened.file.path,
        text: opened.file.text,
        result,
        fixes: finding => fixes.get(finding) ?? [],
        related: () => null,
      },
    ],
  };
  const made = {
    text: step('text report', () => textReport(report, { colour: false })),
    Markdown: step('Markdown report', () => markdownReport(report)),
    JSON: step('JSON report', () => jsonReport(report)),
    SARIF: step('SARIF report', () => sarifReport(report)),
  };
  JSON.parse(made.JSON);
  const log = JSON.parse(made.SARIF) as { runs: { results: { message: { text: string } }[] }[] };
  const messages = log.runs.flatMap(({ results }) => results.map(({ message }) => message.text));
  // what keeps facts between runs lets no other text through than one that is masked
  const gate = createGate({ text: opened.file.text, findings: [] });
  const kept = step('what is kept', () => createSieve(opened.file.text).json(opened.facts())) ?? '';
  return [
    // what nobody sees, a terminal would act on, or stands for what is filled in later
    ...Object.entries(made).flatMap(([name, shown]) => (visible(shown) === shown ? [] : [`the ${name} report holds what nobody sees`])),
    ...messages.filter(text => text.includes('](')).map(text => `a link in SARIF: ${text}`),
    ...gate.places().flatMap(place => secretIn(opened.file.text.slice(place.start, place.end), kept)),
  ];
}

/** Whether what is kept holds a secret that can be nothing else. */
function secretIn(secret: string, kept: string): readonly string[] {
  return secret.length > 12 && isDistinctive(secret) && /^[\w-]+$/.test(secret) && kept.includes(secret) ? [`kept: ${secret}`] : [];
}

/** What is wrong with a finding by itself. */
function flawsOf({ rule, messageId, data, range, related, secrets }: Finding, { path, text }: InputFile): readonly string[] {
  const name = `${rule}/${messageId} ${JSON.stringify(data)}`;
  if (rule === 'bulkhead/internal-error') return [name];
  const own = related.filter(place => (place.path ?? path) === path).map(place => place.range);
  return [range, ...own, ...secrets].flatMap(place => outside(place, text, name));
}

function outside({ start, end }: Range, text: string, name: string): readonly string[] {
  return start >= 0 && start <= end && end <= text.length ? [] : [`${name} is outside`];
}

/** What is wrong with where edits stand; `null`: nothing. */
function misplacedEdits(text: string, edits: readonly TextEdit[], name: string): readonly string[] | null {
  const misplaced = edits.flatMap(({ range }) => outside(range, text, name));
  if (misplaced.length > 0) return misplaced;
  return haveConflict(edits) ? [`${name}: edits overlap`] : null;
}

/** How many things the parser of a file's family objects to, once the file has another text. */
function problemsOf({ file, source }: OpenedFile, text = file.text): number {
  if (source.family === 'dockerfile') return parseDockerfile(text).problems.length;
  if (source.family === 'run') return -commandsIn(file.path, text);
  return parseStream(text, new Map()).reduce((sum, { document }) => sum + document.problems.length, 0);
}

/** How many commands of container clients a script holds. What is lost of them has become a comment, or an argument of another command. */
function commandsIn(path: string, fileText: string): number {
  const dialect = { templated: false, fragment: false };
  const { commands, others } = readModel({ path, fileText, base: 0, index: 0, document: null, dialect, memo: new Map() });
  return commands.length + others.length;
}

/** What an engine that has worked on other texts before says otherwise than a new one, and what changes when harden is run again. */
export function inconsistencies(used: Engine, file: InputFile): readonly string[] {
  const fresh = createFullEngine();
  const lint = (engine: Engine): unknown => {
    const opened = engine.open(file);
    // functions are compared nowhere
    return JSON.parse(JSON.stringify(opened.lint(alone(opened))));
  };
  const harden = (text: string): string => {
    const opened = fresh.open({ ...file, text });
    return opened.harden(alone(opened)).text;
  };
  const hardened = harden(file.text);
  return [
    ...(isDeepStrictEqual(lint(used), lint(fresh)) ? [] : ['a used engine says something else than a new one']),
    ...(harden(hardened) === hardened ? [] : ['harden, run again, changes something']),
  ];
}
