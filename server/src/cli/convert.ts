import { fileBytes, masked, type MaskedText, trusted } from '../../../shared/src/early';
import { conversionJson, hardenNotes, type HardenedFile, plural } from '../../../shared/src/formats';
import {
  type ConversionTarget,
  type Converted,
  convertCommands,
  createGate,
  type Gate,
  type LintContext,
  maskAlone,
  type NotConverted,
} from '../../../shared/src/index';
import { systemClock } from '../../../shared/src/ports/clock';
import { version } from '../../../shared/host/version';
import { decodeText } from '../host/node/files';
import type { Attempt } from './attempt';
import { configReports } from './config-report';
import { readInputs } from './inputs';
import type { Output } from './output';
import { sayProblems, startRun, type Run } from './run';
import { UsageError, type Arguments } from './usage';

/** What a conversion is given, and the run in whose folder its result would be kept. */
interface Source {
  readonly text: string;
  readonly run: Run;
  readonly context: LintContext;
  /** What is wrong with the configuration. */
  readonly trouble: readonly MaskedText[];
}

/** `bulkhead convert`. Gives the exit code. */
export function convert(args: Arguments, output: Output, attempt: Attempt): number {
  const { watch } = attempt;
  const target = (args.get('to') ?? 'compose') as ConversionTarget;
  if (args.operands.length === 0) throw new UsageError('convert needs a command behind --, or - for standard input');
  const source = readCommandText(args, attempt, output);
  if (source === null) return 2;
  const { run, text, context, trouble } = source;
  const file = { path: 'command.sh', text };
  const made = watch.run<Converted | NotConverted>(
    file,
    () => convertCommands(text, target, { engine: run.engine, context, words: run.words }),
    () => ({ ok: false, message: 'Reading the command took too long', at: null }),
  );
  if (!made.ok) {
    for (const line of describeProblem(made)) output.say(line);
    return 2;
  }
  print(made, target, text, run, args, output);
  for (const line of trouble) output.say(masked`bulkhead: ${line}`);
  return trouble.length > 0 ? 2 : 0;
}

/** The command as text, from the words of the command line or from standard input; `null` after saying why there is none. */
function readCommandText(args: Arguments, attempt: Attempt, output: Output): Source | null {
  const { operands } = args;
  const text =
    operands.length === 1 && operands[0] === '-'
      ? readInput(attempt, output)
      : operands.length === 1
        ? operands[0]!
        : operands.map(quoted).join(' ');
  if (text === null) return null;
  const name = 'compose.yaml';
  const run = startRun(
    { ...args, operands: [], get: option => (option === 'stdin-filename' ? name : args.get(option)) },
    { ...attempt, standardInput: () => ({ ok: true, value: new Uint8Array() }) },
    output,
  );
  const inputs = readInputs(run.found, run.reading);
  const [input] = inputs.inputs;
  if (!input) {
    sayProblems(inputs, run.reading, output);
    return null;
  }
  run.facts.prepare(input, attempt.expect);
  return { text, run, context: run.context(input), trouble: configReports([input.scope]).problems };
}

function readInput(attempt: Attempt, output: Output): string | null {
  const bytes = attempt.standardInput();
  const text = bytes.ok ? decodeText(bytes.value) : bytes;
  if (text.ok) return text.value;
  output.say(masked`bulkhead: standard input: ${trusted(text.message)}`);
  return null;
}

/** A word as a shell reads it back. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** How much of a long line is shown in front of what is wrong, and behind it. */
const shownBefore = 60;
const shownLength = 100;

function describeProblem({ message, at }: NotConverted): readonly MaskedText[] {
  const first = masked`bulkhead: ${maskAlone(message)}`;
  if (!at) return [first];
  const from = at.text.length <= shownLength ? 0 : Math.max(0, at.character - shownBefore);
  // a mask is not as long as what it hides
  const before = maskAlone(at.text.slice(from, at.character));
  const wrong = maskAlone(at.text.slice(at.character, Math.min(at.character + at.length, from + shownLength)));
  const behind = maskAlone(at.text.slice(at.character + at.length, Math.max(from + shownLength, at.character + at.length)));
  return [
    first,
    masked`  ${before}${wrong}${behind}`,
    masked`  ${trusted(' '.repeat(before.length) + '^'.repeat(Math.max(1, wrong.length)))}`,
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
  if (args.get('format') === 'json') return output.print(conversionJson({ target, made, report }));
  output.print(fileBytes(made.text));
  sayNotes(made, run, gate, output);
  for (const line of hardenNotes(report)) output.say(line);
}

function sayNotes({ notes }: Converted, { words }: Run, gate: Gate, output: Output): void {
  if (notes.length === 0) return;
  output.say(masked`${plural(notes.length, 'note')}:`);
  for (const note of notes) output.say(masked`  ${gate.words(words.note(note))}`);
}
