import type { Range } from '../../base/text/range';
import type { CommentOperation, DockerfileOperation } from './types';

/** The steps of a fix of a Dockerfile, in words; what each does is said at `DockerfileOperation`. Those of YAML are beside `YamlOperation`. */

/** Whole lines before or after the instruction of an index. */
export function insertLines(at: 'before' | 'after', instruction: number, text: string): DockerfileOperation {
  return { type: 'dockerfile.insert', at, instruction, text };
}

/** The instruction of an index goes, with its line break. */
export function removeInstruction(instruction: number): DockerfileOperation {
  return { type: 'dockerfile.remove-instruction', instruction };
}

/** `text` in place of what stands in `range`; an empty range inserts. */
export function replaceText(range: Range, text: string): DockerfileOperation {
  return { type: 'dockerfile.replace', range, text };
}

/** `text` as words of its own behind the word that ends at `offset`. */
export function insertWords(offset: number, text: string): DockerfileOperation {
  return { type: 'dockerfile.insert-words', offset, text };
}

/** The words or flags in `range` go, with the blanks before them. */
export function removeWords(range: Range): DockerfileOperation {
  return { type: 'dockerfile.remove-words', range };
}

/** The command at `range` goes, with one operator next to it. */
export function removeCommand(range: Range): DockerfileOperation {
  return { type: 'dockerfile.remove-command', range };
}

/** `text` as a command behind the one at `range`, run if that one succeeds. */
export function appendCommand(range: Range, text: string): DockerfileOperation {
  return { type: 'dockerfile.append-command', range, text };
}

/** The comment at `range`, behind an instruction, moves to a line of its own above it. */
export function moveTrailingComment(instruction: number, range: Range): DockerfileOperation {
  return { type: 'dockerfile.move-trailing-comment', instruction, range };
}

/** `text` in place of a comment, in YAML and Dockerfiles; an empty one takes the comment away. */
export function replaceComment(range: Range, text: string): CommentOperation {
  return { type: 'comment.replace', range, text };
}
