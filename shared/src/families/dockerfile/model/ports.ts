import type { Instruction, Word } from './types';

/** A port or a range of ports that EXPOSE names. */
export interface ExposedPort {
  readonly word: Word;
  /** Equal for a single port. */
  readonly first: number;
  readonly last: number;
}

/** The ports of an EXPOSE, variables expanded; those that nobody can tell are left out. */
export function exposedPorts(instruction: Instruction): readonly ExposedPort[] {
  if (instruction.keyword !== 'EXPOSE') return [];
  return instruction.words.flatMap(word => {
    const text = word.variables.length > 0 ? (instruction.file.expand(word, instruction) ?? '') : word.text;
    const [, first, last] = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/\w+)?$/.exec(text) ?? [];
    return first === undefined ? [] : [{ word, first: Number(first), last: Number(last ?? first) }];
  });
}
