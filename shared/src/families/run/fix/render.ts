import type { AddedOption, CommandOperation } from '../../../rule/fix/types';
import type { Rendered } from '../../family/part';
import { detectEol } from '../../../base/text/eol';
import type { TextEdit } from '../../../base/text/edits';
import { lineEnd, lineStart } from '../../../base/text/lines';
import { memoize } from '../../../base/text/memoize';
import type { Range } from '../../../base/text/range';
import type { RunCommand, RunModel } from '../model/types';

/** The order in which options are added: that of the guide. */
const order = ['--user', '--read-only', '--tmpfs', '--cap-drop', '--cap-add', '--security-opt', '--memory', '--cpus', '--pids-limit'];

const placeOf = ({ flag }: AddedOption): number => (order.indexOf(flag) < 0 ? order.length : order.indexOf(flag));

type Insert = Extract<CommandOperation, { readonly type: 'command.insert-options' }>;

const commandsByPlace = memoize(
  ({ commands }: RunModel): ReadonlyMap<number, RunCommand> => new Map(commands.map(command => [command.verbRange.start, command])),
);

/** The edits that operations on commands come to, in the text of the model. */
export function renderCommands(model: RunModel, operations: readonly CommandOperation[]): Rendered {
  const edits: TextEdit[] = [];
  const added = new Map<RunCommand, AddedOption[]>();
  const moved = new Map<RunCommand, string[]>();
  const removed: Range[] = [];
  const rejoined = new Map<number, string[]>();
  const commandAt = (offset: number): RunCommand | undefined => commandsByPlace(model).get(offset);
  for (const operation of operations) {
    switch (operation.type) {
      case 'command.replace':
        edits.push({ range: operation.range, newText: operation.text });
        break;
      case 'command.remove':
        removed.push(operation.range);
        break;
      case 'command.rejoin': {
        const { line, range } = operation;
        const comment = model.text.slice(range.start, range.end).trim();
        edits.push({ range, newText: '' });
        if (comment !== '') rejoined.set(line, [...(rejoined.get(line) ?? []), explained(model.text, line, range, comment)]);
        break;
      }
      case 'command.insert-options':
      case 'command.move-options': {
        const command = commandAt(operation.command);
        if (!command || command.parsed.image === null) return { ok: false, reason: 'unverified', detail: 'the command is not there' };
        if (operation.type === 'command.move-options') {
          const { range } = operation;
          moved.set(command, [...(moved.get(command) ?? []), model.text.slice(range.start, range.end)]);
          removed.push(range);
        } else added.set(command, [...(added.get(command) ?? []), ...(operation satisfies Insert).options]);
      }
    }
  }
  for (const range of merged(removed, model.text)) edits.push({ range: removal(model.text, range), newText: '' });
  for (const command of new Set([...added.keys(), ...moved.keys()])) {
    const unique = new Map((added.get(command) ?? []).map(option => [`${option.flag} ${option.value}`, option]));
    const options = [...unique.values()].sort((a, b) => placeOf(a) - placeOf(b)).map(option => written(command, option));
    edits.push(insertion(model.text, command, [...(moved.get(command) ?? []), ...options]));
  }
  for (const [line, comments] of rejoined) {
    const indent = /^[ \t]*/.exec(model.text.slice(line, lineEnd(model.text, line)))![0];
    const eol = detectEol(model.text);
    edits.push({ range: { start: line, end: line }, newText: comments.map(comment => `${indent}${comment}${eol}`).join('') });
  }
  return { ok: true, edits };
}

