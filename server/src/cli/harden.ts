import { fileBytes, joined, masked, type MaskedText, plain, printable, trusted } from '../../../shared/src/early';
import { type HardenedFile, hardenJson, hardenNotes, type HardenReport, inputsOf, plural } from '../../../shared/src/formats';
import {
  type Accepted,
  buildsImages,
  hardenGate,
  incompleteRule,
  maskAlone,
  type OpenedFile,
  pinText,
  rules,
  sourceOf,
} from '../../../shared/src/index';
import { systemClock } from '../../../shared/src/base/ports/clock';
import type { Outcome } from '../../../shared/src/services/registry/failure';
import type { Lookup } from '../../../shared/src/services/registry/resolver';
import { version } from '../../../shared/host/version';
import type { Attempt } from './attempt';
import { configReports } from './config-report';
import { credentialNote, diffText, type Changed } from './diff';
import { readInputs, type Input } from './inputs';
import { lookUpFacts } from './lookup';
import { sayOutdated } from './trial-evidence';
import { guard } from './each-input';
import { ignoringHint, uncheckedNote } from './unchecked';
import { newFilesText, withNewFiles, writeNewFiles } from './new-files';
import { sayIfAny, type Output } from './output';
import { readsStandardInput, sayProblems, startRun, unknownRule, writeInput, type Run } from './run';
import { UsageError, type Arguments } from './usage';

/** `bulkhead harden`. Gives the exit code. */
export async function harden(args: Arguments, output: Output, attempt: Attempt): Promise<number> {
  const piped = readsStandardInput(args);
  const write = args.has('write');
  if (args.has('interactive')) return (await import('./interview')).startInterview(args, output, attempt);
  if (write && args.has('check')) throw new UsageError('--check changes nothing and cannot be combined with --write');
  if (write && piped) throw new UsageError('--write changes files and cannot be combined with standard input');
  if (args.has('pin') && args.has('safe-only')) throw new UsageError('--pin is not a safe fix and cannot be combined with --safe-only');
  const accept = readAccepted(args.all('accept'));
  if (args.has('accept') && args.has('safe-only'))
    throw new UsageError('--accept is for fixes that are not safe, so it cannot be combined with --safe-only');
  const mask = args.has('mask');
  if (mask && (write || piped || args.get('format') === 'json'))
    throw new UsageError('--mask is for the diff and cannot be combined with --write, standard input or --format json');
  const unpinned = startRun(args, attempt, output);
  const read = readInputs(unpinned.found, unpinned.reading);
  const { inputs } = read;
  const trouble: MaskedText[] = [...configReports(inputs.map(input => input.scope)).problems];
  trouble.push(...(await lookUpFacts(unpinned, args, output)));
  const run = args.has('pin') ? await withDigests(unpinned, inputs, args, output, trouble) : unpinned;
  const hardened = new Map<Input, HardenedFile>();
  let isIgnorable = false;
  // images before what runs them: a manifest has to agree with what its Dockerfile says once both are hardened
  const order = [...inputs.filter(makesImage), ...inputs.filter(input => !makesImage(input))];
  for (const [index, input] of order.entries()) {
    output.progress(index, inputs.length);
    run.facts.prepare(input);
    const made = guard(input, trouble, () => hardenInput(run, input, { safeOnly: args.has('safe-only'), accept, leavesGenerated: true }));
    if (!made) continue;
    const { file, note } = made;
    if (!args.has('quiet')) sayOutdated(run, input, output);
    if (note !== null) trouble.push(note);
    isIgnorable ||= note !== null;
    hardened.set(input, file);
    if (buildsImages(file.family) && file.result.text !== file.text) run.facts.replace(input, file.result.text);
  }
  run.facts.keep();
  const alone = inputs.flatMap(input => {
    const file = hardened.get(input);
    return file ? [{ input, file }] : [];
  });
  const made = piped ? alone : withNewFiles(run, alone, accept);
  // nothing is written before everything is made: until then the run may have to start again
  const files = made.map(({ input, file }): HardenedFile => {
    if (piped) return { ...file, written: true };
    const written = write && file.result.text !== file.text ? writeFile(input, file, trouble) : file;
    return write && written.refused !== true ? writeNewFiles({ input, file: written }, trouble) : written;
  });
  const report = makeReport(run, files);
  const json = args.get('format') === 'json';
  if (json) output.print(hardenJson(report));
  else if (piped) output.print(fileBytes(files[0]?.result.text ?? inputs[0]?.file.text ?? ''));
  else
    output.print(
      joined(
        files.flatMap(file =>
          write ? [writtenText(file), newFilesText(file)] : changesOf(file).map(change => diffText(change, output, mask)),
        ),
        '',
      ),
    );
  if (!json && !args.has('quiet')) for (const line of hardenNotes(report, { verbose: args.has('verbose') })) output.say(line);
  if (!json && !piped && !write) for (const change of files.flatMap(changesOf)) sayIfAny(credentialNote(change, mask), output);
  const unreadable = sayProblems(read, run.reading, output);
  for (const line of trouble) output.say(masked`bulkhead: ${line}`);
  if (isIgnorable && !args.has('quiet')) output.say(ignoringHint);
  if (unreadable || trouble.length > 0) return 2;
  const work = files.some(
    ({ text, result, created }) =>
      text !== result.text || created.length > 0 || result.left.some(({ finding }) => finding.rule === incompleteRule),
  );
  return args.has('check') && work ? 1 : 0;
}

