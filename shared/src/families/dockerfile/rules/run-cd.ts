import { refusalAt } from '../fix/refusal';
import { insertLines, removeCommand, replaceText } from '../../../rule/fix/operations';
import type { DockerfileOperation } from '../../../rule/fix/types';
import { imageDirectory } from '../model/stage-image';
import { runCommands } from '../model/scripts';
import type { RunCommand, Stage } from '../model/types';
import { resolvePath } from '../../../base/text/path';
import { contains, range } from '../../../base/text/range';
import { defineRule, noFix, weighs, type Attachment, type Report } from '../../../rule/define-rule';

type Fixes = Pick<Report<never, 'workdir' | 'instead' | 'drop'>, 'fix'>;

/** Where a command stands in the list of its RUN; `null` where another shell, a branch or a pipe is around it. */
function placeOf({ command, instruction }: RunCommand): 'only' | 'first' | 'last' | 'within' | null {
  const { pipeline } = command;
  const { list, index } = pipeline;
  if (list.kind !== 'script' || list.script.owner || !list.script.complete || command.outer || pipeline.members.length > 1) return null;
  if (list.pipelines.length === 1) return 'only';
  if (index === list.pipelines.length - 1) return 'last';
  return index === 0 && pipeline.after === '&&' && instruction.heredocs.length === 0 ? 'first' : 'within';
}

/** The literal directory of a `cd` that WORKDIR takes as it stands; `null` for variables, options and more. */
function directory({ command }: RunCommand): string | null {
  const [path] = command.args;
  const plain = command.args.length === 1 && command.assignments.length === 0 && command.redirections.length === 0;
  return plain && path?.text && /^\/[\w./+@:-]*$/.test(path.text) ? path.text : null;
}

/** Whether a comment stands between a command and the next one, which would then come first in the RUN. */
function isCommentBehind({ command: { pipeline }, instruction }: RunCommand): boolean {
  const next = pipeline.list.pipelines[pipeline.index + 1];
  const gap = range(pipeline.range.end, next?.range.start ?? pipeline.range.end);
  return instruction.file.comments.some(comment => contains(gap, comment.range));
}

/** WORKDIR in front of the RUN, and behind it back to where it was. */
function moved({ command, instruction }: RunCommand, path: string, before: string): readonly DockerfileOperation[] {
  const operations: DockerfileOperation[] = [removeCommand(command.pipeline.range)];
  if (path === before) return operations;
  const next = instruction.file.instructions[instruction.index + 1];
  const { index } = instruction;
  operations.push(insertLines('before', index, `WORKDIR ${path}`));
  if (next?.keyword !== 'WORKDIR' || !next.words[0]?.text.startsWith('/'))
    operations.push(insertLines('after', index, `WORKDIR ${before}`));
  return operations;
}

function remedy(run: RunCommand, stage: Stage, place: ReturnType<typeof placeOf>, report: Fixes): Attachment {
  const { command, instruction } = run;
  const path = directory(run);
  const refused = refusalAt(instruction);
  if (refused || path === null || stage.windows) return refused ?? noFix(path === null ? 'variable' : 'no-fix');
  if (place === 'only' && instruction.heredocs.length === 0) {
    const operation = replaceText(instruction.range, `WORKDIR ${path}`);
    return report.fix('instead', () => [operation], { data: { path } });
  }
  if (place === 'last') return report.fix('drop', () => [removeCommand(command.pipeline.range)]);
  const { workdir } = instruction.stateBefore!;
  const before = workdir ? workdir.value : imageDirectory(stage);
  if (place !== 'first' || before === null || isCommentBehind(run)) return noFix('no-fix');
  return report.fix('workdir', () => moved(run, path, before), { data: { path }, assumes: [{ id: 'made' }] });
}

/** Whether the last `cd` of a RUN leads back to where it began, so that whatever follows is where it is expected to be. */
function leadsBack({ command, instruction }: RunCommand): boolean {
  const { list, index } = command.pipeline;
  const before = resolvePath(instruction.stateBefore?.workdir?.value ?? '/a/folder/of/the/image');
  let at: string | null = before;
  for (const { members } of list.pipelines.slice(0, index + 1)) {
    const last = members.length === 1 ? members[0]!.command : null;
    if (last?.name !== 'cd') continue;
    const path = last.args.length === 1 ? last.args[0]!.text : null;
    at =
      at === null || path === null || path.startsWith('-') || path.startsWith('~')
        ? null
        : resolvePath(path.startsWith('/') ? path : `${at}/${path}`);
  }
  return at === before;
}

/** Whether the next instruction goes to the same folder by itself, so that nothing is lost. */
function isRepeated(run: RunCommand): boolean {
  const { file, index } = run.instruction;
  const next = file.instructions[index + 1];
  const [first] = next?.keyword === 'RUN' ? runCommands(next) : [];
  const path = directory(run);
  return path !== null && first?.command.name === 'cd' && directory(first) === path;
}

export const rule = defineRule({
  id: 'dockerfile/run-cd',
  title: 'cd in RUN instead of WORKDIR',
  severity: 'hint',
  category: 'correctness',
  profile: 'strict',
  peers: {
    hadolint: ['DL3003'],
    trivy: ['DS-0013'],
    kics: ["RUN Instruction Using 'cd' Instead of WORKDIR"],
    semgrep: ['use-workdir'],
  },
  messages: {
    cd: { text: 'cd changes the directory only within this RUN; WORKDIR sets the directory explicitly' },
    lost: {
      text: 'This cd has no effect: the next instruction starts from WORKDIR again',
      severity: 'warning',
      profile: 'recommended',
    },
  },
  fixes: {
    workdir: { title: 'Use WORKDIR {path} for this RUN only', class: 'review' },
    instead: { title: 'Use WORKDIR {path}', class: 'attended' },
    drop: { title: 'Remove the cd command', class: 'review' },
  },
  assumptions: { made: 'WORKDIR may create a directory where cd would have failed' },
  on: {
    command(run, report) {
      const { command, stage } = run;
      if (command.name !== 'cd' || !stage) return;
      const place = placeOf(run);
      const { instructions } = run.instruction.file;
      const isLast = place === 'only' || place === 'last';
      // the next instruction says itself where it starts
      if (isLast && instructions[run.instruction.index + 1]?.keyword === 'WORKDIR') return;
      const lost = isLast && command.args.length > 0 && !leadsBack(run);
      report(
        lost ? command.range : command.nameWord!.range,
        lost ? 'lost' : 'cd',
        {},
        lost && isRepeated(run) && weighs('info'),
        remedy(run, stage, place, report),
      );
    },
  },
});
