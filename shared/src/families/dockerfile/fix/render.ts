import type { ReasonId } from '../../../base/terms/reasons';
import { contains, range, type Range } from '../../../base/text/range';
import { haveConflict, sortEdits, type TextEdit } from '../../../base/text/edits';
import { detectEol } from '../../../base/text/eol';
import { lineEnd, lineStart, nextLine } from '../../../base/text/lines';
import type { DockerfileModel, Instruction } from '../model/types';
import type { CommandList, Pipeline } from '../../../syntax/shell/types';
import type { DockerfileOperation } from '../../../rule/fix/types';
import { arrangeInserts } from './arrange';
import { commandEdit, commandRemoval, findPipeline, isWholeScript, tailOperator } from './commands';
import { instructionAt, removePieces, skipBlanks, trimBlanks } from './layout';

/** The edits of some operations against the model's text, sorted and without overlap, or why there are none. */
export type RenderedOperations =
  { readonly ok: true; readonly edits: readonly TextEdit[] } | { readonly ok: false; readonly reason: ReasonId; readonly detail?: string };

/** What an operation comes to: edits of its own, or pieces to take out together with those of other operations. */
interface Outcome {
  readonly edits?: readonly TextEdit[];
  readonly pieces?: { readonly instruction: Instruction; readonly ranges: readonly Range[]; readonly gap?: Range | null };
  readonly removes?: Instruction;
  /** A command or instruction that goes as a whole: nothing else may change within it. */
  readonly gone?: Range;
  readonly refused?: string;
  /** The command that is taken out of a list. */
  readonly of?: Pipeline;
}

/** Renders operations together. Comments, heredocs, line ends and everything outside the operations keep their bytes; equal operations count once. */
export function renderDockerfile(model: DockerfileModel, operations: readonly DockerfileOperation[]): RenderedOperations {
  const unique = [...new Map(operations.map(operation => [JSON.stringify(operation), operation])).values()];
  const ordered = arrangeInserts(model, unique);
  const edits: TextEdit[] = [];
  const pieces = new Map<Instruction, NonNullable<Outcome['pieces']>[]>();
  const removed = new Set<Instruction>();
  const outcomes = ordered.map(operation => outcomeOf(model, operation));
  if (empties(outcomes)) return { ok: false, reason: 'conflict', detail: 'no command would be left' };
  if (clash(outcomes, ordered)) return { ok: false, reason: 'conflict', detail: 'an operation changes what another one removes' };
  const taken = new Set(outcomes.flatMap(({ of }) => of ?? []));
  for (const outcome of outcomes) {
    if (outcome.refused !== undefined) return { ok: false, reason: 'unverified', detail: outcome.refused };
    edits.push(...(outcome.edits ?? []));
    if (outcome.removes) removed.add(outcome.removes);
    if (outcome.pieces) {
      // Of several commands at the end of a list, the first leaves the operator in front of it behind.
      const tail = outcome.of && tailOperator(model, outcome.of, taken);
      const piece = tail ? { ...outcome.pieces, ranges: [...outcome.pieces.ranges, tail] } : outcome.pieces;
      const list = pieces.get(piece.instruction);
      if (list) list.push(piece);
      else pieces.set(piece.instruction, [piece]);
    }
  }
  for (const instruction of removed) edits.push(...removeInstruction(model, instruction));
  for (const [instruction, list] of pieces) {
    if (removed.has(instruction)) continue;
    const gap = list.length === 1 ? list[0]!.gap : null;
    if (gap) edits.push({ range: gap, newText: '' });
    else
      edits.push(
        ...removePieces(
          model,
          instruction,
          list.flatMap(({ ranges }) => ranges),
        ),
      );
  }
  if (haveConflict(edits)) return { ok: false, reason: 'conflict', detail: 'two operations want the same text' };
  return { ok: true, edits: sortEdits(edits) };
}

/** Whether operations take every command of a list away, one each: none of them knows that it takes the last. */
function empties(outcomes: readonly Outcome[]): boolean {
  const counts = new Map<CommandList, number>();
  for (const { of } of outcomes) if (of) counts.set(of.list, (counts.get(of.list) ?? 0) + 1);
  return [...counts].some(([list, count]) => count === list.pipelines.length);
}

