import { removePair, secureOperation } from '../../fix/dockerfile/secure';
import { insecureUses, isInsecureVariable } from '../../knowledge/insecure-options';
import { defineRule, left } from '../../rule/define-rule';

export const rule = defineRule({
  id: 'dockerfile/signature-check-disabled',
  title: 'Package signature check switched off',
  severity: 'error',
  category: 'supply-chain',
  profile: 'baseline',
  supersedes: ['dockerfile/tls-verification-disabled'],
  references: { cisDocker: ['4.11'], nist800190: ['3.1.5', '4.1.5'], mitre: ['T1195'], cwe: ['CWE-347'] },
  peers: { checkov: ['CKV2_DOCKER_7', 'CKV2_DOCKER_8', 'CKV2_DOCKER_9', 'CKV2_DOCKER_10', 'CKV2_DOCKER_11'] },
  messages: {
    command: { text: '"{what}" lets packages in that nobody signed' },
    variable: { text: '"{what}" switches off the check of who made what is downloaded' },
  },
  fixes: { verify: { title: 'Check signatures again', class: 'attended' } },
  on: {
    command({ command, instruction }, report) {
      for (const use of insecureUses(command, 'signature')) {
        const operation = instruction.json || instruction.parent ? null : secureOperation(use);
        report(
          use.range,
          use.kind === 'variable' ? 'variable' : 'command',
          { what: use.what },
          operation ? report.fix('verify', () => [operation]) : left('attended'),
        );
      }
    },
    instruction(instruction, report) {
      if (instruction.keyword !== 'ENV' && instruction.keyword !== 'ARG') return;
      for (const pair of instruction.pairs) {
        if (pair.value === null || !isInsecureVariable('signature', pair.name, pair.value.text)) continue;
        report(
          pair.range,
          'variable',
          { what: pair.name },
          !instruction.parent && report.fix('verify', () => [removePair(instruction, pair)]),
        );
      }
    },
  },
});
