import { columns, fileBytes, masked, type MaskedText, trusted } from '../../../shared/src/early';
import { conversionJson, hardenNotes, type HardenedFile, plural } from '../../../shared/src/formats';
import {
  type ConversionTarget,
  type Converted,
  convertCommands,
  convertService,
  createGate,
  type Gate,
  type InputFile,
  type LintContext,
  maskAlone,
  type NotConverted,
  servicesIn,
  shellWord,
} from '../../../shared/src/index';
import { systemClock } from '../../../shared/src/base/ports/clock';
import { version } from '../../../shared/host/version';
import { decodeText } from '../host/node/files';
import type { Attempt } from './attempt';
import { configReports } from './config-report';
import { type Input, readInputs } from './inputs';
import type { Output } from './output';
import { sayProblems, startRun, type Run } from './run';
import { UsageError, type Arguments } from './usage';

/** What a conversion is given, and the run in whose folder its result would be kept. */
interface Source {
  readonly file: InputFile;
  readonly run: Run;
  readonly context: LintContext;
  /** What is wrong with the configuration. */
  readonly trouble: readonly MaskedText[];
  readonly isCompose: boolean;
}

/** `bulkhead convert`. Gives the exit code. */
export function convert(args: Arguments, output: Output, attempt: Attempt): number {
  const { operands } = args;
  if (operands.length === 0) throw new UsageError('convert needs a command after --, - for standard input, or a Compose file');
  const source = isFile(args) ? readCompose(args, attempt, output) : readCommandText(args, attempt, output);
  if (source === null) return 2;
  const { run, file, context, trouble, isCompose } = source;
  const target = (args.get('to') ?? (isCompose ? 'kubernetes' : 'compose')) as ConversionTarget;
  if (isCompose && target !== 'kubernetes')
    throw new UsageError(`a Compose service can only be converted to manifests (--to kubernetes), not to ${target}`);
  if (!isCompose && args.has('service')) throw new UsageError('--service is for Compose files');
  const conversion = { engine: run.engine, context, words: run.words };
  const made = attempt.watch.run<Converted | NotConverted>(
    file,
    () => (isCompose ? convertService(file, args.get('service') ?? null, conversion) : convertCommands(file.text, target, conversion)),
    () => ({ ok: false, message: 'Reading the input took too long', at: null }),
  );
  if (!made.ok) {
    for (const line of describeProblem(made)) output.say(line);
    return 2;
  }
  print(made, target, file.text, run, args, output);
  for (const line of trouble) output.say(masked`bulkhead: ${line}`);
  return trouble.length > 0 ? 2 : 0;
}

/** Whether the one operand names a file: a command has blanks in it. */
function isFile({ operands: [first = '', ...more] }: Arguments): boolean {
  return more.length === 0 && first !== '-' && !/\s/.test(first);
}

function readCompose(args: Arguments, attempt: Attempt, output: Output): Source | null {
  const run = startRun(args, attempt, output);
  const inputs = readInputs(run.found, run.reading);
  const failed = sayProblems(inputs, run.reading, output);
  const [input, other] = inputs.inputs;
  if (other) throw new UsageError('convert takes one Compose file');
  if (!input || failed) return null;
  return sourceOf(run, input, input.file, true);
}

/** The command as text, from the words of the command line or from standard input; `null` after saying why there is none. */
function readCommandText(args: Arguments, attempt: Attempt, output: Output): Source | null {
  const { operands } = args;
  const isStream = operands.length === 1 && operands[0] === '-';
  const text = isStream ? readInput(attempt, output) : operands.length === 1 ? operands[0]! : operands.map(shellWord).join(' ');
  if (text === null) return null;
  // what is made would stand in the working directory, whose configuration holds
  const name = 'compose.yaml';
  const run = startRun(
    {
      ...args,
      operands: [],
      has: option => option === 'stdin-filename' || args.has(option),
      get: option => (option === 'stdin-filename' ? name : args.get(option)),
    },
    { ...attempt, standardInput: () => ({ ok: true, value: new Uint8Array() }) },
    output,
  );
  const inputs = readInputs(run.found, run.reading);
  const [input] = inputs.inputs;
  if (!input) {
    sayProblems(inputs, run.reading, output);
    return null;
  }
  const isCompose = isStream && (args.has('service') || servicesIn({ path: name, text }).length > 0);
  return sourceOf(run, input, { path: isCompose ? name : 'command.sh', text }, isCompose);
}

function sourceOf(run: Run, input: Input, file: InputFile, isCompose: boolean): Source {
  run.facts.prepare(input);
  return { run, file, context: run.context(input), trouble: configReports([input.scope]).problems, isCompose };
}

function readInput(attempt: Attempt, output: Output): string | null {
  const bytes = attempt.standardInput();
  const text = bytes.ok ? decodeText(bytes.value) : bytes;
  if (text.ok) return text.value;
  output.say(masked`bulkhead: standard input: ${trusted(text.message)}`);
  return null;
}

/** How much of a long line is shown in front of what is wrong, and behind it. */
const shownBefore = 60;
const shownLength = 100;

function describeProblem({ message, at }: NotConverted): readonly MaskedText[] {
  const first = masked`bulkhead: ${maskAlone(message)}`;
  if (!at) return [first];
  const from = at.text.length <= shownLength ? 0 : Math.max(0, at.character - shownBefore);
  // the whole line tells what is secret in a piece of it, and a mask is not as long as what it hides
  const { slice } = createGate({ text: at.text, findings: [] });
  const wrongEnd = Math.min(at.character + at.length, from + shownLength);
  const before = slice({ start: from, end: at.character });
  const wrong = slice({ start: at.character, end: wrongEnd });
  const behind = slice({ start: wrongEnd, end: Math.max(wrongEnd, Math.min(from + shownLength, at.text.length)) });
  return [
    first,
    masked`  ${before}${wrong}${behind}`,
    masked`  ${trusted(' '.repeat(columns(before)) + '^'.repeat(Math.max(1, columns(wrong))))}`,
  ];
}

function print(made: Converted, target: ConversionTarget, source: string, run: Run, args: Arguments, output: Output): void {
  const gate = createGate({ text: source, findings: made.hardened.left.map(({ finding }) => finding) });
  const file: HardenedFile = {
    path: made.fileName,
    family: run.engine.open({ path: made.fileName, text: made.text }).source.family,
    text: made.before,
    result: made.hardened,
    written: true,
    inputs: new Map(),
    created: [],
  };
  const report = {
    version,
    profile: run.settings.profile,
    kubernetesVersion: `1.${run.settings.kubernetesMinor}`,
    today: run.today,
    durationMs: Math.round(systemClock.now() - run.started),
    files: [file],
    words: run.words,
  };
  if (args.get('format') === 'json') return output.print(conversionJson({ target, made, report, gate }));
  output.print(fileBytes(made.text));
  sayNotes(made, run, gate, output);
  for (const line of hardenNotes(report)) output.say(line);
}

function sayNotes({ notes }: Converted, { words }: Run, gate: Gate, output: Output): void {
  if (notes.length === 0) return;
  output.say(masked`${plural(notes.length, 'note')}:`);
  for (const note of notes) output.say(masked`  ${gate.words(words.note(note))}`);
}