/** Whether some operation works within what another takes away. Inserted lines stand beside an instruction, not within. */
function clash(outcomes: readonly Outcome[], operations: readonly DockerfileOperation[]): boolean {
  const within = (place: Range, whole: Range): boolean => whole.start <= place.end && place.start <= whole.end;
  return outcomes.some(({ gone }, i) => {
    if (gone === undefined) return false;
    return outcomes.some((other, k) => {
      if (k === i || operations[k]!.type === 'dockerfile.insert') return false;
      if (other.gone !== undefined) return contains(gone, other.gone) && gone.end - gone.start > other.gone.end - other.gone.start;
      return [...(other.edits ?? []).map(edit => edit.range), ...(other.pieces?.ranges ?? [])].some(place => within(place, gone));
    });
  });
}

function outcomeOf(model: DockerfileModel, operation: DockerfileOperation): Outcome {
  switch (operation.type) {
    case 'dockerfile.replace':
      return replace(model, operation.range, operation.text);
    case 'dockerfile.insert-words': {
      const place = range(operation.offset);
      const instruction = instructionAt(model, place);
      return instruction ? { edits: [{ range: place, newText: newWords(instruction, operation.offset, operation.text) }] } : nowhere;
    }
    case 'dockerfile.remove-words': {
      const instruction = instructionAt(model, operation.range);
      if (!instruction) return nowhere;
      if (holdsHeredoc(instruction, operation.range)) return { refused: 'a heredoc belongs to the words' };
      return { pieces: { instruction, ranges: [withComma(instruction, operation.range)] } };
    }
    case 'dockerfile.remove-command':
    case 'dockerfile.append-command': {
      const instruction = instructionAt(model, operation.range);
      const pipeline = instruction && findPipeline(instruction, operation.range);
      if (!instruction || !pipeline) return { refused: 'there is no command there' };
      if (operation.type === 'dockerfile.append-command') return { edits: [commandEdit(model, instruction, pipeline, operation.text)] };
      if (holdsHeredoc(instruction, pipeline.range)) return { refused: 'a heredoc belongs to the command' };
      const removal = commandRemoval(model, pipeline);
      if (removal !== null)
        return { pieces: { instruction, ranges: removal.pieces, gap: removal.gap }, gone: pipeline.range, of: pipeline };
      return isWholeScript(pipeline) ? { removes: instruction, gone: instruction.range } : { refused: 'the only command of its block' };
    }
    case 'dockerfile.insert':
    case 'dockerfile.remove-instruction':
    case 'dockerfile.move-trailing-comment': {
      const instruction = model.instructions[operation.instruction];
      if (instruction === undefined) return nowhere;
      if (operation.type === 'dockerfile.insert') return insertLines(model, instruction, operation.at, operation.text);
      return operation.type === 'dockerfile.remove-instruction'
        ? { removes: instruction }
        : moveComment(model, instruction, operation.range);
    }
  }
}

const nowhere: Outcome = { refused: 'there is no instruction there' };

/** Words as they are written at a place: more strings behind a string of an exec form. */
function newWords(instruction: Instruction, offset: number, text: string): string {
  const behindString = instruction.execForm?.some(word => word.range.end === offset) ?? false;
  return behindString
    ? text
        .split(/[ \t]+/)
        .map(word => `, ${JSON.stringify(word)}`)
        .join('')
    : ` ${text}`;
}

/** A string of an exec form with the comma next to it; any other range as it is. */
function withComma(instruction: Instruction, place: Range): Range {
  const words = instruction.execForm ?? [];
  const index = words.findIndex(word => word.range.start === place.start && word.range.end === place.end);
  if (index < 0) return place;
  if (index > 0) return range(words[index - 1]!.range.end, place.end);
  return words.length > 1 ? range(place.start, words[1]!.range.start) : place;
}

function holdsHeredoc(instruction: Instruction, place: Range): boolean {
  return instruction.heredocs.some(heredoc => contains(place, heredoc.range));
}

/** Whether a file ends within a continued instruction, so that a line behind it would become part of it. */
function isOpen(instruction: Instruction): boolean {
  const last = instruction.continuations[instruction.continuations.length - 1];
  return instruction.heredocs.length === 0 && last !== undefined && last.start + 1 === instruction.range.end;
}

