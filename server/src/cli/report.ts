import { basename, dirname, resolve } from 'node:path';
import { mergePostures, type NamedPosture, type Posture, postureJson, postureMarkdown, readPosture } from '../../../shared/src/formats';
import { type MaskedText, trusted } from '../../../shared/src/early';
import { type Baseline, createPosture, postureFileOf, postureHtml } from '../../../shared/src/index';
import { version } from '../../../shared/host/version';
import type { Attempt } from './attempt';
import { compared, knownIn, readNamedBaseline } from './baseline';
import { eachInput, sayTroubles } from './each-input';
import { lookUpFacts } from './lookup';
import { reportHead } from './lint';
import { uncheckedNote } from './unchecked';
import type { Output } from './output';
import { printTo } from './report-files';
import { startRun } from './run';
import { type Arguments, InputError, UsageError } from './usage';

/** `bulkhead report`: the posture of everything that PATHs name. Gives the exit code. */
export async function report(args: Arguments, output: Output, attempt: Attempt): Promise<number> {
  if (args.has('merge')) return mergeReports(args, attempt, output);
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
  const trouble = [...unknown, ...troubles.trouble, ...target.print(run, [inFormat(made, args)])];
  return sayTroubles({ ...troubles, trouble }, run, output) ? 2 : 0;
}

function inFormat(posture: Posture, args: Arguments): MaskedText {
  const format = args.get('format') ?? 'html';
  return format === 'json' ? postureJson(posture) : format === 'markdown' ? postureMarkdown(posture) : postureHtml(posture);
}

/** One report of those that the operands are, each of a repository: nothing is checked. */
function mergeReports(args: Arguments, attempt: Attempt, output: Output): number {
  const [first, ...others] = args.operands;
  if (first === undefined) throw new UsageError('--merge takes reports written by bulkhead report --format json');
  const run = startRun(args, attempt, output, null);
  const file = args.get('output-file') ?? null;
  if (file !== null && args.operands.some(operand => resolve(operand) === resolve(file)))
    throw new UsageError(`the report cannot be written to ${file}, which is one of the reports to merge`);
  const target = printTo(file, output);
  const names = new Set<string>();
  const read = (file: string): NamedPosture => {
    const text = run.reading.sideText(resolve(file));
    if (!text.ok) throw new InputError(`${file}: ${text.message}`);
    const posture = readPosture(text.value);
    if (!posture) throw new InputError(`${file} is not a report from bulkhead report --format json`);
    const name = repositoryOf(file);
    if (names.has(name)) throw new InputError(`${file}: another report is also called ${name}; name the files after their repositories`);
    names.add(name);
    return { name, posture };
  };
  const all = [read(first), ...others.map(read)] as const;
  const other = all.find(({ posture }) => posture.profile !== all[0].posture.profile);
  if (other)
    throw new InputError(
      `${other.name} was checked with the profile ${other.posture.profile}, but ${all[0].name} with ${all[0].posture.profile}: their reports cannot be merged`,
    );
  const trouble = target.print(run, [inFormat(mergePostures(all, { version }), args)]);
  for (const line of trouble) output.say(line);
  return trouble.length > 0 ? 2 : 0;
}

/** What a repository is called, by the name of its report: `shop.json`, or `shop/posture.json` where all have one name. */
function repositoryOf(file: string): string {
  const name = basename(file).replace(/\.json$/i, '');
  return /^(?:posture|report|bulkhead)$/.test(name) ? basename(dirname(resolve(file))) : name;
}

/** The oldest first; what says no date is older than what does. */
function byDate(a: Baseline, b: Baseline): number {
  const [one, other] = [a.date ?? '', b.date ?? ''];
  return one < other ? -1 : one > other ? 1 : 0;
}
