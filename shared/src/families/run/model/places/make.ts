import { budgets } from '../../../../base/limits/budgets';
import { interpreterOf } from '../../../../syntax/shell/interpreter';
import type { MappedText } from '../../../../syntax/shell/mapped-text';
import { parseScript, unreadScript } from '../../../../syntax/shell/script';
import { scriptBuilder } from '../../../../syntax/shell/script-builder';
import type { Range } from '../../../../base/text/range';
import type { PlacedScript } from '../types';

/** More variables within each other are not followed, and longer values are not put in. */
const deepest = 5;
const longest = 400;

/** A value of one word that the shell reads as it is. */
const plainWord = /^[\w./:@%+,=~-]+$/;

/** The lines of a text: half-open ranges without line breaks. */
function linesOf(text: string): readonly { readonly start: number; readonly end: number }[] {
  const lines: { start: number; end: number }[] = [];
  for (let start = 0; start <= text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    lines.push({ start, end: end > start && text[end - 1] === '\r' ? end - 1 : end });
    if (newline < 0) break;
    start = newline + 1;
  }
  return lines;
}

/** Whether a line goes on in the next: it ends with an odd number of backslashes. */
function continues(text: string, { start, end }: { readonly start: number; readonly end: number }): boolean {
  let count = 0;
  for (let at = end - 1; at >= start && text[at] === '\\'; at--) count++;
  return count % 2 === 1;
}

/** The recipe lines of a makefile, each with those that continue it as a script of its own. Make runs them once it has read all of the file: a variable may be set below. */
export function makeScripts(text: string): readonly PlacedScript[] {
  const lines = linesOf(text);
  const variables = new Map<string, string>();
  const recipes: Range[] = [];
  let inRecipe = false;
  for (let i = 0; i < lines.length; i++) {
    const first = lines[i]!;
    while (i + 1 < lines.length && continues(text, lines[i]!)) i++;
    const end = lines[i]!.end;
    const line = text.slice(first.start, end);
    if (line.startsWith('\t') && inRecipe) {
      recipes.push({ start: first.start, end });
      continue;
    }
    const assignment = /^ {0,8}(?:export +|override +)?([A-Za-z_][\w.-]*)[ \t]*([:?+!]{0,3}=)[ \t]*/.exec(line);
    if (assignment) {
      const [all, name = '', operator] = assignment;
      const value = line
        .slice(all.length)
        .split(/[ \t]#/, 1)[0]!
        .trim();
      // of a variable that is set twice nobody knows which value a recipe sees
      if (operator === '!=' || operator === '+=' || (variables.has(name) && operator !== '?=')) variables.set(name, unknown);
      else if (!variables.has(name)) variables.set(name, operator!.startsWith(':') && namesUnset(value, variables) ? unknown : value);
      continue;
    }
    if (/^[^\s#][^=#]{0,2000}:/.test(line)) inRecipe = true;
    else if (/^[^\s#]/.test(line) && !/^(?:ifn?eq|ifn?def|else|endif|-?include)\b/.test(line)) inRecipe = false;
  }
  const valueOf = valuesOf(variables);
  let left: number = budgets.expandedLength;
  return recipes.map(range => {
    const length = range.end - range.start;
    const filled = recipe(text, range, valueOf, left + length);
    left -= Math.max(0, filled.text.length - length);
    const script = left < 0 ? unreadScript(filled) : parseScript(filled, interpreterOf(['sh']));
    return { kind: 'make', script, locked: null, range, lines: true };
  });
}

/** Whether a value that is put together at once uses a variable that is not set yet. */
function namesUnset(value: string, variables: ReadonlyMap<string, string>): boolean {
  return [...value.matchAll(reference)].some(([, round, curly]) => !variables.has(round ?? curly ?? ''));
}

/** The text of a recipe as make hands it to the shell: variables of make for what they hold, `$$` for a dollar. No more than `longest` of it is filled in. */
function recipe(text: string, { start, end }: Range, valueOf: (name: string) => string | null, longest: number): MappedText {
  const written = text.slice(start, end);
  const prefix = /^\t[ \t]*[@+-]{0,3}[ \t]*/.exec(written)![0].length;
  const builder = scriptBuilder(text);
  let from = prefix;
  for (let at = written.indexOf('$', from); at >= 0 && builder.length() <= longest; at = written.indexOf('$', from)) {
    builder.keep(start + from, start + at);
    const next = written[at + 1] ?? '';
    const close = next === '(' ? ')' : next === '{' ? '}' : null;
    const stop = close === null ? Math.min(at + 2, written.length) : balanced(written, at + 1, next, close);
    const name = close === null ? next : written.slice(at + 2, stop - 1);
    const value = next === '$' ? '$' : valueOf(name);
    if (value === '$' || (value !== null && value !== '' && plainWord.test(value))) builder.put(value, start + at, start + stop);
    else builder.mask(start + at, start + stop);
    from = stop;
  }
  builder.keep(start + from, end);
  return builder.done();
}

/** Behind the bracket that closes the one at `open`. */
function balanced(text: string, open: number, opening: string, closing: string): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === opening) depth++;
    else if (text[at] === closing && --depth === 0) return at + 1;
  }
  return text.length;
}

const unknown = '\n';
const reference = /\$(?:\(([\w.-]{1,100})\)|\{([\w.-]{1,100})\}|[\s\S]?)/g;

/** What the variables of a file hold, other variables filled in; `null` where that is not known. Each is worked out once: values may name each other a hundred times. */
function valuesOf(variables: ReadonlyMap<string, string>): (name: string) => string | null {
  const known = Array.from({ length: deepest + 1 }, () => new Map<string, string | null>());
  const fill = (name: string, depth: number): string | null => {
    const value = variables.get(name);
    if (value === undefined || value === unknown || value.length > longest) return null;
    let filled = '';
    let from = 0;
    for (const { 0: all, 1: round, 2: curly, index } of value.matchAll(reference)) {
      const inner = round ?? curly;
      const found = inner === undefined ? null : valueOf(inner, depth + 1);
      if (found === null) return null;
      filled += value.slice(from, index) + found;
      if (filled.length > longest) return null;
      from = index + all.length;
    }
    filled += value.slice(from);
    return filled.length <= longest ? filled : null;
  };
  const valueOf = (name: string, depth: number): string | null => {
    const values = known[depth];
    let value = values?.get(name) ?? null;
    if (values && !values.has(name)) values.set(name, (value = fill(name, depth)));
    return value;
  };
  return name => valueOf(name, 0);
}
