import type { Comment } from '../../base/text/comment';
import { lineEnd, lineStart } from '../../base/text/lines';
import { memoize } from '../../base/text/memoize';
import type { Range } from '../../base/text/range';
import { createRangeSearch } from '../../base/text/range-search';
import { firstIndex } from '../../base/text/search';
import { releaseCommands } from './model/releases';
import type { ClientCommand, RunModel } from './model/types';

/** A command and the script that it is in. */
type Placed = Pick<ClientCommand, 'shell' | 'placed'>;

/** Every command that rules look at, in no order. */
const commandsIn = memoize((model: RunModel): readonly Placed[] => [
  ...model.commands,
  ...model.others,
  ...(model.document ? [] : model.scripts.flatMap(placed => releaseCommands(placed).map(shell => ({ shell, placed })))),
]);

/** A command, as far as the lines reach on which it begins or ends. */
interface Reach extends Range {
  readonly command: Placed;
}

/** Every command of a model that rules look at, to be looked for by place. */
const reaches = memoize((model: RunModel) =>
  createRangeSearch(
    commandsIn(model).map(command => {
      const { start, end } = command.shell.range;
      return { start, end: Math.max(end, lineEnd(model.text, start)), command } satisfies Reach;
    }),
  ),
);

/** The lines of the commands that begin on a line, with the lines that they continue: where a comment can stand in front of. */
export function statementAt(model: RunModel, offset: number): Range | null {
  const { text } = model;
  const found = reaches(model).last({ start: offset, end: offset }, ({ command }) => command.placed.range.start <= offset)?.command;
  if (!found) return null;
  if (found.placed.kind === 'markdown') {
    const fence = lineStart(text, lineStart(text, found.placed.range.start) - 1);
    return { start: fence, end: found.placed.range.end };
  }
  return { start: statementStart(model, found), end: found.shell.range.end };
}

/** By where a line begins: where the first of the lines does that it continues. */
const firstLines = memoize((_: RunModel): Map<number, number> => new Map());

/** Where the first of the lines begins that a command continues. */
function statementStart(model: RunModel, { shell, placed }: Placed): number {
  const { text } = model;
  const known = firstLines(model);
  const passed: number[] = [];
  let start = lineStart(text, shell.range.start);
  while (!known.has(start) && start > placed.range.start && /\\\r?\n$/.test(text.slice(Math.max(0, start - 3), start))) {
    passed.push(start);
    start = lineStart(text, start - 1);
  }
  start = known.get(start) ?? start;
  for (const line of passed) known.set(line, start);
  while (text[start] === ' ' || text[start] === '\t') start++;
  return start;
}

/** How far the commands reach whose statement begins on a line, by where that line begins. */
const endsOfLines = memoize((model: RunModel): ReadonlyMap<number, number> => {
  const ends = new Map<number, number>();
  for (const { shell } of commandsIn(model)) {
    const statement = statementAt(model, shell.range.start);
    if (!statement) continue;
    const line = lineStart(model.text, statement.start);
    ends.set(line, Math.max(ends.get(line) ?? 0, shell.range.end));
  }
  return ends;
});

/** By where a line begins: of a line that is a comment, the first below it that is none. */
const linesBelow = memoize(({ text }: RunModel): ReadonlyMap<number, number> => {
  const below = new Map<number, number>();
  let next = text.length;
  let end = text.length;
  while (end >= 0) {
    const start = lineStart(text, end);
    if (/^\s*(?:#|<!--)/.test(text.slice(start, end))) below.set(start, next);
    else next = start;
    // the first line may begin after a byte order mark
    end = start === 0 ? -1 : text.lastIndexOf('\n', start - 1);
  }
  return below;
});

/** What a comment covers: the commands of the line below it, or of the fence. */
export function coveredBy(model: RunModel, comment: Comment): Range | null {
  const { text } = model;
  const newline = text.indexOf('\n', comment.range.end);
  const next = newline < 0 ? comment.range.end : newline + 1;
  // further comments may stand between
  const at = linesBelow(model).get(next) ?? next;
  if (model.isDocumentation) {
    const fence = model.scripts[firstIndex(model.scripts.length, index => model.scripts[index]!.range.start >= at)];
    const isNext =
      fence &&
      text
        .slice(at, Math.min(fence.range.start, at + mostBetween))
        .trim()
        .split('\n').length === 1;
    return isNext && fence.range.start - at < mostBetween ? { start: at, end: fence.range.end } : null;
  }
  const end = endsOfLines(model).get(lineStart(text, at));
  return end === undefined ? null : { start: at, end };
}

/** Characters between a comment and the commands of the fence below it: blank lines, and the line that opens it. */
const mostBetween = 1000;
