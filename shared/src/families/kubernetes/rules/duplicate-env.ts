import { mayExclude, isVariable } from '../../../syntax/yaml/certainty';
import { defineRule, noFix } from '../../../rule/define-rule';

export const rule = defineRule({
  id: 'kubernetes/duplicate-env',
  title: 'Environment variable defined twice',
  severity: 'warning',
  category: 'correctness',
  profile: 'baseline',
  references: { cwe: ['CWE-710'] },
  peers: {
    'kube-linter': ['duplicate-env-var'],
    'kube-score': ['environment-variable-key-duplication'],
    kubescape: ['C-0295'],
  },
  messages: {
    twice: { text: 'Container "{container}" sets {name} twice: the last one wins' },
    first: { text: '{name} is also set here' },
  },
  on: {
    container(container, report) {
      const { env } = container;
      if (env.length < 2) return;
      const seen = new Map<string, (typeof env)[number]>();
      for (const variable of env) {
        const { name, nameNode } = variable;
        const first = seen.get(name);
        if (!first) seen.set(name, variable);
        else if (!isVariable(name) && !mayExclude(container.pod.object.document, first.nameNode.range.start, nameNode.range.start))
          report(
            nameNode.range,
            'twice',
            { name },
            noFix('manual', 'only one of the two values can be the intended one'),
            report.related(first.nameNode.range, 'first', { name }),
          );
      }
    },
  },
});
