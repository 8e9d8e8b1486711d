import { sourceOffset, sourceRange } from '../../../syntax/shell/mapped-text';
import type { ShellWord } from '../../../syntax/shell/types';
import type { Range } from '../../../base/text/range';
import { maskCharacter } from '../../../syntax/shell/script-builder';
import type { GivenOption, OptionWord } from './parse-options';
import type { RunCommand } from './types';

/** A word as options are read from it. `text`: of the part. */
export function optionWord(word: ShellWord, text: string): OptionWord {
  const mapped = word.mapped();
  const masked = mapped.text.includes(maskCharacter);
  const known = word.text !== null && !masked ? word.text : null;
  let shown = mapped.text;
  if (masked || known === null) {
    shown = '';
    // all that a variable of make holds has the end of its name for a place
    const places = Array.from(mapped.text, (_, i) => sourceOffset(mapped, i));
    const isPut = (i: number): boolean => places[i] !== undefined && (places[i] === places[i + 1] || places[i] === places[i - 1]);
    for (let i = 0; i < mapped.text.length; i++) shown += isPut(i) || isPut(i + 1) ? mapped.text[i]! : (text[places[i]!] ?? '');
    // a substitution is longer in the text than what it is here: its first line says enough
    if (shown.length !== mapped.text.length) shown = mapped.text;
  }
  // of make these are one file name each; of a shell they are no mask
  const isOneWord = masked && /^\$[*@<%]$/.test(shown);
  return { text: known, shown, splits: known === null && !isOneWord && (!word.quoted || /\$(?:@|\{\w{1,80}\[@\]\})/.test(shown)) };
}

/** Where the value of a word stands from its character `from` on, without quotes. */
export function valueRange(word: ShellWord, from: number, to = word.mapped().text.length): Range {
  return sourceRange(word.mapped(), from, Math.max(from, to));
}

/** Whether each character from `from` to `to` of a word's value is one of the text, side by side: parts of it have places of their own. */
export function isExact(word: ShellWord, text: string, from = 0, to = word.mapped().text.length): boolean {
  const { start, end } = valueRange(word, from, to);
  return text.slice(start, end) === word.mapped().text.slice(from, to);
}

/** Where an option stands: its flag, and its value where that is a word of its own. */
export function optionRange({ words }: Pick<RunCommand, 'words'>, { word, valueWord }: GivenOption): Range {
  return { start: words[word]!.range.start, end: words[valueWord]!.range.end };
}
