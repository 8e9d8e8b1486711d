import { refusalAt } from '../fix/refusal';
import { removePair, secureOperation } from '../fix/secure';
import { insecureLines, insecureUses, isInsecureVariable } from '../../../knowledge/insecure-options';
import { documentsOf, shellAt } from '../model/scripts';
import { sourceRange } from '../../../syntax/shell/mapped-text';
import { defineRule, noFix } from '../../../rule/define-rule';

const powershell = /-SkipCertificateCheck\b|\bServerCertificateValidationCallback\b/gi;

export const rule = defineRule({
  id: 'dockerfile/tls-verification-disabled',
  title: 'TLS verification disabled',
  severity: 'error',
  category: 'supply-chain',
  profile: 'baseline',
  references: { cisDocker: ['4.11'], nist800190: ['3.2.1', '4.2.1'], mitre: ['T1195'], cwe: ['CWE-295'] },
  peers: {
    checkov: [
      'CKV2_DOCKER_2',
      'CKV2_DOCKER_3',
      'CKV2_DOCKER_4',
      'CKV2_DOCKER_5',
      'CKV2_DOCKER_6',
      'CKV2_DOCKER_12',
      'CKV2_DOCKER_13',
      'CKV2_DOCKER_14',
      'CKV2_DOCKER_15',
      'CKV2_DOCKER_16',
    ],
  },
  messages: {
    command: { text: '"{what}" makes {program} trust anyone who claims to be the server' },
    variable: { text: '"{what}" disables the verification of the server\'s identity' },
  },
  fixes: { verify: { title: 'Turn TLS verification back on', class: 'attended' } },
  on: {
    command({ command, instruction }, report) {
      for (const use of insecureUses(command, 'tls')) {
        const operation = secureOperation(use);
        const named = (use.kind === 'flag' || use.kind === 'setting') && command.name !== null;
        report(
          use.range,
          named ? 'command' : 'variable',
          { what: use.what, ...(named && { program: command.name }) },
          refusalAt(instruction) ?? (operation ? report.fix('verify', () => [operation]) : noFix('manual')),
        );
      }
    },
    instruction(instruction, report) {
      const { keyword, script, pairs } = instruction;
      for (const document of documentsOf(instruction)) {
        const file = keyword === 'RUN' ? null : (instruction.words.at(-1)?.text ?? null);
        for (const use of insecureLines(document, 'tls', file)) {
          const operation = secureOperation(use);
          const fix = operation ? report.fix('verify', () => [operation]) : noFix('manual');
          report(use.range, 'variable', { what: use.what }, refusalAt(instruction, 'any') ?? fix);
        }
      }
      if (keyword === 'ENV' || keyword === 'ARG') {
        for (const pair of pairs) {
          if (pair.value === null || !isInsecureVariable('tls', pair.name, pair.value.text)) continue;
          report(
            pair.range,
            'variable',
            { what: pair.name },
            refusalAt(instruction, 'any') ?? report.fix('verify', () => [removePair(instruction, pair)]),
          );
        }
      }
      if (
        keyword !== 'RUN' ||
        script === null ||
        (shellAt(instruction).dialect !== 'powershell' && !/\b(?:powershell|pwsh)\b/i.test(script.text))
      )
        return;
      for (const match of script.text.matchAll(powershell)) {
        report(
          sourceRange(script, match.index, match.index + match[0].length),
          'command',
          { what: match[0], program: 'PowerShell' },
          noFix('manual'),
        );
      }
    },
  },
});
