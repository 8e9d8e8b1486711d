import { removeNode } from '../../../syntax/yaml/operations';
import { systemNamespaces } from '../model/names';
import { defineRule } from '../../../rule/define-rule';
import { mayGain } from '../../../syntax/yaml/certainty';
import { itemsOf, stringOf } from '../../../syntax/yaml/values';

export const rule = defineRule({
  id: 'kubernetes/tolerates-everything',
  title: 'Toleration for every taint',
  severity: 'warning',
  category: 'isolation',
  profile: 'recommended',
  references: { nist800190: ['3.3.4', '4.3.4'], mitre: ['T1610'], cwe: ['CWE-653'] },
  peers: { 'kyverno-policies': ['restrict-controlplane-scheduling'] },
  messages: {
    every: { text: '{object} can run on any node, no matter why the node is tainted (control plane, sensitive work or a drain)' },
  },
  fixes: { remove: { title: 'Remove the toleration for every taint', class: 'attended' } },
  assumptions: { nodes: 'The pod does not need to run on a tainted node' },
  on: {
    pod(pod, report) {
      const { kind, namespace, document, metadata } = pod.object;
      // agents of nodes are meant to run on all of them
      if (kind === 'DaemonSet' || (namespace !== null && systemNamespaces.has(namespace))) return;
      // a template may fill that namespace in
      if (namespace === null && (metadata === null || mayGain(document, metadata))) return;
      for (const { index, map } of itemsOf(pod.node.get('tolerations'))) {
        const isEvery = stringOf(map.get('operator')) === 'Exists' && !map.get('key') && !map.get('effect');
        if (!isEvery || mayGain(document, map)) continue;
        const only = itemsOf(pod.node.get('tolerations')).length === 1;
        const path = [...pod.path, 'tolerations'];
        const fix = report.fix('remove', () => [removeNode(only ? path : [...path, index])], { assumes: [{ id: 'nodes' }] });
        report(map.get('operator')!.range, 'every', {}, fix);
      }
    },
  },
});
