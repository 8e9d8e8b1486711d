import type { Convertible } from '../../family/types';
import { sourceOffset } from '../../../syntax/shell/mapped-text';
import type { ShellWord } from '../../../syntax/shell/types';
import { maskCharacter } from '../../../syntax/shell/script-builder';
import type { RunCommand, RunModel } from './types';
import { containersOf } from './view';

/** The commands of a model as a shell would read them, wherever they stand: in a recipe of make, a unit, a step. */
export function convertibleCommands(model: RunModel): readonly Convertible[] {
  return containersOf(model).map(({ command, name }) => ({
    kind: 'command',
    range: command.shell.range,
    name,
    text: commandText(command, model.text),
  }));
}

/** A command on one line, in the words of a shell: what was filled in before the shell is a variable of its name. */
function commandText({ program, verb, verbRange, shell, words, asRoot, placed }: RunCommand, text: string): string {
  const front = shell.args.filter(({ range }) => range.end <= verbRange.start);
  return [
    ...(asRoot && placed.kind !== 'unit' ? ['sudo'] : []),
    ...shell.assignments.map(({ range }) => text.slice(range.start, range.end)),
    program,
    ...front.map(word => wordText(word, text)),
    verb,
    ...words.map(word => wordText(word, text)),
  ].join(' ');
}

function wordText(word: ShellWord, text: string): string {
  const mapped = word.mapped();
  if (!mapped.text.includes(maskCharacter)) return word.raw;
  const filled = [...word.variables, ...word.substitutions].map(({ range }) => range);
  let result = '';
  for (let i = 0; i < mapped.text.length; i++) {
    const character = mapped.text[i]!;
    const at = sourceOffset(mapped, i);
    if (character === maskCharacter) {
      const from = at;
      while (mapped.text[i + 1] === maskCharacter && sourceOffset(mapped, i + 1) === sourceOffset(mapped, i) + 1) i++;
      result += `\${${variableName(text.slice(from, sourceOffset(mapped, i) + 1))}}`;
    } else if (filled.some(({ start, end }) => start <= at && at < end)) result += character;
    else result += /["\\$`]/.test(character) ? `\\${character}` : character;
  }
  return `"${result}"`;
}

/** A variable for what is filled in: `$(IMAGE)` is `IMAGE`, `${{ github.sha }}` `GITHUB_SHA`. */
function variableName(written: string): string {
  const name = written
    .toUpperCase()
    .replace(/[^A-Z0-9]{1,200}/g, '_')
    .replace(/^_|_$/g, '')
    .slice(0, 60);
  return /^[A-Z]/.test(name) ? name : `VALUE_${name}`.replace(/_$/, '');
}
