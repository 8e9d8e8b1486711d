import { refusalAt } from '../fix/refusal';
import { insertLines, removeWords } from '../../../rule/fix/operations';
import { markOf } from '../../../rule/fix/places';
import type { Proposal } from '../../../rule/fix/remedy';
import { stageProfile } from '../model/stage-image';
import { isShipped } from '../model/chain';
import { runCommands } from '../model/scripts';
import type { Instruction, RunCommand } from '../model/types';
import { sourceRange } from '../../../syntax/shell/mapped-text';
import { flagValue, packageManagerCall } from '../../../syntax/shell/package-manager';
import type { ShellCommand } from '../../../syntax/shell/types';
import { range, type Range } from '../../../base/text/range';
import { defineRule, noFix } from '../../../rule/define-rule';

/** A rule of sudoers for every command, or for one that a variable names. */
const everything = /\bNOPASSWD\b(?!:[ \t]{0,8}(?:[A-Z]+:[ \t]{0,8}){0,3}\/)/;

const adminGroups = /^(?:sudo|wheel|admin|docker|root)$/;
/** Flags of sudo that mean nothing where the user is root already. */
const emptyFlags = /^(?:-[EHnPS]+|--preserve-env|--set-home|--non-interactive|--)$/;

/** Whether a RUN certainly executes as root. */
function isRoot({ stage, stateBefore: before }: Instruction): boolean {
  if (before?.user) return /^(?:root|0+)(?::|$)/.test(before.user.value ?? '');
  return stage !== null && stageProfile(stage)?.defaultUser?.uid === 0;
}

/** A call of sudo that does nothing but run a command as somebody. */
interface PlainSudo {
  /** The word of sudo with its flags. */
  readonly place: Range;
  /** `null`: root. */
  readonly user: string | null;
}

/** A call of sudo; `null` where it does more, or does not say for whom. */
function plainSudo({ name, nameWord, args, inner, assignments }: ShellCommand): PlainSudo | null {
  if (name !== 'sudo' || !nameWord || inner === null) return null;
  const own = args.filter(arg => arg.range.end <= (assignments.find(word => word.range.start > nameWord.range.end) ?? inner).range.start);
  let user: string | null = null;
  for (let i = 0; i < own.length; i++) {
    const text = own[i]!.text ?? '';
    const attached = /^(?:--user=|-u)([a-z_][\w-]*)$/.exec(text)?.[1];
    if (attached !== undefined) user = attached;
    else if (text === '-u' || text === '--user') user = own[++i]?.text ?? '';
    else if (!emptyFlags.test(text)) return null;
  }
  if (user !== null && !/^[a-z_][\w-]*$/.test(user)) return null;
  return { place: range(nameWord.range.start, (own.at(-1) ?? nameWord).range.end), user: user === 'root' ? null : user };
}

/** Commands that do the same whoever runs them. */
const anybody = new Set(['cd', 'echo', 'export', 'set', 'true', 'umask', ':']);

/** What an instruction runs without sudo, so that root does it where the instruction begins as root. */
function unwrapped(commands: readonly ShellCommand[], calls: readonly ShellCommand[]): readonly ShellCommand[] {
  const isWithin = ({ range: { start, end } }: ShellCommand): boolean =>
    calls.some(({ range: call }) => call.start <= start && end <= call.end);
  return commands.filter(command => !isWithin(command) && command.nameWord && !anybody.has(command.name ?? ''));
}

/** Runs an instruction as the one whom sudo names, without it, and goes back to the user before it: the one that the file has set, or that a person enters. */
function asUser(instruction: Instruction, user: string | null): Proposal | null {
  const commands = runCommands(instruction).map(({ command }) => command);
  const calls = commands.filter(({ name }) => name === 'sudo');
  const places = calls.map(plainSudo).flatMap(call => (call?.user === user ? [call.place] : []));
  if (places.length < calls.length || refusalAt(instruction) || instruction.heredocs.length > 0) return null;
  // what root does between them the user may not be able to
  if (user !== null && unwrapped(commands, calls).length > 0) return null;
  const last = instruction.stateBefore?.user?.instruction.words[0]?.raw ?? (isRoot(instruction) ? 'root' : undefined);
  return {
    assumes: user === null ? [{ id: 'whole' }] : [{ id: 'home', data: { user } }],
    ...(last === undefined && { places: [{ text: user === null ? '' : 'root', sample: user === null ? '1000' : 'root' }] }),
    operations: () => [
      insertLines('before', instruction.index, `USER ${user ?? 'root'}`),
      ...places.map(place => removeWords(place)),
      insertLines('after', instruction.index, `USER ${last ?? markOf(1)}`),
    ],
  };
}

/** Flags of adduser and addgroup whose value is the next word. */
const valued = /^(?:--(?:gid|uid|home|shell|ingroup|gecos|group|firstuid|lastuid)|-[ugGhsk])$/;

