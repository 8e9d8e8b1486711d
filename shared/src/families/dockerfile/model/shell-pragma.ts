import { memoize } from '../../../base/text/memoize';
import type { DockerfileModel, Instruction } from './types';

interface Pragma {
  readonly offset: number;
  readonly words: readonly string[];
}

const pattern = /^hadolint[ \t]+shell[ \t]*=[ \t]*([^\s#]+)[ \t]*(?:#.*)?$/;

/** The `# hadolint shell=` comments of a file, in order. */
const shellPragmas = memoize((file: DockerfileModel): readonly Pragma[] =>
  file.comments.flatMap(({ text, range }) => {
    const name = text.startsWith('hadolint') ? pattern.exec(text)?.[1] : undefined;
    return name === undefined ? [] : [{ offset: range.start, words: [name, '-c'] }];
  }),
);

/**
 * The shell that a comment `# hadolint shell=NAME` promises for an instruction: what the base image's own SHELL is, which the file does not
 * show. It holds from its place to the end of its stage, or in all stages where it comes before the first FROM; a SHELL behind it wins.
 */
export function pragmaShell(instruction: Instruction): readonly string[] | null {
  const { file, stage } = instruction;
  const pragmas = shellPragmas(file);
  if (pragmas.length === 0) return null;
  const first = file.stages[0]?.from.range.start ?? 0;
  const begin = stage?.from.range.start ?? 0;
  const set = instruction.stateBefore?.shell?.instruction.range.start ?? -1;
  return (
    pragmas.findLast(({ offset }) => offset < instruction.range.start && offset > set && (offset > begin || offset < first))?.words ?? null
  );
}
