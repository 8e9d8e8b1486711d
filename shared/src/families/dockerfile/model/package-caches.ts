import { findFlag, packageManagerCall } from '../../../syntax/shell/package-manager';
import type { PackageManagerCall, ShellCommand, ShellScript, ShellWord } from '../../../syntax/shell/types';
import { managersByProgram } from '../../../syntax/shell/package-manager-table';
import { isSetBefore } from './chain';
import { installsLater } from './package-lists';
import { runCommands } from './scripts';
import type { Instruction, RunCommand } from './types';
import { withoutEnd } from '../../../base/text/ends';

/** What a RUN fetches with a package manager and leaves in its layer. */
export interface LeftCache {
  /** Lists of what there is, or packages as they were downloaded. */
  readonly kind: 'lists' | 'cache';
  /** The word that fetches: the verb of the call. */
  readonly word: ShellWord;
  /** The command as people say it: `apt-get update`. */
  readonly command: string;
  /** `null`: only a person can tell what to do. */
  readonly cure: CacheRemedy | null;
}

/** What keeps a cache out of the layer. */
export type CacheRemedy =
  /** A command behind a call, or at the end of its script. The installs in later RUNs rely on the lists that it removes. */
  | { readonly by: 'cleaning'; readonly text: string; readonly call: PackageManagerCall; readonly atEnd: boolean; readonly relying: readonly RunCommand[] }
  /** A flag behind the verb, which makes others needless. */
  | { readonly by: 'flag'; readonly flag: string; readonly needless: readonly ShellWord[] }
  /** The call is needless. */
  | { readonly by: 'removal'; readonly call: PackageManagerCall }; // prettier-ignore

/** The folder of apt's package lists, and those above it that are apt's own. */
export const aptLists = /^\/var\/lib\/apt(?:\/lists)?(?:\/|$)/;

/** Whether a cache or tmpfs mount lies on a folder or on one above it, so that what is written there stays out of the layer. */
export function mountCovers(instruction: Instruction, folder: string): boolean {
  return instruction.mounts.some(mount => {
    const target = mount.get('target');
    if (target === undefined || !/^(?:cache|tmpfs)$/.test(mount.type)) return false;
    const own = withoutEnd(target, '/');
    return folder === own || folder.startsWith(`${own}/`);
  });
}

