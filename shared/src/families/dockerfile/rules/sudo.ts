import { refusalAt } from '../fix/refusal';
import { removeWords } from '../../../fix/operations';
import { stageProfile } from '../model/stage-image';
import { isShipped } from '../model/chain';
import type { Instruction, RunCommand } from '../model/types';
import { sourceRange } from '../../../shell/mapped-text';
import { flagValue, packageManagerCall } from '../../../shell/package-manager';
import { range } from '../../../text/range';
import { defineRule, noFix } from '../../../rule/define-rule';

const adminGroups = /^(?:sudo|wheel|admin|docker|root)$/;
/** Flags of sudo that mean nothing where the user is root already. */
const emptyFlags = /^(?:-[EHnPS]+|--preserve-env|--set-home|--non-interactive|--)$/;

/** Whether a RUN certainly executes as root. */
function isRoot({ stage, stateBefore: before }: Instruction): boolean {
  if (before?.user) return /^(?:root|0+)(?::|$)/.test(before.user.value ?? '');
  return stage !== null && stageProfile(stage)?.defaultUser?.uid === 0;
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
    passwordless: { text: 'Anyone who gets into the container becomes root without a password' },
    group: { text: 'Membership of group "{group}" gives the user root\'s rights' },
    administrator: { text: 'Membership of group "Administrators" lets the user change everything in the container' },
    uid: { text: 'User "{user}" is root by another name: its UID is 0' },
    installed: { text: 'sudo is installed in the image: a way to become root', severity: 'info', profile: 'strict' },
  },
  fixes: { drop: { title: 'Call the command directly', class: 'safe' } },
  on: {
    instruction({ keyword, script, stage }, report) {
      if (keyword !== 'RUN' || script === null || !stage?.windows || !isShipped(stage)) return;
      const match = administrators.exec(script.text);
      if (match) report(sourceRange(script, match.index, match.index + match[0].length), 'administrator', {}, noFix('manual'));
    },
    command(view, report) {
      const { command, instruction, stage } = view;
      const { name, nameWord, args, inner } = command;
      if (name === 'sudo' && nameWord) {
        const root = isRoot(instruction);
        const own = inner === null ? [] : args.filter(arg => arg.range.end <= (command.assignments[0] ?? inner).range.start);
        const needless = root && inner !== null && own.every(arg => emptyFlags.test(arg.text ?? ''));
        const place = range(nameWord.range.start, (own.at(-1) ?? nameWord).range.end);
        if (!needless) return report(nameWord.range, 'used', {}, noFix('manual'));
        return report(nameWord.range, 'needless', {}, refusalAt(instruction) ?? report.fix('drop', () => [removeWords(place)]));
      }
      const group = adminGroup(view);
      const uid = name === 'useradd' || name === 'adduser' || name === 'usermod' ? flagValue(args, ['-u', '--uid', '-ou']) : null;
      const user = /^0+$/.test(uid ?? '') ? args.find((arg, i) => i === args.length - 1 && arg.text !== 'root') : undefined;
      const rights = ['echo', 'printf', 'tee', 'sed'].includes(name ?? '')
        ? args.find(arg => /\bNOPASSWD\b/.test(arg.text ?? arg.raw))
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
