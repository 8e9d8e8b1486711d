import { contains, range, type Range } from '../../../base/text/range';
import type { TextEdit } from '../../../base/text/edits';
import { detectEol } from '../../../base/text/eol';
import { lineStart } from '../../../base/text/lines';
import { scriptsOf } from '../model/scripts';
import type { DockerfileModel, Instruction } from '../model/types';
import type { Pipeline } from '../../../syntax/shell/types';
import { skipBlanks } from './layout';

/** The pipeline that is, or whose only member is, the command at a range (a wrapper's inner command counts as the wrapper). */
export function findPipeline(instruction: Instruction, place: Range): Pipeline | null {
  const same = (other: Range): boolean => other.start === place.start && other.end === place.end;
  for (const outer of [instruction, instruction.trigger]) {
    for (const script of outer === null ? [] : scriptsOf(outer)) {
      const direct = script.pipelines.find(pipeline => same(pipeline.range));
      if (direct) return direct;
      const command = script.commands.find(candidate => same(candidate.range));
      if (command && command.pipeline.members.length === 1) return command.pipeline;
    }
  }
  return null;
}

/** Whether a pipeline's list is the script of the instruction itself, so that without it the instruction would be empty. */
export function isWholeScript(pipeline: Pipeline): boolean {
  return pipeline.list.kind === 'script' && pipeline.list.script.owner === null;
}

/** What goes with a command of a list. */
export interface CommandRemoval {
  /** The command and the operator next to it. */
  readonly pieces: readonly Range[];
  /** Where the command is the first and nothing else of the instruction goes: all up to the next command, which takes its place. */
  readonly gap: Range | null;
}

/** Says what goes with a command of a list; `null` where it is the only one. */
export function commandRemoval(model: DockerfileModel, pipeline: Pipeline): CommandRemoval | null {
  const { pipelines } = pipeline.list;
  const next = pipelines[pipeline.index + 1];
  const previous = pipelines[pipeline.index - 1];
  if (next === undefined && previous === undefined) return null;
  const { text } = model;
  const behind = next && operatorBetween(model, pipeline, next);
  const before = previous && operatorBetween(model, previous, pipeline);
  const pieces = (operator: Range | null | undefined): Range[] => (operator ? [operator, pipeline.range] : [pipeline.range]);
  if (next === undefined) return { pieces: pieces(before), gap: null };
  if (previous === undefined) {
    const gap = range(pipeline.range.start, next.range.start);
    const commented = model.comments.some(comment => contains(gap, comment.range));
    const joins = behind && !commented && lineStart(text, gap.start) !== lineStart(text, gap.end);
    return { pieces: pieces(behind), gap: joins ? gap : null };
  }
  // In the style with leading operators, the one in front belongs to the command's own line.
  const leads = before && lineStart(text, before.start) === lineStart(text, pipeline.range.start);
  const trails = behind && lineStart(text, behind.start) === lineStart(text, Math.max(pipeline.range.end - 1, 0));
  return { pieces: pieces(leads && !trails && previous.after === pipeline.after ? before : behind), gap: null };
}

/** The operator in front of a command, where it and everything behind it is taken out of the list while what stands before it stays. */
export function tailOperator(model: DockerfileModel, pipeline: Pipeline, taken: ReadonlySet<Pipeline>): Range | null {
  const { pipelines } = pipeline.list;
  const previous = pipelines[pipeline.index - 1];
  const isTail = previous !== undefined && !taken.has(previous) && pipelines.slice(pipeline.index).every(other => taken.has(other));
  return isTail ? operatorBetween(model, previous, pipeline) : null;
}

/** The `&&`, `||` or `;` between two pipelines; `null` where a line break parts them. */
function operatorBetween(model: DockerfileModel, left: Pipeline, right: Pipeline): Range | null {
  const { text } = model;
  for (let at = left.range.end; at < right.range.start; at++) {
    const character = text[at]!;
    if (character === '#') {
      const end = text.indexOf('\n', at);
      if (end < 0) return null;
      at = end;
    } else if (character === ';') return range(at, at + 1);
    else if ((character === '&' || character === '|') && text[at + 1] === character) return range(at, at + 2);
    else if (character === '&') return range(at, at + 1);
  }
  return null;
}

/** The edit that adds `&& text` behind a pipeline, laid out like the list that it is in. */
export function commandEdit(model: DockerfileModel, instruction: Instruction, pipeline: Pipeline, text: string): TextEdit {
  const at = range(pipeline.range.end);
  const command = instruction.execForm === null ? text : JSON.stringify(text).slice(1, -1);
  return { range: at, newText: `${joint(model, instruction, pipeline)}${command}` };
}

/** `&&` at the end of one line or at the begin of the next, and nothing else. */
const usualJoint = /^[ \t]*(?:&&[ \t]*[\\`]\r?\n[ \t]*|[\\`]\r?\n[ \t]*&&[ \t]*)$/;

/** What the file puts between two commands of this list. */
function joint(model: DockerfileModel, instruction: Instruction, pipeline: Pipeline): string {
  const source = model.text;
  const eol = detectEol(source);
  const { pipelines } = pipeline.list;
  const inHeredoc = instruction.heredocs.some(({ bodyRange }) => contains(bodyRange, pipeline.range));
  const neighbours: [Pipeline | undefined, Pipeline | undefined][] = [
    [pipelines[pipeline.index - 1], pipeline],
    [pipeline, pipelines[pipeline.index + 1]],
  ];
  for (const [left, right] of neighbours) {
    if (left === undefined || right === undefined) continue;
    const feed = source.lastIndexOf('\n', right.range.start);
    if (feed < left.range.end) continue;
    const indent = source.slice(feed + 1, skipBlanks(source, feed + 1));
    if (inHeredoc && left.after === 'newline') return `${eol}${indent}`;
    const mark = inHeredoc ? '\\' : model.escape;
    const operator = operatorBetween(model, left, right);
    const gap = source.slice(left.range.end, right.range.start);
    if (usualJoint.test(gap) && source[operator?.start ?? 0] === '&') return gap;
    return operator && operator.start > feed ? ` ${mark}${eol}${indent}&& ` : ` && ${mark}${eol}${indent}`;
  }
  const lastFeed = source.lastIndexOf('\n', pipeline.range.end - 1);
  if (!inHeredoc && lastFeed >= pipeline.range.start) {
    // A command over several lines: the next one goes on a line of its own.
    const indent = source.slice(lastFeed + 1, skipBlanks(source, lastFeed + 1));
    return ` ${model.escape}${eol}${indent}&& `;
  }
  if (inHeredoc && pipelines.length === 1) {
    const start = lineStart(source, pipeline.range.start);
    return `${eol}${source.slice(start, skipBlanks(source, start))}`;
  }
  return ' && ';
}
