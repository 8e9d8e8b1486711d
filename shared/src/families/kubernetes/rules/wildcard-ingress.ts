import { defineRule } from '../../../rule/define-rule';
import { reportRangeOf } from '../../../syntax/yaml/values';

export const rule = defineRule({
  id: 'kubernetes/wildcard-ingress',
  title: 'Ingress for every host',
  severity: 'info',
  category: 'network',
  profile: 'strict',
  references: { nist800190: ['3.4.2', '4.4.2'], cwe: ['CWE-668'] },
  needsWhole: true,
  peers: {
    'kyverno-policies': ['disallow-empty-ingress-host', 'restrict-ingress-wildcard'],
  },
  messages: {
    rule: { text: 'A rule of {object} applies to every host' },
    backend: { text: '{object} sends requests for every host to one backend' },
  },
  on: {
    ingress({ rules, spec }, report) {
      const backend = spec.entry('defaultBackend') ?? spec.entry('backend');
      if (rules.length === 0 && backend?.key) return report(backend.key.range, 'backend');
      for (const { host, hostNode, node } of rules)
        if (host === null || host === '*') report(hostNode?.range ?? reportRangeOf(node), 'rule');
    },
  },
});
