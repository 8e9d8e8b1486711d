import { masked, type MaskedText, trusted } from '../../../shared/src/early';
import { createPosture, postureHtml, postureJson, postureMarkdown } from '../../../shared/src/formats';
import type { Finding } from '../../../shared/src/index';
import { version } from '../../../shared/host/version';
import type { Attempt } from './attempt';
import { compared, readNamedBaseline } from './baseline';
import { configReports } from './config-report';
import { readInput, type Input, type InputProblem } from './inputs';
import { guard } from './lint';
import type { Output } from './output';
import { printTo } from './report-files';
import { sayNotes, startRun } from './run';
import type { Arguments } from './usage';

/** `bulkhead report`: the posture of everything that PATHs name. Gives the exit code. */
export function report(args: Arguments, output: Output, attempt: Attempt): number {
  const file = args.get('baseline');
  const named = file === undefined ? null : readNamedBaseline(file);
  const run = startRun(args, attempt, output);
  const target = printTo(args.get('output-file') ?? null, output);
  target.refuseInputs(run.found.found);
  const posture = createPosture({
    version,
    profile: run.settings.profile,
    kubernetesVersion: `1.${run.settings.kubernetesMinor}`,
    today: run.today,
    rules: run.engine.rules,
    words: run.words,
    hasBaseline: named !== null,
  });
  const problems: InputProblem[] = [...run.found.problems];
  const trouble: MaskedText[] = [];
  const { found, excluded } = run.found;
  const add = (input: Input): void => {
    const context = run.context(input);
    const opened = run.engine.open(input.file);
    if (!opened.isChecked(context)) return;
    const result = opened.lint(context);
    const findings = named === null ? result.findings : compared(named, input, result.findings);
    const hardened = opened.harden(context);
    const isChanged = hardened.text !== input.file.text;
    const hidden = new Set(findings.filter(({ suppression }) => suppression !== null).map(({ fingerprint }) => fingerprint));
    posture.add({
      file: { path: input.shown, text: input.file.text, result: { ...result, findings }, fixes: () => [], related: () => null },
      facts: opened.facts(),
      images: opened.images().flatMap(({ kind, reference }) => (kind === 'action' ? [] : reference)),
      fixed: hardened.applied
        .filter(({ finding }) => !hidden.has(finding.fingerprint))
        .map(({ finding, fix }) => ({ rule: finding.rule, class: fix.class })),
      after: isChanged ? afterwards(run, input, hardened.text) : findings,
    });
  };
  for (const [index, one] of found.entries()) {
    output.progress(index, found.length);
    const input = readInput(one, run.reading);
    if (!input) continue;
    if (!('file' in input)) {
      problems.push(input);
      continue;
    }
    run.facts.prepare(one, attempt.expect);
    guard(input, trouble, () => add(input));
  }
  run.facts.keep();
  trouble.push(...configReports(found.map(({ scope }) => scope)).problems);
  const made = posture.finish();
  const format = args.get('format') ?? 'html';
  const text = format === 'json' ? postureJson(made) : format === 'markdown' ? postureMarkdown(made) : postureHtml(made);
  trouble.push(...target.print([text]));
  for (const { shown, message } of problems) output.say(masked`bulkhead: ${trusted(shown)}: ${trusted(message)}`);
  sayNotes({ problems, excluded }, run.reading, output);
  for (const line of trouble) output.say(masked`bulkhead: ${line}`);
  return problems.length > 0 || trouble.length > 0 ? 2 : 0;
}

/** What is found once a file is hardened. */
function afterwards(run: ReturnType<typeof startRun>, input: Input, text: string): readonly Finding[] {
  return run.engine.open({ ...input.file, text }).lint(run.context(input)).findings;
}
