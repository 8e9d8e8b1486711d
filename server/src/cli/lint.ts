import { masked, type MaskedText, plain, trusted } from '../../../shared/src/early';
import {
  anyAtLeast,
  checkedFiles,
  type FilePart,
  partOf,
  plural,
  type ReportedFile,
  type ReportHead,
  sumFindings,
} from '../../../shared/src/formats';
import {
  configFileName,
  gateOf,
  type InputFile,
  type LintContext,
  maskAlone,
  type OpenedFile,
  reportFixes,
  type Severity,
  type Rule,
} from '../../../shared/src/index';
import { basename } from 'node:path';
import { compared, type NamedBaseline, readNamedBaseline, staleNote } from './baseline';
import { buildContextOf } from './build-context';
import { type Changes, openChanges } from './changes';
import { type Hearing, type KeptResults, openKeptResults } from './kept/kept-results';
import { systemClock } from '../../../shared/src/base/ports/clock';
import { pagesAddress } from '../../../shared/host/product';
import { version } from '../../../shared/host/version';
import { manyFiles, type Attempt } from './attempt';
import { configReports, unreadFile } from './config-report';
import { guard } from './each-input';
import { spokenTags } from './language';
import { lookUpFacts } from './lookup';
import { byShown, readInput, shownPath, type Input, type InputProblem } from './inputs';
import { sayIfAny, type Output } from './output';
import { pageOf } from './pages';
import { readReports } from './report-files';
import { readsStandardInput, sayNotes, startRun, writeInput, type Run } from './run';
import type { Scope } from './scopes';
import { packedPart } from './packed-text';
import { ignoringHint, uncheckedNote } from './unchecked';
import { UsageError, type Arguments } from './usage';

/** What the report says of a file, once the file itself is forgotten. */
interface Linted {
  readonly path: string;
  readonly part: FilePart;
  /** Why it is not checked, though it was named. */
  readonly note: MaskedText | null;
  readonly trouble: readonly MaskedText[];
}

/** What came of the files of a run. */
interface Gathered {
  readonly files: Linted[];
  readonly problems: InputProblem[];
  readonly scopes: Set<Scope>;
  readonly trouble: MaskedText[];
  readonly fixed: Fixed[];
  /** What was found again that a baseline has, by path. */
  readonly known: Map<string, readonly string[]>;
}

/** How the files of a run are linted. */
interface RunLinting {
  readonly named: NamedBaseline | null;
  /** Whether harden is tried, to count what it fixes. */
  readonly isTried: boolean;
  readonly fixes: boolean;
  /** What earlier runs have said; `null`: nothing is kept. */
  readonly results: KeptResults | null;
  /** The changes whose findings alone are reported; `null`: all are. */
  readonly changes: Changes | null;
  readonly linted: (file: ReportedFile, note?: MaskedText | null) => Linted;
}

/** Lints the files of a run one after the other. */
function lintEach(run: Run, attempt: Attempt, output: Output, { named, isTried, fixes, results, changes, linted }: RunLinting): Gathered {
  const { found, problems } = run.found;
  const gathered: Gathered = { files: [], problems: [...problems], scopes: new Set(), trouble: [], fixed: [], known: new Map() };
  for (const [index, one] of found.entries()) {
    output.progress(index, found.length);
    let input: ReturnType<typeof readInput> | undefined;
    const read = (): typeof input => (input ??= readInput(one, run.reading));
    const kept = results?.find(one, () => textOf(read()));
    if (kept) {
      gathered.scopes.add(one.scope);
      gathered.known.set(one.path, kept.part?.sums.known ?? []);
      if (kept.part) gathered.files.push({ path: one.shown, part: kept.part, note: kept.note, trouble: [] });
      continue;
    }
    const hearing = results?.hear(one) ?? null;
    input = read();
    if (!input) continue;
    if (!('file' in input)) {
      gathered.problems.push(input);
      continue;
    }
    const whole = input;
    gathered.scopes.add(one.scope);
    run.facts.prepare(one);
    guard(whole, gathered.trouble, () => {
      const now = fixes ? fixInput(run, whole, gathered) : whole;
      const opened = run.engine.open(now.file);
      const file = lintInput(run, now, opened, { hearing, named, changes, isTried });
      const made = file && linted(file, one.named ? uncheckedNote(file) : null);
      gathered.known.set(one.path, made?.part.sums.known ?? []);
      if (made) gathered.files.push(made);
      opened.forget();
      if (!made || made.trouble.length === 0) {
        hearing?.done(whole.file.text, { part: made?.part ?? null, note: made?.note ?? null });
      }
    });
  }
  return gathered;
}

