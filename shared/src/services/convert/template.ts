import { sourceOffset } from '../../syntax/shell/mapped-text';
import type { ShellWord } from '../../syntax/shell/types';
import type { Notes } from '../../base/terms/notes';

// What a shell fills in and what Compose fills in are written alike, but not the same. A template here is text as Compose reads it: `$$` is a
// dollar, `${NAME}` a variable.

/** Variables that are set wherever a shell runs. */
const everywhere: ReadonlySet<string> = new Set(['HOME', 'PWD', 'USER']);

/** Forms that mean the same to a shell and to Compose: a name, and a default or a message without anything to fill in. */
const common = /^\$(?:([A-Za-z_]\w{0,200})|\{([A-Za-z_]\w{0,200})(?:(:?[-?+])([^$`"'\\{}\n]{0,500}))?\})$/;

/** Where what somebody runs a command in stands for the folder of the project. */
const workingFolder = /^(?:\$PWD(?![A-Za-z0-9_])|\$\{PWD\}|\$\(pwd\)|`pwd`)/;

/** Text as a template that stands for it. */
export function literalTemplate(text: string): string {
  return text.replaceAll('$', '$$$$');
}

/** A name for what only a shell can work out: `$(id -u)` is `ID_U`. */
function nameFor(text: string): string {
  const name = text
    .toUpperCase()
    .replace(/[^A-Z0-9]{1,200}/g, '_')
    .slice(0, 40)
    .replace(/^_|_$/g, '');
  return /^[A-Z]/.test(name) ? name : `VALUE_${name}`.replace(/_$/, '');
}

/**
 * The value of a word from its character `from` to `to` as a template. Variables stay; what only a shell can work out becomes a variable that has to
 * be set, with a note. `what`: how notes call the option.
 */
export function templateOf(word: ShellWord, from: number, to: number, source: string, what: string, notes: Notes): string {
  const mapped = word.mapped();
  const filled = [...word.variables.map(({ range }) => range), ...word.substitutions.map(({ range }) => range)].sort(
    (a, b) => a.start - b.start || b.end - a.end,
  );
  let result = '';
  for (let i = from; i < to;) {
    const at = sourceOffset(mapped, i);
    const inside = filled.find(({ start, end }) => start <= at && at < end);
    if (!inside) {
      result += literalTemplate(mapped.text[i]!);
      i++;
      continue;
    }
    while (i < to && sourceOffset(mapped, i) < inside.end) i++;
    result += variableTemplate(source.slice(inside.start, inside.end), what, notes);
  }
  return result;
}

function variableTemplate(written: string, what: string, notes: Notes): string {
  const match = common.exec(written);
  if (match) {
    const [, plain, braced, operator, word] = match;
    const name = plain ?? braced!;
    if (operator === undefined) {
      if (!everywhere.has(name)) notes.add('variable', what, { name });
      return `\${${name}}`;
    }
    if (operator.endsWith('?')) notes.add('variable', what, { name });
    return `\${${name}${operator}${word ?? ''}}`;
  }
  const name = nameFor(written);
  notes.add('substitution', what.includes(written) ? what : `${what} ${written}`, { name });
  return `\${${name}:?}`;
}

/** How many characters at the start of a text stand for the folder that somebody is in; 0: none do. */
export function workingFolderLength(shown: string): number {
  return workingFolder.exec(shown)?.[0].length ?? 0;
}
