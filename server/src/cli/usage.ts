import { parseArgs } from 'node:util';
import { columns, masked, padEnd, plain, suggest, trusted, type MaskedText, translated } from '../../../shared/src/early';
import { languages } from './language';

/** An option of a command. */
export interface OptionSpec {
  /** What stands for the value in the help; absent for a switch. */
  readonly value?: string;
  /** The only values that the option takes. */
  readonly values?: readonly string[];
  readonly multiple?: boolean;
  /** Whether `=FILE` may follow one of `values`. */
  readonly takesFile?: boolean;
  readonly help: string;
}

/** A command as the help shows it. */
export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  /** What follows the name, such as `[PATH...]`; empty where nothing may. */
  readonly operands: string;
  /** How many operands there may be. */
  readonly maxOperands: number;
  readonly minOperands: number;
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** What an option that it does not know may mean, for the message. */
  readonly hint?: string;
  /** Paragraphs below the options. */
  readonly notes?: string;
}

/** The arguments of a command, checked against its specification. */
export interface Arguments {
  readonly operands: readonly string[];
  has(option: string): boolean;
  /** The value given last. */
  get(option: string): string | undefined;
  all(option: string): readonly string[];
}

/** The command line is wrong; the message says how, on one line. */
export class UsageError extends Error {}

/** What the command line names is wrong, such as a configuration; no help says more. The message is one line. */
export class InputError extends Error {}

/** Options of every command. */
const everywhere: Readonly<Record<string, OptionSpec>> = {
  locale: { value: 'LANGUAGE', values: languages, help: 'Print messages in en or ja (default: on a terminal, the language of the system)' },
};

/** Reads the arguments behind the name of a command. Throws `UsageError`. */
export function readArguments(command: CommandSpec, argv: readonly string[]): Arguments {
  const specs = { ...command.options, ...everywhere };
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: {
      ...Object.fromEntries(
        Object.entries(specs).map(([name, { value }]) => [name, { type: value === undefined ? 'boolean' : 'string' } as const]),
      ),
      help: { type: 'boolean', short: 'h' },
    },
  });
  const operands: string[] = [];
  const values = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    const spec = name === 'help' ? { help: '' } : Object.hasOwn(specs, name) ? specs[name] : undefined;
    if (!spec) {
      const near = suggest(name, [...Object.keys(specs), 'help']);
      const hint = near === null ? command.hint : `did you mean --${near}?`;
      const unknown = `unknown option ${rawName} of ${command.name}`;
      throw new UsageError(hint === undefined ? unknown : `${unknown}; ${hint}`);
    }
    if (spec.value === undefined && value !== undefined) throw new UsageError(`${rawName} takes no value`);
    if (spec.value !== undefined && (value === undefined || value === '')) throw new UsageError(`${rawName} needs a value: ${spec.value}`);
    const word = spec.takesFile ? value?.split('=', 1)[0] : value;
    if (spec.values && word !== undefined && !spec.values.includes(word)) {
      const near = suggest(word, spec.values);
      throw new UsageError(
        `${rawName} must be one of ${spec.values.join(', ')}, not "${word}"${near === null ? '' : `; did you mean ${near}?`}`,
      );
    }
    values.set(name, [...(values.get(name) ?? []), value ?? '']);
  }
  if (!values.has('help')) {
    if (operands.length > command.maxOperands)
      throw new UsageError(
        command.maxOperands === 0
          ? `${command.name} takes no argument, not "${operands[0]}"`
          : `${command.name} takes one argument, not "${operands[command.maxOperands]}"`,
      );
    if (operands.length < command.minOperands) throw new UsageError(`${command.name} needs ${command.operands}`);
  }
  return {
    operands,
    has: option => values.has(option),
    get: option => values.get(option)?.at(-1),
    all: option => values.get(option) ?? [],
  };
}

/** The help of one command. */
export function commandHelp({ name, summary, operands, options, notes }: CommandSpec): MaskedText {
  const rows: [string, string][] = Object.entries({ ...options, ...everywhere }).map(([option, { value, help }]) => [
    `--${option}${value === undefined ? '' : ` ${value}`}`,
    translated(help),
  ]);
  rows.push(['-h, --help', plain('Show this help')]);
  const about = trusted(`${name}${operands === '' ? '' : ` ${operands}`}`);
  const more = notes === undefined ? plain('') : masked`\n${trusted(notes.split('\n').map(translated).join('\n'))}\n`;
  return masked`${trusted(translated(summary))}\n\n${masked`Usage: bulkhead ${about} [OPTION...]`}\n\n${trusted(table(rows))}\n${more}`;
}

/** Two columns, the first as wide as its longest cell up to a bound. */
export function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.min(30, Math.max(...rows.map(([first]) => columns(first))));
  return rows
    .map(([first, second]) =>
      columns(first) > width ? `  ${first}\n  ${' '.repeat(width)}  ${second}` : `  ${padEnd(first, width)}  ${second}`,
    )
    .join('\n');
}
