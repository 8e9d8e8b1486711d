import type { Operation } from '../../../rule/fix/types';
import { refusalAt } from '../fix/refusal';
import { insertWords, replaceText } from '../../../rule/fix/operations';
import { osFamilyFacts } from '../../../knowledge/os-families';
import { baseFacts, stageProfile } from '../model/stage-image';
import { isShipped } from '../model/chain';
import type { RunCommand } from '../model/types';
import { uidWord } from '../model/users';
import { findFlag, packageManagerCall } from '../../../syntax/shell/package-manager';
import type { ShellCommand, ShellWord } from '../../../syntax/shell/types';
import { defineRule, noFix, type Report, type RuleContext } from '../../../rule/define-rule';

const loginShell = /^(?:--shell=)?(?:\/usr)?\/bin\/(?:a|ba|z|da|k|fi)?sh$/;

/** The word with the shell that useradd or adduser is asked to give. */
function shellWord(args: readonly ShellWord[]): ShellWord | undefined {
  const at = args.findIndex(({ text }) => text === '--shell' || /^-[a-zA-Z]*s$/.test(text ?? ''));
  return at < 0 ? args.find(({ text }) => text?.startsWith('--shell=')) : args[at + 1];
}

type UserReport = Report<'log' | 'low' | 'shell' | 'scripts', 'no-log' | 'nologin' | 'ignore-scripts'>;

function onCreation(view: RunCommand, report: UserReport, { workspace }: Pick<RuleContext, 'workspace'>): void {
  const { command, instruction, stage } = view;
  const { args, nameWord } = command;
  const word = uidWord(args);
  const digits = /^(?:--uid=|-u)?(\d+)$/.exec(word?.text ?? '')?.[1];
  const uid = digits === undefined ? null : Number(digits);
  if (command.name === 'useradd' && uid !== null && digits!.length > 5 && !findFlag(args, ['-l', '--no-log-init'])) {
    const insert = (): readonly Operation[] => [insertWords(nameWord!.range.end, '--no-log-init')];
    report(word!.range, 'log', { uid }, refusalAt(instruction, 'any') ?? report.fix('no-log', insert));
  }
  if (!stage || !isShipped(stage)) return;
  if (uid !== null && uid > 0 && uid < 10000) report(word!.range, 'low', { uid }, noFix('needs-value'));
  const shell = shellWord(args);
  if (!shell?.text || !loginShell.test(shell.text)) return;
  const os = stageProfile(stage)?.os;
  const none = os === 'debian' || os === 'ubuntu' ? '/usr/sbin/nologin' : '/sbin/nologin';
  const text = shell.text.startsWith('--') ? `--shell=${none}` : none;
  const known = os != null && osFamilyFacts(os).userTool !== 'none';
  report(
    shell.range,
    'shell',
    { shell: shell.text.replace('--shell=', '') },
    refusalAt(instruction) ??
      (known
        ? report.fix('nologin', () => [replaceText(shell.range, text)])
        : noFix(baseFacts(stage, workspace) ? 'no-fix' : 'unknown-image')),
  );
}

/** What installs packages whose scripts run at once, and the flag that keeps them from it. */
function runsScripts(command: ShellCommand): ShellWord | null {
  const call = packageManagerCall(command);
  if (call?.action !== 'install' || !['npm', 'yarn', 'pnpm'].includes(call.manager) || findFlag(call.flags, ['--ignore-scripts']))
    return null;
  return call.subcommand ?? command.nameWord;
}

export const rule = defineRule({
  id: 'dockerfile/low-uid-user',
  title: 'useradd without --no-log-init or with a login shell',
  severity: 'info',
  category: 'privilege',
  profile: 'strict',
  references: { cisDocker: ['4.1'], nist800190: ['3.1.2', '4.1.2'], cwe: ['CWE-250'] },
  peers: { hadolint: ['DL3046'], 'kics-datadog': ['Use recommended flags with useradd'] },
  messages: {
    log: { text: 'With UID {uid}, useradd writes a log file of several gigabytes unless --no-log-init is set' },
    low: { text: 'UID {uid} may belong to a user on the host: UIDs of 10000 and above rarely do' },
    shell: { text: 'A service user needs no login shell ({shell})' },
    scripts: { text: 'Package scripts run as root while a secret is mounted' },
  },
  fixes: {
    'no-log': { title: 'Add --no-log-init', class: 'safe' },
    nologin: { title: 'Create the user without a login shell', class: 'attended' },
    'ignore-scripts': { title: 'Add --ignore-scripts', class: 'attended' },
  },
  on: {
    command(view, report, context) {
      const { command, instruction } = view;
      if (command.name === 'useradd' || command.name === 'adduser') return onCreation(view, report, context);
      if (instruction.mounts.length === 0 || !instruction.mounts.some(({ type }) => type === 'secret')) return;
      const user = instruction.stateBefore?.user?.value;
      const word = user === undefined || user === 'root' || user === '0' ? runsScripts(command) : null;
      if (!word) return;
      const insert = (): readonly Operation[] => [insertWords(word.range.end, '--ignore-scripts')];
      report(word.range, 'scripts', {}, refusalAt(instruction, 'any') ?? report.fix('ignore-scripts', insert));
    },
  },
});
