import { textRange } from '../../../yaml/text-range';
import { masks, defineRule, noFix } from '../../../rule/define-rule';
import { findSecretValue, isSecretLiteral, isSecretName } from '../../../knowledge/secrets';
import { containerName } from '../model/names';

export const rule = defineRule({
  id: 'kubernetes/secret-in-env',
  title: 'Secret written in an environment variable',
  severity: 'error',
  category: 'secrets',
  profile: 'baseline',
  references: {
    cisKubernetes: ['5.4.1'],
    nist800190: ['3.1.4', '4.1.4'],
    mitre: ['T1552.001', 'T1552.007'],
    cwe: ['CWE-798', 'CWE-526'],
  },
  peers: {
    'kube-linter': ['env-var-secret'],
    polaris: ['sensitiveContainerEnvVar'],
    kubescape: ['C-0012', 'C-0259'],
  },
  messages: {
    named: { text: '{name} of container "{container}" holds a secret that anyone can read here' },
    shaped: { text: '{name} of container "{container}" holds what looks like a secret: {kind}' },
  },
  on: {
    container(container, report) {
      for (const { name, value, valueNode } of container.env) {
        if (value === null || !valueNode) continue;
        const found = findSecretValue(value);
        // a value that repeats the name stands for one that is filled in
        const named = isSecretName(name) && isSecretLiteral(value) && !value.toUpperCase().includes(name.toUpperCase());
        if (!found && !named) continue;
        const { range } = textRange(container.pod.object.document, valueNode);
        const data = { name, container: containerName(container), ...(found && { kind: found.title }) };
        report(range, found ? 'shaped' : 'named', data, noFix('manual', 'the value must be rotated and moved to a Secret'), masks(range));
      }
    },
  },
});
