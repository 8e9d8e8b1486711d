import { removeOneOf } from './words';
import { refusalAt } from './refusal';
import type { ExposedPort } from '../model/ports';
import type { Instruction } from '../model/types';
import type { DockerfileOperation } from '../../../rule/fix/types';

/** Takes a port away, and the EXPOSE with its last one; `null` where a range holds more, or an ONBUILD stands around it. */
export function removePort(instruction: Instruction, { word, first, last }: ExposedPort): DockerfileOperation | null {
  if (first !== last || refusalAt(instruction, 'any')) return null;
  return removeOneOf(instruction, instruction.words, word.range);
}
