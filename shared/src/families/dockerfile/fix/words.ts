import { removeInstruction, removeWords } from '../../../rule/fix/operations';
import type { DockerfileOperation } from '../../../rule/fix/types';
import type { Range } from '../../../base/text/range';
import type { Instruction } from '../model/types';

/** Takes what stands at `range` away, one of `several` that an instruction is about; the instruction with its last one. */
export function removeOneOf({ index }: Instruction, several: readonly unknown[], range: Range): DockerfileOperation {
  return several.length > 1 ? removeWords(range) : removeInstruction(index);
}
