import { removeNode } from '../../../syntax/yaml/operations';
import { defineRule, noFix, violates, weighs } from '../../../rule/define-rule';
import { mayShareNamespace } from '../model/host';
import { stringOf } from '../../../syntax/yaml/values';
import { isPssControl, ownViolations } from '../model/pss';

/** The first release whose standards have the control; the kubelet has always followed a host. */
const since = 34;

const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127\.\d/.test(host);

export const rule = defineRule({
  id: 'kubernetes/host-probe',
  title: 'Probe or hook that sets a host',
  severity: 'warning',
  category: 'isolation',
  profile: 'baseline',
  references: {
    nist800190: ['3.4.2', '3.4.3', '4.4.2', '4.4.3'],
    pss: ['host-probes-lifecycle'],
    mitre: ['T1046'],
    cwe: ['CWE-610'],
  },
  messages: {
    host: { text: 'For container "{container}", the kubelet connects to {host}, no matter where the pod runs' },
    loopback: { text: 'To the kubelet, {host} is the node itself, not the pod of container "{container}"' },
  },
  fixes: { remove: { title: "Remove the probe's host so that the kubelet probes the pod", class: 'review' } },
  assumptions: { listens: 'Container "{container}" responds at its pod\'s address' },
  on: {
    container(container, report, { kubernetesMinor }) {
      const { node, pod } = container;
      if (!(node.get('livenessProbe') || node.get('readinessProbe') || node.get('startupProbe') || node.get('lifecycle'))) return;
      for (const hit of ownViolations(container, 'hostProbesAndHostLifecycle', Math.max(kubernetesMinor, since))) {
        const host = stringOf(hit.node);
        if (!hit.node || host === null) continue;
        const data = { host };
        const loopback = isLoopback(host);
        // on the network of its node a pod may listen on the loopback alone, and another host is somebody's choice
        const chosen = !loopback || mayShareNamespace(pod, 'hostNetwork');
        const fix = report.fix('remove', () => [removeNode(hit.path)], {
          class: chosen ? 'attended' : undefined,
          assumes: [{ id: 'listens' }],
        });
        const reason =
          chosen && noFix('attended', loopback ? "it may listen only on its node's loopback address" : 'the host was chosen deliberately');
        const violation = isPssControl('hostProbesAndHostLifecycle', kubernetesMinor) && violates('baseline');
        report(
          hit.node.range,
          loopback && !chosen ? 'loopback' : 'host',
          data,
          violation,
          fix,
          reason,
          loopback && chosen && weighs('hint'),
        );
      }
    },
  },
});
