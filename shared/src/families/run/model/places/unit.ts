import { interpreterOf } from '../../../../syntax/shell/interpreter';
import { parseScript } from '../../../../syntax/shell/script';
import { scriptBuilder } from '../../../../syntax/shell/script-builder';
import type { PlacedScript } from '../types';

/** What systemd runs, with the marks in front of the program: `-`, `@`, `:`, `+`, `!`. */
const command = /^[ \t]*Exec(?:Start|StartPre|StartPost|Condition|Reload|Stop|StopPost)[ \t]*=[ \t]*[-@:+!|]{0,4}[ \t]*/;

const environment = /^[ \t]{0,20}Environment(File)?[ \t]{0,20}=/;

/** A word of `Environment=`, with the blanks in front of it. */
const word = /[ \t]*(?:"([^"]*)"|'([^']*)'|([^\s"']+))/y;

/** A variable with a value without more to read: no specifier (`%i`), no escape. */
const plain = /^\w{1,100}=[^%\\$`]*$/;

/**
 * What the commands of a unit have as variables: the last of each name; `null`: not known, as where a file is read in, whose variables come
 * before these (systemd.exec(5), EnvironmentFile=).
 */
function unitVariables(text: string): ReadonlyMap<string, string | null> {
  const found = new Map<string, string | null>();
  let isOpen = false;
  for (const line of text.replace(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    const [front, file] = environment.exec(line) ?? [];
    if (front === undefined) continue;
    const isEmpty = line.slice(front.length).trim() === '';
    if (file !== undefined) isOpen = !isEmpty;
    else if (isEmpty) found.clear();
    else readVariables(line, front.length, found);
  }
  return isOpen ? new Map([...found.keys()].map(name => [name, null])) : found;
}

function readVariables(line: string, start: number, found: Map<string, string | null>): void {
  word.lastIndex = start;
  for (let match = word.exec(line); match; match = word.exec(line)) {
    const written = match[1] ?? match[2] ?? match[3]!;
    const name = written.split('=', 1)[0]!;
    // quotes in the middle of a word
    const isWhole = /^(?:\s|$)/.test(line.slice(word.lastIndex, word.lastIndex + 1));
    found.set(name, isWhole && plain.test(written) ? written.slice(name.length + 1) : null);
    if (!isWhole) return;
  }
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
