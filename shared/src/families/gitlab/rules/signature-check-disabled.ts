import { insecureUses, isInsecureVariable } from '../../../knowledge/insecure-options';
import { defineRule, noFix } from '../../../rule/define-rule';
import type { ShellCommand } from '../../../syntax/shell/types';
import { writtenVariables } from '../model/jobs';

/** Whether a command installs nothing but files below the folder of the job: what the pipeline itself has built is signed later, if at all. */
function installsOwn({ args }: ShellCommand): boolean {
  const named = args.filter(({ raw }) => !/^(?:-|(?:add|in|install|localinstall|update|upgrade)$)/.test(raw));
  return named.length > 0 && named.every(({ raw }) => /^[\w."$*][^:]{0,300}\.(?:apk|deb|rpm)"?$/.test(raw));
}

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
      const commands = script()?.commands ?? [];
      const loads = commands.some(({ name }) => /^(?:curl|wget)$/.test(name ?? ''));
      for (const command of commands)
        for (const { range, what } of loads || !installsOwn(command) ? insecureUses(command, 'signature') : [])
          report(range, 'unchecked', { what }, noFix('manual'));
    },
    pipeline(file, report) {
      for (const { name, range, text } of writtenVariables(file))
        if (text !== null && isInsecureVariable('signature', name, text)) report(range, 'unchecked', { what: name }, noFix('manual'));
    },
  },
});