/** Start of the comment lines that stand directly above an instruction, without a blank line between; its own line where there are none. */
function blockStart(model: DockerfileModel, instruction: Instruction): number {
  const { text } = model;
  let start = lineStart(text, instruction.range.start);
  for (;;) {
    if (start <= 1) return start;
    const above = lineStart(text, start - 1);
    const isOwn = model.comments.some(comment => comment.range.start === skipBlanks(text, above) && comment.range.start < start);
    if (!isOwn || model.instructions.some(other => other.range.start < above && above < other.range.end)) return start;
    start = above;
  }
}

function isBlankLine(text: string, at: number): boolean {
  return lineEnd(text, skipBlanks(text, at)) === skipBlanks(text, at);
}

function insertLines(model: DockerfileModel, instruction: Instruction, at: 'before' | 'after', text: string): Outcome {
  const eol = detectEol(model.text);
  const lines = text.replace(/\r?\n/g, eol);
  if (at === 'before') {
    const start = blockStart(model, instruction);
    const parted = start < lineStart(model.text, instruction.range.start) && isBlankLine(model.text, lineStart(model.text, start - 1));
    // Comments that a blank line parts from what comes before stay a paragraph with their instruction.
    return { edits: [{ range: range(start), newText: `${lines}${parted ? eol : ''}${eol}` }] };
  }
  if (isOpen(instruction)) return { refused: 'the instruction is continued to the end of the file' };
  const next = nextLine(model.text, instruction.range.end);
  const edit =
    next > instruction.range.end && model.text[next - 1] === '\n'
      ? { range: range(next), newText: `${lines}${eol}` }
      : { range: range(lineEnd(model.text, instruction.range.end)), newText: `${eol}${lines}` };
  return { edits: [edit] };
}

function replace(model: DockerfileModel, place: Range, text: string): Outcome {
  if (!model.directives.some(directive => contains(directive.range, place)) && !instructionAt(model, place)) return nowhere;
  if (model.comments.some(comment => comment.range.start < place.end && place.start < comment.range.end)) {
    return { refused: 'there is a comment within the text to replace' };
  }
  return { edits: [{ range: place, newText: text.replace(/\r?\n/g, detectEol(model.text)) }] };
}

/** Takes an instruction out. Comments between its lines stay as lines; of two blank lines that would meet, one goes. */
function removeInstruction(model: DockerfileModel, instruction: Instruction): TextEdit[] {
  const { text } = model;
  let start = lineStart(text, instruction.range.start);
  let end = nextLine(text, instruction.range.end);
  const inner = model.comments.filter(comment => start <= comment.range.start && comment.range.end <= end);
  const first = start === lineStart(text, 0);
  if (end === text.length && text[end - 1] !== '\n' && inner.length === 0 && !first) {
    start -= text[start - 2] === '\r' ? 2 : 1;
  } else if (
    end < text.length &&
    inner.length === 0 &&
    isBlankLine(text, end) &&
    (first || isBlankLine(text, lineStart(text, start - 1)))
  ) {
    end = nextLine(text, end);
  }
  const edits: TextEdit[] = [];
  let from = start;
  for (const comment of inner) {
    edits.push({ range: range(from, lineStart(text, comment.range.start)), newText: '' });
    from = nextLine(text, comment.range.end);
  }
  edits.push({ range: range(from, Math.max(end, from)), newText: '' });
  return edits.filter(edit => edit.range.start < edit.range.end);
}

function moveComment(model: DockerfileModel, instruction: Instruction, place: Range): Outcome {
  const { text } = model;
  if (!contains(instruction.range, place) || text[place.start] !== '#') return { refused: 'there is no comment there' };
  const start = lineStart(text, instruction.range.start);
  const indent = text.slice(start, skipBlanks(text, start, instruction.range.start));
  const edits = [
    { range: range(start), newText: `${indent}${text.slice(place.start, place.end).trimEnd()}${detectEol(text)}` },
    { range: range(trimBlanks(text, instruction.range.start, place.start), place.end), newText: '' },
  ];
  return { edits };
}
