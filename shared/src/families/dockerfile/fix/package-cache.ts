import { refusalAt } from './refusal';
import { appendCommand, replaceText } from '../../../rule/fix/operations';
import { range } from '../../../base/text/range';
import { aptLists, isCleanedLater } from '../model/package-caches';
import { maxDependentInstalls } from '../model/package-lists';
import { scriptsOf } from '../model/scripts';
import type { Instruction, RunCommand } from '../model/types';
import type { Pipeline, ShellCommand } from '../../../syntax/shell/types';
import type { DockerfileOperation } from '../../../rule/fix/types';

/**
 * The pipeline of an instruction's own script that holds a command (or the last one, with `atEnd`), where something can follow it that runs
 * only if it succeeded; `null` where the script is not understood or is not the instruction's own.
 */
export function topPipeline(instruction: Instruction, command: ShellCommand, atEnd = false): Pipeline | null {
  const script = scriptsOf(instruction).find(s => s.owner === null && s.commands.includes(command));
  if (!script?.complete) return null;
  const { pipelines } = script.list;
  let index = atEnd
    ? pipelines.length - 1
    : pipelines.findIndex(p => p.range.start <= command.range.start && command.range.end <= p.range.end);
  // Behind `a || b` the whole is over only with b.
  while (pipelines[index]?.after === '||') index++;
  const found = pipelines[index];
  if (
    !found ||
    found.after === '&' ||
    ['exit', 'exec', 'return'].includes(found.members.at(-1)?.command?.name ?? '') ||
    found.members.some(m => m.command?.redirections.some(r => r.operator.startsWith('<<')))
  )
    return null;
  return found;
}

/** Gives each install lists of its own: an update in front, and their removal at the end; `null` where one is not a plain command, or they are too many. */
export function withOwnLists(installs: readonly RunCommand[]): readonly DockerfileOperation[] | null {
  if (installs.length > maxDependentInstalls) return null;
  const operations: DockerfileOperation[] = [];
  for (const { command, instruction } of installs) {
    const end = topPipeline(instruction, command, true);
    if (command.outer || refusalAt(instruction) || command.before === '|' || end === null) return null;
    operations.push(replaceText(range(command.range.start), 'apt-get update && '));
    if (isCleanedLater(command, aptLists)) continue;
    operations.push(appendCommand(end.range, 'rm -rf /var/lib/apt/lists/*'));
  }
  return operations;
}
