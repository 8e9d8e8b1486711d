import { systemNamespaces } from '../model/names';
import { scalarOf, stringOf } from '../../../syntax/yaml/values';
import type { PodView } from '../model/types';
import { defineRule } from '../../../rule/define-rule';

/** Whether a pod says that it is part of the cluster itself. */
function isSystemPod({ node, labels, object }: PodView): boolean {
  const has = (name: string, value: string): boolean => (labels.get(name) ?? object.labels.get(name))?.value === value;
  return (
    (object.kind !== 'Pod' && (stringOf(node.get('priorityClassName')) ?? '').startsWith('system-')) ||
    (has('tier', 'control-plane') && labels.has('component')) ||
    has('kubernetes.io/cluster-service', 'true') ||
    object.labels.has('addonmanager.kubernetes.io/mode')
  );
}

export const rule = defineRule({
  id: 'kubernetes/system-namespace',
  title: 'Workload in a system namespace',
  severity: 'warning',
  category: 'correctness',
  profile: 'strict',
  references: { cisKubernetes: ['5.6.1'], nsaCisa: ['1.12', '2.0'] },
  peers: { trivy: ['KSV-0037'], kics: ['using_unrecommended_namespace'] },
  messages: { system: { text: '{object} is in {namespace}, which is reserved for the cluster itself' } },
  on: {
    pod(pod, report) {
      const { object } = pod;
      // a patch only says where to find what it patches
      if (object.fragment || object.namespace === null || !systemNamespaces.has(object.namespace) || isSystemPod(pod)) return;
      const node = scalarOf(object.metadata?.get('namespace'));
      report(node?.range ?? object.reportRange, 'system', { namespace: object.namespace });
    },
  },
});
