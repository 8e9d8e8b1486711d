import { interpreterOf } from '../../../../syntax/shell/interpreter';
import { parseScript } from '../../../../syntax/shell/script';
import { scriptBuilder } from '../../../../syntax/shell/script-builder';
import type { PlacedScript } from '../types';

/** What systemd runs, with the marks in front of the program: `-`, `@`, `:`, `+`, `!`. */
const command = /^[ \t]*Exec(?:Start|StartPre|StartPost|Condition|Reload|Stop|StopPost)[ \t]*=[ \t]*[-@:+!|]{0,4}[ \t]*/;

const environment = /^[ \t]*Environment(File)?[ \t]*=[ \t]*(.*)$/;

/** Words of `Environment=`, each with its quotes. */
const words = /(?:"[^"]{0,2000}"|'[^']{0,2000}'|[^\s"'])+/g;

/** A variable with a value without more to read: no specifier (`%i`), no escape, no quote in its middle. */
const plain = /^(["']?)([A-Za-z_]\w{0,100})=([^"'%\\$`]*)\1$/;

/**
 * What the commands of a unit have as variables: the last of each name; `null`: not known, as where a file is read in, whose variables come
 * before these (systemd.exec(5), EnvironmentFile=).
 */
function unitVariables(text: string): ReadonlyMap<string, string | null> {
  const found = new Map<string, string | null>();
  let isOpen = false;
  for (const line of text.replace(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    const [, file, value = ''] = environment.exec(line) ?? [];
    if (file !== undefined) isOpen = value !== '';
    else if (value === '' && environment.test(line)) found.clear();
    for (const [word] of file === undefined ? value.matchAll(words) : []) {
      const [, , name = '', known = null] = plain.exec(word) ?? [];
      found.set(name || word.replace(/^["']|=.*$/gs, ''), known);
    }
  }
  return isOpen ? new Map([...found.keys()].map(name => [name, null])) : found;
}

/** The commands of a unit of systemd, each as a script: it has words, quotes and continuations, but no operators of a shell. */
export function unitScripts(text: string): readonly PlacedScript[] {
  const scripts: PlacedScript[] = [];
  const variables = unitVariables(text);
  for (let start = 0; start < text.length;) {
    let end = lineEndOf(text, start);
    const front = command.exec(text.slice(start, end));
    if (front) while (text[end - 1] === '\\' && end < text.length) end = lineEndOf(text, afterBreak(text, end));
    if (front) scripts.push({ ...oneCommand(text, start, start + front[0].length, end), variables });
    start = afterBreak(text, end);
  }
  return scripts;
}

function lineEndOf(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  const end = newline < 0 ? text.length : newline;
  return end > from && text[end - 1] === '\r' ? end - 1 : end;
}

function afterBreak(text: string, end: number): number {
  const newline = text.indexOf('\n', end);
  return newline < 0 ? text.length : newline + 1;
}

function oneCommand(text: string, start: number, from: number, end: number): PlacedScript {
  const builder = scriptBuilder(text);
  let quote = '';
  let kept = from;
  const fill = (at: number, to: number, value?: string): void => {
    builder.keep(kept, at);
    if (value === undefined) builder.mask(at, to);
    else builder.put(value, at, to);
    kept = to;
  };
  for (let at = from; at < end; at++) {
    const character = text[at]!;
    if (character === '\\' && text[at + 1] !== undefined) {
      at++;
      continue;
    }
    if (character === quote) quote = '';
    else if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === '%') {
      if (text[at + 1] === '%') fill(at, at + 2, '%');
      else fill(at, Math.min(at + 2, end));
      at++;
    } else if (quote === '' && ('|&<>()`*?[]{}~!'.includes(character) || (character === '#' && /\s/.test(text[at - 1]!)))) {
      if (!(character === '{' || character === '}') || !isVariable(text, at, from)) fill(at, at + 1);
    }
  }
  builder.keep(kept, end);
  const script = parseScript(builder.done(), interpreterOf(['sh']));
  return { kind: 'unit', script, locked: null, range: { start, end }, lines: true };
}

const longestName = 100;

/** Whether a brace belongs to `${NAME}`. */
function isVariable(text: string, at: number, from: number): boolean {
  const near = Math.max(from, at - longestName);
  const open = near + text.slice(near, at + 1).lastIndexOf('{');
  return open > from && text[open] === '{' && text[open - 1] === '$';
}