/** A comment that leaves its line, with the options of that line in front, which it explains. */
function explained(text: string, line: number, { start }: Range, comment: string): string {
  const options = text.slice(lineStart(text, start), start - 1).trim();
  return lineStart(text, start) === line || options === '' ? comment : comment.replace(/^#+\s*/, `$&${options}: `);
}

/** Ranges with those that stand beside each other put together, so that the blanks between them go once. */
function merged(ranges: readonly Range[], text: string): readonly Range[] {
  const sorted = [...ranges].sort((a, b) => a.start - b.start);
  const result: Range[] = [];
  for (const range of sorted) {
    const last = result.at(-1);
    if (last && /^[ \t]*$/.test(text.slice(last.end, range.start)))
      result[result.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
    else result.push(range);
  }
  return result;
}

/** An option as a command writes its own: with a blank or `=` between flag and value. */
function written({ parsed }: RunCommand, { flag, value }: AddedOption): string {
  if (value === null) return flag;
  const own = parsed.options.filter(option => option.written.startsWith('--') && option.flag.kind !== 'switch');
  const equals = own.filter(({ word, valueWord }) => word === valueWord).length;
  return `${flag}${equals * 2 > own.length ? '=' : ' '}${value}`;
}

/** What goes with the words in `range`: a whole line of a continuation that holds nothing else, else the blanks in front of them. */
function removal(text: string, range: Range): Range {
  const line = lineStart(text, range.start);
  const end = lineEnd(text, range.end);
  const isFirst = text.slice(line, range.start).trim() === '';
  const behind = text.slice(range.end, end);
  if (isFirst && /^[ \t]*\\$/.test(behind)) {
    const next = text.indexOf('\n', end);
    return { start: line, end: next < 0 ? end : next + 1 };
  }
  if (isFirst) {
    let to = range.end;
    while (text[to] === ' ' || text[to] === '\t') to++;
    return { start: range.start, end: to };
  }
  let from = range.start;
  while (text[from - 1] === ' ' || text[from - 1] === '\t') from--;
  return { start: from, end: range.end };
}

/** Puts options in front of the image: on lines of their own where the command has continuations, else in its line. */
function insertion(text: string, { words, parsed, verbRange }: RunCommand, options: readonly string[]): TextEdit {
  const before = words[parsed.image! - 1];
  // `--` ends the options
  const at = before?.text === '--' ? before.range.start : words[parsed.image!]!.range.start;
  const line = lineStart(text, at);
  if (line <= verbRange.start) return { range: { start: at, end: at }, newText: options.map(option => `${option} `).join('') };
  const previousEnd = lineEnd(text, lineStart(text, line - 1));
  const previous = text.slice(lineStart(text, line - 1), previousEnd);
  const continues = previous.endsWith('\\');
  // a scalar of YAML that is folded has line breaks without continuations
  if (!continues) return { range: { start: at, end: at }, newText: options.map(option => `${option} `).join('') };
  const isOption = lineStart(text, line - 1) > verbRange.start;
  const indent = /^[ \t]*/.exec(isOption ? previous : text.slice(line, at))![0];
  const column = alignedColumn(text, verbRange.start, line);
  const eol = text.slice(previousEnd, line).includes('\r') ? '\r\n' : '\n';
  const lines = options.map(option => {
    const content = `${indent}${option}`;
    const gap = column === null ? blanksBefore(previous, previous.length - 1) : ' '.repeat(Math.max(column - content.length, 1));
    return `${content}${gap === '' ? ' ' : gap}\\${eol}`;
  });
  return { range: { start: line, end: line }, newText: lines.join('') };
}

/** The blanks in front of a place. */
function blanksBefore(text: string, end: number): string {
  let start = end;
  while (text[start - 1] === ' ' || text[start - 1] === '\t') start--;
  return text.slice(start, end);
}

/** The column in which all backslashes of a command stand; `null` where they stand in several, there is only one, or no line was filled up to it. */
function alignedColumn(text: string, from: number, to: number): number | null {
  let column: number | null = null;
  let count = 0;
  let isFilled = false;
  for (let line = lineStart(text, from); line < to; line = text.indexOf('\n', line) + 1) {
    const content = text.slice(line, lineEnd(text, line));
    const at = content.length - 1;
    if (!content.endsWith('\\')) return null;
    if (column !== null && column !== at) return null;
    column = at;
    count++;
    // two lines of one length say nothing
    isFilled ||= blanksBefore(content, at).length > 1;
  }
  return isFilled && count > 1 ? column : null;
}
