import { removeInstruction } from '../../../rule/fix/operations';
import { defineRule } from '../../../rule/define-rule';

const single = ['CMD', 'ENTRYPOINT', 'HEALTHCHECK'];

export const rule = defineRule({
  id: 'dockerfile/repeated-instruction',
  title: 'Instruction overridden by a later one',
  severity: 'warning',
  category: 'correctness',
  profile: 'baseline',
  peers: {
    hadolint: ['DL4003', 'DL4004', 'DL3012'],
    buildkit: ['MultipleInstructionsDisallowed'],
    trivy: ['DS-0016', 'DS-0007', 'DS-0023'],
    kics: ['Multiple CMD Instructions Listed', 'Multiple ENTRYPOINT Instructions Listed'],
    semgrep: ['multiple-entrypoint-instructions'],
  },
  messages: {
    overridden: { text: 'This {keyword} has no effect: a later one in the same stage overrides it' },
    later: { text: 'This {keyword} takes effect' },
  },
  fixes: { remove: { title: 'Remove the {keyword} that has no effect', class: 'safe' } },
  on: {
    stage(stage, report) {
      for (const keyword of single) {
        const all = stage.instructions.filter(i => i.keyword === keyword);
        const last = all.at(-1);
        for (const instruction of all.slice(0, -1)) {
          const fix = report.fix('remove', () => [removeInstruction(instruction.index)], { data: { keyword } });
          report(instruction.keywordRange, 'overridden', { keyword }, report.related(last!.keywordRange, 'later', { keyword }), fix);
        }
      }
    },
  },
});
