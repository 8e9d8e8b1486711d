import { refusalAt } from '../fix/refusal';
import { removePair } from '../fix/secure';
import { openedBy, permitsNoPassword } from '../../../knowledge/open-access';
import { isShipped } from '../model/chain';
import type { Stage } from '../model/types';
import { defineRule, noFix } from '../../../rule/define-rule';

/** Whether a stage gives a password, or a file with one, where a variable only permits that there is none. */
function hasPassword(stage: Stage, permission: string): boolean {
  const name = permission.replace(/ALLOW_EMPTY_(?:ROOT_)?PASSWORD$/, 'ROOT_PASSWORD');
  return [name, `${name}_FILE`].some(own => (stage.variable(own)?.pair.value?.text ?? '') !== '');
}

export const rule = defineRule({
  id: 'dockerfile/authentication-disabled',
  title: 'Authentication disabled',
  severity: 'warning',
  category: 'network',
  profile: 'recommended',
  references: { nist800190: ['3.1.2', '4.1.2'], mitre: ['T1078.001'], cwe: ['CWE-306', 'CWE-1188'] },
  messages: { variable: { text: 'With {name} set, {program} in every container lets in anyone who can reach it' } },
  fixes: { remove: { title: 'Remove {name}', class: 'attended' } },
  assumptions: { clients: 'Every client of {program} has credentials, and each container is given a password when it starts' },
  on: {
    instruction(instruction, report) {
      const { keyword, pairs, stage } = instruction;
      if (keyword !== 'ENV' || !stage || !isShipped(stage)) return;
      for (const pair of pairs) {
        const { name, nameRange, value } = pair;
        const text = value && stage.file.expand(value, instruction);
        const program = text === null ? null : openedBy(name, text);
        if (program === null || (permitsNoPassword(name) && hasPassword(stage, name))) continue;
        // options of Java are not only this one
        const isAll = !text!.includes('-D');
        const fix = report.fix('remove', () => [removePair(instruction, pair)], {
          data: { name },
          assumes: [{ id: 'clients', data: { program } }],
        });
        report(nameRange, 'variable', { name, program }, isAll ? (refusalAt(instruction, 'any') ?? fix) : noFix('needs-value'));
      }
    },
  },
});
