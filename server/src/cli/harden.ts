import { createTwoFilesPatch } from 'diff';
import { incompleteRule } from '../../../shared/src/finding/incomplete';
import { hardenJson, hardenNotes, type HardenedFile, type HardenReport } from '../../../shared/src/report/harden';
import { createPaint } from '../../../shared/src/report/paint';
import { printable } from '../../../shared/src/report/printable';
import { plural } from '../../../shared/src/report/text';
import { systemClock } from '../../../shared/src/ports/clock';
import { version } from '../version';
import type { Attempt } from './attempt';
import { configReports } from './config-report';
import type { Input } from './inputs';
import { guard } from './lint';
import type { Output } from './output';
import { sayProblems, startRun, writeInput, type Run } from './run';
import { UsageError, type Arguments } from './usage';

/** `bulkhead harden`. Gives the exit code. */
export async function harden(args: Arguments, output: Output, attempt: Attempt): Promise<number> {
  const piped = args.has('stdin-filename');
  const write = args.has('write');
  if (write && args.has('check')) throw new UsageError('--check changes nothing and cannot be combined with --write');
  if (write && piped) throw new UsageError('--write changes files and cannot be combined with --stdin-filename');
  if (args.has('pin') && args.has('safe-only')) throw new UsageError('--pin is not a safe fix and cannot be combined with --safe-only');
  const unpinned = startRun(args, attempt);
  const { inputs } = unpinned.inputs;
  const trouble = [...configReports(inputs.map(input => input.scope)).problems];
  const run = args.has('pin') ? await withDigests(unpinned, args, output, trouble) : unpinned;
  const made = inputs.flatMap((input, index) => {
    output.progress(index, inputs.length);
    const file = guard(input, trouble, () => hardenInput(run, input, args.has('safe-only')));
    return file ? [{ input, file }] : [];
  });
  // nothing is written before everything is made: until then the run may have to start again
  const files = made.map(({ input, file }): HardenedFile => {
    if (piped) return { ...file, written: true };
    return write && file.result.text !== file.text ? writeFile(input, file, trouble) : file;
  });
  const report = makeReport(run, files);
  const json = args.get('format') === 'json';
  if (json) output.print(hardenJson(report));
  else if (piped) output.print(files[0]?.result.text ?? inputs[0]?.file.text ?? '');
  else output.print(files.map(file => (write ? writtenText(file) : diffText(file.path, file.text, file.result.text, output))).join(''));
  if (!json) for (const line of hardenNotes(report)) output.say(line);
  const unreadable = sayProblems(run.inputs, run.reading, output);
  for (const line of trouble) output.say(`bulkhead: ${line}`);
  if (unreadable || trouble.length > 0) return 2;
  const work = files.some(({ text, result }) => text !== result.text || result.left.some(({ finding }) => finding.rule === incompleteRule));
  return args.has('check') && work ? 1 : 0;
}

/** The run with the digests that its fixes wait for. What registries do not tell goes to `trouble`, and is left. */
async function withDigests(run: Run, args: Arguments, output: Output, trouble: string[]): Promise<Run> {
  const { createCliResolver, describeFailure } = await import('./resolver');
  const resolver = createCliResolver(args, output);
  const references = run.inputs.inputs.flatMap(input => {
    const findings = guard(input, [], () => run.engine.open(input.file).lint(run.context(input)).findings) ?? [];
    return findings.filter(({ suppression }) => suppression === null).flatMap(({ fixes }) => fixes.flatMap(fix => fix.needsDigest ?? []));
  });
  const results = await resolver.resolveAll(references, { progress: (done, total) => output.progress(done, total, 'images') });
  for (const [reference, outcome] of results) if (!outcome.ok) trouble.push(`${reference}: ${describeFailure(outcome.failure)}`);
  const digest = (reference: string): string | null => {
    const outcome = results.get(reference);
    return outcome?.ok ? outcome.value.digest : null;
  };
  return { ...run, context: input => ({ ...run.context(input), digest }) };
}

/** `null` for a file that was found in a folder and has no rules. */
function hardenInput(run: Run, input: Input, safeOnly: boolean): HardenedFile | null {
  const opened = run.engine.open(input.file);
  if (!opened.isChecked() && !input.named) return null;
  const result = opened.harden(run.context(input), { safeOnly });
  return { path: input.shown, family: opened.source.family, text: input.file.text, result, written: false };
}

function writeFile(input: Input, file: HardenedFile, trouble: string[]): HardenedFile {
  const written = writeInput(input, file.result.text);
  if (!written.ok) trouble.push(`${file.path}: not written: ${written.message}`);
  return { ...file, written: written.ok, refused: !written.ok };
}

function makeReport(run: Run, files: readonly HardenedFile[]): HardenReport {
  return {
    version,
    profile: run.settings.profile,
    kubernetesVersion: `1.${run.settings.kubernetesMinor}`,
    today: run.today,
    durationMs: Math.round(systemClock.now() - run.started),
    files,
    words: run.words,
  };
}

function writtenText({ path, result, written }: HardenedFile): string {
  return written ? `${printable(path)}: hardened, ${plural(result.applied.length, 'finding')} fixed\n` : '';
}

/** A unified diff that `git apply` and `patch -p1` take; the bytes are those of the file, unless they go to a terminal, which they could steer. */
export function diffText(path: string, text: string, changed: string, { colour, terminal }: Pick<Output, 'colour' | 'terminal'>): string {
  if (text === changed) return '';
  const patch = createTwoFilesPatch(`a/${path}`, `b/${path}`, text, changed, undefined, undefined, { context: 3 });
  // the library puts a line of `=` in front, which is no part of a diff
  const bytes = patch.replace(/^=+\n/, '');
  const diff = terminal ? bytes.replace(/[^\t\n]+/g, printable) : bytes;
  if (!colour) return diff;
  const paint = createPaint(true);
  return diff.replace(/^.*$/gm, line =>
    line.startsWith('+++') || line.startsWith('---')
      ? paint.bold(line)
      : line.startsWith('+')
        ? paint.added(line)
        : line.startsWith('-')
          ? paint.removed(line)
          : line.startsWith('@@')
            ? paint.dim(line)
            : line,
  );
}
