import type { Refusal } from '../../../base/terms/reasons';
import type { Range } from '../../../base/text/range';
import { createRangeSearch, type RangeSearch } from '../../../base/text/range-search';
import { sourceOffset } from '../../../syntax/shell/mapped-text';
import { parseDockerfile } from '../model/parse';
import type { DockerfileModel, Instruction } from '../model/types';
import type { DockerfileOperation } from '../../../rule/fix/types';
import { arrangeInserts } from './arrange';
import { commandRemoval, findPipeline, isWholeScript } from './commands';
import { instructionAt } from './layout';
import { askSecondOpinion } from './second-opinion';

/** What must not change in an instruction that no operation touches. */
function signature(instruction: Instruction): string {
  const { keyword, flags, logical, argumentsStart, argumentsEnd, heredocs } = instruction;
  return JSON.stringify([
    keyword,
    flags.map(flag => [flag.name, flag.value]),
    logical.text.slice(argumentsStart, argumentsEnd),
    heredocs.map(heredoc => [heredoc.name, heredoc.expand, heredoc.stripTabs, heredoc.content]),
  ]);
}

/** What one instruction of the changed file must be. */
interface Expected {
  /** Index of the instruction that it was; `null` for an inserted one. */
  readonly origin: number | null;
  readonly signature: string | null;
  /** The instruction that edits lie in; `null` for an inserted or untouched one. */
  readonly touched: Instruction | null;
}

/**
 * Checks a changed file: no problem that was not there before, every comment and directive kept, and outside the operations the same
 * instructions. `editedRanges` are those of the edits, in the text before. In bulk a second parser is asked, too.
 */
export function verifyDockerfile(
  before: DockerfileModel,
  after: DockerfileModel,
  operations: readonly DockerfileOperation[],
  editedRanges: readonly Range[],
  inBulk = false,
): Refusal | null {
  const refuse = (detail: string): Refusal => ({ reason: 'unverified', detail });
  const newProblem = moreThan(
    after.problems.map(problem => problem.code),
    before.problems.map(problem => problem.code),
  );
  if (newProblem !== null) return refuse(`new problem: ${newProblem}`);
  const lostComment = moreThan(
    before.comments.map(comment => comment.text),
    after.comments.map(comment => comment.text),
  );
  if (lostComment !== null) return refuse('a comment was lost');
  const directives = (model: DockerfileModel): string => JSON.stringify(model.directives.map(({ name, value }) => [name, value]));
  const changesDirective = operations.some(
    o => o.type === 'dockerfile.replace' && before.directives.some(d => d.range.start <= o.range.start && o.range.end <= d.range.end),
  );
  if (!changesDirective && directives(before) !== directives(after)) return refuse('a parser directive changed');

  const edited = createRangeSearch(editedRanges);
  const expected = expectInstructions(before, operations, edited);
  if (expected.length !== after.instructions.length) {
    return refuse(`${after.instructions.length} instructions instead of ${expected.length}`);
  }
  for (const [i, want] of expected.entries()) {
    const got = after.instructions[i]!;
    if (want.signature !== null ? signature(got) !== want.signature : !isKept(want.touched!, got, edited)) {
      return refuse(`instruction ${i} (${got.keyword}) changed outside the operations`);
    }
  }
  if (!inBulk) return null;
  return askSecondOpinion(
    before,
    after,
    expected.map(({ origin }) => origin),
  );
}

/** The first string that a list has more often than another; `null` where there is none. */
function moreThan(list: readonly string[], other: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const item of other) counts.set(item, (counts.get(item) ?? 0) + 1);
  for (const item of list) {
    const left = counts.get(item) ?? 0;
    if (left === 0) return item;
    counts.set(item, left - 1);
  }
  return null;
}

function expectInstructions(before: DockerfileModel, operations: readonly DockerfileOperation[], edited: RangeSearch<Range>): Expected[] {
  const removed = new Set<number>();
  const inserted = { before: new Map<number, string>(), after: new Map<number, string>() };
  for (const operation of arrangeInserts(before, operations)) {
    if (operation.type === 'dockerfile.remove-instruction') removed.add(operation.instruction);
    else if (operation.type === 'dockerfile.remove-command') {
      const instruction = instructionAt(before, operation.range);
      const pipeline = instruction && findPipeline(instruction, operation.range);
      if (pipeline && isWholeScript(pipeline) && commandRemoval(before, pipeline) === null) removed.add(instruction.index);
    } else if (operation.type === 'dockerfile.insert') {
      inserted[operation.at].set(operation.instruction, operation.text);
    }
  }
  const expected: Expected[] = [];
  const addInserted = (text: string | undefined): void => {
    if (text === undefined) return;
    const { instructions } = parseDockerfile(before.escape === '`' ? `# escape=\`\n${text}` : text);
    for (const instruction of instructions) expected.push({ origin: null, signature: signature(instruction), touched: null });
  };
  for (const instruction of before.instructions) {
    addInserted(inserted.before.get(instruction.index));
    if (!removed.has(instruction.index)) {
      const touched = edited.some(instruction.range, edit => touches(edit, instruction.range));
      const origin = instruction.index;
      expected.push(
        touched ? { origin, signature: null, touched: instruction } : { origin, signature: signature(instruction), touched: null },
      );
    }
    addInserted(inserted.after.get(instruction.index));
  }
  return expected;
}

/** Whether an edit changes text of an instruction; an insertion in front of it does not. */
function touches(edit: Range, own: Range): boolean {
  return edit.start === edit.end ? own.start < edit.start && edit.start <= own.end : edit.start < own.end && own.start < edit.end;
}

/**
 * Whether what no edit covers is still there, in order: the same keyword unless an edit covers it, every other character of the logical
 * text but blanks, and the heredocs that are not edited.
 */
function isKept(old: Instruction, now: Instruction, edited: RangeSearch<Range>): boolean {
  const edits = edited.filter(old.range, edit => touches(edit, old.range));
  const covered = (start: number, end: number): boolean => edits.some(edit => edit.start < end && start < edit.end);
  if (old.keyword !== now.keyword && !covered(old.keywordRange.start, old.keywordRange.end)) return false;
  if (old.heredocs.length !== now.heredocs.length) return false;
  for (const [i, heredoc] of old.heredocs.entries()) {
    const other = now.heredocs[i]!;
    const { bodyRange } = heredoc;
    const isEdited = edits.some(edit => edit.start <= bodyRange.end && bodyRange.start <= edit.end);
    if (heredoc.name !== other.name || heredoc.expand !== other.expand || (!isEdited && heredoc.content !== other.content)) return false;
  }
  const { text } = now.logical;
  let at = 0;
  let edit = 0;
  const sorted = [...edits].sort((a, b) => a.start - b.start);
  for (let i = 0; i < old.logical.text.length; i++) {
    const character = old.logical.text[i]!;
    if (/\s/.test(character)) continue;
    const source = sourceOffset(old.logical, i);
    while (edit < sorted.length && sorted[edit]!.end <= source) edit++;
    if (edit < sorted.length && sorted[edit]!.start <= source) continue;
    at = text.indexOf(character, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
