import { interpreterOf } from '../../../../shell/interpreter';
import { parseScript } from '../../../../shell/script';
import { scriptBuilder, type ScriptBuilder } from '../../../../shell/script-builder';
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

/** The recipe lines of a makefile, each with those that continue it as a script of its own. */
export function makeScripts(text: string): readonly PlacedScript[] {
  const lines = linesOf(text);
  const variables = new Map<string, string>();
  const scripts: PlacedScript[] = [];
  let inRecipe = false;
  for (let i = 0; i < lines.length; i++) {
    const first = lines[i]!;
    while (i + 1 < lines.length && continues(text, lines[i]!)) i++;
    const end = lines[i]!.end;
    const line = text.slice(first.start, end);
    if (line.startsWith('\t') && inRecipe) {
      const script = recipe(text, first.start, end, variables);
      if (script) scripts.push(script);
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
      if (operator === '!=' || operator === '+=' || (variables.has(name) && operator !== '?=')) variables.set(name, '\n');
      else if (!variables.has(name)) variables.set(name, value);
      continue;
    }
    if (/^[^\s#][^=#]{0,2000}:/.test(line)) inRecipe = true;
    else if (/^[^\s#]/.test(line) && !/^(?:ifn?eq|ifn?def|else|endif|-?include)\b/.test(line)) inRecipe = false;
  }
  return scripts;
}

function recipe(text: string, start: number, end: number, variables: ReadonlyMap<string, string>): PlacedScript | null {
  const written = text.slice(start, end);
  if (written.length > 20_000) return null;
  const prefix = /^\t[ \t]*[@+-]{0,3}[ \t]*/.exec(written)![0].length;
  const builder = scriptBuilder(text);
  expand(builder, text, start + prefix, end, variables);
  const script = parseScript(builder.done(), interpreterOf(['sh']));
  return { kind: 'make', script, locked: null, range: { start, end }, lines: true };
}

/** Puts a recipe's text into a script as make does: variables of make for what they hold, `$$` for a dollar. */
function expand(builder: ScriptBuilder, text: string, start: number, end: number, variables: ReadonlyMap<string, string>): void {
  let from = start;
  for (let at = text.indexOf('$', start); at >= 0 && at < end; at = text.indexOf('$', Math.max(from, at + 1))) {
    if (at < from) continue;
    builder.keep(from, at);
    const next = text[at + 1] ?? '';
    if (next === '$') {
      builder.put('$', at, at + 2);
      from = at + 2;
      continue;
    }
    const close = next === '(' ? ')' : next === '{' ? '}' : null;
    const stop = close === null ? Math.min(at + 2, end) : balanced(text, at + 1, end, next, close);
    const name = close === null ? next : text.slice(at + 2, stop - 1);
    const value = valueOf(name, variables);
    if (value !== null && value !== '' && plainWord.test(value)) builder.put(value, at, stop);
    else builder.mask(at, stop);
    from = stop;
  }
  builder.keep(from, end);
}

/** Behind the bracket that closes the one at `open`. */
function balanced(text: string, open: number, end: number, opening: string, closing: string): number {
  let depth = 0;
  for (let at = open; at < end; at++) {
    if (text[at] === opening) depth++;
    else if (text[at] === closing && --depth === 0) return at + 1;
  }
  return end;
}

/** What a variable of the file holds, other variables filled in; `null` where that is not known. */
function valueOf(name: string, variables: ReadonlyMap<string, string>, depth = 0): string | null {
  const value = variables.get(name);
  if (value === undefined || value === '\n' || depth > deepest || value.length > longest) return null;
  let known = true;
  const filled = value.replace(/\$(?:\(([\w.-]{1,100})\)|\{([\w.-]{1,100})\}|[\s\S]?)/g, (_, round?: string, curly?: string) => {
    const inner = round ?? curly;
    const found = inner === undefined ? null : valueOf(inner, variables, depth + 1);
    if (found === null) known = false;
    return found ?? '';
  });
  return known && filled.length <= longest ? filled : null;
}