/** So many characters of a report are held as they are. */
const mostHeld = 1 << 22;

/** `bulkhead lint`. Gives the exit code. */
export async function lint(args: Arguments, output: Output, attempt: Attempt): Promise<number> {
  const fixes = args.has('fix');
  if (fixes && readsStandardInput(args))
    throw new UsageError('--fix changes files and cannot be combined with standard input; use bulkhead harden');
  const reports = readReports(args, output);
  const run = startRun(args, attempt, output);
  const unknown = await lookUpFacts(run, args, output);
  const file = args.get('baseline');
  const named = file === undefined ? null : readNamedBaseline(file, run.reading);
  const { found } = run.found;
  reports.refuseInputs(run);
  const head = reportHead(run, named);
  let held = 0;
  // a run over many files would hold the report several times over
  const hold = (part: FilePart): FilePart => ((held += part.text.length) > mostHeld ? packedPart(part) : part);
  const linted = (one: ReportedFile, note: MaskedText | null = null): Linted => ({
    path: one.path,
    part: hold(partOf(reports.one, head, one)),
    note,
    trouble: crashesOf(run, one),
  });
  // each file costs as much again: a run over many says what harden would try
  const isTried = found.length <= manyFiles;
  const since = args.get('changed-since');
  const changes = since === undefined ? null : await openChanges(since, run);
  const results =
    fixes || changes || readsStandardInput(args) ? null : openResults(run, args, [...reports.key, `${isTried}`, named?.text ?? '']);
  const gathered = lintEach(run, attempt, output, { named, isTried, fixes, results, changes, linted });
  const { files, problems, trouble, fixed, known } = gathered;
  trouble.push(...unknown);
  const secrets = run.facts.keep();
  if (!run.facts.isTorn()) results?.keep(secrets);
  problems.sort(byShown);
  for (const { shown, shortfall } of problems) if (shortfall !== null) files.push(linted(unreadFile(shown, shortfall)));
  for (const [path, { shortfall }] of run.reading.unread)
    if (shortfall !== null) files.push(linted(unreadFile(shownPath(path), shortfall)));
  const configs = configReports([...gathered.scopes]);
  trouble.push(...configs.problems);
  for (const config of configs.files) files.push(linted(config));
  files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const isQuiet = args.has('quiet');
  if (!isQuiet) {
    for (const { path, count } of fixed) output.say(masked`bulkhead: ${trusted(path)}: ${plural(count, 'finding')} fixed`);
    sayIfAny(changes ? changes.note() : named && staleNote(named, known), output);
  }
  const wrong = problems.filter(({ shortfall }) => shortfall === null);
  const parts = files.map(({ part }) => part);
  const end = {
    durationMs: Math.round(systemClock.now() - run.started),
    // what is there and was not read has a finding
    problems: wrong.map(({ shown, message }) => ({ path: shown, message })),
    isTried,
  };
  trouble.push(...reports.print(run, head, parts, end));

  for (const { note, trouble: own } of files) trouble.push(...(note === null ? [] : [note]), ...own);
  for (const { shown, message } of wrong) output.say(masked`bulkhead: ${trusted(shown)}: ${trusted(message)}`);
  if (!isQuiet) sayNotes({ ...run.found, problems }, run.reading, output);
  const isEmpty = args.has('error-on-empty') && checkedFiles(parts) === 0;
  if (isEmpty) output.say(plain('bulkhead: no file was checked (--error-on-empty)'));
  else if (!isQuiet && found.length + problems.length + run.found.leftOut.length === 0)
    output.say(plain('bulkhead: found no file of a kind that it checks; with --error-on-empty, that is an error'));
  for (const line of trouble) output.say(masked`bulkhead: ${line}`);
  if (!isQuiet && files.some(({ note }) => note !== null)) output.say(ignoringHint);
  if (wrong.length > 0 || trouble.length > 0 || isEmpty) return 2;
  const failOn = args.get('fail-on') ?? 'warning';
  return failOn !== 'never' && anyAtLeast(sumFindings(parts), failOn as Severity) ? 1 : 0;
}

