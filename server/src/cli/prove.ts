import { createInterface } from 'node:readline/promises';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { exerciseArguments, trialName } from '../../../shared/src/services/prove/arguments';
import type { Cannot, TrialSubject } from '../../../shared/src/services/prove/contract';
import { trialNames, trialSubject } from '../../../shared/src/services/prove/subject/subject';
import { version } from '../../../shared/host/version';
import { masked, type MaskedText, plain, trusted } from '../../../shared/src/early';
import { cannotJson, cannotText, trialFacts, trialJson, trialText } from '../../../shared/src/formats';
import { createGate, type NamedTrial, type TrialFacts, type TrialPlace } from '../../../shared/src/index';
import type { TrialReport } from '../../../shared/src/services/prove/report';
import { createCancellation } from '../../../shared/src/base/ports/cancellation';
import { systemClock } from '../../../shared/src/base/ports/clock';
import { candidateOf, type Candidate, noCandidate, placeNamed } from '../../../shared/src/services/prove/candidate';
import { isSame } from '../../../shared/src/services/prove/judge';
import { inFolder } from '../host/node/process/own-folder';
import { createProcesses } from '../host/node/scanner/processes';
import { callEngine } from '../prove/engine';
import { closeSession, type EngineWish, imagesFor, type ImageWish, openSession, type Session } from '../prove/session';
import { planLines, runTrial as runProof, Unrecorded, usualBounds } from '../prove/trial';
import { createTrialWatch, expectFew, Overdue } from './attempt';
import { readInputs, type Input } from './inputs';
import type { Output } from './output';
import { sayProblems, startRun, type Run } from './run';
import { planRebuilt, type Rebuilt } from './prove-rebuilt';
import { commitTrials, saveTrials } from './trial-evidence';
import { InputError, UsageError, type Arguments } from './usage';

const exerciseMs = 120_000;

/** `bulkhead prove`. Gives the exit code. */
export async function prove(args: Arguments, output: Output): Promise<number> {
  const [file, name] = splitOperand(args.operands[0]!);
  const asked = optionsOf(args);
  const attempt = { watch: createTrialWatch(), standardInput: noInput, expect: expectFew, isClean: true, running: createProcesses() };
  const run = startRun(args, attempt, output, [file]);
  const read = readInputs(run.found, run.reading);
  const [input] = read.inputs;
  if (sayProblems(read, run.reading, output)) return 2;
  if (!input || read.inputs.length > 1) throw new InputError(`${file}: prove takes one file`);
  const mask = createGate({ text: input.file.text, findings: [] }).mask;
  const subject = subjectOf(run, input, input.file.text, name);
  if (!('container' in subject)) return sayCannot(subject, { name: name ?? input.shown, input, mask, args, output });
  const cancellation = createCancellation();
  const interrupt = (): void => {
    output.note(plain('bulkhead: stopping, and removing what was started'));
    cancellation.cancel();
  };
  const ended = await inFolder(async settings => {
    const session = await openSession({ ...asked.engine, env: process.env, outside: run.guarded, settings, cancellation });
    if (typeof session === 'string') return { error: new InputError(session) };
    process.on('SIGINT', interrupt);
    process.on('SIGTERM', interrupt);
    try {
      return { code: await runTrial({ run, input, name, subject, session, mask, asked, args, output }) };
    } catch (error) {
      return { error };
    } finally {
      if (!(await closeSession(session)))
        output.note(plain('bulkhead: not everything could be removed; the next trial run will try again'));
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', interrupt);
    }
  });
  if ('message' in ended) throw new InputError(ended.message);
  if ('error' in ended) throw ended.error instanceof Unrecorded ? new InputError(ended.error.message) : ended.error;
  return cancellation.cancelled ? 130 : ended.code;
}

const noInput = (): { readonly ok: false; readonly message: string } => ({ ok: false, message: 'prove does not read standard input' });

interface Trial {
  readonly run: Run;
  readonly input: Input;
  readonly name: string | null;
  readonly subject: TrialSubject;
  readonly session: Session;
  readonly mask: (text: string) => MaskedText;
  readonly asked: Asked;
  readonly args: Arguments;
  readonly output: Output;
}

async function runTrial(trial: Trial): Promise<number> {
  const {
    input,
    name,
    run,
    subject,
    session,
    mask,
    asked: { bounds },
    args,
    output,
  } = trial;
  if (!(await confirm(trial))) return 2;
  const wish: ImageWish = {
    base: input.base ?? dirname(input.absolute),
    pull: args.has('pull'),
    network: args.has('build-network'),
    note: (what, of) => output.note(masked`${what === 'pull' ? plain('pulling') : plain('building')} ${mask(of)} ...`),
  };
  const images = await imagesFor(session, subject, wish);
  if (!('get' in images)) return sayCannot([images], { name: subject.container.name, input, mask, args, output });
  const first = await reportOf(trial, images, candidateFor(run, input, name), bounds.starts);
  if (!first) return 130;
  const facts = trialFacts(first);
  const rebuilt = facts && startsLeft(trial, first) >= 2 ? planRebuilt(args, output, input, subject, facts) : null;
  const second = rebuilt && (await proveRebuilt(trial, rebuilt, { ...wish, pull: false }, images, first));
  if (session.tool.cancellation.cancelled) return 130;
  const report = second && rebuilt ? afterFirst(second, first, rebuilt) : first;
  output.print(args.get('format') === 'json' ? trialJson(report) : trialText(report));
  if (!keep(trial, facts, second && rebuilt && { ...rebuilt, facts: trialFacts(report)! })) return 2;
  return report.verdict.kind === 'proved' ? 0 : 1;
}

