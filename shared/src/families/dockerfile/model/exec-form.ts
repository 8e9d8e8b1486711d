import { range, type Range } from '../../../base/text/range';

/** One string of an exec form: its value and its place in the argument text, quotes included. */
export interface ExecString {
  readonly value: string;
  readonly range: Range;
}

/** What the arguments of an instruction are: an array of strings, an array of something else, or no JSON array at all. */
export type ExecForm = { readonly kind: 'strings'; readonly strings: readonly ExecString[] } | { readonly kind: 'not-strings' | 'none' };

/** Parses JSON as Go does, as far as it matters here: `null` where the text is not an array. */
function parseArray(text: string): readonly unknown[] | null {
  if (!text.startsWith('[')) return null;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? (value as unknown[]) : null;
  } catch {
    return null;
  }
}

/** Whether an argument text is a JSON array, of whatever. */
export function isJsonArray(text: string): boolean {
  return parseArray(text) !== null;
}

/** Reads an argument text (trimmed, one line) as an exec form. JSON decides what is valid, as in BuildKit. */
export function readExecForm(text: string): ExecForm {
  const values = parseArray(text);
  if (values === null) return { kind: 'none' };
  const strings: ExecString[] = [];
  let at = 0;
  for (const value of values) {
    if (typeof value !== 'string') return { kind: 'not-strings' };
    // Between the strings of a valid array are blanks and commas only.
    const start = text.indexOf('"', at);
    at = start + 1;
    while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
    strings.push({ value, range: range(start, ++at) });
  }
  return { kind: 'strings', strings };
}
