import type { OsFamily } from '../../../knowledge/os-families';
import type { Pipeline, ShellCommand } from '../../../syntax/shell/types';

/** What only a shell can do itself. */
export const builtins: ReadonlySet<string> = new Set('. : [ alias bg bind break builtin cd command continue declare dirs eval exec exit export fg getopts hash jobs let local popd pushd read readonly return set shift source trap type typeset ulimit umask unalias unset wait while for if case until function {'.split(' ')); // prettier-ignore

/**
 * How `sh` makes way for a program. BusyBox's ash does for the last command of its script (since 1.28: Alpine 3.8), Bash for a single command without
 * redirections in every release, dash for none: measured with BusyBox 1.35, Bash 5.2 and dash 0.5.12, by what /proc/PID/cmdline says of the process
 * that was started as `sh -c`.
 */
const shells: Partial<Record<OsFamily, 'ash' | 'bash'>> = { alpine: 'ash', busybox: 'ash', wolfi: 'ash', 'rhel-like': 'bash' };

/** Whether the commands of a script run one after the other, and the shell waits for no signal itself. */
export function isStraight(pipelines: readonly Pipeline[]): boolean {
  return pipelines.every(
    ({ after, members }) => (after === null || after === '&&' || after === ';') && !members.some(({ command }) => command?.name === 'trap'),
  );
}

/**
 * Whether what commands end with is a shell to be attached to, which ignores SIGTERM (bash(1), SIGNALS): whatever starts it
 * makes no difference.
 */
export function endsInShell(pipelines: readonly Pipeline[]): boolean {
  const last = pipelines.at(-1)?.members.at(-1)?.command;
  const run = last?.inner ?? last;
  return run?.name != null && /^(?:ba|da|a|k|z|fi)?sh$/.test(run.name) && run.args.length === 0 && run.redirections.length === 0;
}

/** Whether the shell of a system makes way by itself for what a script starts last, which is process 1 then. */
export function makesWayItself(pipelines: readonly Pipeline[], os: OsFamily | null | undefined): boolean {
  const shell = os && shells[os];
  const command = shell ? lastCommand(pipelines) : null;
  return shell === 'ash' ? command !== null : command !== null && pipelines.length === 1 && command.redirections.length === 0;
}

/** The program that commands, one after the other, end with; `null` where that is not plain to see. */
function lastCommand(pipelines: readonly Pipeline[]): ShellCommand | null {
  const last = pipelines.at(-1);
  const command = last?.members.length === 1 ? last.members[0]!.command : null;
  if (!command?.nameWord || last!.negated || last!.after !== null || !isStraight(pipelines) || command.script.text.text.includes('()'))
    return null;
  return command.name !== null && builtins.has(command.name) ? null : command;
}
