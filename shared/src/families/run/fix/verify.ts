import type { CommandOperation } from '../../../rule/fix/types';
import type { Refusal } from '../../../base/terms/reasons';
import type { Range } from '../../../base/text/range';
import { pathToPointer } from '../../../syntax/yaml/lookup';
import type { Path, YamlDocument, YamlNode } from '../../../syntax/yaml/types';
import type { GivenOption } from '../model/parse-options';
import type { RunCommand, RunModel } from '../model/types';

const changed = (detail: string): Refusal => ({ reason: 'unverified', detail });

/**
 * Whether `after` is what operations on `before` promised: the same commands with the same images, arguments and other options, and nothing
 * else changed around them; `null`: it is.
 */
export function verifyCommands(before: RunModel, after: RunModel, operations: readonly CommandOperation[]): Refusal | null {
  if (before.document && after.document) {
    if (after.document.problems.length > before.document.problems.length) return changed(after.document.problems[0]!.message);
    if (outsideScripts(before) !== outsideScripts(after)) return changed('the document changed around the command');
  }
  // what a broken continuation leaves is not the command that it becomes
  if (operations.some(({ type }) => type === 'command.rejoin'))
    return after.commands.length >= before.commands.length ? null : changed('a command was lost');
  if (after.commands.length !== before.commands.length || after.others.length !== before.others.length)
    return changed('the commands are not the same');
  for (const [i, command] of before.commands.entries()) {
    const refusal = verifyCommand(command, after.commands[i]!, operations);
    if (refusal) return refusal;
  }
  return null;
}

const textOf = ({ flag, shown }: GivenOption): string => `${flag.name}=${shown}`;

function verifyCommand(before: RunCommand, after: RunCommand, operations: readonly CommandOperation[]): Refusal | null {
  const isTouched = ({ start, end }: Range): boolean =>
    operations.some(
      operation =>
        'range' in operation &&
        operation.range.start <= end &&
        start <= operation.range.end &&
        (operation.range.start < end || start < operation.range.end || start === end || operation.range.start === end),
    );
  const wordsOf = ({ word, valueWord }: GivenOption): Range => ({
    start: before.words[word]!.range.start,
    end: before.words[valueWord]!.range.end,
  });
  const kept: string[] = [];
  let touched = 0;
  for (const option of before.parsed.options) {
    if (isTouched(wordsOf(option))) touched++;
    else kept.push(textOf(option));
  }
  const added = operations.flatMap(operation =>
    operation.type === 'command.insert-options' && operation.command === before.verbRange.start
      ? operation.options.map(({ flag, value }) => `${flag.slice(2)}=${value ?? 'true'}`)
      : [],
  );
  const moves = operations.filter(
    operation => operation.type === 'command.move-options' && operation.command === before.verbRange.start,
  ).length;
  const rest = after.parsed.options.map(textOf);
  for (const expected of [...kept, ...new Set(added)]) {
    const at = rest.indexOf(expected);
    if (at < 0) return changed(`the option ${expected.split('=', 1)[0]} is missing`);
    rest.splice(at, 1);
  }
  // of a command that the client refuses only the front was read
  if (before.parsed.problem !== null) return null;
  if (rest.length > touched + moves * 2) return changed('there are more options');
  if (after.parsed.problem !== null) return changed('the client refuses the command');
  if (before.parsed.image === null || moves > 0) return null;
  if (after.parsed.image === null) return changed('the image is missing');
  const behind = ({ args, words, parsed }: RunCommand, isBefore: boolean): readonly string[] =>
    args.slice(parsed.image!).map((arg, i) => (isBefore && isTouched(words[parsed.image! + i]!.range) ? '' : arg.shown));
  const [old, now] = [behind(before, true), behind(after, false)];
  const isSame = old.length === now.length && old.every((word, i) => word === '' || word === now[i]);
  return isSame ? null : changed('image or arguments are not the same');
}

/** Everything in a document but the text of its scripts. */
function outsideScripts({ document, scripts }: RunModel): string {
  const places = new Set(scripts.map(({ range }) => range.start));
  const lines: string[] = [];
  const visit = (node: YamlNode | null, path: Path): void => {
    if (!node) lines.push(pathToPointer(path));
    else if (node.kind === 'map') {
      for (const { name, value } of node.entries) visit(value, [...path, name]);
    } else if (node.kind === 'sequence') for (const [i, item] of node.items.entries()) visit(item, [...path, i]);
    else if (node.kind === 'alias') lines.push(`${pathToPointer(path)} *${node.name}`);
    else lines.push(`${pathToPointer(path)} ${node.style} ${places.has(node.range.start) ? '' : String(node.value)}`);
  };
  visit((document as YamlDocument).root, []);
  return lines.join('\n');
}
