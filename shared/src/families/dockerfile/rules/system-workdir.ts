import { refusalAt } from '../fix/refusal';
import { removeOneOf } from '../fix/words';
import type { Instruction } from '../model/types';
import { defineRule, noFix } from '../../../rule/define-rule';

/** What the kernel or the boot loader owns. */
const system = /^\/(?:proc|sys|dev|boot|initrd|lost\+found)(?:\/|$)/;

/** The path that a WORKDIR leads to, joined with those before it; `null` where variables leave it open. */
function workdirOf(instruction: Instruction): string | null {
  const { stage, index, onbuildParent: parent } = instruction;
  const word = instruction.words[0];
  if (parent || !stage) return word?.text ?? null;
  const next = stage.instructions[index - stage.from.index];
  return (next ? next.stateBefore : stage.state)?.workdir?.value ?? null;
}

export const rule = defineRule({
  id: 'dockerfile/system-workdir',
  title: 'WORKDIR or VOLUME in a system directory',
  severity: 'error',
  category: 'isolation',
  profile: 'baseline',
  references: { cisDocker: ['5.6'], mitre: ['T1611'], cwe: ['CWE-668'], links: ['https://nvd.nist.gov/vuln/detail/CVE-2024-21626'] },
  peers: { trivy: ['DS-0030'], dockle: ['DKL-DI-0002'] },
  messages: {
    descriptor: { text: 'A WORKDIR that goes through an open file descriptor of the runtime exploits CVE-2024-21626' },
    workdir: { text: 'WORKDIR is in {path}, which belongs to the kernel, not to the image' },
    volume: { text: 'A volume over {path} hides or copies files that belong to the kernel' },
  },
  fixes: { remove: { title: 'Remove the volume', class: 'review' } },
  on: {
    instruction(instruction, report) {
      const { keyword, words } = instruction;
      if (keyword === 'WORKDIR') {
        const path = words[0] ? workdirOf(instruction) : null;
        if (path === null || !system.test(path)) return;
        report(words[0]!.range, /^\/proc\/[^/]+\/fd(?:\/|$)/.test(path) ? 'descriptor' : 'workdir', { path }, noFix('needs-value'));
      } else if (keyword === 'VOLUME') {
        for (const word of words) {
          const path = instruction.file.expand(word, instruction) ?? '';
          if (!system.test(path) || path === '/dev/shm') continue;
          const fix = refusalAt(instruction, 'any') ?? report.fix('remove', () => [removeOneOf(instruction, words, word.range)]);
          report(word.range, 'volume', { path }, fix);
        }
      }
    },
  },
});
