import { baseFacts, stageProfile } from '../model/stage-image';
import { bringsProgram } from '../../../knowledge/image-facts';
import type { WorkspaceIndex } from '../../../workspace/types';
import { memoizeFor } from '../../../base/text/memoize';
import type { DockerfileModel, Instruction, Stage } from '../model/types';
import { defineRule } from '../../../rule/define-rule';

/** Whether what is put at a path may bring a shell: the root and the places of programs may. */
const holdsPrograms = (path: string | null): boolean =>
  path === null || !path.startsWith('/') || /^\/+(?:$|bin|sbin|lib|usr|busybox|ko-app)/.test(path);

/** Whether an instruction may put a shell into an empty image. */
function mayBringShell(instruction: Instruction): boolean {
  const { keyword, words, file, stateBefore: before } = instruction;
  if (keyword !== 'COPY' && keyword !== 'ADD') return keyword === 'RUN' && instruction.execForm !== null;
  const target = words.at(-1);
  const path = target ? file.expand(target, instruction) : null;
  const base = before?.workdir ? before.workdir.value : '/';
  return holdsPrograms(
    path === null || path.startsWith('/') || base === null ? path : `${base.replace(/\/$/, '')}/${path.replace(/^(?:\.\/)*\.?/, '')}`,
  );
}

/** For each stage, from which instruction on a shell may be there: that of a base counts, and its triggers may bring anything. */
const shellFrom = memoizeFor((file: DockerfileModel, workspace: WorkspaceIndex): ReadonlyMap<Stage, number> => {
  const from = new Map<Stage, number>();
  for (const stage of file.stages) {
    if (stage.base) {
      const inherited = from.get(stage.base) ?? 0;
      const first = inherited === Infinity && !stage.base.instructions.some(i => i.trigger) ? ownShell(stage) : stage.from.index;
      from.set(stage, first);
    } else if (lacksShell(stage, workspace)) from.set(stage, ownShell(stage));
  }
  return from;
});

/** Whether an image has no shell, by its own files or else by what is known of its name. */
function lacksShell(stage: Stage, workspace: WorkspaceIndex): boolean {
  const brings = bringsProgram(baseFacts(stage, workspace), 'sh');
  return brings === null ? stage.image.kind === 'scratch' || stageProfile(stage)?.shell === 'none' : !brings;
}

function ownShell({ instructions }: Stage): number {
  return instructions.find(mayBringShell)?.index ?? Infinity;
}

export const rule = defineRule({
  id: 'dockerfile/shell-in-scratch',
  title: 'Shell command in an image without a shell',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  supersedes: ['dockerfile/shell-form'],
  peers: { tally: ['tally/shell-run-in-scratch'] },
  messages: {
    run: { text: '"{image}" has no /bin/sh to run this command' },
    start: { text: '"{image}" has no /bin/sh for this {keyword}: use the exec form' },
  },
  on: {
    instruction(instruction, report, { workspace }) {
      const { keyword, keywordRange, stage, onbuildParent: parent } = instruction;
      if (!stage || parent || (keyword !== 'RUN' && keyword !== 'CMD' && keyword !== 'ENTRYPOINT' && keyword !== 'HEALTHCHECK')) return;
      if ((shellFrom(stage.file, workspace).get(stage) ?? 0) < instruction.index || stage.windows) return;
      if (instruction.script === null || instruction.stateBefore?.shell) return;
      // A mount may hold the shell; a heredoc with a first line of its own names another interpreter.
      if (
        instruction.mounts.some(m => holdsPrograms(m.get('target') ?? null)) ||
        instruction.heredocs.some(h => h.content.startsWith('#!'))
      )
        return;
      const data = { image: stage.root.image.text! };
      if (keyword === 'RUN') report(keywordRange, 'run', data);
      else report(keywordRange, 'start', { keyword, ...data });
    },
  },
});
