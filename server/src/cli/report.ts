import { createPosture, postureHtml, postureJson, postureMarkdown } from '../../../shared/src/formats';
import type { Finding } from '../../../shared/src/index';
import type { Attempt } from './attempt';
import { compared, readNamedBaseline } from './baseline';
import { eachInput, sayTroubles } from './each-input';
import type { Input } from './inputs';
import { reportHead } from './lint';
import type { Output } from './output';
import { printTo } from './report-files';
import { startRun, type Run } from './run';
import type { Arguments } from './usage';

/** `bulkhead report`: the posture of everything that PATHs name. Gives the exit code. */
export function report(args: Arguments, output: Output, attempt: Attempt): number {
  const run = startRun(args, attempt, output);
  const file = args.get('baseline');
  const named = file === undefined ? null : readNamedBaseline(file, run.reading);
  const target = printTo(args.get('output-file') ?? null, output);
  target.refuseInputs(run.found.found);
  const posture = createPosture({ ...reportHead(run, named), profile: run.settings.profile });
  const troubles = eachInput(run, attempt, output, input => {
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
  });
  const made = posture.finish();
  const format = args.get('format') ?? 'html';
  const text = format === 'json' ? postureJson(made) : format === 'markdown' ? postureMarkdown(made) : postureHtml(made);
  const trouble = [...troubles.trouble, ...target.print([text])];
  return sayTroubles({ ...troubles, trouble }, run, output) ? 2 : 0;
}

/** What is found once a file is hardened. */
function afterwards(run: Run, input: Input, text: string): readonly Finding[] {
  return run.engine.open({ ...input.file, text }).lint(run.context(input)).findings;
}
