import { aptLists, installsLater, isCleanedLater, mountCovers, topPipeline, withOwnLists } from '../../fix/dockerfile/package-cache';
import type { Operation } from '../../fix/types';
import { isInherited, isSetBefore } from '../../model/dockerfile/chain';
import { runCommands } from '../../model/dockerfile/scripts';
import type { Instruction } from '../../model/dockerfile/types';
import { findFlag, packageManagerCall, type PackageManagerCall } from '../../model/shell/package-manager';
import { defineRule, left, type Attachment, type Report } from '../../rule/define-rule';

type CacheReport = Report<'lists' | 'cache', 'clean' | 'none'>;

const rpm = ['dnf', 'yum', 'microdnf', 'tdnf', 'zypper'];

/** The package manager calls of a RUN, one list for each manager. */
function callsOf(instruction: Instruction): ReadonlyMap<string, readonly PackageManagerCall[]> {
  const calls = new Map<string, PackageManagerCall[]>();
  for (const { command } of runCommands(instruction)) {
    const call = packageManagerCall(command);
    if (!call?.subcommand || findFlag(call.flags, ['--installroot', '--root', '-p', '--help'])) continue;
    calls.set(call.manager, [...(calls.get(call.manager) ?? []), call]);
  }
  return calls;
}

/** Appends what cleans up, as a fix: behind the last call of a manager, or at the end of the script. */
function append(
  instruction: Instruction,
  { command }: PackageManagerCall,
  text: string,
  report: CacheReport,
  more: Partial<Appended> = {},
): Attachment {
  const at = topPipeline(instruction, command, more.atEnd);
  if (!at || instruction.json || instruction.parent) return left('no-fix');
  const { operations = [], assumes } = more;
  const add: Operation = {
    type: 'dockerfile.append-command',
    range: at.range,
    text: `${command.outer?.name === 'sudo' ? 'sudo ' : ''}${text}`,
  };
  return report.fix('clean', () => [add, ...operations], {
    data: { command: text },
    ...(assumes && { class: 'review', assumes: [{ id: assumes }] }),
  });
}

interface Appended {
  readonly atEnd: boolean;
  readonly operations: readonly Operation[];
  readonly assumes: string;
}

const dockerClean = /\/docker-clean\b/;

/** Debian's images empty apt's archive cache after each install, unless the file that says so is taken away. */
function checkArchives(instruction: Instruction, calls: readonly PackageManagerCall[], report: CacheReport): void {
  const last = calls.filter(call => call.action === 'install' || call.action === 'upgrade').at(-1);
  if (!last || !isSetBefore(instruction, dockerClean) || mountCovers(instruction, '/var/cache/apt/archives')) return;
  const { range } = last.command;
  if (calls.some(call => call.action === 'clean' && call.command.range.start > range.start)) return;
  if (isCleanedLater(last.command, /^\/var\/cache(?:\/apt)?(?:\/|\*|$)/)) return;
  report(last.subcommand!.range, 'cache', { command: `${last.program} ${last.verb}` }, append(instruction, last, 'apt-get clean', report));
}

function checkApt(instruction: Instruction, calls: readonly PackageManagerCall[], report: CacheReport): void {
  const refresh = calls.filter(call => call.action === 'refresh').at(-1);
  if (!refresh || isCleanedLater(refresh.command, aptLists) || calls.some(c => /^dist-?clean$/.test(c.verb))) return;
  if (mountCovers(instruction, '/var/lib/apt/lists')) return;
  const last = calls.filter(call => ['install', 'upgrade', 'refresh'].includes(call.action)).at(-1)!;
  // Lists that nothing here uses are for a later instruction, or for a script that is not seen.
  const needed = installsLater(instruction, 'apt-get');
  const operations = last === refresh ? null : withOwnLists(needed);
  const fix =
    operations &&
    append(instruction, last, 'rm -rf /var/lib/apt/lists/*', report, {
      atEnd: true,
      operations,
      ...(needed.length > 0 && { assumes: 'lists' }),
    });
  report(refresh.subcommand!.range, 'lists', { command: `${refresh.program} ${refresh.verb}` }, fix ?? left('no-fix'));
}

