import { remedyOf } from '../../../rule/container/edits';
import { ownItems } from '../../../rule/container/types';
import { isInsecureVariable } from '../../../knowledge/insecure-options';
import { defineRule, noFix } from '../../../rule/define-rule';

/** Options that skip the check of a certificate, as a word of their own. */
const insecureOption =
  /^(?:--?(?:insecure-skip-tls-verify|insecure-skip-verify|tls-skip-verify|skip-tls-verify|no-check-certificate|no-verify-ssl|serversTransport\.insecureSkipVerify)(?:=true)?)$/i;

export const rule = defineRule({
  id: 'compose/tls-verification-disabled',
  title: 'TLS verification disabled',
  severity: 'warning',
  category: 'supply-chain',
  profile: 'recommended',
  references: { nist800190: ['3.3.5', '4.3.5'], cwe: ['CWE-295'] },
  messages: {
    variable: { text: '{name} makes "{container}" trust anyone who claims to be the server' },
    option: { text: '"{option}" makes "{container}" trust anyone who claims to be the server' },
  },
  fixes: { verify: { title: 'Remove {name}', class: 'attended' } },
  assumptions: { known: "The server's certificate was issued by a public CA, or by a CA that the program is configured to trust" },
  on: {
    container(container, report) {
      for (const setting of ownItems(container, 'env')) {
        const { name, value } = setting.value;
        if (value === null || !isInsecureVariable('tls', name, value)) continue;
        const remedy = remedyOf(container.edit.remove(setting), { assumes: [{ id: 'known' }] });
        report(setting.range, 'variable', { name }, ...report.remedy('verify', remedy, { name }));
      }
      for (const { value: option, range } of [...ownItems(container, 'entrypoint'), ...ownItems(container, 'args')])
        if (insecureOption.test(option)) report(range, 'option', { option }, noFix('manual'));
    },
  },
});
