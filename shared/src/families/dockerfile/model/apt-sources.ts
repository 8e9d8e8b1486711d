import { sourceRange, type MappedText } from '../../../syntax/shell/mapped-text';
import { downloadsOf, plainText } from '../../../syntax/shell/downloads';
import type { ShellCommand } from '../../../syntax/shell/types';
import { memoize } from '../../../base/text/memoize';
import type { Range } from '../../../base/text/range';
import { documentsOf, runCommands } from './scripts';
import type { Instruction, Stage } from './types';

/** A one-line source of apt that names no key: any trusted one may sign for it. */
export interface AptSource {
  readonly host: string;
  /** The address. */
  readonly range: Range;
  /** Where its options in brackets end, in front of the bracket; `null`: it has none. */
  readonly options: number | null;
}

/** `apt-key add`: what it reads, and the words that say so. */
export interface AptKey {
  readonly instruction: Instruction;
  readonly command: ShellCommand;
  /** The host of the download that it reads; `null` where it reads a file. */
  readonly host: string | null;
  /** The file that it reads; `null`: standard input. */
  readonly file: string | null;
}

/** A one-line source of apt, up to its address; options in brackets come first. */
const source = /(?:^|\n|\\n|["'])[ \t]*deb(?:-src)? +(?:\[([^\]\n]{0,300})\] *)?((?:https?|ftp|tor\+https?):\/\/([^\s/"':]+)[^\s"']*)/g;
/** Archives whose keys the distribution brings along; a host in a variable is a mirror of one as a rule. */
const own =
  /(?:^|\.)(?:debian\.(?:org|net)|ubuntu\.com|ubuntu\.org|canonical\.com|kali\.org|raspbian\.org|raspberrypi\.(?:org|com)|devuan\.org|linuxmint\.com)$|mirror|^\$|^(?:ftp|archive|snapshot)\./i;
const writers = new Set(['echo', 'printf', 'tee', 'cat', 'add-apt-repository', 'apt-add-repository']);

function sourcesIn(mapped: MappedText): AptSource[] {
  const { text } = mapped;
  if (!text.includes('deb')) return [];
  return [...text.matchAll(source)].flatMap(match => {
    const [, options, url, host = ''] = match;
    if (own.test(host) || /signed-by|trusted ?=/i.test(options ?? '')) return [];
    const start = match.index + match[0].length - url!.length;
    const bracket = options === undefined ? -1 : text.lastIndexOf(']', start);
    return {
      host,
      range: sourceRange(mapped, start, start + url!.length),
      options: bracket < 0 ? null : sourceRange(mapped, bracket, bracket + 1).start,
    };
  });
}

/** The sources without a key that a command writes. */
export function writtenSources({ name, args, inner }: ShellCommand): readonly AptSource[] {
  return name === null || inner || !writers.has(name) ? [] : args.flatMap(arg => sourcesIn(arg.mapped()));
}

/** The sources without a key in the here-documents of an instruction. */
export function documentedSources(instruction: Instruction): readonly AptSource[] {
  return documentsOf(instruction).flatMap(sourcesIn);
}

function keyOf(instruction: Instruction, command: ShellCommand): AptKey[] {
  const [verb, from, ...more] = command.args;
  if (command.name !== 'apt-key' || verb?.text !== 'add' || more.length > 0 || !command.nameWord) return [];
  const [first, second, ...others] = command.pipeline.members;
  const isPiped = second?.commands.includes(command) === true && others.length === 0;
  const [download] = isPiped && first?.command ? downloadsOf(first.command) : [];
  const host = download?.url ? (/^https?:\/\/([^\s/"':]+)/i.exec(plainText(download.url))?.[1] ?? null) : null;
  if (!from || from.raw === '-') return host === null ? [] : [{ instruction, command, host, file: null }];
  return from.text === null ? [] : [{ instruction, command, host: null, file: from.raw }];
}

/** The keys that a stage gives to apt, and the sources that name none. */
export const aptTraffic = memoize((stage: Stage): { readonly keys: readonly AptKey[]; readonly sources: readonly AptSource[] } => {
  const runs = stage.instructions.filter(({ keyword }) => keyword === 'RUN');
  return {
    keys: runs.flatMap(run => runCommands(run).flatMap(({ command }) => keyOf(run, command))),
    sources: stage.instructions.flatMap(instruction => [
      ...(instruction.keyword === 'RUN' ? runCommands(instruction).flatMap(({ command }) => writtenSources(command)) : []),
      ...documentedSources(instruction),
    ]),
  };
});
