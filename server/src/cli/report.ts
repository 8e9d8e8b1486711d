import { postureJson, postureMarkdown } from '../../../shared/src/formats';
import { createPosture, postureFileOf, postureHtml } from '../../../shared/src/index';
import type { Attempt } from './attempt';
import { compared, readNamedBaseline } from './baseline';
import { eachInput, sayTroubles } from './each-input';
import { reportHead } from './lint';
import type { Output } from './output';
import { printTo } from './report-files';
import { startRun } from './run';
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
    const { findings, ...result } = opened.lint(context);
    const marked = named === null ? findings : compared(named, input, findings);
    posture.add(postureFileOf({ path: input.shown, engine: run.engine, opened, context, result: { ...result, findings: marked } }));
  });
  const made = posture.finish();
  const format = args.get('format') ?? 'html';
  const text = format === 'json' ? postureJson(made) : format === 'markdown' ? postureMarkdown(made) : postureHtml(made);
  const trouble = [...troubles.trouble, ...target.print([text])];
  return sayTroubles({ ...troubles, trouble }, run, output) ? 2 : 0;
}
