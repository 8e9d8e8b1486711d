import { mayChange } from '../../../syntax/yaml/certainty';
import { removeNode, renameKey } from '../../../syntax/yaml/operations';
import { defineRule } from '../../../rule/define-rule';
import { stringOf } from '../../../syntax/yaml/values';

export const rule = defineRule({
  id: 'kubernetes/deprecated-service-account',
  title: 'Deprecated serviceAccount field',
  severity: 'info',
  category: 'access',
  profile: 'recommended',
  references: { cwe: ['CWE-477'] },
  peers: {
    'kube-linter': ['deprecated-service-account-field'],
    kubeaudit: ['AutomountServiceAccountTokenDeprecated'],
    kubescape: ['C-0294'],
  },
  messages: {
    alone: { text: '{object} uses "serviceAccount", the old name of the field serviceAccountName' },
    both: { text: 'Field "serviceAccount" of {object} is deprecated: serviceAccountName, also set, takes precedence' },
  },
  fixes: {
    rename: { title: 'Use serviceAccountName', class: 'safe' },
    remove: { title: 'Remove serviceAccount', class: 'safe' },
  },
  on: {
    pod(pod, report) {
      const entry = pod.node.entry('serviceAccount');
      if (!entry?.key || entry.value === null || mayChange(entry.value)) return;
      const path = [...pod.path, 'serviceAccount'];
      const both = stringOf(pod.node.get('serviceAccountName')) !== null;
      const fix = both
        ? report.fix('remove', () => [removeNode(path)])
        : report.fix('rename', () => [renameKey(path, 'serviceAccountName')]);
      report(entry.key.range, both ? 'both' : 'alone', {}, fix);
    },
  },
});
