import type { CommandList, ShellCommand } from '../../../syntax/shell/types';
import type { PlacedScript } from './types';
import { optionWord } from './words';

/** What sets a variable of a script. */
interface Setting {
  /** The text that it is set to, with other variables in it; `null`: several times, or to what is not known. */
  readonly text: string | null;
  /** `null`: it is set before the script begins. */
  readonly list: CommandList | null;
  readonly at: number;
}

/** The variables of a script by their names, and the values of those that were asked for. */
interface Variables {
  readonly settings: ReadonlyMap<string, Setting>;
  readonly values: Map<string, string | null>;
}

/** Builtins whose arguments set variables of the shell. In front of any other command an assignment is for that command alone, and not for its words. */
const setters = new Set(['export', 'readonly', 'declare', 'typeset', 'local']);

/** Names that loops and `read` set. */
const setOtherwise = /\b(?:for|select|read|getopts)[ \t]([^\n;&|]{0,100})/g;

/** `: ${NAME:=text}`. */
const setUnlessSet = /^\$\{([A-Za-z_]\w{0,100}):?=([^}\s]{1,300})\}$/;

/** A variable in a text, with what stands for it where it is not set. */
const reference = /\$(?:\{([A-Za-z_]\w{0,100})(?::?-([^}$`\s]{1,300}))?\}|([A-Za-z_]\w{0,100}))/g;

/** Longer texts are no names of images, and no variable is set by way of more. */
const longest = 1000;
const deepest = 20;

const known = new WeakMap<PlacedScript, Variables>();

function variablesOf(placed: PlacedScript, text: string): Variables {
  let variables = known.get(placed);
  if (!variables) known.set(placed, (variables = { settings: readSettings(placed, text), values: new Map() }));
  return variables;
}

function readSettings({ script, range, variables }: PlacedScript, text: string): ReadonlyMap<string, Setting> {
  const settings = new Map<string, Setting>();
  for (const [name, value] of variables ?? []) settings.set(name, { text: value, list: null, at: 0 });
  const set = (name: string, value: string | null, { pipeline: { list }, range: { start } }: ShellCommand): void =>
    void settings.set(name, { text: settings.has(name) ? null : value, list, at: start });
  for (const command of script.commands) {
    const { name, nameWord, assignments, args } = command;
    if (!nameWord || setters.has(name ?? ''))
      for (const { name: variable, value } of assignments) set(variable, value && optionWord(value, text).shown, command);
    for (const word of name === ':' ? args : []) {
      const [, variable, value] = setUnlessSet.exec(optionWord(word, text).shown) ?? [];
      if (variable !== undefined && value !== undefined) set(variable, value, command);
    }
  }
  for (const [, names = ''] of text.slice(range.start, range.end).matchAll(setOtherwise))
    for (const name of names.trim().split(/[ \t]+/)) {
      const setting = settings.get(name);
      if (setting) settings.set(name, { ...setting, text: null });
    }
  return settings;
}

/**
 * What a word of a command comes to, as far as its script tells: each variable in it is set once there, to a text of which the same holds, or has a default and is
 * not set at all. `null`: that is not known. What the environment, the caller or a file that is read in may set instead is not asked.
 */
export function expandedText(placed: PlacedScript, text: string, command: ShellCommand, shown: string): string | null {
  return expand(variablesOf(placed, text), shown, { command });
}

/** Who asks for a variable: a command, or another variable that so many others were asked for before. */
interface Asker {
  readonly command?: ShellCommand;
  readonly name?: string;
  readonly depth?: number;
}

function expand(variables: Variables, shown: string, asker: Asker): string | null {
  const { command, name: own, depth = 0 } = asker;
  if (shown.length > longest || depth > deepest) return null;
  let text = '';
  let from = 0;
  for (const { 0: written, 1: braced, 2: standard, 3: plain, index } of shown.matchAll(reference)) {
    const name = braced ?? plain!;
    // `IMAGE=${IMAGE:-debian}`: what is set outside of the script is not set here
    const setting = name === own ? undefined : variables.settings.get(name);
    // what its own list sets further down is not set yet
    const isLater = setting !== undefined && setting.list === command?.pipeline.list && setting.at > command.range.start;
    const value = setting && !isLater ? valueOf(variables, name, setting, depth + 1) : (standard ?? null);
    if (value === null || text.length > longest) return null;
    text += shown.slice(from, index) + value;
    from = index + written.length;
  }
  text += shown.slice(from);
  return /[$`]/.test(text) ? null : text;
}

/** The value of a variable, worked out once; one that is set to itself has none. */
function valueOf(variables: Variables, name: string, { text }: Setting, depth: number): string | null {
  const before = variables.values.get(name);
  if (before !== undefined) return before;
  variables.values.set(name, null);
  const value = text === null ? null : expand(variables, text, { name, depth });
  variables.values.set(name, value);
  return value;
}
