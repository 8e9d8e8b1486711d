import { isFinal } from '../../../syntax/yaml/certainty';
import { defineRule, noFix } from '../../../rule/define-rule';
import { setInPod } from '../fix/pod-level';
import { runsOnWindows } from '../fix/windows';
import { mayShareNamespace } from '../model/host';
import { resolve } from '../../../syntax/yaml/values';
import { everyContainer } from '../model/pod';
import { containerFlag } from '../model/security';
import type { PodView } from '../model/types';

/** Whether the API lets the pod have user namespaces at all: not with another namespace of the node, nor with raw block devices. */
const isPossible = (pod: PodView): boolean =>
  !(['hostNetwork', 'hostPID', 'hostIPC'] as const).some(name => mayShareNamespace(pod, name)) &&
  everyContainer(pod, ({ node }) => isFinal(pod.object.document, node, 'volumeDevices') && !node.get('volumeDevices'));

export const rule = defineRule({
  id: 'kubernetes/host-users',
  title: 'Pod without a user namespace',
  severity: 'hint',
  category: 'privilege',
  profile: 'strict',
  references: { nist800190: ['3.4.3', '3.5.2', '4.4.3', '4.5.2'], nsaCisa: ['1.0'], mitre: ['T1611'], cwe: ['CWE-653'] },
  peers: { kubesec: ['HostUsers'] },
  messages: {
    unset: { text: '{object} shares user IDs with its node: hostUsers is not false' },
    shared: { text: '{object} explicitly shares user IDs with its node' },
  },
  fixes: { separate: { title: 'hostUsers: false', class: 'review' } },
  assumptions: { 'user-namespaces': 'The nodes and the filesystems of the volumes support user namespaces for {object}' },
  on: {
    pod(pod, report, { kubernetesMinor }) {
      // on by default since 1.33; before, most clusters ignore the field
      if (pod.hostUsers === false || kubernetesMinor < 33 || pod.flavor !== 'core') return;
      const node = resolve(pod.node.get('hostUsers'));
      if (pod.hostUsers === null && (node !== null || !pod.complete)) return;
      if (runsOnWindows(pod) || !isPossible(pod)) return;
      const onNode =
        pod.hostUsers === true ||
        pod.volumes.some(({ type }) => type === 'hostPath') ||
        pod.containers.some(container => containerFlag(container, 'privileged')?.value === true);
      const fix = report.fix('separate', () => [setInPod(pod, 'hostUsers', false)], {
        class: onNode ? 'attended' : undefined,
        assumes: [{ id: 'user-namespaces' }],
      });
      const reason = onNode && noFix('attended', "the pod accesses the node directly, where the pod's user IDs would differ");
      report(node ? node.range : pod.reportRange, node ? 'shared' : 'unset', {}, fix, reason);
    },
  },
});