function checkApk(instruction: Instruction, calls: readonly PackageManagerCall[], report: CacheReport): void {
  if (mountCovers(instruction, '/var/cache/apk') || mountCovers(instruction, '/etc/apk/cache')) return;
  const simple = !instruction.json && !instruction.parent;
  const uncached = calls.filter(
    call => ['install', 'upgrade'].includes(call.action) && !findFlag(call.flags, ['--no-cache', '--no-network']),
  );
  for (const call of uncached) {
    if (isCleanedLater(call.command, /^\/var\/cache\/apk(?:\/|$)/)) continue;
    const update = call.flags.filter(flag => ['-U', '--update', '--update-cache'].includes(flag.text ?? ''));
    report(
      call.subcommand!.range,
      'cache',
      { command: `apk ${call.verb}` },
      simple
        ? report.fix(
            'none',
            () => [
              { type: 'dockerfile.insert-words', offset: call.subcommand!.range.end, text: '--no-cache' },
              ...update.map(flag => ({ type: 'dockerfile.remove-words', range: flag.range }) as const),
            ],
            { data: { flag: '--no-cache' }, group: 'apk-cache' },
          )
        : left('no-fix'),
    );
  }
  const refresh = calls.find(call => call.action === 'refresh' && !findFlag(call.flags, ['--no-cache']));
  if (!refresh || uncached.length > 0 || isCleanedLater(refresh.command, /^\/var\/cache\/apk(?:\/|$)/)) return;
  const alone = installsLater(instruction, 'apk').length > 0;
  const at = topPipeline(instruction, refresh.command);
  const removable =
    simple && !alone && at !== null && at.range.start === refresh.command.range.start && at.range.end === refresh.command.range.end;
  report(
    refresh.subcommand!.range,
    'lists',
    { command: 'apk update' },
    removable
      ? report.fix('clean', () => [{ type: 'dockerfile.remove-command', range: at.range }], {
          data: { command: 'apk --no-cache without update' },
        })
      : left('no-fix'),
  );
}

/** Whether a call cleans everything: `clean metadata` leaves the packages. */
function isWhole({ action, manager, packages }: PackageManagerCall): boolean {
  return action === 'clean' && (manager === 'zypper' || packages.some(word => word.text === 'all'));
}

function checkRpm(instruction: Instruction, calls: readonly PackageManagerCall[], report: CacheReport): void {
  const { manager, program } = calls[0]!;
  const last = calls.filter(call => ['install', 'upgrade'].includes(call.action)).at(-1);
  const folder =
    manager === 'zypper' ? '/var/cache/zypp' : manager === 'yum' || manager === 'tdnf' ? `/var/cache/${manager}` : '/var/cache/dnf';
  if (
    !last ||
    mountCovers(instruction, folder) ||
    mountCovers(instruction, '/var/cache/libdnf5') ||
    mountCovers(instruction, '/var/cache/yum')
  )
    return;
  if (calls.some(call => isWhole(call) && call.command.range.start > last.command.range.start)) return;
  if (isCleanedLater(last.command, /^\/var\/(?:cache|tmp)(?:\/(?:dnf|yum|libdnf5|tdnf|zypp)?|\*|$)/)) return;
  const text = manager === 'zypper' ? 'zypper clean --all' : `${program} clean all`;
  report(last.subcommand!.range, 'cache', { command: `${program} ${last.verb}` }, append(instruction, last, text, report));
}

function checkPip(instruction: Instruction, calls: readonly PackageManagerCall[], report: CacheReport): void {
  const { stage, json, parent, mounts } = instruction;
  if (exportsVariable(instruction)) return;
  if (
    stage?.variable('PIP_NO_CACHE_DIR', instruction)?.value ||
    mounts.some(m => /^(?:cache|tmpfs)$/.test(m.type) && /cache|pip|^\/root$/i.test(m.get('target') ?? ''))
  )
    return;
  for (const { command, action, flags, subcommand, program, verb } of calls) {
    if (action !== 'install' || findFlag(flags, ['--no-cache-dir', '--cache-dir', '--no-cache', '--dry-run'])) continue;
    if (command.assignments.some(a => a.name === 'PIP_NO_CACHE_DIR')) continue;
    if (
      isCleanedLater(command, /^(?:\/root|~|\$HOME|\$\{HOME\})\/(?:\.cache|\.\*|\*)|^\/root\/\.c/) ||
      calls.some(c => c.action === 'clean')
    )
      continue;
    const flag = '--no-cache-dir';
    report(
      subcommand!.range,
      'cache',
      { command: `${program === 'pip' || program === 'pip3' ? program : `${program} -m pip`} ${verb}` },
      json || parent
        ? left('no-fix')
        : report.fix('none', () => [{ type: 'dockerfile.insert-words', offset: subcommand!.range.end, text: flag }], { data: { flag } }),
    );
  }
}