function reportOf(
  trial: Trial,
  images: Exclude<Awaited<ReturnType<typeof imagesFor>>, Cannot>,
  candidate: Candidate,
  starts: number,
): Promise<TrialReport | null> {
  const { input, subject, session, mask, asked, output } = trial;
  return runProof(session, {
    subject,
    images,
    path: input.shown,
    date: systemClock.today(),
    mask,
    candidate,
    usual: `${input.config.defaults.uid}:${input.config.defaults.gid}`,
    bounds: { ...asked.bounds, starts },
    exercise: exerciseOf(trial),
    note: line => output.note(line),
  });
}

/** Proves the service on the image that the hardened Dockerfile builds; `null`: that does not come to a proof, so that the Dockerfile stays a question. */
async function proveRebuilt(
  trial: Trial,
  { run, input, dockerfile, text }: Rebuilt,
  wish: ImageWish,
  others: Parameters<typeof reportOf>[1],
  first: TrialReport,
): Promise<TrialReport | null> {
  const { session, subject, name, output, mask } = trial;
  const { image } = subject.container;
  if (typeof image === 'string') return null;
  const images = await imagesFor(session, subject, { ...wish, rebuilt: { dockerfile: image.dockerfile, text, others } });
  const report = 'get' in images ? await reportOf(trial, images, candidateFor(run, input, name), startsLeft(trial, first)) : null;
  // as it is written it is another image's now: it has to do what the first did
  if (report?.verdict.kind === 'proved' && isSame(first.history, report.history)) return report;
  const why =
    'get' in images ? plain('the service does not work when built from this file') : masked`it cannot be built: ${mask(images.what)}`;
  if (!session.tool.cancellation.cancelled) output.note(masked`no proof that the hardened ${mask(dockerfile.shown)} works: ${why}`);
  return null;
}

const startsLeft = ({ asked: { bounds } }: Trial, { history }: TrialReport): number => bounds.starts - history.length;

const afterFirst = (report: TrialReport, { history, durationMs }: TrialReport, { dockerfile, added }: Rebuilt): TrialReport => ({
  ...report,
  rebuilt: { dockerfile: dockerfile.shown, added, history, durationMs },
});

/** Keeps what was proved, so that harden goes by it: of the image as it is, and of the one that its hardened Dockerfile builds. Whether that went as it was asked for. */
function keep(trial: Trial, facts: TrialFacts | null, rebuilt: (Rebuilt & { readonly facts: TrialFacts }) | null): boolean {
  const { run, input, subject, args, output } = trial;
  if (!facts) return true;
  const placeIn = (known: Run, file: Input): TrialPlace | null =>
    placeNamed(known.engine.open(file.file).trials(known.context(file)), subject.container.name);
  const place = placeIn(run, input);
  if (!place) {
    output.note(plain('bulkhead: the proof was not saved: it matches no place in the file, or more than one'));
    return !args.has('write');
  }
  const { name, about } = place;
  const after = rebuilt && placeIn(rebuilt.run, rebuilt.input);
  const kept: (readonly [input: Input, trials: readonly NamedTrial[]])[] = [
    [input, [{ name, about, facts }, ...(rebuilt && after ? [{ name, about: after.about, facts: rebuilt.facts }] : [])]],
    ...(rebuilt && after ? [[rebuilt.dockerfile, rebuilt.trials(rebuilt.facts)] as const] : []),
  ];
  const isKept = kept.every(([file, trials]) => saveTrials(file, trials, run.guarded));
  output.note(isKept ? plain('The proof was saved: lint and harden use it.') : plain('bulkhead: the proof could not be saved'));
  if (!args.has('write')) return true;
  const problems = kept.flatMap(([file, trials]) => commitTrials(file, trials, run) ?? []);
  for (const problem of problems) output.say(masked`bulkhead: ${problem}`);
  return problems.length === 0;
}

function sayCannot(
  cannots: readonly Cannot[],
  { name, input, mask, args, output }: Pick<Trial, 'input' | 'mask' | 'args' | 'output'> & { readonly name: string },
): number {
  const isJson = args.get('format') === 'json';
  output.print(isJson ? cannotJson({ version, path: input.shown, name, cannots, mask }) : masked`${cannotText(name, cannots, mask)}\n`);
  return 1;
}

/** `FILE:NAME`; a file may have a colon in its own name. */
function splitOperand(operand: string): readonly [file: string, name: string | null] {
  const at = operand.lastIndexOf(':');
  if (at <= 0 || existsSync(operand)) return [operand, null];
  const name = operand.slice(at + 1);
  if (name === '') throw new UsageError('prove needs the name of a service or a stage after the colon');
  return [operand.slice(0, at), name];
}

