import { insertLines, insertWords } from '../../../rule/fix/operations';
import type { Assumption, DockerfileOperation } from '../../../rule/fix/types';
import { stageProfile } from '../model/stage-image';
import { memoize } from '../../../base/text/memoize';
import { calledManager } from '../model/packages';
import { scriptsOf, shellAt } from '../model/scripts';
import type { Instruction, Stage } from '../model/types';
import { hasPipefail } from '../../../syntax/shell/options';
import { noticesCutInput } from '../../../syntax/shell/verification';
import type { Pipeline, PipelineMember, ShellCommand } from '../../../syntax/shell/types';
import { range, type Range } from '../../../base/text/range';
import { defineRule, noFix } from '../../../rule/define-rule';

/** Commands that do not fail, so that nothing is lost when their status is. */
const harmless = new Set(['echo', 'printf', 'yes', 'true', ':', 'cat', 'tput', 'seq', 'env', 'printenv']);

/** Commands that read what is there, or pass it on: they fail where something is missing that the lines around them need as well. */
const readers =
  /^(?:apt-mark|awk|b2sum|basename|comm|cut|date|df|dirname|dpkg|dpkg-query|du|egrep|fgrep|file|find|gawk|getent|grep|head|hostname|id|ldd|ls|lsb_release|locale|md5sum|nproc|objdump|ps|readelf|readlink|realpath|rpm|scanelf|sed|sha1sum|sha224sum|sha256sum|sha384sum|sha512sum|sort|stat|strings|tac|tail|tee|tr|uname|uniq|wc|which|whoami)$/;

const isHarmless = ({ name, assignments }: ShellCommand): boolean => (name === null ? assignments.length > 0 : harmless.has(name));

/** The name of a command in a pipe's front that may fail; `null` where it has none, `undefined` where nothing there fails. */
function failing({ command, commands }: PipelineMember): string | null | undefined {
  const found = (command ? [command] : commands).find(other => !isHarmless(other));
  if (found === undefined) return command || commands.length > 0 ? undefined : null;
  return (found.name === 'xargs' && found.inner ? found.inner : found).name;
}

