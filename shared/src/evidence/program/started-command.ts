import { firstTool, homeKeeper, isScheduler, isTask, packageScriptsRun, serverUrl } from '../../knowledge/started-tools';
import type { NamedValue } from '../../knowledge/folders';
import { interpreterOf } from '../../syntax/shell/interpreter';
import { mappedSlice } from '../../syntax/shell/mapped-text';
import { parseScript } from '../../syntax/shell/script';
import type { ShellCommand } from '../../syntax/shell/types';

/** How much of a command is read. */
const longest = 20_000;

/** What a command does that another user than root may not be able to, or that a read-only root file system keeps it from. */
export interface StartedCommand {
  /** Behind the name of who does it; `null`: nothing is seen. */
  readonly does: string | null;
  /** The program that keeps files in the home directory of its user; `null`: none. */
  readonly keeper: string | null;
  /** The scripts of package.json that it runs, by name. */
  readonly scripts: readonly string[];
  readonly commands: readonly ShellCommand[];
  /** The words of all of them, programs as written. */
  readonly words: readonly string[];
}

const nothing: StartedCommand = { does: null, keeper: null, scripts: [], commands: [], words: [] };

/** Reads a command of a shell. Linear. */
export function startedScript(script: string, environment: readonly NamedValue[] = []): StartedCommand {
  const { commands } = parseScript(mappedSlice(script.slice(0, longest), 0), interpreterOf(['sh']));
  const words = commands.flatMap(({ name, args }) => [name ?? '', ...args.map(({ text }) => text ?? '')]);
  const tool = firstTool(commands, namesServer(environment));
  const isSet = (variable: string): boolean => environment.some(({ name }) => name === variable);
  return { does: tool?.does ?? null, keeper: homeKeeper(words, isSet), scripts: packageScriptsRun(words), commands, words };
}

/** Reads a command by its words: the script of a shell, or a program and its arguments. */
export function startedWords(words: readonly string[], environment: readonly NamedValue[]): StartedCommand {
  if (words.length === 0) return nothing;
  const option = /^(?:.*\/)?(?:ba|da|a|z)?sh$/.test(words[0] ?? '') ? words.findIndex(word => /^-\w*c$/.test(word)) : -1;
  const script = option < 0 ? words.map(word => (/^[\w@%+=:,./-]+$/.test(word) ? word : "'…'")).join(' ') : (words[option + 1] ?? '');
  return startedScript(script, environment);
}

/** Whether variables name a database that is a server. */
function namesServer(environment: readonly NamedValue[]): boolean {
  return environment.some(
    ({ name, value }) =>
      /^(?:(?:DB|DATABASE|PG|POSTGRES|MYSQL|MARIADB)_?(?:HOST|SERVER|ADDR)|PGHOST)$/.test(name) || serverUrl.test(value ?? ''),
  );
}

/** Programs that only let time pass, or write a line. */
const idle: ReadonlySet<string | null> = new Set(['sleep', 'true', 'echo', 'date', ':']);

/** Whether all that the words of a process come to is that time passes: a container that is there to be entered, or to be looked at. */
export function onlyWaits(words: readonly string[]): boolean {
  if (/^(?:.*[/\\])?(?:powershell|pwsh)(?:\.exe)?$/i.test(words[0] ?? '')) return /^Start-Sleep [-\w ]+;?$/i.test(words.at(-1)!);
  const { commands } = startedWords(words, []);
  return (
    commands.length > 0 &&
    commands.every(({ name, args }) => idle.has(name) || (name === 'tail' && args.some(({ text }) => text === '/dev/null')))
  );
}

/** Whether all that the words of a process come to does one thing and ends. */
export function endsByItself(words: readonly string[]): boolean {
  const { commands } = startedWords(words, []);
  return commands.length > 0 && commands.every(isTask);
}

/** Whether all that the words of a process come to is that others are started by the clock. */
export function onlySchedules(words: readonly string[]): boolean {
  const { commands } = startedWords(words, []);
  return commands.length > 0 && commands.every(isScheduler);
}
