import { range, type Range } from '../../text/range';
import { sourceRange, type MappedText } from '../shell/mapped-text';
import { isSpace, lazy } from './characters';
import type { ExecString } from './exec-form';
import { parseParts, type WordPart } from './substitution';
import type { KeyValue, VariableUse, Word } from './types';

/** Splits `[start, end)` at white space outside quotes, as BuildKit does for ENV, LABEL and ARG. Quotes stay in the words. */
export function splitQuoted(text: string, start: number, end: number, escape: string): Range[] {
  const words: Range[] = [];
  let at = start;
  for (;;) {
    while (at < end && isSpace(text.charCodeAt(at))) at++;
    if (at >= end) return words;
    const from = at;
    let quote = '';
    for (; at < end; at++) {
      const character = text[at]!;
      if (quote === '' && isSpace(text.charCodeAt(at))) break;
      if (quote === '') {
        if (character === "'" || character === '"') quote = character;
        else if (character === escape) at++;
      } else if (character === quote) quote = '';
      else if (character === escape && quote !== "'") at++;
    }
    at = Math.min(at, end);
    words.push(range(from, at));
  }
}

function variablesOf(parts: readonly WordPart[], place: (start: number, end: number) => Range, found: VariableUse[] = []): VariableUse[] {
  for (const part of parts) {
    if (part.kind === 'literal') continue;
    found.push({ name: part.name, range: place(part.start, part.end), operator: part.operator });
    variablesOf(part.operand, place, found);
    variablesOf(part.replacement, place, found);
  }
  return found;
}

const partsOf = new WeakMap<Word, () => readonly WordPart[] | null>();

/** The parsed parts of a word that `makeWord` made (offsets count from the start of `raw`); `null` where it is malformed. */
export function wordParts(word: Word): readonly WordPart[] | null {
  return partsOf.get(word)?.() ?? null;
}

/** Makes the word at `[start, end)` of a logical text. What it costs to look inside is spent when somebody does. */
export function makeWord(logical: MappedText, start: number, end: number, escape: string): Word {
  const raw = logical.text.slice(start, end);
  const plain = !/['"$\\`]/.test(raw);
  const parts = lazy(() => (plain ? [{ kind: 'literal', text: raw, start: 0 } as const] : parseParts(raw, 0, raw.length, escape)));
  const text = lazy(
    () =>
      parts()
        ?.map(part => (part.kind === 'literal' ? part.text : raw.slice(part.start, part.end)))
        .join('') ?? raw,
  );
  const variables = lazy(() => variablesOf(parts() ?? [], (from, to) => sourceRange(logical, start + from, start + to)));
  const word: Word = {
    raw,
    range: sourceRange(logical, start, end),
    offset: start,
    get text() {
      return plain ? raw : text();
    },
    get variables() {
      return plain ? [] : variables();
    },
  };
  partsOf.set(word, parts);
  return word;
}

/** Makes the word of a string of an exec form that starts at `base` of the logical text. */
export function makeExecWord(logical: MappedText, base: number, string: ExecString, escape: string): Word {
  const start = base + string.range.start;
  const end = base + string.range.end;
  const parts = lazy(() => parseParts(string.value, 0, string.value.length, escape));
  const word: Word = {
    text: string.value,
    raw: logical.text.slice(start, end),
    range: sourceRange(logical, start, end),
    offset: start,
    // Places inside a JSON string are not mapped: escapes would have to be undone.
    get variables() {
      return variablesOf(parts() ?? [], () => word.range);
    },
  };
  partsOf.set(word, parts);
  return word;
}

/** Splits a `name=value` word; a word without equals sign is a name alone. */
export function makePair(logical: MappedText, word: Range, escape: string): KeyValue {
  const equals = logical.text.indexOf('=', word.start);
  const nameEnd = equals < 0 || equals >= word.end ? word.end : equals;
  return pair(logical, range(word.start, nameEnd), nameEnd < word.end ? range(nameEnd + 1, word.end) : null, escape, false);
}

/** The one pair of `ENV name value`, whose value runs to the end. */
export function makeLegacyPair(logical: MappedText, name: Range, value: Range, escape: string): KeyValue {
  return pair(logical, name, value, escape, true);
}

function pair(logical: MappedText, name: Range, value: Range | null, escape: string, legacy: boolean): KeyValue {
  return {
    name: makeWord(logical, name.start, name.end, escape).text,
    nameRange: sourceRange(logical, name.start, name.end),
    value: value && makeWord(logical, value.start, value.end, escape),
    range: sourceRange(logical, name.start, value?.end ?? name.end),
    legacy,
  };
}
