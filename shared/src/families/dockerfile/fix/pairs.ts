import { replaceText } from '../../../rule/fix/operations';
import type { DockerfileOperation } from '../../../rule/fix/types';
import { sourceRange } from '../../../syntax/shell/mapped-text';
import { range, type Range } from '../../../base/text/range';
import type { Instruction, KeyValue, Word } from '../model/types';
import { makeWord, wordParts } from '../model/words';

/** Whether a comment stands between two words, which have to become one. */
const isCommented = ({ file }: Instruction, { start, end }: Range): boolean => file.text.slice(start, end).includes('#');

/**
 * Joins name and value by an equals sign. The value keeps its bytes where it is one word already; blanks in it need quotes, and within those what was
 * quoted or escaped before is written anew. `null` where BuildKit cannot read the value, or a comment stands in front of it.
 */
export function joinPair(
  { name, nameRange, value }: Pick<KeyValue, 'name' | 'nameRange' | 'value'>,
  instruction: Instruction,
): readonly DockerfileOperation[] | null {
  const { raw, range: place } = value!;
  const { escape } = instruction.file;
  const parts = wordParts(value!);
  const gap = range(nameRange.end, place.start);
  if (parts === null || isCommented(instruction, gap)) return null;
  const oneWord = raw === `"${raw.slice(1, -1)}"` && !/["\\`]/.test(raw.slice(1, -1));
  if (oneWord || !/\s/.test(raw)) return [replaceText(gap, '=')];
  if (!/["'\\`]/.test(raw) && name !== '') return [replaceText(gap, '="'), replaceText(range(place.end), '"')];
  const escaped = (text: string): string => [...text].map(c => (c === '"' || c === '$' || c === escape ? escape + c : c)).join('');
  const text = parts.map(part =>
    part.kind === 'literal' ? (part.text === '$' && raw[part.start] === '$' ? '$' : escaped(part.text)) : raw.slice(part.start, part.end),
  );
  return [replaceText(range(nameRange.end, place.end), `="${text.join('')}"`)];
}

/** How many of the words from a name on are one pair, with blanks around its equals sign or without; 0: none is. */
function wordsOfPair([name, sign, value, after]: readonly Word[]): number {
  const isValue = (word: Word | undefined): boolean => word !== undefined && (/^["']/.test(word.raw) || !word.raw.includes('='));
  const equals = name!.raw.indexOf('=');
  if (equals === 0 || name!.raw.startsWith('#')) return 0;
  if (equals > 0) return equals === name!.raw.length - 1 && isValue(sign) && !value?.raw.startsWith('=') ? 2 : 1;
  if (!sign?.raw.startsWith('=')) return 0;
  if (sign.raw !== '=' || value === undefined) return 2;
  return isValue(value) && !after?.raw.startsWith('=') ? 3 : 0;
}

/**
 * Takes the blanks around equals signs away, where pairs were meant: `A = b`, `A ="b"`, `A= b C = d`. The value of a single pair may have several
 * words. `null` where it is not clear what was meant.
 */
export function closePairs(instruction: Instruction): readonly DockerfileOperation[] | null {
  const { words, logical, argumentsStart, argumentsEnd, file } = instruction;
  const gaps: Range[] = [];
  for (let at = 0; at < words.length;) {
    const used = wordsOfPair(words.slice(at, at + 4));
    if (used === 0) {
      const [head, name] = /^([^\s=]+)\s*=\s*/.exec(logical.text.slice(argumentsStart, argumentsEnd)) ?? [''];
      const value = makeWord(logical, argumentsStart + head.length, argumentsEnd, file.escape);
      if (name === undefined || !/\s/.test(head) || /=|^#|\s#/.test(value.raw)) return null;
      return joinPair({ name, nameRange: sourceRange(logical, argumentsStart, argumentsStart + name.length), value }, instruction);
    }
    for (let i = at + 1; i < at + used; i++) gaps.push(range(words[i - 1]!.range.end, words[i]!.range.start));
    at += used;
  }
  return gaps.some(gap => isCommented(instruction, gap)) ? null : gaps.map(gap => replaceText(gap, ''));
}
