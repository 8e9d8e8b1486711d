import { type Masked, type MaskedText, printable, restyled, trusted } from '../../../shared/src/early';
import type { ToolName } from './tools';

/** What a tool answers. Text and structure say the same: a client may show either. */
export interface Answer {
  readonly text: MaskedText;
  /** `null`: the call went wrong, and `text` says what to do about it. */
  readonly structured: object | null;
  readonly isError: boolean;
}

/** What to call next. */
export interface Next {
  readonly tool: ToolName;
  readonly arguments: Readonly<Record<string, MaskedText | readonly MaskedText[] | boolean>>;
  readonly why: MaskedText;
}

/** An answer has no more bytes. */
export const maxAnswerBytes = 40_000;

/** A string of a file is cut after so many characters. */
const maxQuoted = 200;

/** A text that may come from a file, as answers quote it: on one line, and no longer than a name has to be. */
export function quote(text: MaskedText): MaskedText {
  return restyled(printable(text), shown =>
    shown.length > maxQuoted ? `${shown.slice(0, maxQuoted - 1).replace(/[\ud800-\udbff]$/, '')}…` : shown,
  );
}

/** What a call comes to that cannot be done. */
export function failed(message: MaskedText): Answer {
  return { text: quote(message), structured: null, isError: true };
}

/** An answer of a structure. */
export function answerOf<T extends object>(value: T & Masked<T>): Answer {
  return { text: print(value), structured: value, isError: false };
}

/**
 * A structure as YAML that says just the same: a line for each member and for each item of a list, as compact JSON, and texts of several lines as they are. Every string
 * of a file is within quotes, or indented.
 */
function print(value: object): MaskedText {
  const lines = Object.entries(value).flatMap(([name, member]: [string, unknown]): readonly string[] => {
    if (Array.isArray(member) && member.length > 0) return [`${name}:`, ...member.map(item => `  - ${JSON.stringify(item)}`)];
    if (typeof member === 'string' && member.includes('\n')) return [`${name}: |2-`, ...member.split('\n').map(line => `  ${line}`)];
    return member === undefined ? [] : [`${name}: ${JSON.stringify(member)}`];
  });
  // every string in it went through a gate
  return trusted(lines.join('\n'));
}

const encoder = new TextEncoder();

/** How many bytes a value takes in an answer. */
export function bytesOf(value: unknown): number {
  // a list item has four characters and a line break before it in the text
  return encoder.encode(JSON.stringify(value)).length + 5;
}

/** The first items that together take at most so many bytes, and how many there are beside them. */
export function fitting<T>(
  items: readonly T[],
  bytes: number,
  most = items.length,
): { readonly shown: readonly T[]; readonly omitted: number } {
  let left = bytes;
  let count = 0;
  while (count < items.length && count < most && (left -= bytesOf(items[count])) >= 0) count++;
  return { shown: items.slice(0, count), omitted: items.length - count };
}

/** A text of several lines, as far as whole lines of it take at most so many bytes. */
export function fittingText(text: MaskedText, bytes: number): { readonly text: MaskedText; readonly cut: boolean } {
  // each line break and each quote takes two bytes in JSON
  if (bytesOf(text) <= bytes) return { text, cut: false };
  return { text: restyled(text, whole => fitting(whole.split('\n'), bytes).shown.join('\n')), cut: true };
}
