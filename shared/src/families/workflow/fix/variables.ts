import type { Operation } from '../../../rule/fix/types';
import { quotingAt, type Quoting } from '../../../syntax/shell/quoting';
import { sourceOffset } from '../../../syntax/shell/mapped-text';
import type { ShellCommand, ShellScript, ShellWord } from '../../../syntax/shell/types';
import type { Range } from '../../../base/text/range';
import { editText, setValue } from '../../../syntax/yaml/operations';
import type { Placed } from '../model/expression/find';
import { variablesFor, type Variable } from '../model/names';
import type { Sink } from '../model/sinks';
import type { StepView } from '../model/types';

/** Programs that run what they are given as code: a variable in it is put into the code by the shell, as the expression was. */
const codeRunners = /^(?:eval|ssh|su|runuser|trap|watch|parallel|[gmn]?awk|deno|bun|psql|mysql|sqlite3|osascript)$/;

/** Programs that run the file that their first operand names, with the rest as its arguments; without one, what an option or standard input says. */
const interpreters = /^(?:(?:ba|da|a|z|k|mk|fi)?sh|python[\d.]*|node|perl|ruby|php|lua)$/;

/** Whether what a command is given is run as code by something. */
function runsCode({ name, args }: ShellCommand): boolean {
  if (name !== null && codeRunners.test(name)) return true;
  const words = [name, ...args.map(({ text }) => text)];
  return words.some((word, at) => {
    if (word === null || !interpreters.test(word.slice(word.lastIndexOf('/') + 1))) return false;
    const first = words[at + 1];
    return first === undefined || first === null || (/^[-+]/.test(first) && first !== '-m');
  });
}

const holds = (outer: Range, { start, end }: Range): boolean => outer.start <= start && end <= outer.end;

/** The smallest word that holds a place, with its command; the word of a redirection and the value of an assignment are words too. */
function wordAt(script: ShellScript, range: Range): { readonly command: ShellCommand; readonly word: ShellWord } | null {
  let best: { command: ShellCommand; word: ShellWord } | null = null;
  for (const command of script.commands) {
    const assigned = command.assignments.flatMap(({ value }) => value ?? []);
    const targets = command.redirections.flatMap(({ target, operator }) => (target && !operator.startsWith('<<') ? [target] : []));
    for (const word of [...command.args, ...assigned, ...targets])
      if (holds(word.range, range) && (!best || word.range.end - word.range.start <= best.word.range.end - best.word.range.start))
        best = { command, word };
  }
  return best;
}

/** The end of a name for what a command gets as several words, or as none. */
const severalName = /(?:args|arguments|flags?|options?|opts|params|parameters|extra|targets|files|paths|packages)$/i;

