import { replaceText } from '../../../rule/fix/operations';
import { markOf } from '../../../rule/fix/places';
import type { DockerfileOperation } from '../../../rule/fix/types';
import type { Proposal } from '../../../rule/fix/remedy';
import { downloadsOf, plainName, plainText } from '../../../syntax/shell/downloads';
import type { Pipeline, ShellCommand } from '../../../syntax/shell/types';
import { type Range, range } from '../../../base/text/range';
import { runCommands, shellAt } from '../model/scripts';
import type { Instruction } from '../model/types';
import { refusalAt } from './refusal';

const shells = /^(?:ba|da|a)?sh$/;

/** Whether commands joined to a pipeline by `&&` run exactly where it has succeeded: behind `a || b` they would where `a` has. */
export function canGoOn({ list, index, after, negated }: Pipeline): boolean {
  return list.pipelines[index - 1]?.after !== '||' && after !== '&' && !negated;
}

/** Interpreters that read a script from standard input; with `-` or `--` its arguments follow. */
const interpreters: Readonly<Record<string, string>> = { php: 'php', perl: 'pl', python: 'py', python3: 'py', ruby: 'rb', node: 'js' };

/** What unpacks an archive that it reads from standard input, whatever else it is told. */
const unpackers = /^(?:tar|bsdtar)$/;

/**
 * Turns `curl URL | sh -s -- ARGS` into a download to a file, a check of its SHA-256, which a person enters, and a run of the file, and
 * `curl URL | tar -xz` likewise; `null` for any other pipe.
 * @param reader the word of the program that reads the pipe
 */
export function downloadFirst(instruction: Instruction, reader: Range): Proposal | null {
  const { text } = instruction.file;
  const command = runCommands(instruction).find(run => run.command.nameWord?.range.start === reader.start)?.command;
  if (!command || refusalAt(instruction) || command.outer || shellAt(instruction).dialect !== 'posix') return null;
  const [from, to, ...more] = command.pipeline.members;
  const [download] = from?.command ? downloadsOf(from.command) : [];
  if (!from?.command || to?.command !== command || more.length > 0 || command.inner || !canGoOn(command.pipeline)) return null;
  if (!download?.url || download.file !== null || from.command.redirections.length > 0) return null;
  const pipe = text.indexOf('|', from.range.end);
  if (pipe < 0 || pipe >= to.range.start || text[pipe + 1] === '&') return null;
  const name = plainName(plainText(download.url));
  const reading = shells.test(command.name ?? '')
    ? runFile(command, name)
    : Object.hasOwn(interpreters, command.name ?? '')
      ? runScript(command, name, interpreters[command.name!]!)
      : unpackers.test(command.name ?? '')
        ? unpackFile(command, name)
        : null;
  if (!reading) return null;
  const { file, operation } = reading;
  return {
    places: [{ text: '', sample: '0'.repeat(64) }],
    operations: () => [
      replaceText({ start: pipe, end: pipe + 1 }, `> ${file} && echo "${markOf(1)}  ${file}" | sha256sum -c - &&`),
      ...operation,
      replaceText(range(command.pipeline.range.end), `${unpackers.test(command.name!) ? ` < ${file}` : ''} && rm ${file}`),
    ],
  };
}

/** How a command that read a pipe reads a file instead. */
interface Reading {
  readonly file: string;
  readonly operation: readonly DockerfileOperation[];
}

function runFile({ args, nameWord, redirections }: ShellCommand, name: string): Reading | null {
  const [first, second] = args;
  // what other options mean depends on what is read from standard input
  if (redirections.length > 0 || (first && !(first.raw === '-' && !second) && first.raw !== '-s')) return null;
  const file = `/tmp/${/^\w[\w.-]*\.sh$/.test(name) ? name : 'install.sh'}`;
  const last = first?.raw === '-s' && second?.raw === '--' ? second : first;
  const options: Range = first ? { start: first.range.start, end: last!.range.end } : range(nameWord!.range.end);
  return { file, operation: [replaceText(options, first ? file : ` ${file}`)] };
}

function runScript({ args, nameWord, redirections }: ShellCommand, name: string, ending: string): Reading | null {
  const [first, second] = args;
  if (redirections.length > 0 || (first && first.raw !== '-' && first.raw !== '--')) return null;
  // PHP takes what stands behind `--` for the script's, the others what stands behind `-`
  if (second && (first!.raw === '--') !== (ending === 'php')) return null;
  const file = `/tmp/${/^\w[\w.-]*$/.test(name) && name.endsWith(`.${ending}`) ? name : `install.${ending}`}`;
  return { file, operation: [replaceText(first?.range ?? range(nameWord!.range.end), first ? file : ` ${file}`)] };
}

function unpackFile({ redirections, range: place, pipeline }: ShellCommand, name: string): Reading | null {
  const file = `/tmp/${/^\w[\w.-]*\.(?:tar|tgz|tbz2?|txz|gz|xz|bz2|zst)$/.test(name) ? name : 'download.tar'}`;
  // it goes on reading standard input
  return redirections.some(({ operator }) => operator.includes('<')) || place.end !== pipeline.range.end ? null : { file, operation: [] };
}
