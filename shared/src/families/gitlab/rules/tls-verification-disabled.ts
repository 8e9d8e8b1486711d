import { insecureUses, isInsecureVariable } from '../../../knowledge/insecure-options';
import { defineRule, noFix } from '../../../rule/define-rule';
import { removeNode } from '../../../syntax/yaml/operations';
import { writtenVariables } from '../model/jobs';

export const rule = defineRule({
  id: 'gitlab/tls-verification-disabled',
  title: 'TLS verification disabled',
  severity: 'warning',
  category: 'supply-chain',
  profile: 'recommended',
  references: { nist800190: ['3.2.1', '4.2.1'], mitre: ['T1195'], cwe: ['CWE-295'] },
  peers: { glsec: ['GL042'] },
  messages: {
    command: { text: '"{what}" makes {program} trust anyone who claims to be the server' },
    variable: { text: '"{what}" disables the verification of the server\'s identity' },
  },
  fixes: { verify: { title: 'Remove {what}', class: 'attended' } },
  assumptions: { trusted: 'The image trusts the certificates of the servers that the job connects to' },
  on: {
    script({ script }, report) {
      for (const command of script()?.commands ?? [])
        for (const { range, what, kind } of insecureUses(command, 'tls')) {
          // ssh has no certificates: unverified-host speaks of its keys
          if (/^(?:StrictHostKeyChecking|UserKnownHostsFile)/i.test(what)) continue;
          // a line that echo writes, or a variable in front, is for another program
          if (kind === 'flag' || kind === 'setting') report(range, 'command', { what, program: command.name ?? '' }, noFix('manual'));
          else report(range, 'variable', { what }, noFix('manual'));
        }
    },
    pipeline(file, report) {
      for (const { name, range, text, path } of writtenVariables(file)) {
        if (text === null || !isInsecureVariable('tls', name, text)) continue;
        const operations = () => [removeNode(path, true)];
        report(range, 'variable', { what: name }, report.fix('verify', operations, { data: { what: name }, assumes: [{ id: 'trusted' }] }));
      }
    },
  },
});
