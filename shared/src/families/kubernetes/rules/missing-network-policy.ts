import { cloudAssumptions } from '../fix/assumptions';
import { cloudEvidence, meshEvidence } from '../fix/evidence';
import { policyFor, trafficOf } from '../fix/network-policy';
import { mayShareNamespace } from '../model/host';
import { fileGroup, type Assumption } from '../../../rule/fix/types';
import { defineRule, noFix } from '../../../rule/define-rule';
import { ownLabels, podLabels } from '../facts/workload-facts';

export const rule = defineRule({
  id: 'kubernetes/missing-network-policy',
  title: 'No NetworkPolicy selects the workload',
  severity: 'info',
  category: 'network',
  profile: 'recommended',
  references: {
    cisKubernetes: ['5.3.2'],
    nist800190: ['3.3.3', '3.4.2', '4.3.3', '4.4.2'],
    nsaCisa: ['2.0'],
    mitre: ['T1046'],
    cwe: ['CWE-284'],
  },
  peers: {
    checkov: ['CKV2_K8S_6'],
    'kube-linter': ['non-isolated-pod'],
    'kube-score': ['pod-networkpolicy'],
    polaris: ['missingNetworkPolicy'],
    kubeaudit: [
      'MissingDefaultDenyIngressAndEgressNetworkPolicy',
      'MissingDefaultDenyIngressNetworkPolicy',
      'MissingDefaultDenyEgressNetworkPolicy',
    ],
    kubescape: ['C-0030', 'C-0049', 'C-0054', 'C-0206', 'C-0260'],
    kics: ['pod_misconfigured_network_policy'],
    'kyverno-policies': ['require-netpol', 'add-network-policy', 'generate-networkpolicy-existing'],
  },
  needsWhole: true,
  messages: {
    none: { text: 'No NetworkPolicy selects the pods of {object}' },
    direction: { text: 'No NetworkPolicy limits the {direction} traffic of {object}', severity: 'hint' },
    policy: { text: "This policy selects the workload's pods" },
    namespace: { text: 'No NetworkPolicy denies {direction} traffic by default in {object}', severity: 'hint', profile: 'strict' },
  },
  fixes: {
    create: { title: 'Create a NetworkPolicy for this workload', class: 'review' },
    isolate: { title: 'Create a NetworkPolicy for this workload that denies all egress except DNS', class: 'attended' },
  },
  assumptions: {
    ...cloudAssumptions,
    ports: 'Pods receive traffic only on {ports}',
    silent: 'Pods receive no traffic',
    'other-port': 'Pods receive no traffic on port {port}, despite {seen} in {path}',
    mesh: 'The service mesh that {seen} adds the pods to uses no additional port on them',
    patched: 'No Kustomize patch gives the pods different labels or ports, or their own policy',
    'private-v6': 'No container connects to private IPv6 addresses outside the cluster',
    metadata: 'No container gets credentials from the cloud metadata service',
    egress: 'The containers make no outgoing connections except for DNS',
  },
  on: {
    object(object, report, { workspace }) {
      if (object.kind !== 'Namespace' || object.group !== '' || object.name === null || !workspace.hasNeighbours(object.name)) return;
      const policies = workspace.policiesFor({ namespace: object.name, labels: { values: {}, open: false } });
      const missing = (['ingress', 'egress'] as const).filter(direction => !policies.some(policy => policy[direction]));
      if (missing.length > 0) report(object.reportRange, 'namespace', { direction: missing.join(' and ') });
    },
    pod(pod, report, context) {
      const { workspace } = context;
      const { object } = pod;
      if (!workspace.complete) return;
      if (pod.flavor === 'argo-template' || mayShareNamespace(pod, 'hostNetwork') || !workspace.hasNeighbours(object.namespace)) return;
      const key = { namespace: object.namespace, labels: podLabels(pod) };
      const policies = workspace.policiesFor(key);
      const missing = (['ingress', 'egress'] as const).filter(direction => !policies.some(policy => policy[direction]));
      if (missing.length === 0) return;
      const data = {};
      if (policies.length > 0) {
        const [{ range, path }] = policies as [(typeof policies)[number]];
        report(
          object.reportRange,
          'direction',
          { ...data, direction: missing[0]! },
          report.related(range, 'policy', {}, path),
          noFix('attended'),
        );
        return;
      }
      const labels = ownLabels(pod);
      if (labels === null || object.name === null || object.path.length > 0) {
        report(object.reportRange, 'none', data, noFix('no-fix'));
        return;
      }
      const { ports, evidence: seen } = trafficOf(pod, workspace.servicesFor(key), context.path);
      const patched: readonly Assumption[] = workspace.kustomizes(context.path, 'changes') ? [{ id: 'patched', evidence: true }] : [];
      const evidence = [...seen, ...meshEvidence(pod, context), ...patched];
      const taken = workspace.object('NetworkPolicy', object.namespace, object.name) !== undefined;
      const name = taken ? `${object.name}-network` : object.name;
      const talks = pod.containers.some(({ kind }) => kind !== 'init') && !['Job', 'CronJob'].includes(object.kind);
      const spoken: readonly Assumption[] =
        ports.length === 0
          ? // a server may listen at ports that no manifest names
            [{ id: 'silent', ...(talks && { evidence: true as const }) }]
          : [{ id: 'ports', data: { ports: ports.map(({ port }) => port).join(', ') } }];
      const cloud = cloudEvidence(pod, context);
      const metadata = cloud.length > 0 ? cloud : [{ id: 'metadata' }];
      report(
        object.reportRange,
        'none',
        data,
        report.fix('create', () => [policyFor(pod, labels, ports, name, false)], {
          assumes: [...spoken, ...evidence, ...metadata, { id: 'private-v6' }],
          group: `${fileGroup}network policies`,
        }),
        report.fix('isolate', () => [policyFor(pod, labels, ports, name, true)], { assumes: [...spoken, ...evidence, { id: 'egress' }] }),
      );
    },
  },
});
