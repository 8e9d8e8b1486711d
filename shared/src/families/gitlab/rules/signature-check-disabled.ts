import { insecureUses, isInsecureVariable } from '../../../knowledge/insecure-options';
import { defineRule, noFix } from '../../../rule/define-rule';
import { writtenVariables } from '../model/jobs';

export const rule = defineRule({
  id: 'gitlab/signature-check-disabled',
  title: 'Signature check of packages disabled',
  severity: 'warning',
  category: 'supply-chain',
  profile: 'recommended',
  references: { nist800190: ['3.1.1', '4.1.1'], mitre: ['T1195'], cwe: ['CWE-347'] },
  peers: { glsec: ['GL069'] },
  messages: { unchecked: { text: '"{what}" accepts packages without a trusted signature' } },
  on: {
    script({ script }, report) {
      for (const command of script()?.commands ?? [])
        for (const { range, what } of insecureUses(command, 'signature')) report(range, 'unchecked', { what }, noFix('manual'));
    },
    pipeline(file, report) {
      for (const { name, entry, text } of writtenVariables(file))
        if (text !== null && isInsecureVariable('signature', name, text)) report(entry.range, 'unchecked', { what: name }, noFix('manual'));
    },
  },
});
