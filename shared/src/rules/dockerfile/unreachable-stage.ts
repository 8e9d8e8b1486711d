import { derive } from '../../model/derived';
import type { DockerfileModel } from '../../model/dockerfile/types';
import { defineRule } from '../../rule/define-rule';

/** Whether an argument chooses among the stages, so that each of them may be meant. */
const isChosen = derive((file: DockerfileModel): boolean =>
  file.images.some(image => image.origin === 'from' && !image.literal && image.kind !== 'image'),
);

export const rule = defineRule({
  id: 'dockerfile/unreachable-stage',
  title: 'Stage that the final stage never uses',
  severity: 'hint',
  category: 'correctness',
  profile: 'strict',
  peers: { tally: ['tally/no-unreachable-stages'] },
  messages: { unreachable: { text: 'The last stage never uses stage "{name}": BuildKit builds it for --target only' } },
  on: {
    stage(stage, report) {
      if (stage.isFinal || stage.reachable || isChosen(stage.file)) return;
      const { name, nameRange, from, index } = stage;
      report(nameRange ?? from.words[0]?.range ?? from.keywordRange, 'unreachable', { name: name ?? String(index) });
    },
  },
});
