import type { Word, WordPart } from 'unbash';
import type { Range } from '../../base/text/range';
import { sliceMapped, sourceOffset, sourceRange, type MappedText } from './mapped-text';
import type { ShellCommand, ShellVariable, ShellWord, Substitution } from './types';

/** Walks a nested script of a word and gives its commands. */
export type WalkNested = (part: WordPart & { readonly type: 'CommandExpansion' | 'ProcessSubstitution' }) => readonly ShellCommand[];

/** Collects a value with the place of each of its characters. */
interface Value {
  text: string;
  readonly starts: number[];
  readonly sources: number[];
}

/** Puts the text of `[start, end)` of the script behind what is there. */
function append(value: Value, script: MappedText, start: number, end: number): void {
  if (start >= end) return;
  const slice = sliceMapped(script, start, end);
  slice.starts.forEach((from, i) => {
    const source = slice.sources[i]!;
    const last = value.starts.length - 1;
    if (last >= 0 && source === value.sources[last]! + value.text.length + from - value.starts[last]!) return;
    value.starts.push(value.text.length + from);
    value.sources.push(source);
  });
  value.text += slice.text;
}

/** Appends text with backslash escapes taken out; in double quotes only some are. */
function appendEscaped(value: Value, script: MappedText, start: number, end: number, escapable: string | null): void {
  let from = start;
  for (let at = script.text.indexOf('\\', start); at >= 0 && at + 1 < end; at = script.text.indexOf('\\', at + 1)) {
    const next = script.text[at + 1]!;
    if (escapable !== null && !escapable.includes(next)) continue;
    append(value, script, from, at);
    from = next === '\n' ? at + 2 : at + 1;
    at++;
  }
  append(value, script, from, end);
}

function appendPart(value: Value, script: MappedText, part: WordPart, inQuotes: boolean): void {
  switch (part.type) {
    case 'Literal':
    case 'Glob':
    case 'ExtendedGlob':
    case 'BraceExpansion':
      appendEscaped(value, script, part.pos, part.end, inQuotes ? '"$`\\\n' : null);
      break;
    case 'SingleQuoted':
      append(value, script, part.pos + 1, part.end - 1);
      break;
    case 'DoubleQuoted':
    case 'LocaleString':
      for (const child of part.parts) appendPart(value, script, child, true);
      break;
    case 'AnsiCQuoted':
      // Escapes such as \n change the length: the characters stick to the start.
      for (const character of part.value) {
        value.starts.push(value.text.length);
        value.sources.push(sourceOffset(script, part.pos));
        value.text += character;
      }
      break;
    case 'CommandExpansion':
    case 'ProcessSubstitution':
    case 'ArithmeticExpansion':
      // What it runs was walked already; a nested parse sees a variable in its place.
      value.starts.push(value.text.length);
      value.sources.push(sourceOffset(script, part.pos));
      value.text += '$'.padEnd(part.end - part.pos, '_');
      break;
    default:
      append(value, script, part.pos, part.end);
  }
}

function collect(
  parts: readonly WordPart[],
  script: MappedText,
  walk: WalkNested,
  variables: ShellVariable[],
  substitutions: Substitution[],
): boolean {
  let isStatic = true;
  const place = (part: WordPart): Range => sourceRange(script, part.pos, part.end);
  for (const part of parts) {
    switch (part.type) {
      case 'DoubleQuoted':
      case 'LocaleString':
        if (!collect(part.parts, script, walk, variables, substitutions)) isStatic = false;
        break;
      case 'SimpleExpansion':
        isStatic = false;
        variables.push({ name: part.text.slice(1), range: place(part) });
        break;
      case 'ParameterExpansion': {
        isStatic = false;
        variables.push({ name: part.parameter, range: place(part) });
        const operation = part.operation;
        if (operation && 'operand' in operation && operation.operand?.parts) {
          collect(operation.operand.parts, script, walk, variables, substitutions);
        }
        break;
      }
      case 'CommandExpansion':
      case 'ProcessSubstitution':
        isStatic = false;
        substitutions.push({
          kind: part.type === 'CommandExpansion' ? 'command' : 'process',
          range: place(part),
          commands: walk(part),
        });
        break;
      case 'ArithmeticExpansion':
        isStatic = false;
        break;
      default:
    }
  }
  return isStatic;
}

const nothing: readonly never[] = [];

/** A word of a script. A class like the views of the Dockerfile model: most of what it has is never asked for. */
class ShellWordView implements ShellWord {
  private place: Range | undefined;
  private whole: MappedText | undefined;

  constructor(
    private readonly word: Word,
    private readonly script: MappedText,
    readonly text: string | null,
    readonly variables: readonly ShellVariable[],
    readonly substitutions: readonly Substitution[],
  ) {}

  get range(): Range {
    return (this.place ??= sourceRange(this.script, this.word.pos, this.word.end));
  }

  get raw(): string {
    const { word, text } = this;
    // What lost nothing is what is written.
    return text !== null && text.length === word.end - word.pos ? text : this.script.text.slice(word.pos, word.end);
  }

  get quoted(): boolean {
    return /['"]/.test(this.raw);
  }

  mapped(): MappedText {
    return (this.whole ??= this.map());
  }

  private map(): MappedText {
    const { word, script } = this;
    const value: Value = { text: '', starts: [], sources: [] };
    if (word.parts === undefined) appendEscaped(value, script, word.pos, word.end, null);
    else for (const part of word.parts) appendPart(value, script, part, false);
    if (value.starts.length === 0) return { text: '', starts: [0], sources: [sourceOffset(script, word.pos)] };
    return { text: value.text, starts: value.starts, sources: value.sources };
  }
}

/** Makes our word of a parser's word. Substitutions in it are walked at once, so that their commands are found. */
export function makeShellWord(word: Word, script: MappedText, walk: WalkNested): ShellWord {
  const { parts } = word;
  if (parts === undefined) return new ShellWordView(word, script, word.value, nothing, nothing);
  const variables: ShellVariable[] = [];
  const substitutions: Substitution[] = [];
  const isStatic = collect(parts, script, walk, variables, substitutions);
  return new ShellWordView(word, script, isStatic ? word.value : null, variables, substitutions);
}

/** A part of a word as a word of its own: the value of `NAME=value` given to env. */
export function tailOfWord(word: ShellWord, from: number): ShellWord {
  const { text, variables, substitutions, quoted } = word;
  const whole = word.mapped();
  const mapped = sliceMapped(whole, Math.min(from, whole.text.length), whole.text.length);
  const start = from < whole.text.length ? mapped.sources[0]! : word.range.end;
  return {
    text: text === null ? null : text.slice(from),
    raw: word.raw.slice(word.raw.indexOf('=') + 1),
    range: { start, end: word.range.end },
    quoted,
    variables,
    substitutions,
    mapped: () => mapped,
  };
}
