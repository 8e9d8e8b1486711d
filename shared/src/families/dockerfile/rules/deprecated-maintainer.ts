import { removeInstruction, replaceText } from '../../../rule/fix/operations';
import type { Instruction } from '../model/types';
import { defineRule, noFix } from '../../../rule/define-rule';

const label = 'org.opencontainers.image.authors';

/** The author as a quoted value: what stands in quotes of its own as it is, else every special character escaped. */
function quoted(instruction: Instruction): string {
  const { logical, argumentsStart, argumentsEnd, file } = instruction;
  const text = logical.text.slice(argumentsStart, argumentsEnd);
  const inner = /^"([^"\\`$]*)"$|^'([^'"\\`$]*)'$/.exec(text);
  return `"${inner ? (inner[1] ?? inner[2]) : text.replace(/["$\\`]/g, c => (c === '\\' || c === '`' ? (c === file.escape ? c + c : c) : file.escape + c))}"`;
}

export const rule = defineRule({
  id: 'dockerfile/deprecated-maintainer',
  title: 'MAINTAINER is deprecated',
  severity: 'info',
  category: 'correctness',
  profile: 'recommended',
  peers: {
    hadolint: ['DL4000'],
    buildkit: ['MaintainerDeprecated'],
    trivy: ['DS-0022'],
    checkov: ['CKV_DOCKER_6'],
    kics: ['MAINTAINER Instruction Being Used'],
    semgrep: ['maintainer-is-deprecated'],
    'dockerfile-utils': ['DEPRECATED_MAINTAINER'],
  },
  messages: { deprecated: { text: `MAINTAINER is deprecated: use the label ${label}` } },
  fixes: {
    label: { title: 'Use LABEL instead of MAINTAINER', class: 'safe' },
    remove: { title: 'Remove MAINTAINER, which a later MAINTAINER overrides', class: 'safe' },
  },
  on: {
    instruction(instruction, report) {
      if (instruction.keyword !== 'MAINTAINER' || instruction.onbuildParent) return;
      const { file, stage, keywordRange, argumentsRange, words } = instruction;
      const keyword = stage && file.text.startsWith('from', stage.from.keywordRange.start) ? 'label' : 'LABEL';
      const others = stage?.instructions ?? [];
      const taken = others.some(i => i.keyword === 'LABEL' && i.pairs.some(pair => pair.name === label));
      const replaced = others.some(i => i.keyword === 'MAINTAINER' && i.index > instruction.index);
      report(
        keywordRange,
        'deprecated',
        {},
        replaced
          ? report.fix('remove', () => [removeInstruction(instruction.index)])
          : taken || words.length === 0 || !stage
            ? noFix('manual')
            : report.fix('label', () => [
                replaceText(keywordRange, keyword),
                replaceText(argumentsRange, `${label}=${quoted(instruction)}`),
              ]),
      );
    },
  },
});