function exportsVariable(instruction: Instruction): boolean {
  return runCommands(instruction).some(
    ({ command }) => command.name === 'export' && command.assignments.some(a => a.name === 'PIP_NO_CACHE_DIR'),
  );
}

function checkYarn(instruction: Instruction, calls: readonly PackageManagerCall[], report: CacheReport): void {
  const last = calls.filter(call => call.action === 'install').at(-1);
  // Yarn 2 and later may keep the packages themselves in their cache.
  const modern = calls.some(
    call => call.verb === 'workspaces focus' || findFlag(call.flags, ['--immutable', '--inline-builds', '--check-cache', '--mode']),
  );
  if (
    !last ||
    modern ||
    instruction.mounts.some(m => /^(?:cache|tmpfs)$/.test(m.type) && /yarn|cache|^\/root$/i.test(m.get('target') ?? ''))
  )
    return;
  if (
    calls.some(call => call.action === 'clean' && call.command.range.start > last.command.range.start) ||
    findFlag(last.flags, ['--cache-folder']) ||
    isCleanedLater(last.command, /cache|yarn/)
  )
    return;
  report(
    last.subcommand!.range,
    'cache',
    { command: `yarn ${last.verb}` },
    append(instruction, last, 'yarn cache clean', report, { assumes: 'classic' }),
  );
}

export const rule = defineRule({
  id: 'dockerfile/package-cache-left',
  title: 'Package cache left in a layer',
  severity: 'info',
  category: 'surface',
  profile: 'recommended',
  references: { cisDocker: ['4.3'], nist800190: ['3.1.2'], cwe: ['CWE-459'] },
  peers: {
    hadolint: ['DL3009', 'DL3019', 'DL3032', 'DL3036', 'DL3040', 'DL3042', 'DL3060'],
    trivy: ['DS-0015', 'DS-0019', 'DS-0020', 'DS-0025', 'DS-0027'],
    kics: [
      'Apt Get Install Lists Were Not Deleted',
      'Apk Add Using Local Cache Path',
      'Yum Clean All Missing',
      'Missing Dnf Clean All',
      'Missing Zypper Clean',
      'Pip install Keeping Cached Packages',
      'Run yarn clean after yarn install',
    ],
    dockle: ['DKL-DI-0004', 'DKL-DI-0005'],
    semgrep: ['remove-package-lists', 'missing-apk-no-cache', 'missing-dnf-clean-all', 'missing-zypper-clean', 'missing-pip-no-cache-dir'],
    dockerfilelint: ['apt-get_missing_rm'],
  },
  messages: {
    lists: { text: '"{command}" leaves its package lists in the image' },
    cache: { text: '"{command}" leaves what it downloaded in the image' },
  },
  fixes: {
    clean: { title: 'Clean up in the same layer: {command}', class: 'safe' },
    none: { title: 'Add {flag}', class: 'safe' },
  },
  assumptions: {
    lists: 'Later installs fetch their package lists themselves, as the fix lets them',
    classic: 'Yarn is version 1, whose cache holds copies only',
  },
  on: {
    instruction(instruction, report) {
      const { keyword, stage } = instruction;
      // What a stage that only hands files on leaves behind is in no image; a trigger runs in builds that start from one.
      if (keyword !== 'RUN' || !stage || !(instruction.parent || isInherited(stage))) return;
      for (const [manager, calls] of callsOf(instruction)) {
        if (manager === 'apt-get') {
          checkApt(instruction, calls, report);
          checkArchives(instruction, calls, report);
        } else if (manager === 'apk') checkApk(instruction, calls, report);
        else if (manager === 'pip') checkPip(instruction, calls, report);
        else if (manager === 'yarn') checkYarn(instruction, calls, report);
        else if (rpm.includes(manager)) checkRpm(instruction, calls, report);
      }
    },
  },
});