/** What earlier runs have said of files under the same settings; `null`: nothing is kept. */
function openResults(run: Run, args: Arguments, format: readonly string[]): KeptResults | null {
  const flags = ['no-suppress', 'follow-links', 'trust-evidence'].filter(flag => args.has(flag));
  return (
    run.kept &&
    openKeptResults(run.kept, {
      settings: [process.cwd(), run.today, ...spokenTags, ...format, ...flags, ...(run.policies ? [run.policies.digest] : [])],
      world: found => run.facts.world(found),
      index: found => run.facts.of(found),
      build: found => buildContextOf(found, run.reading)(),
      relatedText: (found, path) => run.facts.relatedText(found, path),
      now: () => Date.now(),
    })
  );
}

function textOf(read: ReturnType<typeof readInput> | undefined): string | null {
  return read && 'file' in read ? read.file.text : null;
}

/** The context of a check that hears what is asked of other files. */
function heard(context: LintContext, hearing: Hearing): LintContext {
  return {
    ...context,
    workspace: hearing.index(context.workspace),
    buildContext: () => {
      const answer = context.buildContext?.() ?? null;
      hearing.build(answer);
      return answer;
    },
  };
}

/** How a file of a run is linted. */
interface Linting {
  readonly hearing: Hearing | null;
  readonly named: NamedBaseline | null;
  readonly changes: Changes | null;
  /** Whether harden is tried, to count what it fixes. */
  readonly isTried: boolean;
}

/** Files found in folders that have no rules are not told of; those that were named are. */
function lintInput(run: Run, input: Input, opened: OpenedFile, { hearing, named, changes, isTried }: Linting): ReportedFile | null {
  // what is wrong in a configuration is told with what it holds for
  if (basename(input.absolute) === configFileName) return null;
  const plainly = run.context(input);
  const context = hearing ? heard(plainly, hearing) : plainly;
  const found = opened.lint(context);
  if (!found.checked && !input.named) return null;
  const own = changes === null ? found.findings : changes.of(input, opened, context, found.findings);
  const result = { ...found, findings: named === null ? own : compared(named, input, own) };
  return {
    path: input.shown,
    text: input.file.text,
    result,
    fixes: reportFixes(opened, result.findings, run.words),
    related: path => {
      hearing?.related(path, run.facts.relatedText(input, path));
      return run.facts.related(input, path);
    },
    creatable: path => run.facts.creatable(input, path),
    ...(isTried && { hardened: () => opened.harden(context, { leavesGenerated: true }).applied }),
  };
}

/** A file that `--fix` has changed, and how many findings it fixed. */
interface Fixed {
  readonly path: string;
  readonly count: number;
}

/** Applies the safe fixes to a file on disk; gives the input with the text that the file has now. */
function fixInput(run: Run, input: Input, { fixed, trouble }: Pick<Gathered, 'fixed' | 'trouble'>): Input {
  const { text, applied } = run.engine.open(input.file).applyFixes(run.context(input), (_finding, fix) => fix.class === 'safe');
  if (text === input.file.text) return input;
  const written = writeInput(input, text);
  if (!written.ok) {
    trouble.push(masked`${trusted(input.shown)}: not written: ${maskAlone(written.message)}`);
    return input;
  }
  fixed.push({ path: input.shown, count: applied.length });
  const file: InputFile = { ...input.file, text };
  return { ...input, file };
}

/** The rules of all configurations that hold for what is checked, each once. */
function customRulesOf({ found }: Run): readonly Rule[] {
  const configs = new Set(found.found.map(({ scope }) => scope.config?.config));
  const all = [...configs].flatMap(config => config?.customRules ?? []).flatMap(({ rules: [rule] }) => rule ?? []);
  return [...new Map(all.map(rule => [rule.id, rule])).values()];
}

/** What is known of a report before any file is checked. */
export function reportHead(run: Run, named: NamedBaseline | null): ReportHead {
  return {
    hasBaseline: named !== null,
    version,
    profile: run.settings.profile,
    kubernetesVersion: `1.${run.settings.kubernetesMinor}`,
    today: run.today,
    rules: [...run.engine.rules, ...customRulesOf(run)],
    words: run.words,
    page: pageOf,
    pagesAddress,
  };
}

/** A line for each rule that failed on a file. */
function crashesOf(run: Run, file: ReportedFile): readonly MaskedText[] {
  return file.result.findings
    .filter(({ rule }) => rule === 'bulkhead/internal-error')
    .map(finding => masked`${trusted(file.path)}: ${gateOf(file).words(run.words.message(finding))}`);
}
