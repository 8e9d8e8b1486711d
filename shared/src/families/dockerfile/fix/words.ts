import { removeInstruction, removeWords } from '../../../fix/operations';
import type { DockerfileOperation } from '../../../fix/types';
import type { Range } from '../../../text/range';
import type { Instruction } from '../model/types';

/** Takes what stands at `range` away, one of `several` that an instruction is about; the instruction with its last one. */
export function removeOneOf({ index }: Instruction, several: readonly unknown[], range: Range): DockerfileOperation {
  return several.length > 1 ? removeWords(range) : removeInstruction(index);
}
