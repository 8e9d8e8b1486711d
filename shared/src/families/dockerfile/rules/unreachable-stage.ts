import { memoize } from '../../../base/text/memoize';
import { stagesNeededFor } from '../model/stage-graph';
import type { DockerfileModel, Stage } from '../model/types';
import { defineRule } from '../../../rule/define-rule';

/** Whether an argument chooses among the stages, so that each of them may be meant. */
const isChosen = memoize((file: DockerfileModel): boolean =>
  file.images.some(image => image.origin === 'from' && !image.literal && image.kind !== 'image'),
);

/** Whether one of the stages that somebody builds is a stage, or needs it to be there. */
function isBuilt(stage: Stage, targets: readonly string[]): boolean {
  return targets.length > 0 && stagesNeededFor(stage.file, targets).has(stage);
}

export const rule = defineRule({
  id: 'dockerfile/unreachable-stage',
  title: 'Stage that the final stage never uses',
  severity: 'hint',
  category: 'correctness',
  profile: 'strict',
  peers: { tally: ['tally/no-unreachable-stages'] },
  messages: { unreachable: { text: 'BuildKit builds stage "{name}" only with --target: the last stage never uses it' } },
  on: {
    stage(stage, report, context) {
      if (stage.isFinal || stage.reachable || isChosen(stage.file)) return;
      const { name, nameRange, from, index } = stage;
      if (name !== null && isBuilt(stage, context.workspace.targetsOf(context.path))) return;
      report(nameRange ?? from.words[0]?.range ?? from.keywordRange, 'unreachable', { name: name ?? String(index) });
    },
  },
});