/** Whether the failure of a command in front of a pipe would go unnoticed. */
function hides(pipeline: Pipeline): boolean {
  const front = pipeline.members.slice(0, -1);
  if (front.length === 0 || front.every(member => failing(member) === undefined)) return false;
  const { command } = pipeline.members.at(-1)!;
  return !(command && noticesCutInput(command)) && !hasPipefail(pipeline) && !isForgiven(pipeline);
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

/** The pipe of a RUN that hides a failure, the worst of them, and what keeps it from that; `null` where the file does not say. */
interface Hiding {
  readonly pipeline: Pipeline;
  readonly remedy: Remedy | null;
}

interface Remedy {
  readonly operation: DockerfileOperation;
  readonly assumes: readonly Assumption[];
}

/** Whether a RUN is read by the SHELL of its stage, so that another one changes it. */
function isPlain({ execForm: json, onbuildParent: parent, heredocs }: Instruction, { list }: Pipeline): boolean {
  return list.script.owner === null && !json && !parent && heredocs.length === 0;
}

const hidingRuns = memoize((stage: Stage): ReadonlyMap<Instruction, Hiding> => {
  const found = new Map<Instruction, Hiding>();
  let first: Instruction | null = null;
  for (const instruction of stage.instructions) {
    if (instruction.keyword === 'SHELL') first = null;
    const pipeline = firstHiding(instruction);
    if (!pipeline) continue;
    // One SHELL in front of the first serves them all.
    if (isPlain(instruction, pipeline)) first ??= instruction;
    const remedy = first && isPlain(instruction, pipeline) ? remedyFor(first, stage) : remedyWithin(pipeline, stage);
    found.set(instruction, { pipeline, remedy });
  }
  return found;
});

function firstHiding(instruction: Instruction): Pipeline | undefined {
  if (instruction.keyword !== 'RUN') return undefined;
  const hiding = scriptsOf(instruction)
    .flatMap(script => script.pipelines)
    .filter(hides);
  return hiding.find(pipeline => !onlyReads(pipeline)) ?? hiding[0];
}

/** The names of the commands in front of a pipe that may fail; `null` for one that has none. */
function failingNames({ members }: Pipeline): readonly (string | null)[] {
  return members
    .slice(0, -1)
    .map(failing)
    .filter(name => name !== undefined);
}

/** Whether the front of a pipe only reads what is there. */
function onlyReads(pipeline: Pipeline): boolean {
  return failingNames(pipeline).every(name => name !== null && readers.test(name));
}

/** A SHELL with pipefail in front of a RUN; the options in the one that the file has set. */
function remedyFor(instruction: Instruction, stage: Stage): Remedy | null {
  const profile = stageProfile(stage);
  const manager = profile ? null : calledManager(stage);
  const alpine = profile?.os === 'alpine' || manager === 'apk';
  const busybox = alpine || profile?.os === 'busybox';
  const set = instruction.stateBefore?.shell;
  if (set) {
    const [program] = set.instruction.execForm ?? [];
    const knows = /\b(?:bash|ash|zsh|ksh)$/.test(program?.text ?? '') || (busybox && program?.text.endsWith('/sh'));
    return program && knows ? { operation: insertWords(program.range.end, '-o pipefail'), assumes: [] } : null;
  }
  const bash = profile === null || profile.shell === 'bash';
  const shell = alpine ? '"/bin/ash", "-eo"' : busybox ? '"/bin/sh", "-o"' : bash ? '"/bin/bash", "-o"' : null;
  if (shell === null || shellAt(instruction).dialect !== 'posix') return null;
  return {
    operation: insertLines('before', instruction.index, `SHELL [${shell}, "pipefail", "-c"]`),
    assumes: profile
      ? []
      : [{ id: manager === null ? 'bash' : 'called', data: { shell: alpine ? 'ash' : 'bash', manager: manager ?? '' } }],
  };
}

/** `-o pipefail` behind the `set -e` with which the script of a heredoc begins, where its shell is known to have it. */
function remedyWithin({ list }: Pipeline, stage: Stage): Remedy | null {
  const { commands, interpreter, owner } = list.script;
  const profile = stageProfile(stage);
  const knows =
    /^(?:bash|ash|zsh|ksh)$/.test(interpreter.name) ||
    (interpreter.name === 'sh' && profile !== null && /^(?:alpine|busybox)$/.test(profile.os ?? ''));
  const [first] = commands;
  const option = first?.name === 'set' ? first.args.find(({ raw }) => /^-[a-z]+$/.test(raw) && raw.includes('e')) : undefined;
  if (!option || !knows || owner !== null || stage.windows) return null;
  return { operation: insertWords(option.range.end, '-o pipefail'), assumes: [] };
}

export const rule = defineRule({
  id: 'dockerfile/missing-pipefail',
  title: 'Pipe without pipefail',
  severity: 'warning',
  category: 'reliability',
  profile: 'recommended',
  peers: { hadolint: ['DL4006'], kics: ['Shell Running A Pipe Without Pipefail Flag'], semgrep: ['set-pipefail'] },
  messages: {
    hidden: { text: 'If "{command}" fails, the build continues: only the last command of the pipeline counts' },
    unseen: { text: '"{command}" may fail unnoticed: only the last command of the pipe counts', severity: 'info', profile: 'strict' },
  },
  assumptions: { bash: 'The image has {shell}', called: 'The image has {shell}, like other images with {manager}' },
  fixes: { shell: { title: 'Set a SHELL with pipefail for the rest of the stage', class: 'attended' } },
  on: {
    instruction(instruction, report) {
      if (instruction.keyword !== 'RUN') return;
      const own = firstHiding(instruction);
      if (!own) return;
      const { stage, onbuildParent: parent } = instruction;
      const hiding = stage && !parent ? hidingRuns(stage).get(instruction) : undefined;
      const pipeline = stage && !parent ? hiding?.pipeline : own;
      if (!pipeline) return;
      const names = failingNames(pipeline);
      const remedy = hiding?.remedy;
      report(
        barOf(pipeline, instruction.file.text),
        onlyReads(pipeline) ? 'unseen' : 'hidden',
        { command: names.find(name => name !== null && !readers.test(name)) ?? names.find(name => name !== null) ?? 'the first command' },
        remedy ? report.fix('shell', () => [remedy.operation], { assumes: remedy.assumes }) : noFix('manual'),
      );
    },
  },
});
