import { removeNode } from '../../../syntax/yaml/operations';
import { defineRule, noFix } from '../../../rule/define-rule';
import { booleanOf, resolve } from '../../../syntax/yaml/values';

export const rule = defineRule({
  id: 'kubernetes/shared-process-namespace',
  title: 'Containers share a process namespace',
  severity: 'warning',
  category: 'isolation',
  profile: 'recommended',
  references: { nist800190: ['3.4.3', '4.4.3'], nsaCisa: ['1.3'], mitre: ['T1552.001'], cwe: ['CWE-653'] },
  messages: { shared: { text: "The containers of {object} can see each other's processes and files" } },
  fixes: { remove: { title: 'Remove shareProcessNamespace', class: 'attended' } },
  assumptions: { 'no-signals': "No container signals, watches or debugs another container's processes" },
  on: {
    pod(pod, report) {
      const node = resolve(pod.node.get('shareProcessNamespace'));
      // a container alone shares with nobody: it wants an init process
      if (booleanOf(node) !== true || !node || (pod.complete && pod.containers.length === 1)) return;
      const path = [...pod.path, 'shareProcessNamespace'];
      // it was written for something that one of them does to another, which nothing here shows
      const fix = report.fix('remove', () => [removeNode(path)], { assumes: [{ id: 'no-signals' }] });
      report(node.range, 'shared', {}, fix, noFix('attended', 'a container may send signals to another container or watch its processes'));
    },
  },
});
