import { masked, type MaskedText, trusted } from '../../../shared/src/early';
import {
  anyAtLeast,
  countFindings,
  githubReport,
  jsonReport,
  markdownReport,
  type Report,
  type ReportedFile,
  reportFixes,
  sarifReport,
  textReport,
} from '../../../shared/src/formats';
import { configFileName, createGate, gateOf, type InputFile, maskAlone, type Severity } from '../../../shared/src/index';
import { basename } from 'node:path';
import { systemClock } from '../../../shared/src/ports/clock';
import { pagesAddress } from '../../../shared/host/product';
import { version } from '../../../shared/host/version';
import { Overdue, type Attempt } from './attempt';
import { configReports, unreadFile } from './config-report';
import { shownPath, type Input } from './inputs';
import { sayIfAny, type Output } from './output';
import { pageOf } from './pages';
import { sayNotes, startRun, writeInput, type Run } from './run';
import { UsageError, type Arguments } from './usage';

/** `bulkhead lint`. Gives the exit code. */
export function lint(args: Arguments, output: Output, attempt: Attempt): number {
  if (args.has('fix') && args.has('stdin-filename'))
    throw new UsageError('--fix changes files and cannot be combined with --stdin-filename; see bulkhead harden');
  const run = startRun(args, attempt, output);
  const { inputs } = run.inputs;
  const format = args.get('format') ?? 'text';
  const files: ReportedFile[] = [];
  const trouble: MaskedText[] = [];
  for (const [index, input] of inputs.entries()) {
    output.progress(index, inputs.length);
    run.facts.prepare(input, attempt.expect);
    const reported = guard(input, trouble, () =>
      lintInput(run, args.has('fix') ? fixInput(run, input, trouble) : input, printsEdits.has(format)),
    );
    if (reported) files.push(reported);
  }
  run.facts.keep();
  const { problems } = run.inputs;
  for (const { shown, shortfall } of problems) if (shortfall !== null) files.push(unreadFile(shown, shortfall));
  for (const [path, { shortfall }] of run.reading.unread) if (shortfall !== null) files.push(unreadFile(shownPath(path), shortfall));
  const configs = configReports(run.inputs.inputs.map(input => input.scope));
  trouble.push(...configs.problems);
  files.push(...configs.files);
  files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  if (format === 'text') sayUnchecked(files, inputs, output);
  output.print(render(format, makeReport(run, files), output));

  for (const file of files) {
    for (const finding of file.result.findings) {
      if (finding.rule === 'bulkhead/internal-error')
        trouble.push(masked`${trusted(file.path)}: ${gateOf(file).words(run.words.message(finding))}`);
    }
  }
  const wrong = problems.filter(({ shortfall }) => shortfall === null);
  for (const { shown, message } of wrong) output.say(masked`bulkhead: ${trusted(shown)}: ${trusted(message)}`);
  sayNotes(run.inputs, run.reading, output);
  for (const line of trouble) output.say(masked`bulkhead: ${line}`);
  if (wrong.length > 0 || trouble.length > 0) return 2;
  const failOn = args.get('fail-on') ?? 'warning';
  return failOn !== 'never' && anyAtLeast(countFindings(files), failOn as Severity) ? 1 : 0;
}

/** Runs something about one file; should it throw, that file is lost and not the run. */
export function guard<T>(input: Input, trouble: MaskedText[], action: () => T): T | null {
  try {
    return action();
  } catch (error) {
    if (error instanceof Overdue) throw error;
    const message = (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
    const gate = createGate({ text: input.file.text, findings: [] });
    trouble.push(masked`${trusted(input.shown)}: internal error: ${gate.mask(message)}`);
    return null;
  }
}

/** Formats that print the edits of fixes. */
const printsEdits: ReadonlySet<string> = new Set(['json', 'sarif']);

/** Files found in folders that have no rules are not told of; those that were named are. `eager`: renders the fixes at once, while the engine has the file at hand. */
function lintInput(run: Run, input: Input, eager: boolean): ReportedFile | null {
  // what is wrong in a configuration is told with what it holds for
  if (basename(input.absolute) === configFileName) return null;
  const opened = run.engine.open(input.file);
  const result = opened.lint(run.context(input));
  if (!result.checked && !input.named) return null;
  const fixes = reportFixes(opened, result.findings, run.words);
  if (eager && result.findings[0]) fixes(result.findings[0]);
  return {
    path: input.shown,
    text: input.file.text,
    result,
    fixes,
    related: path => run.facts.related(input, path),
  };
}

/** Applies the safe fixes to a file on disk; gives the input with the text that the file has now. */
function fixInput(run: Run, input: Input, trouble: MaskedText[]): Input {
  const { text } = run.engine.open(input.file).applyFixes(run.context(input), (_finding, fix) => fix.class === 'safe');
  if (text === input.file.text) return input;
  const written = writeInput(input, text);
  if (!written.ok) {
    trouble.push(masked`${trusted(input.shown)}: not written: ${maskAlone(written.message)}`);
    return input;
  }
  const file: InputFile = { ...input.file, text };
  return { ...input, file };
}

function makeReport(run: Run, files: readonly ReportedFile[]): Report {
  return {
    version,
    profile: run.settings.profile,
    kubernetesVersion: `1.${run.settings.kubernetesMinor}`,
    today: run.today,
    durationMs: Math.round(systemClock.now() - run.started),
    files,
    // what is there and was not read has a finding
    problems: run.inputs.problems.filter(({ shortfall }) => shortfall === null).map(({ shown, message }) => ({ path: shown, message })),
    rules: run.engine.rules,
    words: run.words,
    page: pageOf,
    pagesAddress,
  };
}

function render(format: string, report: Report, output: Output): MaskedText {
  switch (format) {
    case 'json':
      return jsonReport(report);
    case 'sarif':
      return sarifReport(report);
    case 'github':
      return githubReport(report);
    case 'markdown':
      return markdownReport(report);
    default:
      return textReport(report, { colour: output.colour });
  }
}

/** A person who named a file wants to know why nothing is said about it. */
function sayUnchecked(files: readonly ReportedFile[], inputs: readonly Input[], output: Output): void {
  const named = new Set(inputs.filter(input => input.named).map(input => input.shown));
  for (const file of files) if (named.has(file.path)) sayIfAny(uncheckedNote(file), output);
}

/** Why a file is not checked; `null`: it is. */
export function uncheckedNote(file: Pick<ReportedFile, 'path' | 'text' | 'result'>): MaskedText | null {
  const { path, result } = file;
  if (result.checked) return null;
  const why = result.limited === null ? masked`no rules for ${trusted(result.family)} yet` : gateOf(file).mask(result.limited);
  return masked`bulkhead: ${trusted(path)}: not checked: ${why}`;
}
