import type { Range } from '../../base/text/range';
import { flagValue } from './package-manager';
import type { ShellCommand, ShellWord } from './types';

/** The mode that a command gives to files. */
export interface GivenMode {
  readonly word: ShellWord;
  /** `4755`, `u+s,go-w`. */
  readonly text: string;
  /** Where the mode itself is written, behind `--mode=` or `-m`. */
  readonly range: Range;
}

/** The mode that chmod, mkdir, install or umask is given; `null` for other commands, and where a variable holds it. */
export function modeOf(command: ShellCommand): GivenMode | null {
  const word = modeWord(command);
  const text = word?.text?.replace(/^(?:--mode=|-m(?=\d))/, '');
  return word === undefined || text === undefined
    ? null
    : { word, text, range: { start: word.range.end - text.length, end: word.range.end } };
}

function modeWord({ name, args }: ShellCommand): ShellWord | undefined {
  if (name === 'chmod') return args.find(arg => !/^-(?:[Rvcf]+|-[a-z-]+(?:=.*)?)$/.test(arg.text ?? ''));
  if (name !== 'mkdir' && name !== 'install') return name === 'umask' ? args[0] : undefined;
  const cluster = args.findIndex(arg => /^-[a-z]+m$/.test(arg.text ?? ''));
  const value = flagValue(args, ['-m', '--mode']) ?? (cluster < 0 ? null : args[cluster + 1]?.text);
  return (
    args.find(arg => arg.text === value || arg.text === `--mode=${value}` || arg.text === `-m${value}`) ??
    args.find(arg => /^-m[0-7]{3,4}$/.test(arg.text ?? ''))
  );
}

/** The files that a command gives a mode to, as written. */
export function modeTargets({ args }: ShellCommand, mode: GivenMode): readonly string[] {
  return args.filter(arg => arg !== mode.word && !arg.raw.startsWith('-')).map(arg => arg.raw);
}
