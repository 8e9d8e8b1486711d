import { defineRule } from '../../../rule/define-rule';
import { removeNode } from '../../../syntax/yaml/operations';
import { scalarOf, stringOf } from '../../../syntax/yaml/values';

const key = 'insecure-external-code-execution';

export const rule = defineRule({
  id: 'workflow/dependabot-code-execution',
  title: 'Dependabot may run code from dependencies',
  severity: 'warning',
  category: 'isolation',
  profile: 'recommended',
  references: {
    cwe: ['CWE-829'],
    links: [
      'https://docs.github.com/code-security/dependabot/working-with-dependabot/dependabot-options-reference#insecure-external-code-execution--',
    ],
  },
  peers: { zizmor: ['dependabot-execution'] },
  messages: { allowed: { text: "Code from {ecosystem} packages runs with Dependabot's credentials while Dependabot looks for updates" } },
  fixes: { remove: { title: 'Remove insecure-external-code-execution', class: 'review' } },
  on: {
    dependabot({ updates }, report) {
      for (const { node, path, ecosystem } of updates) {
        const value = scalarOf(node.get(key));
        if (!value || stringOf(value) !== 'allow') continue;
        const fix = report.fix('remove', () => [removeNode([...path, key])]);
        report(value.range, 'allowed', { ecosystem: ecosystem ?? 'these' }, fix);
      }
    },
  },
});
