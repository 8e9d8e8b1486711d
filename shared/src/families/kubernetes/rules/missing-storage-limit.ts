import { defineRule } from '../../../rule/define-rule';
import { checkLimit } from '../fix/resources';

export const rule = defineRule({
  id: 'kubernetes/missing-storage-limit',
  title: 'No ephemeral-storage limit',
  severity: 'hint',
  category: 'reliability',
  profile: 'strict',
  references: { nist800190: ['3.4.3', '4.4.3'], nsaCisa: ['4.0', '4.1'], mitre: ['T1499', 'T1496'], cwe: ['CWE-770'] },
  needsWhole: true,
  peers: {
    'kube-score': ['container-ephemeral-storage-request-and-limit'],
  },
  messages: {
    missing: { text: 'Container "{container}" may fill up the node\'s disk' },
  },
  fixes: {
    limit: { title: 'Limit ephemeral storage to {value}', class: 'review' },
    enter: { title: 'Limit ephemeral storage to a value that you enter', class: 'attended' },
  },
  on: {
    container: (container, report, { defaults }) => checkLimit(container, report, 'ephemeral-storage', defaults.storageLimit),
  },
});