function makesImage({ file }: Input): boolean {
  return buildsImages(sourceOf(file.path, file.text).family);
}

/**
 * The run with the digests that its fixes wait for, and with what GitHub says of the commits that actions are pinned to. What registries do not tell goes to `trouble`,
 * and is left.
 */
async function withDigests(run: Run, inputs: readonly Input[], args: Arguments, output: Output, trouble: MaskedText[]): Promise<Run> {
  const { createCliResolver, describeFailure } = await import('./resolver');
  const resolver = createCliResolver(args, run.guarded, output);
  const known = new Map<string, Outcome<Lookup>>();
  const digest = (reference: string): string | null => {
    const outcome = known.get(reference);
    return outcome?.ok ? pinText(outcome.value) : null;
  };
  const asking: Run = { ...run, context: input => ({ ...run.context(input), digest }) };
  const lookUp = async (references: readonly string[]): Promise<void> => {
    const asked = references.filter(reference => !known.has(reference));
    const results = await resolver.resolveAll(asked, { progress: (done, total) => output.progress(done, total, 'images') });
    for (const [reference, outcome] of results) known.set(reference, outcome);
  };
  const pinned = inputs.flatMap(input => guard(input, [], () => run.engine.open(input.file).images()) ?? []);
  await lookUp(pinned.flatMap(({ kind, digest: commit, reference }) => (kind === 'action' && commit !== null ? [reference] : [])));
  const references = inputs.flatMap(input => {
    const findings = guard(input, [], () => run.engine.open(input.file).lint(asking.context(input)).findings) ?? [];
    return findings.filter(({ suppression }) => suppression === null).flatMap(({ fixes }) => fixes.flatMap(fix => fix.needsDigest ?? []));
  });
  await lookUp(references);
  for (const reference of new Set(references)) {
    const outcome = known.get(reference);
    if (outcome && !outcome.ok) trouble.push(maskAlone(`${reference}: ${describeFailure(outcome.failure)}`));
  }
  return asking;
}

/** The rules that `--accept` names. */
function readAccepted(values: readonly string[]): Accepted {
  const ids = values.flatMap(value => value.split(',')).map(id => id.trim());
  if (ids.includes('all')) return 'all';
  for (const id of ids) if (!rules.some(rule => rule.id === id)) throw new UsageError(`--accept: ${unknownRule(id)}`);
  return new Set(ids);
}

/** `null` for a file that was found in a folder and has no rules; `note` says why one that was named is not checked. */
function hardenInput(
  run: Run,
  input: Input,
  options: Parameters<OpenedFile['harden']>[1],
): { readonly file: HardenedFile; readonly note: MaskedText | null } | null {
  const opened = run.engine.open(input.file);
  const context = run.context(input);
  const isChecked = opened.isChecked(context);
  if (!isChecked && !input.named) return null;
  const result = opened.harden(context, options);
  const { text } = input.file;
  const note = isChecked ? null : uncheckedNote({ path: input.shown, text, result: opened.lint(context) });
  const inputs = inputsOf(run.engine.open({ ...input.file, text: result.text }), result.left);
  return { file: { path: input.shown, family: opened.sourceIn(context).family, text, result, written: false, inputs, created: [] }, note };
}

function writeFile(input: Input, file: HardenedFile, trouble: MaskedText[]): HardenedFile {
  const written = writeInput(input, file.result.text);
  if (!written.ok) trouble.push(masked`${trusted(file.path)}: not written: ${maskAlone(written.message)}`);
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

function changesOf(file: HardenedFile): readonly Changed[] {
  const gate = hardenGate(file);
  return [
    { path: file.path, text: file.text, edits: file.result.edits, gate },
    ...file.created.map(({ path, text }) => ({
      path,
      text: '',
      edits: [{ range: { start: 0, end: 0 }, newText: text }],
      created: true,
      gate,
    })),
  ];
}

function writtenText({ path, result, written }: HardenedFile): MaskedText {
  return written ? masked`${printable(trusted(path))}: hardened, ${plural(result.applied.length, 'finding')} fixed\n` : plain('');
}
