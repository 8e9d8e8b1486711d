import type { PackageManagerCall, Pipeline, ShellCommand } from '../../../syntax/shell/types';
import { isSetBefore } from './chain';
import { systemManagers } from './packages';
import { runCommands } from './scripts';
import type { Instruction, Setting } from './types';
import { createdUid, isRootUser, userParts } from './users';

/** A call of a package manager that is refused, since somebody else than root makes it. */
export interface RefusedCall {
  readonly command: ShellCommand;
  readonly user: string;
  /** The USER in force. */
  readonly set: Setting;
}

/** Managers that let nobody but root clean up either, nor fetch lists (measured); dnf and its like have caches for everybody. */
const strict: ReadonlySet<string> = new Set(['apt-get', 'zypper', 'pacman']);
/** Options with which a manager only says what it would do, or works elsewhere than in the image. */
const aside =
  /^--(?:simulate|just-print|dry-run|recon|no-act|print|print-uris|assumeno|help|root|installroot|sysroot|dbpath|initdb|usermode)(?:=|$)/;
/** The same as letters. */
const asideLetters: Readonly<Record<string, RegExp>> = {
  'apt-get': /^-[a-zA-Z]*[shc]/,
  apk: /^-[a-zA-Z]*[shp]/,
  zypper: /^-[a-zA-Z]*[hRD]/,
  pacman: /^-[a-zA-Z]*[hrbp]/,
};
/** Settings of apt that put its files elsewhere, or lock none. */
const aptAside = /\b(?:Dir|RootDir|NoLocking|Simulate)\b/;

/** Whether nobody but root can do what a package manager is called for. */
function needsRoot({ manager, action, flags, command }: PackageManagerCall): boolean {
  const changes = action === 'install' || action === 'upgrade' || action === 'remove';
  const fetches = action === 'refresh' && (strict.has(manager) || manager === 'apk');
  if (!systemManagers.has(manager) || !(changes || fetches || (action === 'clean' && strict.has(manager)))) return false;
  if (flags.some(({ raw }) => aside.test(raw) || asideLetters[manager]?.test(raw))) return false;
  return manager !== 'apt-get' || !command.args.some(({ raw }) => aptAside.test(raw));
}

/** What runs a command as whoever calls it. */
const sameUser = new Set(
  'sh bash dash ash ksh zsh eval env exec command builtin time nice ionice nohup setsid timeout stdbuf xargs eatmydata'.split(' '),
);
/** What asks something, so that only one answer leads on. */
const asks = new Set('[ [[ test command which type hash id grep false'.split(' '));

/** Whether a pipeline runs whenever its script does, or fails with what stands before it, and nothing makes up for its own failure. */
function isCertain({ list: { kind, pipelines }, index, negated }: Pipeline): boolean {
  if (kind !== 'script' || negated) return false;
  let last = index;
  while (pipelines[last]!.after === '&&') last++;
  if (pipelines[last]!.after === '||' || pipelines[last]!.after === '&') return false;
  for (let at = index - 1; at >= 0; at--) {
    const { after, members, negated: isAsking } = pipelines[at]!;
    if (after === '||') return false;
    if (after !== '&&') return true;
    if (isAsking || members.some(({ command }) => command === null || asks.has(command.name ?? ''))) return false;
  }
  return true;
}

/** Whether a RUN certainly executes a command, as its own user. */
function isPlain(command: ShellCommand): boolean {
  for (let at: ShellCommand | null = command; at !== null; at = at.outer ?? at.script.owner) {
    if ((at !== command && !sameUser.has(at.name ?? '')) || !isCertain(at.pipeline)) return false;
  }
  return true;
}

/** What may let somebody else do what is root's: capabilities, setuid bits, and folders of the system that are given away. */
const givesAway =
  /setcap|chmod (?:[ug]{0,2}\+s|[2467][0-7]{3} )|ch(?:own|mod|grp) [^\n]{0,80} \/(?:var(?:\/(?:lib|cache))?|lib|etc|usr)?(?:\/(?:apt|apk|dpkg|rpm|dnf|yum|pacman|zypp)|\/?(?:\s|$))/;

/** The first call of a package manager of the operating system in a RUN that fails, since a USER of the file says that somebody else than root makes it. */
export function refusedCall(instruction: Instruction): RefusedCall | null {
  const { keyword, onbuildParent, stage, stateBefore } = instruction;
  if (keyword !== 'RUN' || onbuildParent) return null;
  const found = runCommands(instruction).find(({ command: { packageCall: call } }) => call !== null && needsRoot(call));
  if (!found || !isPlain(found.command) || !stage || stage.windows) return null;
  const set = stateBefore?.user;
  const user = set?.value ?? '';
  if (!set || user === '' || isRootUser(user) || createdUid(stage, userParts(user).name) === 0) return null;
  return isSetBefore(instruction, givesAway) ? null : { command: found.command, user, set };
}
