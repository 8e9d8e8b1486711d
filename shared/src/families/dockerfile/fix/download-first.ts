import { replaceText } from '../../../fix/operations';
import { markOf } from '../../../fix/places';
import type { Proposal } from '../../../fix/remedy';
import { downloadsOf, plainName, plainText } from '../../../shell/downloads';
import type { Pipeline } from '../../../shell/types';
import { type Range, range } from '../../../text/range';
import { runCommands, shellAt } from '../model/scripts';
import type { Instruction } from '../model/types';
import { refusalAt } from './refusal';

const shells = /^(?:ba|da|a)?sh$/;

/** Whether commands joined to a pipeline by `&&` run exactly where it has succeeded: behind `a || b` they would where `a` has. */
export function canGoOn({ list, index, after, negated }: Pipeline): boolean {
  return list.pipelines[index - 1]?.after !== '||' && after !== '&' && !negated;
}

/**
 * Turns `curl URL | sh -s -- ARGS` into a download to a file, a check of its SHA-256, which a person enters, and a run of the file; `null` for any other pipe.
 * @param interpreter the word of the interpreter that reads the pipe
 */
export function downloadFirst(instruction: Instruction, interpreter: Range): Proposal | null {
  const { text } = instruction.file;
  const command = runCommands(instruction).find(run => run.command.nameWord?.range.start === interpreter.start)?.command;
  if (!command || refusalAt(instruction) || command.outer || shellAt(instruction).dialect !== 'posix') return null;
  const [from, to, ...more] = command.pipeline.members;
  const [download] = from?.command ? downloadsOf(from.command) : [];
  if (!from?.command || to?.command !== command || more.length > 0 || command.inner || !shells.test(command.name ?? '')) return null;
  if (!canGoOn(command.pipeline)) return null;
  if (!download?.url || download.file !== null || from.command.redirections.length + command.redirections.length > 0) return null;
  const pipe = text.indexOf('|', from.range.end);
  if (pipe < 0 || pipe >= to.range.start || text[pipe + 1] === '&') return null;
  const [first, second] = command.args;
  // what other options mean depends on what is read from standard input
  if (first && !(first.raw === '-' && !second) && first.raw !== '-s') return null;
  const name = plainName(plainText(download.url));
  const file = `/tmp/${/^\w[\w.-]*\.sh$/.test(name) ? name : 'install.sh'}`;
  const last = first?.raw === '-s' && second?.raw === '--' ? second : first;
  const options: Range = first ? { start: first.range.start, end: last!.range.end } : range(command.nameWord!.range.end);
  return {
    places: [{ text: '', sample: '0'.repeat(64) }],
    operations: () => [
      replaceText({ start: pipe, end: pipe + 1 }, `> ${file} && echo "${markOf(1)}  ${file}" | sha256sum -c - &&`),
      replaceText(options, first ? file : ` ${file}`),
      replaceText(range(command.pipeline.range.end), ` && rm ${file}`),
    ],
  };
}
