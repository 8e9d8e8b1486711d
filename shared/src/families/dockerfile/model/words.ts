import { range, type Range } from '../../../base/text/range';
import { sourceRange, type MappedText } from '../../../syntax/shell/mapped-text';
import { isSpace } from './characters';
import type { ExecString } from './exec-form';
import { maxValueLength } from './expand';
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

/** Characters that give a word an inside: quotes, escapes, variables. */
const special = /['"$\\`]/;

/**
 * A word; what it costs to look inside is spent when somebody does. A class, since a file has thousands: accessors on a prototype cost
 * nothing to make, those of an object literal cost more than the parse.
 */
class WordView implements Word {
  private parsed: readonly WordPart[] | null | undefined;
  private place: Range | undefined;
  private unquoted: string | undefined;

  constructor(
    private readonly logical: MappedText,
    readonly offset: number,
    private readonly end: number,
    private readonly escape: string,
    readonly raw: string,
    /** The value of an exec-form string; `null` for a plain word. */
    private readonly value: string | null,
  ) {}

  get isExec(): boolean {
    return this.value !== null;
  }

  get range(): Range {
    return (this.place ??= sourceRange(this.logical, this.offset, this.end));
  }

  /** The parts of the word (of an exec-form string's value); `null` where it is malformed. */
  get parts(): readonly WordPart[] | null {
    if (this.parsed === undefined) {
      const text = this.value ?? this.raw;
      this.parsed = special.test(text) ? parseParts(text, 0, text.length, this.escape) : [{ kind: 'literal', text, start: 0 }];
    }
    return this.parsed;
  }

  get plain(): string | null {
    const text = this.value ?? this.raw;
    return special.test(text) || text.length > maxValueLength ? null : text;
  }

  get text(): string {
    if (this.value !== null) return this.value;
    if (!special.test(this.raw)) return this.raw;
    this.unquoted ??=
      this.parts?.map(part => (part.kind === 'literal' ? part.text : this.raw.slice(part.start, part.end))).join('') ?? this.raw;
    return this.unquoted;
  }

  get variables(): readonly VariableUse[] {
    if (!(this.value ?? this.raw).includes('$')) return [];
    // Places inside a JSON string are not mapped: escapes would have to be undone.
    return variablesOf(this.parts ?? [], (from, to) =>
      this.value === null ? sourceRange(this.logical, this.offset + from, this.offset + to) : this.range,
    );
  }
}

/** What a word without quotes, escapes and variables says; `null` for any other. Longer ones are not followed. */
export function plainText(word: Word): string | null {
  return word instanceof WordView ? word.plain : null;
}

/** The parsed parts of a word (offsets count from the start of `raw`, or of an exec-form string's value); `null` where it is malformed. */
export function wordParts(word: Word): readonly WordPart[] | null {
  return word instanceof WordView ? word.parts : null;
}

/** Whether a word is a string of an exec form, whose inside has no place in the file. */
export function isExecWord(word: Word): boolean {
  return word instanceof WordView && word.isExec;
}

/** Makes the word at `[start, end)` of a logical text. */
export function makeWord(logical: MappedText, start: number, end: number, escape: string): Word {
  return new WordView(logical, start, end, escape, logical.text.slice(start, end), null);
}

/** Makes the word of a string of an exec form that starts at `base` of the logical text. */
export function makeExecWord(logical: MappedText, base: number, string: ExecString, escape: string): Word {
  const start = base + string.range.start;
  const end = base + string.range.end;
  return new WordView(logical, start, end, escape, logical.text.slice(start, end), string.value);
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