/** The group with an administrator's rights that a command puts a user into. */
function adminGroup({ command: { name, args } }: RunCommand): string | null {
  const plain = args.filter((arg, i) => !/^-/.test(arg.text ?? '') && !valued.test(args[i - 1]?.text ?? ''));
  const listed = name === 'useradd' || name === 'usermod' ? (flagValue(args, ['-G', '--groups', '-aG', '-Ga']) ?? '').split(',') : [];
  const named = (name === 'addgroup' || name === 'adduser') && plain.length === 2 ? [plain[1]!.text ?? ''] : [];
  return [...listed, ...named].find(group => adminGroups.test(group)) ?? null;
}

/** Puts an account into the group that owns a Windows container. */
const administrators =
  /\bnet1?(?:\.exe)?[ \t]{1,9}localgroup[ \t]{1,9}["']?administrators["']?[ \t]{1,9}["']?[^\s"'/&|;]{1,60}["']?[ \t]{1,9}\/add\b|\bAdd-LocalGroupMember\b[^|;&\n]{0,80}-Group[ \t]{1,9}["']?Administrators\b/i;

export const rule = defineRule({
  id: 'dockerfile/sudo',
  title: 'sudo in the image',
  severity: 'warning',
  category: 'privilege',
  profile: 'baseline',
  references: { cisDocker: ['4.1'], nist800190: ['3.1.2', '4.1.2'], mitre: ['T1068'], cwe: ['CWE-250', 'CWE-269'] },
  peers: {
    hadolint: ['DL3004'],
    trivy: ['DS-0010'],
    checkov: ['CKV2_DOCKER_1'],
    kics: ['Run Using Sudo'],
    dockle: ['DKL-DI-0001'],
    semgrep: ['no-sudo-in-dockerfile'],
    dockerfilelint: ['sudo_usage'],
  },
  messages: {
    needless: { text: 'sudo does nothing here: the build already runs as root' },
    used: { text: 'sudo in a build: use USER for the steps that need another user' },
    passwordless: { text: 'Anyone who gets into the container can become root without a password' },
    group: { text: 'Membership in group "{group}" effectively gives root privileges to the user' },
    administrator: { text: 'Membership in group "Administrators" lets the user change everything in the container' },
    uid: { text: 'User "{user}" is root by another name: its UID is 0' },
    installed: { text: 'The image includes sudo, which offers a way to become root', severity: 'info', profile: 'strict' },
  },
  fixes: {
    drop: { title: 'Remove sudo and call the command directly', class: 'safe' },
    'as-user': { title: 'Run this step as USER {user}, then switch back to the previous user', class: 'attended' },
  },
  assumptions: {
    whole: 'The parts of the step that run without sudo can also run as root',
    home: 'User "{user}" is in /etc/passwd, where the build looks up the home directory',
  },
  on: {
    instruction({ keyword, script, stage }, report) {
      if (keyword !== 'RUN' || script === null || !stage?.windows || !isShipped(stage)) return;
      const match = administrators.exec(script.text);
      if (match) report(sourceRange(script, match.index, match.index + match[0].length), 'administrator', {}, noFix('manual'));
    },
    command(view, report) {
      const { command, instruction, stage } = view;
      const { name, nameWord, args } = command;
      if (name === 'sudo' && nameWord) {
        const call = plainSudo(command);
        if (call?.user === null && isRoot(instruction))
          return report(nameWord.range, 'needless', {}, refusalAt(instruction) ?? report.fix('drop', () => [removeWords(call.place)]));
        const fix = call === null || stage === null ? null : asUser(instruction, call.user);
        const remedy = { fix, noFix: fix ? null : ({ reason: 'manual' } as const) };
        return report(nameWord.range, 'used', {}, ...report.remedy('as-user', remedy, { user: call?.user ?? 'root' }));
      }
      const group = adminGroup(view);
      const uid = name === 'useradd' || name === 'adduser' || name === 'usermod' ? flagValue(args, ['-u', '--uid', '-ou']) : null;
      const user = /^0+$/.test(uid ?? '') ? args.find((arg, i) => i === args.length - 1 && arg.text !== 'root') : undefined;
      const rights = ['echo', 'printf', 'tee', 'sed'].includes(name ?? '')
        ? args.find(arg => everything.test(arg.text ?? arg.raw))
        : undefined;
      const call = packageManagerCall(command);
      const word = call?.action === 'install' ? call.packages.find(item => item.text === 'sudo') : undefined;
      if (!(group || user || rights || word) || stage === null || !isShipped(stage)) return;
      if (group)
        report((args.find(arg => (arg.text ?? '').split(',').includes(group)) ?? nameWord!).range, 'group', { group }, noFix('manual'));
      if (user) report(user.range, 'uid', { user: user.raw }, noFix('manual'));
      if (rights) report(rights.range, 'passwordless', {}, noFix('manual'));
      if (word) report(word.range, 'installed', {}, noFix('manual'));
    },
  },
});
