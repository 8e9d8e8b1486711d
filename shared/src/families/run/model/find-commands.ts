import { flagsOf, type EngineProgram } from '../../../knowledge/run-flags';
import type { ShellCommand, ShellWord } from '../../../syntax/shell/types';
import { parseOptions, type OptionWord } from './parse-options';
import type { ClientCommand, PlacedScript, RunCommand } from './types';
import { expandedText } from './variables';
import { optionWord, valueRange } from './words';

/** A name by which an engine is called, or a variable that holds one, and a verb behind it on the same line. */
const called =
  /(?:docker|podman|nerdctl|finch|ENGINE|RUNTIME|TOOL|CMD|BIN)[^\s\w]{0,3}(?:\.exe)?[ \t]{1,9}(?:[^\n]{0,40}[ \t])?(?:run|create|exec)(?:[ \t\\\r\n]|$)|tcp:\/\//i;

/** Whether a text may hold a command of an engine: asked before anything is parsed. */
export function mayHoldCommands(text: string): boolean {
  return called.test(text);
}

const programs: readonly (readonly [RegExp, EngineProgram])[] = [
  [/(?:^|[-_.])docker$/, 'docker'],
  [/(?:^|[-_.])podman(?:-remote)?$/, 'podman'],
  [/(?:^|[-_.])(?:nerdctl|finch)$/, 'nerdctl'],
];

/** Names of variables that hold an engine's program, other than its own name. */
const variables =
  /^(?:DOCKER|PODMAN|NERDCTL|FINCH)(?:_?(?:CMD|BIN|EXE|COMMAND|CLI|RUN))?$|^(?:CONTAINER|OCI|CTR)_?(?:ENGINE|RUNTIME|TOOL|CMD|CLI|BIN)$|^(?:ENGINE|RUNTIME)$/;

/** The program of an engine that a word starts; `null` for others. */
function programOf(word: ShellWord, text: string): EngineProgram | null {
  const { text: known, shown } = optionWord(word, text);
  const byName = (name: string): EngineProgram | null => {
    const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1).replace(/\.exe$/i, '');
    return programs.find(([pattern]) => pattern.test(base.toLowerCase()))?.[1] ?? null;
  };
  if (known !== null) return byName(known);
  const variable = /^\$[{(]{0,2}([A-Za-z_]\w*)(?::?[-=?]([^})]*))?[})]?$/.exec(shown);
  if (!variable) return null;
  const [, name = '', standard] = variable;
  if (!variables.test(name.toUpperCase())) return null;
  return byName(standard ?? '') ?? byName(name.toLowerCase().replace(/_?(?:cmd|bin|exe|command|cli|run)$/, '')) ?? 'docker';
}

/** What stands in front of the verb. */
interface Front {
  /** Index of the verb's word; the number of words where there is none. */
  readonly at: number;
  readonly hosts: ClientCommand['hosts'];
}

/** Reads the global options, and `container` in front of the verb. */
function readFront(program: EngineProgram, args: readonly ShellWord[], text: string): Front {
  const { global } = flagsOf(program);
  const hosts: { address: string; range: { start: number; end: number } }[] = [];
  let at = 0;
  for (; at < args.length; at++) {
    const { text: known, shown } = optionWord(args[at]!, text);
    if (!shown.startsWith('-')) {
      // `docker $OPTS run`: options as a rule
      if (known === null && args[at]!.variables.length > 0) continue;
      break;
    }
    const equals = shown.indexOf('=');
    const name = shown.startsWith('--') ? shown.slice(2, equals < 0 ? undefined : equals) : (global.short[shown[1] ?? ''] ?? '');
    const attached = shown.startsWith('--') ? (equals < 0 ? null : equals + 1) : shown.length > 2 ? (shown[2] === '=' ? 3 : 2) : null;
    if (!global.values.has(name)) continue;
    const from = attached ?? 0;
    const word = attached === null ? args[++at] : args[at]!;
    if (word && (name === 'host' || name === 'url')) {
      const value = optionWord(word, text);
      hosts.push({ address: value.shown.slice(from), range: valueRange(word, from) });
    }
  }
  if (args[at]?.text === 'container') at++;
  return { at, hosts };
}

/** The value of `DOCKER_HOST=` in front of a command, or of what runs it. */
function hostsInFront(command: ShellCommand): ClientCommand['hosts'] {
  const found: { address: string; range: { start: number; end: number } }[] = [];
  for (let outer: ShellCommand | null = command; outer; outer = outer.outer)
    for (const { name, value } of outer.assignments)
      if (name === 'DOCKER_HOST' && value?.text != null) found.push({ address: value.text, range: value.range });
  return found;
}

function runsThrough(command: ShellCommand, name: string): boolean {
  for (let outer = command.outer; outer; outer = outer.outer) if (outer.name === name) return true;
  return false;
}

/** Whether the script of a command has places of its own in the text: not one whose escapes were taken out before it was read. */
function isInPlace(word: ShellWord, text: string): boolean {
  const { range, raw } = word;
  return raw.length > 0 && text[range.start] === (raw[0] === '\ue000' ? text[range.start] : raw[0]) && range.end <= text.length;
}

/** A word that the shell might split, but for a variable that the script sets to one that is no option. */
function asKnown(word: OptionWord, placed: PlacedScript, text: string, command: ShellCommand): OptionWord {
  const value = word.splits ? expandedText(placed, text, command, word.shown) : null;
  return value !== null && /^[^-\s*?[]\S*$/.test(value) ? { ...word, splits: false } : word;
}

/** The engines' commands in a script. */
export function findCommands(placed: PlacedScript, text: string): readonly (ClientCommand | RunCommand)[] {
  const found: (ClientCommand | RunCommand)[] = [];
  for (const shell of placed.script.commands) {
    const { nameWord, args } = shell;
    // what is exported is told to every command that follows
    const exported = shell.name === 'export' && shell.assignments.some(({ name }) => name === 'DOCKER_HOST');
    const program = nameWord && (exported ? 'docker' : programOf(nameWord, text));
    if (!nameWord || !program || !isInPlace(nameWord, text)) continue;
    const front = exported ? { at: args.length, hosts: [] } : readFront(program, args, text);
    const verbWord = args[front.at];
    const verb = verbWord?.text ?? null;
    const common: ClientCommand = {
      program,
      verb,
      verbRange: verbWord?.range ?? nameWord.range,
      shell,
      placed,
      hosts: [...front.hosts, ...hostsInFront(shell)],
      asRoot: placed.kind === 'unit' || runsThrough(shell, 'sudo') || runsThrough(shell, 'doas'),
    };
    if (verb !== 'run' && verb !== 'create') {
      found.push(common);
      continue;
    }
    // a backslash that ends a half-typed script continues nothing yet
    const words = args.slice(front.at + 1).filter(word => word.raw !== '\\');
    const options = words.map(word => asKnown(optionWord(word, text), placed, text, shell));
    const appended = runsThrough(shell, 'xargs');
    const nested = shell.script !== placed.script;
    found.push({
      ...common,
      verb,
      words,
      args: options,
      parsed: parseOptions(program, options),
      // the string of `sh -c` has quotes around it that an insertion would have to mind
      locked: placed.locked ?? (nested && !placed.script.complete ? 'syntax' : null),
      appended,
    });
  }
  return found;
}
