import type { PartChange } from '../../family/part';
import type { CommandOperation, Operation } from '../../../rule/fix/types';
import { applyEdits, haveConflict, sortEdits } from '../../../base/text/edits';
import { firstIndex } from '../../../base/text/search';
import type { RunCommand, RunModel } from '../model/types';
import { verifyCommands } from './verify';

/** How often what fails together is parted. */
const maxPartings = 4;

type Own = Exclude<CommandOperation, { readonly type: 'command.rejoin' }>;

interface Candidate {
  readonly index: number;
  readonly operations: readonly Own[];
  readonly change: PartChange;
}

/**
 * Which of many changes, by index, are right; about the others nothing is said. Those of different commands are put into one text, which is
 * read once: each command is compared with what it was, word for word, so that none can hide what another did. `read` gives the model of a
 * changed text.
 */
export function verifyCommandsEach(
  before: RunModel,
  changes: readonly PartChange[],
  read: (text: string) => RunModel,
): ReadonlySet<number> {
  const proven = new Set<number>();
  const prove = (round: readonly Candidate[], partings: number): void => {
    const edits = sortEdits(round.flatMap(({ change }) => change.edits));
    const operations = round.flatMap(own => own.operations);
    if (!haveConflict(edits) && verifyCommands(before, read(applyEdits(before.text, edits)), operations) === null) {
      for (const { index } of round) proven.add(index);
    } else if (partings > 0 && round.length > 1) {
      const middle = round.length >> 1;
      prove(round.slice(0, middle), partings - 1);
      prove(round.slice(middle), partings - 1);
    }
  };
  for (const round of roundsOf(before, changes)) prove(round, maxPartings);
  return proven;
}

/** Parts changes so that none touches a command that another of its round touches. */
function roundsOf({ commands }: RunModel, changes: readonly PartChange[]): readonly (readonly Candidate[])[] {
  const rounds: Candidate[][] = [];
  const next = new Map<RunCommand, number>();
  for (const [index, change] of changes.entries()) {
    const { operations } = change;
    // what makes one command of two lines is looked at alone
    if (!operations.every(isOwn)) continue;
    const touched = new Set(operations.map(operation => commandOf(commands, operation)));
    if (touched.has(undefined)) continue;
    const round = Math.max(...[...touched].map(command => next.get(command!) ?? 0));
    for (const command of touched) next.set(command!, round + 1);
    (rounds[round] ??= []).push({ index, operations, change });
  }
  return rounds;
}

function isOwn(operation: Operation): operation is Own {
  return operation.type.startsWith('command.') && operation.type !== 'command.rejoin';
}

/** The command that an operation changes; its words stand in order of place. */
function commandOf(commands: readonly RunCommand[], operation: Own): RunCommand | undefined {
  const offset = 'command' in operation ? operation.command : operation.range.start;
  const command = commands[firstIndex(commands.length, i => commands[i]!.verbRange.start > offset) - 1];
  const last = command?.words.at(-1)?.range.end ?? command?.verbRange.end ?? -1;
  const end = 'range' in operation ? operation.range.end : offset;
  return end <= last ? command : undefined;
}
