import { asRoot } from '../fix/as-root';
import { isSystemRun } from '../model/packages';
import { refusedCall } from '../model/root-steps';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  id: 'dockerfile/install-without-root',
  title: 'Package manager run without root',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  messages: {
    refused: { text: '{program} needs root, but runs as user "{user}"' },
    here: { text: 'Here' },
  },
  fixes: { 'as-root': { title: 'Run this step as root, then switch back to {user}', class: 'review' } },
  assumptions: { whole: 'The rest of the step can also run as root' },
  on: {
    instruction(instruction, report) {
      const refused = refusedCall(instruction);
      const word = refused?.command.nameWord;
      if (!refused || !word) return;
      const { user, set, command } = refused;
      const fix = report.fix('as-root', () => asRoot(instruction, refused), {
        data: { user },
        ...(!isSystemRun(instruction) && { class: 'attended', assumes: [{ id: 'whole' }] }),
      });
      const place = set.instruction.words[0]?.range ?? set.instruction.keywordRange;
      report(word.range, 'refused', { program: command.name!, user }, report.related(place, 'here'), fix);
    },
  },
});
