import { closesCycle, pathBack } from '../model/stage-graph';
import type { Stage } from '../model/types';
import { defineRule } from '../../../rule/define-rule';

const nameOf = ({ name, index }: Stage): string => name ?? String(index);
/** How many places of a long circle are shown. */
const shown = 10;

export const rule = defineRule({
  id: 'dockerfile/circular-stages',
  title: 'Stages that depend on each other',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  supersedes: ['dockerfile/undefined-copy-stage'],
  peers: {
    hadolint: ['DL3023'],
    trivy: ['DS-0006'],
    kics: ["COPY '--from' References Current FROM Alias"],
    tally: ['tally/circular-stage-deps'],
  },
  messages: {
    self: { text: 'Stage "{name}" copies files from itself, but they do not exist until the stage is built' },
    circle: { text: 'Stage "{name}" needs "{other}", which in turn needs "{name}"' },
    step: { text: 'Here "{name}" needs "{other}"' },
  },
  on: {
    image(image, report) {
      const { stage } = image;
      if (image.origin === 'from' || image.stages.length === 0 || !stage || !closesCycle(image)) return;
      const [other] = image.stages;
      if (other === stage) return report(image.range, 'self', { name: nameOf(stage) });
      const related = pathBack(other!, stage)
        .slice(0, shown)
        .map(use => report.related(use.range, 'step', { name: nameOf(use.stage!), other: nameOf(use.stages[0]!) }));
      report(image.range, 'circle', { name: nameOf(stage), other: nameOf(other!) }, ...related);
    },
  },
});
