import type { RunCommand } from '../../families/run/model/types';
import { applyEdits, type TextEdit } from '../../base/text/edits';
import type { ReadCommands } from './read-commands';

/** A command on one line that is longer than this is broken: nobody reads it to its end. */
const longLine = 80;

/** Breaks commands of one line that are long or are about to become so, one option to a line, as people write them. */
export function breakLines({ text, containers }: Pick<ReadCommands, 'text' | 'containers'>): string {
  const edits = containers.flatMap(({ command, purpose }) => {
    const { start, end } = command.shell.range;
    return purpose === 'service' || end - start > longLine ? breaksOf(command, text) : [];
  });
  return applyEdits(text, edits);
}

function breaksOf({ shell, words, parsed, locked }: RunCommand, text: string): readonly TextEdit[] {
  const { start, end } = shell.range;
  if (locked !== null || parsed.image === null || text.slice(start, end).includes('\n')) return [];
  const starts = [...new Set(parsed.options.map(({ word }) => word)), parsed.image];
  // `docker run -d --rm` stays together
  const flags = starts.findIndex(
    (word, i) => word !== i || parsed.options.some(option => option.word === word && option.valueWord !== word),
  );
  return starts.slice(Math.max(flags, 0)).flatMap((index): readonly TextEdit[] => {
    const at = words[index]!.range.start;
    let from = at;
    while (text[from - 1] === ' ' || text[from - 1] === '\t') from--;
    return from === at ? [] : [{ range: { start: from, end: at }, newText: ' \\\n  ' }];
  });
}