interface Asked {
  readonly bounds: { readonly starts: number; readonly ms: number };
  readonly engine: Pick<EngineWish, 'engine' | 'endpoint'>;
}

function optionsOf(args: Arguments): Asked {
  const number = (option: string, usual: number, least: number, most: number): number => {
    const text = args.get(option) ?? `${usual}`;
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (!(value >= least && value <= most)) throw new UsageError(`--${option} must be a number from ${least} to ${most}, not "${text}"`);
    return value;
  };
  if (args.has('continue') && args.has('exercise')) throw new UsageError('--continue and --exercise cannot be combined');
  if (args.has('exercise-image') && !args.has('exercise')) throw new UsageError('--exercise-image needs --exercise');
  if (args.has('continue') && !process.stdin.isTTY) throw new UsageError('--continue needs a terminal');
  if (!args.has('yes') && !process.stdin.isTTY) throw new UsageError('prove starts containers: without a terminal, it needs --yes');
  const engine = (args.get('engine') ?? null) as EngineWish['engine'];
  const endpoint = args.get('endpoint') ?? null;
  if (endpoint !== null && engine === null) throw new UsageError('--endpoint needs --engine');
  const bounds = {
    starts: number('starts', usualBounds.starts, 2, 12),
    ms: number('timeout', usualBounds.ms / 1000, 10, 3600) * 1000,
  };
  return { bounds, engine: { engine, endpoint } };
}

function subjectOf(run: Run, input: Input, text: string, name: string | null): ReturnType<typeof trialSubject> {
  const { family } = run.engine.open(input.file).sourceIn(run.context(input));
  const base = input.base ?? dirname(input.absolute);
  const names = trialNames(family, input.path, text);
  if (name !== null && !names.some(one => one === name || one.split('/').includes(name)))
    throw new InputError(`${input.shown}: "${name}" was not found; available: ${names.join(', ') || 'nothing that can be started'}`);
  const read = (path: string): string | null => {
    const found = run.reading.sideText(join(base, path));
    return found.ok ? found.value : null;
  };
  const folder = dirname(input.path);
  const answer = trialSubject(family, {
    path: input.path,
    text,
    name,
    random: size => randomBytes(size),
    read,
    context: folder === '.' ? '' : folder,
  });
  const isOpen = !('container' in answer) && answer.every(({ reason, range }) => reason === 'unclear' && range === null);
  if (name === null && names.length > 1 && isOpen)
    throw new InputError(`${input.shown}: specify what to prove: ${names.map(one => `${input.shown}:${one}`).join(', ')}`);
  return answer;
}

/** What harden would write for it. */
function candidateFor(run: Run, input: Input, name: string | null): Candidate {
  try {
    const written = subjectOf(run, input, input.file.text, name);
    const { text } = run.engine.open(input.file).harden(run.context(input), { safeOnly: false, accept: 'all', leavesGenerated: true });
    const hardened = subjectOf(run, { ...input, file: { ...input.file, text } }, text, name);
    if (!('container' in written)) return noCandidate;
    const places = run.engine.open(input.file).trials(run.context(input));
    return candidateOf(written, hardened, placeNamed(places, written.container.name));
  } catch (error) {
    if (error instanceof Overdue || error instanceof InputError) return noCandidate;
    throw error;
  }
}

/** Shows what will be run, and asks. */
async function confirm({ session, subject, asked, args, output, mask }: Trial): Promise<boolean> {
  for (const line of planLines(session, subject, asked.bounds.starts, mask)) output.note(line);
  if (args.has('yes')) return true;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await lines.question('Start it? [y/N] ');
  lines.close();
  return /^y(?:es)?$/i.test(answer.trim());
}

/** What uses the service in each start; `null`: nothing. */
function exerciseOf({ session: { tool, journal }, args, output }: Trial): ((container: string) => Promise<number>) | null {
  const command = args.get('exercise');
  const image = args.get('exercise-image');
  const run = async (words: readonly string[]): Promise<number> => (await callEngine(tool, words, { ms: exerciseMs })).code ?? -1;
  if (command !== undefined && image !== undefined)
    return async container => {
      if (!journal.note('container', trialName(journal.nonce, 'exercise'))) return -1;
      return await run(exerciseArguments(journal.nonce, { container, image, command }));
    };
  if (command !== undefined) return async container => await run(['exec', container, '/bin/sh', '-c', command]);
  if (!args.has('continue')) return null;
  return async container => {
    const shell = trusted(`${tool.name} exec -it ${container} sh`);
    output.note(
      masked`The service is running: use it, for example with ${shell}; press Enter when done, or n and Enter if it does not work as it should`,
    );
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    const release = tool.cancellation.onCancel(() => lines.close());
    const said = await Promise.race([lines.question(''), new Promise<string>(done => lines.once('close', () => done('')))]);
    release();
    lines.close();
    return /^n/i.test(said.trim()) ? 1 : 0;
  };
}
