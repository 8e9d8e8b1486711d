import { removeOneOf } from './words';
import { replaceText } from '../../../rule/fix/operations';
import type { InsecureUse } from '../../../knowledge/insecure-options';
import type { KeyValue, Instruction } from '../model/types';
import type { DockerfileOperation } from '../../../rule/fix/types';

/** The operation that switches a check on again; `null` where that takes a person. */
export function secureOperation(use: InsecureUse): DockerfileOperation | null {
  const { remedy } = use;
  if (remedy === null) return null;
  if (remedy.kind === 'replace') return replaceText(remedy.range, remedy.text);
  return { type: remedy.kind === 'words' ? 'dockerfile.remove-words' : 'dockerfile.remove-command', range: remedy.range };
}

/** Takes one pair of an ENV, ARG or LABEL away, and the instruction with its last one. */
export function removePair(instruction: Instruction, pair: KeyValue): DockerfileOperation {
  return removeOneOf(instruction, instruction.pairs, pair.range);
}
