import type { Range } from '../../../base/text/range';
import { memoize } from '../../../base/text/memoize';
import { interpreterOf, shebangOf } from '../../../syntax/shell/interpreter';
import { mappedSlice, sourceRange } from '../../../syntax/shell/mapped-text';
import { flagValue } from '../../../syntax/shell/package-manager';
import { parseScript } from '../../../syntax/shell/script';
import type { ShellCommand, ShellScript, ShellWord } from '../../../syntax/shell/types';
import { memoizeAlongChain, wholeText } from './chain';
import { runCommands } from './scripts';
import type { DockerfileModel, Instruction, Stage } from './types';

/** A user that the file creates. */
export interface CreatedUser {
  readonly name: string;
  /** Where the name is written, or the script is started that creates the user. */
  readonly range: Range;
  /** `null` where the system chooses it or a variable holds it. */
  readonly uid: number | null;
  readonly instruction: Instruction;
  /** The useradd or adduser; `null` on Windows, and where a script from a heredoc calls it. */
  readonly command: ShellCommand | null;
}

/** What the RUNs of a stage say of users, in order; those of its bases are asked for one by one, so that deep chains cost no more than long ones. */
interface UserFacts {
  readonly created: readonly CreatedUser[];
  /** Names that are put into supplementary groups. */
  readonly grouped: ReadonlySet<string>;
  /** Names whose number is changed, or who are removed again. */
  readonly changed: ReadonlySet<string>;
}

/** Flags of useradd, usermod and adduser whose value is the next word. */
const valueFlags = new Set(
  '-u --uid -g --gid -G --groups --ingroup -d --home -h --home-dir -s --shell -c --comment --gecos -k --skel -b --base-dir -e --expiredate -f --inactive -p --password -K --key -r_ --firstuid --lastuid -l_ --login'.split(
    ' ',
  ),
);

/** What changes users, so that nothing else has to be looked at. */
const tools: ReadonlySet<string | null> = new Set('useradd adduser usermod gpasswd addgroup userdel deluser'.split(' '));

const userFacts = memoize((stage: Stage): UserFacts => {
  const created: CreatedUser[] = [];
  const grouped = new Set<string>();
  const changed = new Set<string>();
  const read = (instruction: Instruction, command: ShellCommand, place: Range | null): void => {
    const { name, args } = command;
    const names = plainWords(args);
    const cluster = args.findIndex(a => /^-[a-zA-Z]+G$/.test(a.text ?? ''));
    const groups = flagValue(args, ['-G', '--groups']) ?? (cluster < 0 ? null : args[cluster + 1]?.text);
    const member = name === 'gpasswd' ? (flagValue(args, ['-a', '--add']) ?? undefined) : names[0]?.text;
    if (member == null) return;
    if (name === 'userdel' || name === 'deluser') changed.add(member);
    if (name === 'usermod' && args.some(a => /^-\w*u$|^--uid/.test(a.text ?? ''))) changed.add(member);
    if ((name === 'useradd' || name === 'adduser') && names.length === 1 && /^[a-z_][\w-]*\$?$/i.test(member))
      created.push({ name: member, range: place ?? names[0]!.range, uid: uidOf(args), instruction, command: place ? null : command });
    const joins = name === 'gpasswd' || ((name === 'adduser' || name === 'addgroup') && names.length === 2);
    if (joins || ((name === 'useradd' || name === 'usermod') && groups != null && groups !== '')) grouped.add(member);
  };
  const scripts = new Map<string, ShellScript>();
  for (const instruction of stage.instructions) {
    if (instruction.heredocs.length > 0 && instruction.keyword === 'COPY') addScripts(instruction, scripts);
    if (instruction.keyword !== 'RUN') continue;
    if (stage.windows) readWindows(instruction, created, grouped);
    // most RUNs have nothing to do with users, and need not be parsed for that
    if (scripts.size === 0 && !/user|group|passwd/.test(wholeText(instruction))) continue;
    for (const { command } of runCommands(instruction)) {
      if (tools.has(command.name)) read(instruction, command, null);
      const script = scripts.size > 0 && command.nameWord?.text ? scripts.get(command.nameWord.text) : undefined;
      for (const inner of script?.commands ?? []) if (tools.has(inner.name)) read(instruction, inner, command.nameWord!.range);
    }
  }
  return { created, grouped, changed };
});

/** Scripts that a COPY writes from a heredoc, by their paths: a RUN behind it may start them. */
function addScripts({ heredocs, words }: Instruction, scripts: Map<string, ShellScript>): void {
  const [heredoc] = heredocs;
  if (heredocs.length !== 1 || !/\b(?:user(?:add|mod)|adduser|addgroup|gpasswd)\b/.test(heredoc!.content)) return;
  const shell = shebangOf(heredoc!.content) ?? interpreterOf(['/bin/sh']);
  scripts.set(words.at(-1)?.text ?? '', parseScript(mappedSlice(heredoc!.content, heredoc!.bodyRange.start), shell));
}

/** The words that are neither flags nor the values of flags; empty where a variable could be either. */
function plainWords(args: readonly ShellWord[]): readonly ShellWord[] {
  const plain: ShellWord[] = [];
  for (let i = 0; i < args.length; i++) {
    const text = args[i]!.text;
    if (text === null) return [];
    if (!text.startsWith('-')) plain.push(args[i]!);
    else if (valueFlags.has(text) || /^-[a-zA-Z]*[ugGdshckbefpK]$/.test(text)) i++;
  }
  return plain;
}

