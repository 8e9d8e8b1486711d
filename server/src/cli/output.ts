import { joined, type MaskedText, printable } from '../../../shared/src/early';

/** Standard output and standard error of a run. Both take what a gate let through. */
export interface Output {
  /** Writes to standard output. */
  print(text: MaskedText): void;
  /** Writes one line to standard error, without anything that could steer a terminal. */
  say(line: MaskedText): void;
  /** The same of something that is going on: it is not held back. */
  note(line: MaskedText): void;
  /** Shows how far a long run is, on a terminal only. */
  progress(done: number, total: number, what?: string): void;
  /** Whether standard output, or standard error, takes colours. */
  readonly colour: boolean;
  /** Whether somebody looks at standard output as it comes: nothing of it may then steer a terminal. */
  readonly terminal: boolean;
  readonly errorColour: boolean;
}

/** Says a line where there is one. */
export function sayIfAny(line: MaskedText | null, output: Output): void {
  if (line !== null) output.say(line);
}

/** So much is written at a time. */
const printLength = 1 << 18;

/** Prints pieces one behind another. */
export function printAll(pieces: Iterable<MaskedText>, output: Pick<Output, 'print'>): void {
  let held: MaskedText[] = [];
  let length = 0;
  const flush = (): void => {
    output.print(joined(held, ''));
    held = [];
    length = 0;
  };
  for (const piece of pieces) {
    held.push(piece);
    length += piece.length;
    if (length >= printLength) flush();
  }
  flush();
}

/** A run shorter than this shows no progress. */
const progressAfterMs = 500;
/** Nor is it shown more often. */
export const progressEveryMs = 100;

/** Opens both streams. A reader that goes away (`| head`) ends the run quietly. */
export function createOutput(): Output {
  const { stdout, stderr, env } = process;
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
      process.exit(2);
    });
  }
  const started = Date.now();
  let shown = 0;
  const clear = (): void => {
    if (shown > 0) stderr.write('\r\u001b[K');
    shown = 0;
  };
  const say = (line: string): void => {
    clear();
    stderr.write(`${printable(line)}\n`);
  };
  return {
    colour: takesColour(stdout, env),
    terminal: stdout.isTTY === true || takesColour(stdout, env),
    errorColour: takesColour(stderr, env),
    print: text => {
      clear();
      if (text !== '') stdout.write(text);
    },
    say,
    note: say,
    progress: (done, total, what = 'files') => {
      const now = Date.now();
      if (!stderr.isTTY || now - started < progressAfterMs || now - shown < progressEveryMs) return;
      stderr.write(`\r\u001b[K${done} of ${total} ${what}`);
      shown = now;
    },
  };
}

/** `NO_COLOR` and `FORCE_COLOR` are asked first, then the stream. */
function takesColour(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): boolean {
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false;
  const force = env['FORCE_COLOR'];
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false';
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}
