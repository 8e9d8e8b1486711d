import { insertLines, removeInstruction } from '../../../rule/fix/operations';
import type { DockerfileOperation } from '../../../rule/fix/types';
import { lineStart } from '../../../base/text/lines';
import { memoize } from '../../../base/text/memoize';
import { isSystemRun } from '../model/packages';
import { refusedCall, type RefusedCall } from '../model/root-steps';
import { stageProfile } from '../model/stage-image';
import type { Instruction, Setting, Stage } from '../model/types';
import { isRootUser } from '../model/users';

/** Instructions that mean the same whoever the user is. */
const anybody = new Set(['ARG', 'ENV', 'EXPOSE', 'LABEL', 'STOPSIGNAL', 'HEALTHCHECK', 'CMD', 'ENTRYPOINT']);

/** RUNs of a stage that follow each other and need root, as lists in their order, by each of their members. Those that do more stand alone. */
const stretches = memoize((stage: Stage): ReadonlyMap<Instruction, readonly Instruction[]> => {
  const found = new Map<Instruction, Instruction[]>();
  let open: Instruction[] | null = null;
  for (const instruction of stage.instructions) {
    const isRefused = refusedCall(instruction) !== null;
    if (isRefused && isSystemRun(instruction)) {
      open ??= [];
      open.push(instruction);
      found.set(instruction, open);
    } else if (isRefused) found.set(instruction, [instruction]);
    if (!isRefused || !isSystemRun(instruction)) open = anybody.has(instruction.keyword) ? open : null;
  }
  return found;
});

/** Whether a USER stands above a stretch for its sake alone, so that it can go behind it: up to there, the stage is root. */
function isMovable(first: Instruction, { instruction: user }: Setting): boolean {
  const { stage, file, stateBefore: before } = user;
  if (!stage || stage !== first.stage || user.continuations.length > 0) return false;
  if (stage.instructions.some(({ index, keyword }) => user.index < index && index < first.index && !anybody.has(keyword))) return false;
  // what a comment above it says would stand above something else
  const start = lineStart(file.text, user.range.start);
  if (start > 0 && file.comments.some(({ range }) => lineStart(file.text, range.start) === lineStart(file.text, start - 1))) return false;
  return before?.user ? isRootUser(before.user.value ?? '') : stageProfile(stage)?.defaultUser?.uid === 0;
}

/** Executes a RUN that needs root as root, with those beside it that do, and goes back to the user that was in force; a USER right above them moves behind them. */
export function asRoot(run: Instruction, { user, set }: RefusedCall): readonly DockerfileOperation[] {
  const list = run.stage ? (stretches(run.stage).get(run) ?? [run]) : [run];
  const [first, last] = [list[0]!, list.at(-1)!];
  const word = set.instruction.words[0];
  const isSame = word !== undefined && set.instruction.stage === run.stage && run.file.expand(word, last) === set.value;
  const next = run.stage?.instructions.find(({ index, keyword }) => index > last.index && !anybody.has(keyword));
  const back = next?.keyword === 'USER' ? [] : [insertLines('after', last.index, `USER ${isSame ? word.raw : user}`)];
  return [isMovable(first, set) ? removeInstruction(set.instruction.index) : insertLines('before', first.index, 'USER root'), ...back];
}
