import { setValue } from '../../../syntax/yaml/operations';
import { mapOf, valueRange } from '../../../syntax/yaml/values';
import type { KubernetesObject } from '../model/types';
import { defineRule, noFix } from '../../../rule/define-rule';
import { matches, printSelector, readLabelMap, readLabelSelector, type Requirement } from '../../../workspace/selector';
import { podLabels } from '../facts/workload-facts';

/** Kinds whose selector is a plain map of labels. */
const plain = new Set(['ReplicationController', 'DeploymentConfig']);
const kinds = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Rollout', ...plain]);

/** Where a requirement is written. */
function placeOf(object: KubernetesObject, { key }: Requirement) {
  const selector = mapOf(mapOf(object.node.get('spec'))?.get('selector'));
  const labels = plain.has(object.kind) ? selector : mapOf(selector?.get('matchLabels'));
  const label = labels?.entry(key);
  return label ? valueRange(label) : (selector?.entry('matchExpressions')?.key?.range ?? object.reportRange);
}

export const rule = defineRule({
  id: 'kubernetes/selector-mismatch',
  title: 'Selector does not match the pod labels',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  peers: {
    'kube-linter': ['mismatching-selector'],
    'kube-score': [
      'deployment-pod-selector-labels-match-template-metadata-labels',
      'statefulset-pod-selector-labels-match-template-metadata-labels',
    ],
    kubescape: ['C-0296'],
  },
  needsWhole: true,
  messages: {
    mismatch: { text: 'The pods of {object} lack the label {label}, which its selector requires: the API server rejects the object' },
  },
  fixes: { label: { title: 'Add {label} to the pod labels', class: 'review' } },
  on: {
    object(object, report) {
      const [pod] = kinds.has(object.kind) ? object.pods : [];
      if (!pod) return;
      const node = mapOf(object.node.get('spec'))?.get('selector');
      const selector = plain.has(object.kind) ? readLabelMap(object.document, node) : readLabelSelector(object.document, node);
      const labels = podLabels(pod);
      for (const requirement of selector?.requirements ?? []) {
        const one = { requirements: [requirement], partial: false };
        if (matches(one, labels) !== 'no') continue;
        const label = printSelector(one);
        const path = [...pod.metadataPath, 'labels', requirement.key];
        const [value] = requirement.values;
        const fix =
          requirement.operator === 'In' && requirement.values.length === 1
            ? report.fix('label', () => [setValue(path, value!)], { data: { label } })
            : noFix('no-fix');
        report(placeOf(object, requirement), 'mismatch', { label }, fix);
      }
    },
  },
});
