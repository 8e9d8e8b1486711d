import { defineRule, type Report } from '../../../rule/define-rule';
import { allExpressions } from '../model/expression/all';
import { walk } from '../model/expression/walk';
import type { ActionView, WorkflowView } from '../model/types';

type OwnReport = Report<'all' | 'computed' | 'part', never>;

function check({ document }: WorkflowView | ActionView, report: OwnReport): void {
  if (!document.text.includes('secrets')) return;
  for (const { placed } of allExpressions(document)) {
    if (!placed.expression) continue;
    walk(placed.expression, inner => {
      if (inner.kind === 'reference' && inner.root === 'secrets') {
        const [step] = inner.steps;
        if (!step || step.kind === 'all') report(inner.range, 'all');
        else if (step.kind === 'index') report(inner.range, 'computed');
      } else if (inner.kind === 'access' && inner.of.kind === 'call' && inner.of.name === 'fromjson') {
        const [argument] = inner.of.args;
        if (argument?.kind === 'reference' && argument.root === 'secrets') report(inner.range, 'part');
      }
    });
  }
}

export const rule = defineRule({
  id: 'workflow/all-secrets',
  title: 'Whole secrets context or a computed secret exposed',
  severity: 'error',
  category: 'secrets',
  profile: 'baseline',
  references: {
    cwe: ['CWE-200', 'CWE-522'],
    links: ['https://docs.github.com/actions/reference/security/secure-use#use-secrets-for-sensitive-information'],
  },
  peers: { zizmor: ['overprovisioned-secrets', 'unredacted-secrets'], poutine: ['job_all_secrets'] },
  messages: {
    all: { text: 'Every secret of the repository and the organization is passed on here' },
    computed: {
      text: 'Every secret is sent to the runner, because only the runner knows which one is needed',
      severity: 'warning',
      profile: 'recommended',
    },
    part: { text: 'Parts of a secret are not masked in the log', severity: 'warning', profile: 'recommended' },
  },
  on: {
    workflow: check,
    action: check,
  },
});
