import { defineRule, noFix, weighs } from '../../../rule/define-rule';
import { isOwner } from '../../../workspace/repository';
import { scalarOf, stringOf } from '../../../syntax/yaml/values';

export const rule = defineRule({
  id: 'workflow/inherited-secrets',
  title: 'All secrets passed to a reusable workflow',
  severity: 'warning',
  category: 'secrets',
  profile: 'recommended',
  references: {
    cwe: ['CWE-522'],
    links: ['https://docs.github.com/actions/how-tos/reuse-automations/reuse-workflows#passing-inputs-and-secrets-to-a-reusable-workflow'],
  },
  peers: { zizmor: ['secrets-inherit'] },
  messages: {
    foreign: { text: 'Every secret of this repository is passed to a workflow owned by {owner}' },
    own: { text: 'All secrets are passed to the called workflow, whether it needs them or not', severity: 'info' },
  },
  on: {
    job({ uses, node }, report, { repository }) {
      const secrets = scalarOf(node.get('secrets'));
      if (!uses || !secrets || stringOf(secrets) !== 'inherit') return;
      const left = noFix('needs-value', 'which secrets the called workflow uses');
      if (uses.kind === 'repository')
        report(secrets.range, 'foreign', { owner: uses.owner }, isOwner(repository(), uses.owner) && weighs('info'), left);
      else report(secrets.range, 'own', {}, left);
    },
  },
});
