import { postureJson, postureMarkdown } from '../../../shared/src/formats';
import { trusted } from '../../../shared/src/early';
import { type Baseline, createPosture, postureFileOf, postureHtml } from '../../../shared/src/index';
import type { Attempt } from './attempt';
import { compared, knownIn, readNamedBaseline } from './baseline';
import { eachInput, sayTroubles } from './each-input';
import { lookUpFacts } from './lookup';
import { reportHead } from './lint';
import { uncheckedNote } from './unchecked';
import type { Output } from './output';
import { printTo } from './report-files';
import { startRun } from './run';
import type { Arguments } from './usage';

/** `bulkhead report`: the posture of everything that PATHs name. Gives the exit code. */
export async function report(args: Arguments, output: Output, attempt: Attempt): Promise<number> {
  const run = startRun(args, attempt, output);
  const unknown = await lookUpFacts(run, args, output);
  const earlier = args
    .all('baseline')
    .map(file => ({ named: readNamedBaseline(file, run.reading), standing: 0 }))
    .sort((a, b) => byDate(a.named.baseline, b.named.baseline));
  const named = earlier.at(-1)?.named ?? null;
  const target = printTo(args.get('output-file') ?? null, output);
  target.refuseInputs(run);
  const posture = createPosture({ ...reportHead(run, named), profile: run.settings.profile });
  const troubles = eachInput(run, attempt, output, input => {
    const context = run.context(input);
    const opened = run.engine.open(input.file);
    const result = opened.lint(context);
    const { findings } = result;
    if (!result.checked) return input.named ? uncheckedNote({ path: input.shown, text: input.file.text, result }) : null;
    for (const one of earlier) one.standing += knownIn(one.named, input, findings);
    const marked = named === null ? findings : compared(named, input, findings);
    posture.add(postureFileOf({ path: input.shown, engine: run.engine, opened, context, result: { ...result, findings: marked } }));
    opened.forget();
    return null;
  });
  const trend = earlier.map(({ named: { baseline }, standing }) => ({
    date: baseline.date === null ? null : trusted(baseline.date),
    findings: baseline.size,
    standing,
  }));
  const made = posture.finish(trend);
  const format = args.get('format') ?? 'html';
  const text = format === 'json' ? postureJson(made) : format === 'markdown' ? postureMarkdown(made) : postureHtml(made);
  const trouble = [...unknown, ...troubles.trouble, ...target.print(run, [text])];
  return sayTroubles({ ...troubles, trouble }, run, output) ? 2 : 0;
}

/** The oldest first; what says no date is older than what does. */
function byDate(a: Baseline, b: Baseline): number {
  const [one, other] = [a.date ?? '', b.date ?? ''];
  return one < other ? -1 : one > other ? 1 : 0;
}
