import { sliceMapped, sourceRange, type MappedText } from '../../../syntax/shell/mapped-text';
import { isSpace } from './characters';
import type { Flag } from './types';

/** A flag word in a logical text: its value without quotes, and where each character of it stands. */
interface FlagWord {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly offsets: readonly number[];
}

/**
 * Reads the `--flag` words from `start` of a logical text, as BuildKit does: with quotes and escapes, until the first other word or
 * a bare `--`. Gives each to `take` and returns where the arguments start (blanks not skipped).
 */
function scanFlags(text: string, start: number, escape: string, take: ((word: FlagWord) => void) | null): number {
  let at = start;
  for (;;) {
    while (at < text.length && isSpace(text.charCodeAt(at))) at++;
    if (at >= text.length || !text.startsWith('--', at)) return at;
    const from = at;
    const offsets: number[] = [];
    let value = '';
    let quote = '';
    for (; at < text.length; at++) {
      const character = text[at]!;
      if (quote === '' && isSpace(text.charCodeAt(at))) break;
      if (quote === '' && (character === "'" || character === '"')) quote = character;
      else if (quote !== '' && character === quote) quote = '';
      else {
        if (character === escape) {
          if (at + 1 === text.length) continue;
          at++;
        }
        value += text[at]!;
        offsets.push(at);
      }
    }
    if (value === '--') return at;
    take?.({ start: from, end: at, text: value, offsets });
  }
}

/** Where the arguments start behind the flags at `start`. */
export function skipFlags(text: string, start: number, escape: string): number {
  return scanFlags(text, start, escape, null);
}

/** The flags from `start` of a logical text, and where the arguments start. */
export function readFlags(logical: MappedText, start: number, escape: string): { readonly flags: readonly Flag[]; readonly end: number } {
  const flags: Flag[] = [];
  const end = scanFlags(logical.text, start, escape, word => {
    const equals = word.text.indexOf('=');
    const nameEnd = equals < 0 ? word.text.length : equals;
    const place = (from: number, to: number): { start: number; end: number } =>
      from < to ? sourceRange(logical, word.offsets[from]!, word.offsets[to - 1]! + 1) : sourceRange(logical, word.end, word.end);
    // The value's range takes quotes in: a fix replaces it as a whole.
    const valueStart = equals < 0 ? word.end : word.offsets[equals]! + 1;
    flags.push({
      name: word.text.slice(2, nameEnd),
      value: equals < 0 ? null : word.text.slice(equals + 1),
      range: sourceRange(logical, word.start, word.end),
      nameRange: place(2, nameEnd),
      valueRange: equals < 0 ? null : sourceRange(logical, valueStart, word.end),
      mapped: equals < 0 ? sliceMapped(logical, word.end, word.end) : pickCharacters(logical, word, equals + 1),
    });
  });
  return { flags, end };
}

/** The characters of a flag from `first`, each with its place. */
function pickCharacters(logical: MappedText, word: FlagWord, first: number): MappedText {
  const text = word.text.slice(first);
  const plain = word.offsets.length === 0 || word.offsets[word.offsets.length - 1]! - word.offsets[0]! === word.offsets.length - 1;
  if (plain && word.offsets.length > first) return sliceMapped(logical, word.offsets[first]!, word.offsets[word.offsets.length - 1]! + 1);
  const starts: number[] = [];
  const sources: number[] = [];
  for (let i = first; i < word.offsets.length; i++) {
    const source = sourceRange(logical, word.offsets[i]!, word.offsets[i]! + 1).start;
    if (i > first && source === sources[sources.length - 1]! + (i - first) - starts[starts.length - 1]!) continue;
    starts.push(i - first);
    sources.push(source);
  }
  if (starts.length === 0) return sliceMapped(logical, word.end, word.end);
  return { text, starts, sources };
}
