import { defineRule } from '../../../rule/define-rule';
import type { YamlNode } from '../../../syntax/yaml/types';
import { itemsOf, stringOf } from '../../../syntax/yaml/values';

/** Whether a Secret has the name that the cluster gave the token of an account. */
function isToken(name: YamlNode | null | undefined, account: string): boolean {
  return (stringOf(name ?? null) ?? '').startsWith(`${account}-token`);
}

export const rule = defineRule({
  id: 'kubernetes/service-account-token-secret',
  title: 'Long-lived service account token',
  severity: 'warning',
  category: 'access',
  profile: 'recommended',
  references: {
    cisKubernetes: ['5.1.13'],
    nist800190: ['3.3.2', '4.3.2'],
    nsaCisa: ['1.11'],
    mitre: ['T1528', 'T1550.001', 'T1552.007'],
    cwe: ['CWE-522'],
  },
  peers: {
    'kyverno-policies': ['deny-secret-service-account-token-type', 'check-serviceaccount-secrets'],
  },
  messages: {
    secret: { text: '{object} holds a token that never expires' },
    listed: { text: '{object} lists a Secret, as Kubernetes did before 1.24 for tokens that never expire', severity: 'info' },
  },
  on: {
    object(object, report) {
      const { kind, node } = object;
      if ((kind !== 'Secret' && kind !== 'ServiceAccount') || object.group !== '') return;
      if (kind === 'Secret') {
        const type = node.entry('type');
        if (type?.value && stringOf(type.value) === 'kubernetes.io/service-account-token') report(type.value.range, 'secret');
      } else if (object.name !== null && itemsOf(node.get('secrets')).some(({ map }) => isToken(map.get('name'), object.name!))) {
        const key = node.entry('secrets')?.key;
        if (key) report(key.range, 'listed');
      }
    },
  },
});
