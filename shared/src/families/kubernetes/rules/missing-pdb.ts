import { isVariable } from '../../../syntax/yaml/certainty';
import { setValue } from '../../../syntax/yaml/operations';
import { mapOf, numberOf, scalarOf, stringOf } from '../../../syntax/yaml/values';
import { wantedReplicas } from '../model/replicas';
import { defineRule } from '../../../rule/define-rule';
import { readLabelSelector } from '../../../workspace/selector';
import { podLabels } from '../facts/workload-facts';
import type { WorkspaceIndex } from '../../../workspace/types';
import type { WorkloadFact } from '../../../workspace/object-facts';

/** How many pods there are at least: what an autoscaler says goes before `replicas`. */
function leastPods(
  { kind, namespace, name, replicas }: Pick<WorkloadFact, 'kind' | 'namespace' | 'name' | 'replicas'>,
  workspace: WorkspaceIndex,
): number {
  const [scaler] = workspace.scalersOf(kind, namespace, name);
  return scaler && scaler.target.name !== '' ? (scaler.min ?? 1) : (replicas ?? 1);
}

export const rule = defineRule({
  id: 'kubernetes/missing-pdb',
  title: 'PodDisruptionBudget missing or blocking',
  severity: 'hint',
  category: 'reliability',
  profile: 'strict',
  references: { links: ['https://kubernetes.io/docs/tasks/run-application/configure-pdb/'] },
  peers: {
    'kube-score': ['deployment-has-poddisruptionbudget', 'statefulset-has-poddisruptionbudget'],
    'kube-linter': ['pdb-max-unavailable', 'pdb-min-available', 'pdb-unhealthy-pod-eviction-policy'],
    polaris: ['missingPodDisruptionBudget', 'pdbDisruptionsIsZero', 'pdbMinAvailableGreaterThanHPAMinReplicas'],
    kics: ['deployment_without_pod_disruption_budget', 'statefulset_without_pod_disruption_budget'],
    'kyverno-policies': ['require-pdb', 'create-default-pdb', 'require-reasonable-pdbs', 'deployment-replicas-higher-than-pdb'],
  },
  needsWhole: true,
  messages: {
    missing: { text: 'No PodDisruptionBudget selects the pods of {object}' },
    blocks: { text: '{object} never lets a pod be evicted: a node drain waits forever', severity: 'warning' },
    replicas: {
      text: '{object} requires {wanted} of at most {pods} pods to be available: draining a node may wait forever',
      severity: 'warning',
    },
    workload: { text: 'The selected pods' },
    unhealthy: { text: '{object} also protects unhealthy pods, which keeps nodes from being drained' },
  },
  fixes: { unhealthy: { title: 'Allow unhealthy pods to be evicted', class: 'review' } },
  on: {
    object(object, report, { workspace, kubernetesMinor }) {
      const spec = object.kind === 'PodDisruptionBudget' ? mapOf(object.node.get('spec')) : null;
      if (!spec) return;
      const [min, max] = [scalarOf(spec.get('minAvailable')), scalarOf(spec.get('maxUnavailable'))];
      const data = {};
      const [least, most] = [stringOf(min), stringOf(max)];
      if (max && (most === '0' || most === '0%')) report(max.range, 'blocks', data);
      else if (min && least !== null && /^\d{3,6}%$/.test(least)) report(min.range, 'blocks', data);
      const wanted = numberOf(min);
      const selector = readLabelSelector(object.document, spec.get('selector'));
      if (min && wanted !== null && wanted > 0 && selector && workspace.complete) {
        const { only } = workspace.selected(selector, object.namespace);
        const pods = only ? leastPods(only, workspace) : Infinity;
        if (only && pods > 0 && wanted >= pods && !isVariable(only.name))
          report(min.range, 'replicas', { ...data, wanted, pods }, report.related(only.range, 'workload', {}, only.path));
      }
      if (kubernetesMinor < 27 || object.apiVersion !== 'policy/v1' || spec.entry('unhealthyPodEvictionPolicy')) return;
      const path = [...object.path, 'spec', 'unhealthyPodEvictionPolicy'];
      const fix = report.fix('unhealthy', () => [setValue(path, 'AlwaysAllow')]);
      report(object.reportRange, 'unhealthy', data, fix);
    },
    pod(pod, report, { workspace }) {
      const { object } = pod;
      if (
        (object.kind !== 'Deployment' && object.kind !== 'StatefulSet') ||
        !workspace.complete ||
        !workspace.hasNeighbours(object.namespace)
      )
        return;
      const replicas = wantedReplicas(object);
      const { kind, namespace, name } = object;
      if (name === null || replicas === null || leastPods({ kind, namespace, name, replicas }, workspace) < 2) return;
      if (workspace.budgetsFor({ namespace, labels: podLabels(pod) }).length > 0) return;
      report(object.reportRange, 'missing');
    },
  },
});
