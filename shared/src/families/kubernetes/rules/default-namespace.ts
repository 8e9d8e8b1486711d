import { scalarOf } from '../../../syntax/yaml/values';
import { defineRule } from '../../../rule/define-rule';

/** Objects of a namespace beside workloads that are worth a word. */
const kinds = new Set(
  'Deployment StatefulSet DaemonSet ReplicaSet Job CronJob Pod Service ConfigMap Secret ServiceAccount Role RoleBinding Ingress NetworkPolicy PersistentVolumeClaim PodDisruptionBudget HorizontalPodAutoscaler'.split(
    ' ',
  ),
);

/** What the cluster itself makes, in every namespace or in this one: who writes it down changes it, and has no other place for it. */
const ofCluster = new Set(['ServiceAccount/default', 'Service/kubernetes', 'ConfigMap/kube-root-ca.crt']);

export const rule = defineRule({
  id: 'kubernetes/default-namespace',
  title: 'Default namespace used',
  severity: 'hint',
  category: 'correctness',
  profile: 'strict',
  references: { cisKubernetes: ['5.6.4'], nsaCisa: ['2.0'] },
  peers: {
    trivy: ['KSV-0110'],
    checkov: ['CKV_K8S_21'],
    'kube-linter': ['use-namespace'],
    kubescape: ['C-0061', 'C-0212'],
    kics: ['using_unrecommended_namespace'],
    'kyverno-policies': ['disallow-default-namespace'],
    cnspec: ['default-namespace'],
  },
  needsWhole: true,
  messages: {
    explicit: { text: '{object} is in the namespace "default"' },
    missing: { text: '{object} sets no namespace: unless applied to another namespace, it ends up in "default"' },
  },
  on: {
    object(object, report, { path, workspace }) {
      if (object.namespace !== null && object.namespace !== 'default') return;
      if (object.group === '' && ofCluster.has(`${object.kind}/${object.name}`)) return;
      const builtin =
        object.pods.length > 0 || (kinds.has(object.kind) && (!object.group.includes('.') || object.group.endsWith('.k8s.io')));
      if (!builtin) return;
      const node = scalarOf(object.metadata?.get('namespace'));
      if (object.namespace === 'default') report(node?.range ?? object.reportRange, 'explicit');
      else if (!node && !object.document.templated && !path.includes('templates/') && !workspace.kustomizes(path, 'places'))
        report(object.reportRange, 'missing');
    },
  },
});
