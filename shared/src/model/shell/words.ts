import type { Word, WordPart } from 'unbash';
import type { Range } from '../../text/range';
import { sourceOffset, sourceRange, type MappedText } from './mapped-text';
import type { ShellCommand, ShellVariable, ShellWord, Substitution } from './types';

/** Walks a nested script of a word and gives its commands. */
export type WalkNested = (part: WordPart & { readonly type: 'CommandExpansion' | 'ProcessSubstitution' }) => readonly ShellCommand[];

/** Collects a value with the place of each of its characters. */
interface Value {
  text: string;
  readonly starts: number[];
  readonly sources: number[];
  static: boolean;
}

/** Puts `text`, which stands in one piece at offset `at` of the script, behind what is there. */
function append(value: Value, script: MappedText, text: string, at: number): void {
  for (let i = 0; i < text.length; i++) {
    const source = sourceOffset(script, at + i);
    const last = value.starts.length - 1;
    if (last < 0 || source !== value.sources[last]! + value.text.length - value.starts[last]!) {
      value.starts.push(value.text.length);
      value.sources.push(source);
    }
    value.text += text[i]!;
  }
}

/** Appends text with backslash escapes taken out; in double quotes only some are. */
function appendEscaped(value: Value, script: MappedText, start: number, end: number, escapable: string | null): void {
  for (let at = start; at < end; at++) {
    const next = script.text[at + 1] ?? '';
    if (script.text[at] === '\\' && at + 1 < end && (escapable === null || escapable.includes(next))) {
      at++;
      if (next === '\n') continue;
    }
    append(value, script, script.text[at]!, at);
  }
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
      append(value, script, script.text.slice(part.pos + 1, part.end - 1), part.pos + 1);
      break;
    case 'DoubleQuoted':
    case 'LocaleString':
      for (const child of part.parts) appendPart(value, script, child, true);
      break;
    case 'AnsiCQuoted':
      // Escapes such as \n change the length: the characters stick to the start.
      for (const character of part.value) append(value, script, character, part.pos);
      break;
    case 'CommandExpansion':
    case 'ProcessSubstitution':
    case 'ArithmeticExpansion':
      value.static = false;
      // What it runs was walked already; a nested parse sees a variable in its place.
      value.starts.push(value.text.length);
      value.sources.push(sourceOffset(script, part.pos));
      value.text += '$'.padEnd(part.end - part.pos, '_');
      break;
    default:
      value.static = false;
      append(value, script, script.text.slice(part.pos, part.end), part.pos);
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

/** Makes our word of a parser's word. Substitutions in it are walked at once, so that commands come in order. */
export function makeShellWord(word: Word, script: MappedText, walk: WalkNested): ShellWord {
  const { parts } = word;
  const variables: ShellVariable[] = [];
  const substitutions: Substitution[] = [];
  const isStatic = parts === undefined || collect(parts, script, walk, variables, substitutions);
  const raw = script.text.slice(word.pos, word.end);
  return {
    text: isStatic ? word.value : null,
    raw,
    range: sourceRange(script, word.pos, word.end),
    quoted: /['"]/.test(raw),
    variables: variables.length === 0 ? nothing : variables,
    substitutions: substitutions.length === 0 ? nothing : substitutions,
    mapped: () => {
      const value: Value = { text: '', starts: [], sources: [], static: true };
      if (parts === undefined) appendEscaped(value, script, word.pos, word.end, null);
      else for (const part of parts) appendPart(value, script, part, false);
      if (value.starts.length === 0) {
        value.starts.push(0);
        value.sources.push(sourceOffset(script, word.pos));
      }
      return { text: value.text, starts: value.starts, sources: value.sources };
    },
  };
}

/** A part of a word as a word of its own: the value of `NAME=value` given to env. */
export function tailOfWord(word: ShellWord, from: number): ShellWord {
  const mapped = word.mapped();
  const raw = word.raw.slice(word.raw.indexOf('=') + 1);
  return {
    ...word,
    text: word.text === null ? null : word.text.slice(from),
    raw,
    range: { start: from < mapped.text.length ? sourceOffset(mapped, from) : word.range.end, end: word.range.end },
  };
}