/** Whether a command removes what a pattern names; `find -delete` and scripts that clean up count. */
function cleans({ name, args, inner }: ShellCommand, folder: RegExp): boolean {
  if (inner) return false;
  if (/clean/i.test(name ?? '')) return true;
  // a manager behind a program that is not known: `nosync dnf clean all`
  const manager = args.findIndex(({ text }) => text !== null && managersByProgram.has(text));
  if (manager >= 0 && args.slice(manager + 1).some(({ text }) => text === 'clean')) return true;
  return (
    ['rm', 'find', 'truncate', 'unlink'].includes(name ?? '') && args.some(arg => folder.test(arg.text ?? arg.raw.replace(/^["']/, '')))
  );
}

/** Gives whether a command after another, in the same script, removes what a pattern names. Each script is read once, however many ask. */
export function cleanedLater(folder: RegExp): (command: ShellCommand) => boolean {
  const last = new Map<ShellScript, number>();
  return ({ script, range }) => {
    if (!last.has(script)) last.set(script, script.commands.findLast(command => cleans(command, folder))?.range.start ?? -1);
    return last.get(script)! > range.start;
  };
}

/** Whether a command behind this one, in the same script, removes what a pattern names. */
export function isCleanedLater(command: ShellCommand, folder: RegExp): boolean {
  return cleanedLater(folder)(command);
}

/** Whether a cache or tmpfs mount is meant for the cache of a tool, as far as the name of its folder tells. */
function hasMount({ mounts }: Instruction, target: RegExp): boolean {
  return mounts.some(mount => /^(?:cache|tmpfs)$/.test(mount.type) && target.test(mount.get('target') ?? ''));
}

const lastThat = (calls: readonly PackageManagerCall[], actions: readonly string[]): PackageManagerCall | undefined =>
  calls.findLast(call => actions.includes(call.action));

/** Whether a call follows another. */
const follows = (call: PackageManagerCall, other: PackageManagerCall): boolean => call.command.range.start > other.command.range.start;

function leftBy(call: PackageManagerCall, kind: LeftCache['kind'], cure: CacheRemedy | null, program = call.program): LeftCache {
  return { kind, word: call.subcommand!, command: `${program} ${call.verb}`, cure };
}

function cleaning(text: string, call: PackageManagerCall, atEnd = false, relying: readonly RunCommand[] = []): CacheRemedy {
  return { by: 'cleaning', text, call, atEnd, relying };
}

type Judge = (instruction: Instruction, calls: readonly PackageManagerCall[]) => readonly LeftCache[];

const dockerClean = /\/docker-clean\b/;

/** Debian's images empty apt's archive cache after each install, unless the file that says so is taken away. */
const aptArchives: Judge = (instruction, calls) => {
  const last = lastThat(calls, ['install', 'upgrade']);
  if (!last || !isSetBefore(instruction, dockerClean) || mountCovers(instruction, '/var/cache/apt/archives')) return [];
  if (calls.some(call => call.action === 'clean' && follows(call, last))) return [];
  if (isCleanedLater(last.command, /^\/var\/cache(?:\/apt)?(?:\/|\*|$)/)) return [];
  return [leftBy(last, 'cache', cleaning('apt-get clean', last))];
};

const apt: Judge = (instruction, calls) => {
  const archives = aptArchives(instruction, calls);
  const refresh = lastThat(calls, ['refresh']);
  if (!refresh || isCleanedLater(refresh.command, aptLists) || calls.some(c => /^dist-?clean$/.test(c.verb))) return archives;
  if (mountCovers(instruction, '/var/lib/apt/lists')) return archives;
  const last = lastThat(calls, ['install', 'upgrade', 'refresh'])!;
  // Lists that nothing here uses are for a later instruction, or for a script that is not seen.
  const relying = last === refresh ? null : installsLater(instruction, 'apt-get');
  const cure = relying && cleaning('rm -rf /var/lib/apt/lists/*', last, true, relying);
  return [leftBy(refresh, 'lists', cure), ...archives];
};

const apkCache = /^\/var\/cache\/apk(?:\/|$)/;

const apk: Judge = (instruction, calls) => {
  if (mountCovers(instruction, '/var/cache/apk') || mountCovers(instruction, '/etc/apk/cache')) return [];
  const uncached = calls.filter(
    call => ['install', 'upgrade'].includes(call.action) && !findFlag(call.flags, ['--no-cache', '--no-network']),
  );
  const isCleaned = cleanedLater(apkCache);
  const found = uncached
    .filter(call => !isCleaned(call.command))
    .map(call => {
      const needless = call.flags.filter(flag => ['-U', '--update', '--update-cache'].includes(flag.text ?? ''));
      return leftBy(call, 'cache', { by: 'flag', flag: '--no-cache', needless });
    });
  const refresh = calls.find(call => call.action === 'refresh' && !findFlag(call.flags, ['--no-cache']));
  if (!refresh || uncached.length > 0 || isCleaned(refresh.command)) return found;
  const needed = installsLater(instruction, 'apk').length > 0;
  return [leftBy(refresh, 'lists', needed ? null : { by: 'removal', call: refresh })];
};

/** Whether a call cleans everything: `clean metadata` leaves the packages. */
function isWhole({ action, manager, packages }: PackageManagerCall): boolean {
  return action === 'clean' && (manager === 'zypper' || packages.some(word => word.text === 'all'));
}

const rpm: Judge = (instruction, calls) => {
  const { manager, program } = calls[0]!;
  const last = lastThat(calls, ['install', 'upgrade']);
  const folder = manager === 'zypper' ? 'zypp' : manager === 'tdnf' ? 'tdnf' : 'dnf';
  if (!last || [folder, 'libdnf5', 'yum'].some(name => mountCovers(instruction, `/var/cache/${name}`))) return [];
  if (calls.some(call => isWhole(call) && follows(call, last))) return [];
  if (isCleanedLater(last.command, /^\/var\/(?:cache|tmp)(?:\/(?:dnf|yum|libdnf5|tdnf|zypp)?|\*|$)/)) return [];
  return [leftBy(last, 'cache', cleaning(manager === 'zypper' ? 'zypper clean --all' : `${program} clean all`, last))];
};

/** `-Scc --noconfirm` keeps everything, since "no" is what it takes for an answer then: the files go by name. */
const pacman: Judge = (instruction, calls) => {
  const last = lastThat(calls, ['install', 'upgrade']);
  if (!last || mountCovers(instruction, '/var/cache/pacman/pkg')) return [];
  if (calls.some(call => call.action === 'clean' && follows(call, last)) || findFlag(last.flags, ['-w', '--print', '--cachedir']))
    return [];
  if (isCleanedLater(last.command, /^\/var\/(?:cache\/?(?:pacman|\*|$)|\*)/)) return [];
  return [leftBy(last, 'cache', cleaning('rm -rf /var/cache/pacman/pkg/*', last))];
};

const pipSetting = 'PIP_NO_CACHE_DIR';

const pip: Judge = (instruction, calls) => {
  const setsOwn = ({ assignments }: ShellCommand): boolean => assignments.some(a => a.name === pipSetting);
  if (runCommands(instruction).some(({ command }) => command.name === 'export' && setsOwn(command))) return [];
  if (instruction.stage?.variable(pipSetting, instruction)?.value || hasMount(instruction, /cache|pip|^\/root$/i)) return [];
  if (calls.some(call => call.action === 'clean')) return [];
  const isCleaned = cleanedLater(/^(?:\/root|~|\$HOME|\$\{HOME\})\/(?:\.cache|\.\*|\*)|^\/root\/\.c/);
  return calls
    .filter(
      ({ command, action, flags }) =>
        action === 'install' &&
        !findFlag(flags, ['--no-cache-dir', '--cache-dir', '--no-cache', '--dry-run']) &&
        !setsOwn(command) &&
        !isCleaned(command),
    )
    .map(call => {
      const program = /^pip3?$/.test(call.program) ? call.program : `${call.program} -m pip`;
      return leftBy(call, 'cache', { by: 'flag', flag: '--no-cache-dir', needless: [] }, program);
    });
};

const yarn: Judge = (instruction, calls) => {
  const last = lastThat(calls, ['install']);
  // Yarn 2 and later may keep the packages themselves in their cache.
  const modern = calls.some(
    call => call.verb === 'workspaces focus' || findFlag(call.flags, ['--immutable', '--inline-builds', '--check-cache', '--mode']),
  );
  if (!last || modern || hasMount(instruction, /yarn|cache|^\/root$/i)) return [];
  if (calls.some(call => call.action === 'clean' && follows(call, last)) || findFlag(last.flags, ['--cache-folder'])) return [];
  return isCleanedLater(last.command, /cache|yarn/) ? [] : [leftBy(last, 'cache', cleaning('yarn cache clean', last))];
};

const judges: ReadonlyMap<string, Judge> = new Map([
  ['apt-get', apt],
  ['apk', apk],
  ...['dnf', 'yum', 'microdnf', 'tdnf', 'zypper'].map(name => [name, rpm] as const),
  ['pacman', pacman],
  ['pip', pip],
  ['yarn', yarn],
]);

/** What the package managers of a RUN leave in its layer: lists and downloads that no flag, mount, variable or later command keeps out. */
export function leftCaches(instruction: Instruction): readonly LeftCache[] {
  const byManager = new Map<string, PackageManagerCall[]>();
  for (const { command } of runCommands(instruction)) {
    const call = packageManagerCall(command);
    if (!call?.subcommand || !judges.has(call.manager) || findFlag(call.flags, ['--installroot', '--root', '-p', '--help'])) continue;
    const calls = byManager.get(call.manager);
    if (calls) calls.push(call);
    else byManager.set(call.manager, [call]);
  }
  return [...byManager].flatMap(([manager, calls]) => judges.get(manager)!(instruction, calls));
}