/** Whether an expression that stands for a whole word may be meant to become several words, or none: in quotes it would be one, and be there. */
function mayBeSeveral(expression: string): boolean {
  const literals = expression.match(/'[^']*'/g) ?? [];
  return /&&|\|\|/.test(expression) || literals.some(text => text === "''" || /^'-|\s/.test(text)) || severalName.test(expression);
}

/** The edits that put a shell's variable in the place of an expression; `null` where that would not be the same. */
function inPosix(script: ShellScript, placed: Placed, name: string, quoting: Quoting): string | null {
  if (quoting === 'here') {
    const isCode = script.commands.some(
      command => command.redirections.some(({ operator }) => operator.startsWith('<<')) && runsCode(command),
    );
    return isCode ? null : `\${${name}}`;
  }
  if (quoting !== 'bare' && quoting !== 'double' && quoting !== 'single') return null;
  const found = wordAt(script, placed.range);
  if (found && (runsCode(found.command) || found.command.script !== script)) return null;
  if (quoting === 'double') return `\${${name}}`;
  // in a list of `for`, a pattern of `case` or behind `=~` quotes have a meaning of their own
  if (!found && !script.operands.some(word => holds(word.range, placed.range))) return null;
  if (quoting === 'bare' && found?.command.args.includes(found.word)) {
    const { start, end } = found.word.range;
    if (end - start === placed.range.end - placed.range.start && mayBeSeveral(placed.text)) return null;
  }
  return quoting === 'single' ? `'"\${${name}}"'` : `"\${${name}}"`;
}

/** How PowerShell quotes the end of a text; `null` where that is not clear (here-strings, block comments). */
function powershellQuoting(text: string): 'bare' | 'double' | null {
  if (/@["']|<#/.test(text)) return null;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === '`') at++;
    else if (quote === '' && character === '#' && /(?:^|\s)$/.test(text.slice(Math.max(0, at - 1), at))) {
      const newline = text.indexOf('\n', at);
      if (newline < 0) return null;
      at = newline;
    } else if (quote === '') quote = character === '"' || character === "'" ? character : '';
    else if (character === quote) quote = '';
  }
  return quote === '' ? 'bare' : quote === '"' ? 'double' : null;
}

/** What takes the place of an expression in JavaScript or Python, where it is a whole string there or stands in a template of JavaScript. */
function inProgram(text: string, { start, end }: Range, language: 'javascript' | 'python', name: string): Edit | null {
  const before = text[start - 1];
  const isWhole = (before === '"' || before === "'" || before === '`') && text[end] === before && !/[\w\\"'`]/.test(text[start - 2] ?? ' ');
  const own = { start: start - 1, end: end + 1 };
  if (language === 'python')
    return isWhole && before !== '`' && text[end + 1] !== before ? { range: own, text: `os.environ["${name}"]` } : null;
  return isWhole ? { range: own, text: `process.env.${name}` } : null;
}

/** A part of a text and what takes its place. */
interface Edit {
  readonly range: Range;
  readonly text: string;
}

/** What a fix of a step's code does, and which of its expressions it leaves. */
export interface VariablesFix {
  readonly operations: () => readonly Operation[];
  /** The expressions that it replaces, by where they begin. */
  readonly replaced: ReadonlySet<number>;
}

/**
 * Passes expressions to the code of a step in variables of its `env`, quoted as the shell in force wants it: their values are then data, whatever is in
 * them. What stands where a variable would mean something else is left.
 */
export function passInVariables(step: StepView, sink: Sink, placed: readonly Placed[], script: ShellScript | null): VariablesFix {
  const { document } = step.file;
  const variables = variablesFor(step, placed, sink.text);
  const edits: Edit[] = [];
  const used = new Map<string, Variable>();
  const quotings = sink.language === 'posix' && script?.complete ? quotingsOf(script, placed) : [];
  const codeStart = sink.node.range.start;
  placed.forEach((one, i) => {
    const variable = variables.get(one.text)!;
    const edit = editOf(one, variable.name, quotings[i]);
    if (!edit) return;
    edits.push(edit);
    used.set(one.text, variable);
  });
  const replaced = new Set(
    edits.map(({ range }) => range.start).map(start => placed.find(({ range }) => range.start >= start)!.range.start),
  );
  return { operations: () => [...environment(step, [...used.values()]), editText(sink.path, edits)], replaced };

  function editOf(one: Placed, name: string, quoting: Quoting | undefined): Edit | null {
    const { text } = document;
    switch (sink.language) {
      case 'posix': {
        const written = script && quoting ? inPosix(script, one, name, quoting) : null;
        return written === null
          ? null
          : inScalar(quoting === 'single' ? withoutEmptyQuotes(text, one.range, written) : { range: one.range, text: written });
      }
      case 'powershell': {
        const quoting = powershellQuoting(text.slice(codeStart, one.range.start));
        if (sink.node.style === 'single' || sink.node.style === 'double' || quoting === null) return null;
        return { range: one.range, text: quoting === 'double' ? `\${env:${name}}` : `$env:${name}` };
      }
      case 'python':
      case 'javascript': {
        if (sink.node.style !== 'literal') return null;
        if (sink.language === 'python' && !/^[ \t]*import os\b/m.test(sink.text)) return null;
        return inProgram(text, one.range, sink.language, name);
      }
      default:
        return null;
    }
  }

  /** In quotes of YAML the shell's own quotes of the same kind would end the scalar. */
  function inScalar(edit: Edit): Edit | null {
    const { style } = sink.node;
    const { range, text: written } = edit;
    if (style === 'double' && written.includes('"')) return null;
    if (style === 'single' && written.includes("'")) return null;
    // a plain scalar cannot begin with a quote
    if (style === 'plain' && range.start === sink.node.range.start && /^["']/.test(written)) return null;
    return edit;
  }
}

/** Single quotes are closed and opened again around a variable: not where nothing would be left between them. */
function withoutEmptyQuotes(text: string, { start, end }: Range, written: string): Edit {
  const opens = text[start - 1] === "'";
  const closes = text[end] === "'";
  return {
    range: { start: opens ? start - 1 : start, end: closes ? end + 1 : end },
    text: written.slice(opens ? 1 : 0, closes ? -1 : undefined),
  };
}

/** How the places of expressions are quoted in a script, which has masks of the same length for them. */
function quotingsOf(script: ShellScript, placed: readonly Placed[]): readonly Quoting[] {
  const { text, starts, sources } = script.text;
  let piece = 0;
  const offsets = placed.map(({ range }) => {
    while (piece + 1 < sources.length && sources[piece + 1]! <= range.start) piece++;
    return starts[piece]! + range.start - sources[piece]!;
  });
  const isThere = offsets.every(
    (offset, i) => offset >= 0 && offset < text.length && sourceOffset(script.text, offset) === placed[i]!.range.start,
  );
  return isThere ? quotingAt(text, offsets) : [];
}

/** The expressions in comments of a script. */
export function commentedIn(script: ShellScript, placed: readonly Placed[]): readonly Placed[] {
  const quotings = script.text.text.includes('#') ? quotingsOf(script, placed) : [];
  return placed.filter((_, i) => quotings[i] === 'comment');
}

/** Adds variables to the `env` of a step; a new one stands in front of the code. */
export function environment(step: StepView, variables: readonly Variable[]): readonly Operation[] {
  const { node, path } = step;
  const added = variables.flatMap(({ name, value }) => (value === null ? [] : [[name, value] as const]));
  if (added.length === 0) return [];
  if (node.entry('env')) return added.map(([name, value]) => setValue([...path, 'env', name], value));
  const code = node.entries.findIndex(({ name }) => name === 'run' || name === 'with');
  const before = code > 0 ? node.entries[code - 1]!.name : null;
  return [setValue([...path, 'env'], Object.fromEntries(added), before)];
}
