import { managersByProgram, type Manager } from './package-manager-table';
import type { PackageAction, PackageManagerCall, ShellCommand, ShellWord } from './types';

/** Takes a call of a package manager apart (`python3 -m pip` too), once for all who ask; `null` for any other command. */
export function packageManagerCall(command: ShellCommand): PackageManagerCall | null {
  return command.packageCall;
}

/** Takes a command apart; `command.packageCall` keeps the result. */
export function readPackageManagerCall(command: ShellCommand): PackageManagerCall | null {
  const { name: program } = command;
  if (program === null) return null;
  let { args } = command;
  let manager = managersByProgram.get(program);
  if (manager === undefined && program.startsWith('p')) {
    if (program === 'pacman') return pacmanCall(command, args);
    if (/^pip3?\.\d+$/.test(program)) manager = managersByProgram.get('pip');
    else if (/^(?:python|pypy)[\d.]*$/.test(program)) {
      const module = args.findIndex(arg => arg.text === '-m');
      const name = module < 0 ? undefined : args[module + 1]?.text;
      manager = name === 'pip' || name === 'pipx' ? managersByProgram.get(name) : undefined;
      args = args.slice(module + 2);
    }
  }
  if (manager === undefined) return null;

  const flags: ShellWord[] = [];
  const packages: ShellWord[] = [];
  const verb: ShellWord[] = [];
  let ended = false;
  for (let at = 0; at < args.length; at++) {
    const word = args[at]!;
    const text = word.text ?? word.raw;
    if (!ended && text === '--') {
      // What follows is for the builds of gems.
      if (manager.name === 'gem') break;
      ended = true;
    } else if (!ended && /^-./.test(text)) {
      flags.push(word);
      if (manager.values.has(text) || isSwitch(text, args[at + 1])) at++;
    } else if (verb.length === 0 ? !manager.verbless : verb.length === 1 && isPrefix(manager, verb[0]!, word)) verb.push(word);
    else packages.push(word);
  }
  const name = verb.map(word => word.text ?? word.raw).join(' ');
  return {
    command,
    manager: manager.name,
    program,
    verb: name,
    subcommand: verb.at(-1) ?? null,
    action: actionOf(manager, name),
    flags,
    packages,
  };
}

/** `--use-system-libraries true`: a word that is only ever the value of what stands before it. */
function isSwitch(flag: string, next: ShellWord | undefined): boolean {
  return flag.startsWith('--') && !flag.includes('=') && (next?.text === 'true' || next?.text === 'false');
}

function isPrefix(manager: Manager, first: ShellWord, next: ShellWord): boolean {
  return manager.prefixes.has(first.text ?? '') && manager.verbs.has(`${first.text} ${next.text}`);
}

function actionOf(manager: Manager, verb: string): PackageAction {
  return verb === '' ? manager.bare : (manager.verbs.get(verb) ?? 'other');
}

/** pacman's verbs are capital flags: `-Syu`, `-S name`, `-R name`, `-Scc`. */
function pacmanCall(command: ShellCommand, args: readonly ShellWord[]): PackageManagerCall {
  const flags = args.filter(arg => arg.raw.startsWith('-'));
  const packages = args.filter(arg => !arg.raw.startsWith('-'));
  const verbWord = flags.find(flag => /^-[A-Z]|^--(?:sync|remove|upgrade|query)$/.test(flag.raw)) ?? null;
  const verb = verbWord?.raw ?? '';
  const sync = /^-\w*S|^--sync$/.test(verb);
  let action: PackageAction = 'other';
  if (/^-\w*R|^--remove$/.test(verb)) action = 'remove';
  else if (/^-\w*U|^--upgrade$/.test(verb)) action = 'install';
  else if (sync && /^-\w*c/.test(verb)) action = 'clean';
  else if (sync && packages.length > 0) action = 'install';
  else if (sync && /u/.test(verb)) action = 'upgrade';
  else if (sync && /y/.test(verb)) action = 'refresh';
  return { command, manager: 'pacman', program: 'pacman', verb, subcommand: verbWord, action, flags, packages };
}

/**
 * The flag of a command that says one of `names`: a long one alone or with `=value`, a short one alone, in a cluster (`-qqy` for `-y`) or
 * with its value attached. Give long names with their dashes, short ones as `-y`.
 */
export function findFlag(words: readonly ShellWord[], names: readonly string[]): ShellWord | undefined {
  return words.find(word => {
    const text = word.text ?? word.raw;
    return names.some(name => {
      if (text === name) return true;
      if (name.startsWith('--')) return text.startsWith(`${name}=`);
      return /^-[a-zA-Z]+$/.test(text) && name.length === 2 && text.includes(name[1]!);
    });
  });
}

/** What a flag is given: behind its equals sign, or the next word. `null` where there is nothing, or no static text. */
export function flagValue(words: readonly ShellWord[], names: readonly string[]): string | null {
  for (let i = 0; i < words.length; i++) {
    const text = words[i]!.text ?? words[i]!.raw;
    for (const name of names) {
      if (text === name) return words[i + 1]?.text ?? null;
      if (text.startsWith(`${name}=`)) return words[i]!.text?.slice(name.length + 1) ?? null;
    }
  }
  return null;
}
