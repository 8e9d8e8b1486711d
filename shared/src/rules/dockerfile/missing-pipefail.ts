import { stageProfile } from '../../knowledge/stage-image';
import { scriptsOf } from '../../model/dockerfile/scripts';
import type { Instruction } from '../../model/dockerfile/types';
import { hasPipefail } from '../../model/shell/options';
import type { Pipeline, PipelineMember, ShellCommand } from '../../model/shell/types';
import { range, type Range } from '../../text/range';
import { defineRule, left } from '../../rule/define-rule';

/** Commands that do not fail, so that nothing is lost when their status is. */
const harmless = new Set(['echo', 'printf', 'yes', 'true', ':', 'cat', 'tput', 'seq', 'env', 'printenv']);

const isHarmless = ({ name, assignments }: ShellCommand): boolean => (name === null ? assignments.length > 0 : harmless.has(name));

/** The name of a command in a pipe's front that may fail; `null` where it has none, `undefined` where nothing there fails. */
function failing({ command, commands }: PipelineMember): string | null | undefined {
  const found = (command ? [command] : commands).find(other => !isHarmless(other));
  return found === undefined && (command || commands.length > 0) ? undefined : (found?.name ?? null);
}

/** `sha256sum -c` and its like fail on what is empty or cut, as what they check it against is missing then. */
function checks({ command }: PipelineMember): boolean {
  return /^(?:sha\d+|b2|md5)sum$|^shasum$/.test(command?.name ?? '') && command!.args.some(({ raw }) => /^(?:--check|-\w*c)$/.test(raw));
}

/** Whether the failure of a command in front of a pipe would go unnoticed. */
function hides(pipeline: Pipeline): boolean {
  const front = pipeline.members.slice(0, -1);
  if (front.length === 0 || front.every(member => failing(member) === undefined)) return false;
  return !checks(pipeline.members.at(-1)!) && !hasPipefail(pipeline) && !isForgiven(pipeline);
}

/** `a | b || true`: the author does not care. */
function isForgiven({ after, list, index }: Pipeline): boolean {
  return after === '||' && ['true', ':'].includes(list.pipelines[index + 1]?.members[0]?.command?.name ?? '');
}

/** The first bar of a pipeline. */
function barOf({ members: [first, second] }: Pipeline, text: string): Range {
  const start = text.indexOf('|', first!.range.end);
  return start < 0 || start >= second!.range.start ? first!.range : range(start, start + 1);
}

/** The SHELL that the base image of an instruction has, with pipefail. */
function shellFor({ stage }: Instruction): string | null {
  const profile = stage && stageProfile(stage);
  if (profile?.os === 'alpine') return 'SHELL ["/bin/ash", "-eo", "pipefail", "-c"]';
  if (profile?.os === 'busybox') return 'SHELL ["/bin/sh", "-o", "pipefail", "-c"]';
  return profile?.shell === 'bash' ? 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]' : null;
}

export const rule = defineRule({
  id: 'dockerfile/missing-pipefail',
  title: 'Pipe without pipefail',
  severity: 'warning',
  category: 'reliability',
  profile: 'recommended',
  peers: { hadolint: ['DL4006'], kics: ['Shell Running A Pipe Without Pipefail Flag'], semgrep: ['set-pipefail'] },
  messages: { hidden: { text: 'If "{command}" fails, the build goes on: only the end of the pipe counts' } },
  fixes: { shell: { title: 'Set a SHELL with pipefail for what follows', class: 'attended' } },
  on: {
    instruction(instruction, report) {
      if (instruction.keyword !== 'RUN') return;
      const pipeline = scriptsOf(instruction)
        .flatMap(script => script.pipelines)
        .find(hides);
      if (!pipeline) return;
      const own = pipeline.list.script.owner === null && !instruction.json && !instruction.parent && instruction.heredocs.length === 0;
      const text = shellFor(instruction);
      const command =
        pipeline.members
          .slice(0, -1)
          .map(failing)
          .find(name => name != null) ?? 'the first command';
      report(
        barOf(pipeline, instruction.file.text),
        'hidden',
        { command },
        own && text
          ? report.fix('shell', () => [{ type: 'dockerfile.insert', at: 'before', instruction: instruction.index, text }])
          : left(own ? 'unknown-image' : 'attended'),
      );
    },
  },
});
