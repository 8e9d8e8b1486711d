import { refusalAt } from '../fix/refusal';
import { removeCommand, removeInstruction, replaceText } from '../../../rule/fix/operations';
import { topPipeline } from '../fix/package-cache';
import type { DockerfileOperation } from '../../../rule/fix/types';
import { installsLater, maxDependentInstalls } from '../model/package-lists';
import { systemManagers } from '../model/packages';
import { runCommands } from '../model/scripts';
import type { Instruction, RunCommand } from '../model/types';
import { packageManagerCall } from '../../../syntax/shell/package-manager';
import type { ShellCommand } from '../../../syntax/shell/types';
import { range } from '../../../base/text/range';
import { defineRule, noFix } from '../../../rule/define-rule';

/** Programs that install packages of the system in turn, or could. */
const installers =
  /^(?:(?:ba|da|a|z)?sh|eval|source|\.|make|rosdep|mk-build-deps|playwright|npx|yarn|pnpm|R|Rscript|.*\.[rR]|ansible.*|puppet|salt-call|gdebi|apt-.*|dpkg.*|install.*|python.*|pip.*)$/;

/** Whether a command needs the lists that were fetched, as far as one can see. */
function usesLists(command: ShellCommand, manager: string): boolean {
  const call = packageManagerCall(command);
  if (call?.manager === manager) {
    // a pattern is looked up in the lists
    return call.action === 'remove' ? call.packages.some(({ raw }) => raw.includes('*')) : !['refresh', 'clean'].includes(call.action);
  }
  if (command.name === null) return command.nameWord !== null;
  return installers.test(command.name) || command.nameWord!.raw.includes('/');
}

/** Takes the update away, and gives each later install one of its own; `null` where that is not plain. */
function moveOperations(
  instruction: Instruction,
  command: ShellCommand,
  later: readonly RunCommand[],
): readonly DockerfileOperation[] | null {
  const pipeline = topPipeline(instruction, command);
  const whole = command.outer ?? command;
  if (refusalAt(instruction) || pipeline?.range.start !== whole.range.start || pipeline.range.end !== whole.range.end) return null;
  // in a branch it would be for that branch alone
  const isPlain = ({ command: install, instruction: home }: RunCommand): boolean =>
    install.outer === null && topPipeline(home, install)?.range.start === install.range.start;
  if (!later.every(isPlain)) return null;
  const remove: DockerfileOperation =
    pipeline.list.pipelines.length > 1 ? removeCommand(pipeline.range) : removeInstruction(instruction.index);
  const update = `${command.name} ${packageManagerCall(command)!.verb} && `;
  return [
    remove,
    ...later.map(
      ({
        command: {
          range: { start },
        },
      }) => replaceText(range(start), update),
    ),
  ];
}

export const rule = defineRule({
  id: 'dockerfile/update-alone',
  title: 'Package index updated in a separate layer',
  severity: 'warning',
  category: 'correctness',
  profile: 'recommended',
  references: { cisDocker: ['4.7'], nist800190: ['3.1.1', '4.1.1'] },
  peers: {
    trivy: ['DS-0017'],
    checkov: ['CKV_DOCKER_5'],
    kics: ['Update Instruction Alone'],
    dockle: ['CIS-DI-0007'],
    dockerfilelint: ['apt-get-update_require_install'],
  },
  messages: {
    alone: {
      text: '"{command}" has its own layer: when the layer comes from the cache, its package lists are stale',
    },
  },
  fixes: {
    move: { title: 'Move the package index update to the install step', class: 'review' },
    remove: { title: 'Remove the package index update, which nothing uses', class: 'review' },
  },
  assumptions: { unused: 'No script outside this file needs the package lists' },
  on: {
    command({ command, instruction }, report) {
      const call = packageManagerCall(command);
      if (call?.action !== 'refresh' || !call.subcommand || !systemManagers.has(call.manager)) return;
      if (runCommands(instruction).some(({ command: c }) => c.range.start > command.range.start && usesLists(c, call.manager))) return;
      const later = call.manager === 'apt-get' || call.manager === 'apk' ? installsLater(instruction, call.manager) : null;
      const operations =
        later && later.length <= maxDependentInstalls && later.every(install => !refusalAt(install.instruction))
          ? moveOperations(instruction, command, later)
          : null;
      const id = later && later.length > 0 ? 'move' : 'remove';
      report(
        call.subcommand.range,
        'alone',
        { command: `${call.program} ${call.verb}` },
        operations ? report.fix(id, () => operations, { assumes: [{ id: 'unused' }] }) : noFix('no-fix'),
      );
    },
  },
});