/** The word that gives useradd or adduser a UID: behind its flag, or with it (`--uid=1000`). */
export function uidWord(args: readonly ShellWord[]): ShellWord | null {
  for (let i = 0; i < args.length; i++) {
    const text = args[i]!.text ?? '';
    if (text === '--uid' || /^-[a-zA-Z]*u$/.test(text)) return args[i + 1] ?? null;
    if (text.startsWith('--uid=') || /^-u\d+$/.test(text)) return args[i]!;
  }
  return null;
}

function uidOf(args: readonly ShellWord[]): number | null {
  const digits = /^(?:--uid=|-u)?(\d+)$/.exec(uidWord(args)?.text ?? '')?.[1];
  return digits === undefined ? null : Number(digits);
}

/** `net user`, `net localgroup` and what PowerShell has for them: scripts of Windows are not parsed. */
function readWindows(instruction: Instruction, created: CreatedUser[], grouped: Set<string>): void {
  const { script } = instruction;
  if (!script || !/net\s+(?:user|localgroup)|-Local/i.test(script.text)) return;
  let at = 0;
  for (const part of script.text.split(/[;&|\n]/)) {
    const words = part.trim().split(/\s+/);
    const [first, second] = words.map(word => word.toLowerCase());
    const after = (flag: string): string | undefined => {
      const at = words.findIndex(word => word.toLowerCase() === flag);
      return at < 0 ? undefined : words[at + 1];
    };
    const added = words.some(word => word.toLowerCase() === '/add');
    const name =
      first === 'new-localuser' ? (after('-name') ?? words[1]) : first === 'net' && second === 'user' && added ? words[2] : undefined;
    const member = first === 'add-localgroupmember' ? after('-member') : second === 'localgroup' && added ? words[3] : undefined;
    if (name) {
      const start = at + part.indexOf(name);
      created.push({ name, range: sourceRange(script, start, start + name.length), uid: null, instruction, command: null });
    }
    if (member) grouped.add(member.toLowerCase());
    at += part.length + 1;
  }
}

/** The users that the RUNs of a stage and its bases create, in order. */
export const createdUsers = memoizeAlongChain((stage, base: readonly CreatedUser[] = []): readonly CreatedUser[] => {
  const { created } = userFacts(stage);
  return created.length === 0 ? base : [...base, ...created];
});

/** Whether a user is put into supplementary groups; letter case means nothing on Windows. */
export function hasGroups(stage: Stage, user: string): boolean {
  const name = stage.windows ? user.toLowerCase() : user;
  for (let at: Stage | null = stage; at !== null; at = at.base) if (userFacts(at).grouped.has(name)) return true;
  return false;
}

/** The number that a file gives the user of a name; `null` where it says none, two, or changes it. */
export function createdUid(stage: Stage, name: string): number | null {
  const own = createdUsers(stage).filter(user => user.name === name);
  return isChangedUser(stage, name) || own.some(user => user.uid !== own[0]!.uid) ? null : (own[0]?.uid ?? null);
}

/** The home directory that a file makes for the user of a name, as its command says; `null`: it makes none, or that is not certain. */
function createdHome(stage: Stage, name: string): string | null {
  const own = createdUsers(stage).filter(user => user.name === name);
  const command = own.length === 1 ? own[0]!.command : null;
  if (!command || isChangedUser(stage, name)) return null;
  const words = command.args.map(({ text }) => text ?? '');
  const has = (letters: string, ...flags: readonly string[]): boolean =>
    words.some(
      word => flags.includes(word.split('=', 1)[0]!) || (/^-[a-zA-Z]{1,8}$/.test(word) && [...letters].some(one => word.includes(one))),
    );
  const isAdduser = command.name === 'adduser';
  // adduser of Debian gives a system user no home of its own; the one of BusyBox has no long flags
  if (isAdduser ? has('HS', '--system', '--no-create-home') : !has('m', '--create-home') || has('Mb', '--base-dir')) return null;
  const flags = isAdduser ? ['-h', '--home'] : ['-d', '--home', '--home-dir'];
  const home = flagValue(command.args, flags) ?? (has('dh', '--home', '--home-dir') ? null : `/home/${name}`);
  return home?.startsWith('/') ? home : null;
}

/** The home directory of the user that a stage starts as, where that is one that it or its base makes; `null`: not known. */
export function homeOf(stage: Stage): string | null {
  const { name } = userParts(stage.state.user?.value ?? '');
  if (/^(?:node|1000)$/.test(name) && /^(?:docker\.io\/)?(?:library\/)?node(?::|@|$)/.test(stage.root.image.text ?? ''))
    return '/home/node';
  return createdHome(stage, name);
}

/** The number of the first user of a name that any stage of a file creates with one. */
export const fileUids = memoize((file: DockerfileModel): ReadonlyMap<string, number> => {
  const found = new Map<string, number>();
  for (const stage of file.stages) {
    for (const { name, uid } of userFacts(stage).created) if (uid !== null && !found.has(name)) found.set(name, uid);
  }
  return found;
});

/** Whether a file changes the number of a user, or removes the user. */
export function isChangedUser(stage: Stage, name: string): boolean {
  for (let at: Stage | null = stage; at !== null; at = at.base) if (userFacts(at).changed.has(name)) return true;
  return false;
}

/** Whether a user as USER names it is root: by name or number, with or without a group. */
export function isRootUser(user: string): boolean {
  return /^(?:root|0+)(?::|$)/.test(user.trim());
}

/** A user as USER and `--chown` name it, taken apart; `''` where no group is named. */
export function userParts(user: string): { readonly name: string; readonly group: string } {
  const colon = user.indexOf(':');
  return colon < 0 ? { name: user.trim(), group: '' } : { name: user.slice(0, colon).trim(), group: user.slice(colon + 1).trim() };
}

/** Whether a user or group is given by number. */
export function isNumber(id: string): boolean {
  return /^\d+$/.test(id);
}
