import { defineRule } from '../../../rule/define-rule';
import { itemsOf, mapOf } from '../../../syntax/yaml/values';

export const rule = defineRule({
  id: 'kubernetes/secret-env-reference',
  title: 'Secret passed as an environment variable',
  severity: 'hint',
  category: 'secrets',
  profile: 'strict',
  references: { cisKubernetes: ['5.4.1'], nist800190: ['3.1.4', '4.1.4'], mitre: ['T1552.007'], cwe: ['CWE-526'] },
  peers: {
    checkov: ['CKV_K8S_35'],
    'kube-linter': ['read-secret-from-env-var'],
    kubesec: ['SecretsAsEnvironmentVariables'],
    kubescape: ['C-0207'],
    kics: ['secrets_as_environment_variables'],
    'kyverno-policies': ['disallow-secrets-from-env-vars'],
  },
  messages: {
    variable: { text: '{name} puts a Secret into the environment of container "{container}"' },
    whole: { text: 'Container "{container}" puts every value of a Secret into its environment' },
  },
  on: {
    container(container, report) {
      const { node } = container;
      if (node.entry('envFrom')) {
        for (const { map } of itemsOf(node.get('envFrom'))) {
          const key = map.entry('secretRef')?.key;
          if (key) report(key.range, 'whole');
        }
      }
      for (const { name, node: item } of container.env) {
        const key = mapOf(item.get('valueFrom'))?.entry('secretKeyRef')?.key;
        if (key) report(key.range, 'variable', { name });
      }
    },
  },
});
