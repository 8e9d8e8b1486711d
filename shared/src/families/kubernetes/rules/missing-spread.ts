import { mayGain } from '../../../syntax/yaml/certainty';
import { gistRange, reportRangeOf, itemsOf, mapOf, numberOf, sequenceOf, stringOf } from '../../../syntax/yaml/values';
import { wantedReplicas } from '../model/replicas';
import type { PodView } from '../model/types';
import type { YamlDocument, YamlMap } from '../../../syntax/yaml/types';
import { defineRule } from '../../../rule/define-rule';
import { matches, readLabelSelector } from '../../../workspace/selector';
import { podLabels } from '../facts/workload-facts';

/** The terms of a pod's anti-affinity, required and preferred. */
function antiAffinity(pod: PodView): readonly YamlMap[] {
  const rules = mapOf(mapOf(pod.node.get('affinity'))?.get('podAntiAffinity'));
  const preferred = itemsOf(rules?.get('preferredDuringSchedulingIgnoredDuringExecution')).flatMap(
    ({ map }) => mapOf(map.get('podAffinityTerm')) ?? [],
  );
  return [...itemsOf(rules?.get('requiredDuringSchedulingIgnoredDuringExecution')).map(({ map }) => map), ...preferred];
}

/** Whether templates add nothing that spreads a pod. */
function isSpreadKnown({ node, object: { document } }: PodView): boolean {
  const affinity = node.get('affinity');
  const rules = mapOf(affinity)?.get('podAntiAffinity');
  const parts = [node, node.get('topologySpreadConstraints'), affinity, rules, ...(mapOf(rules)?.entries ?? []).map(({ value }) => value)];
  return parts.every(part => !mayGain(document, part));
}

/** What the API server or the scheduler has against a constraint, and the key that it is about; `null` where nothing. */
function problemOf(document: YamlDocument, constraint: YamlMap): readonly [problem: string, key: string] | null {
  if (![...constraint.entries.map(({ value }) => value), constraint].every(node => !mayGain(document, node))) return null;
  const below = (key: string): boolean => (numberOf(constraint.get(key)) ?? 1) < 1;
  const otherwise = stringOf(constraint.get('whenUnsatisfiable'));
  if (!mapOf(constraint.get('labelSelector'))) return ['without a labelSelector, the constraint counts no pods', 'labelSelector'];
  if (!stringOf(constraint.get('topologyKey'))) return ['the constraint has no topologyKey', 'topologyKey'];
  if (!constraint.entry('maxSkew') || below('maxSkew')) return ['maxSkew must be 1 or more', 'maxSkew'];
  if (below('minDomains')) return ['minDomains must be 1 or more', 'minDomains'];
  return otherwise === 'DoNotSchedule' || otherwise === 'ScheduleAnyway'
    ? null
    : ['whenUnsatisfiable must be DoNotSchedule or ScheduleAnyway', 'whenUnsatisfiable'];
}

export const rule = defineRule({
  id: 'kubernetes/missing-spread',
  title: 'Replicas may share a node',
  severity: 'hint',
  category: 'reliability',
  profile: 'strict',
  peers: {
    'kube-linter': ['no-anti-affinity'],
    'kube-score': ['deployment-has-host-podantiaffinity', 'statefulset-has-host-podantiaffinity', 'pod-topology-spread-constraints'],
    polaris: ['topologySpreadConstraint'],
    kics: ['deployment_has_no_pod_anti_affinity', 'statefulset_has_no_pod_anti_affinity'],
    'kyverno-policies': ['create-pod-antiaffinity', 'spread-pods-across-topology', 'topologyspreadconstraints-policy'],
  },
  needsWhole: true,
  messages: {
    missing: { text: 'Nothing spreads the pods of {object} across nodes' },
    foreign: { text: "The spread constraint of {object} does not select the object's own pods" },
    invalid: { text: 'The spread constraint has no effect: {problem}', severity: 'warning' },
  },
  on: {
    pod(pod, report, { workspace }) {
      const { object } = pod;
      const { kind, namespace, name } = object;
      const counted = kinds.has(kind);
      if (!counted && !pod.node.entry('topologySpreadConstraints')) return;
      const constraints = itemsOf(pod.node.get('topologySpreadConstraints')).map(({ map }) => map);
      for (const constraint of constraints) {
        const found = problemOf(object.document, constraint);
        if (found) report(constraint.get(found[1])?.range ?? reportRangeOf(constraint), 'invalid', { problem: found[0] });
      }
      if (!counted) return;
      const replicas = wantedReplicas(object);
      if (replicas === null || !isSpreadKnown(pod)) return;
      const scalers = name === null ? [] : workspace.scalersOf(kind, namespace, name);
      // one that may scale this workload, as far as its name tells
      if (scalers.some(({ target }) => target.name === '')) return;
      if ((scalers[0] ? (scalers[0].max ?? 2) : replicas) < 2) return;
      const labels = podLabels(pod);
      const terms = [...antiAffinity(pod), ...constraints];
      const own = terms.find(term => {
        const namespaces = sequenceOf(term.get('namespaces'))?.items.map(stringOf) ?? [];
        const here = namespaces.length === 0 || namespace === null || namespaces.includes(namespace);
        return (
          mayGain(object.document, term) ||
          (here && matches(readLabelSelector(object.document, term.get('labelSelector')) ?? nothing, labels) !== 'no')
        );
      });
      if (own) return;
      if (terms.length === 0) report(object.reportRange, 'missing');
      else report(gistRange(mapOf(terms[0]!.get('labelSelector')) ?? terms[0]!), 'foreign');
    },
  },
});

/** Workloads whose replicas are alike. */
const kinds = new Set(['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController', 'DeploymentConfig', 'Rollout']);

/** What a term without a selector selects. */
const nothing = { requirements: [{ key: '', operator: 'Exists', values: [] }], partial: false } as const;
