import { isFinal, isVariable } from '../../../syntax/yaml/certainty';
import { setValue, type YamlOperation } from '../../../syntax/yaml/operations';
import { systemNamespaces } from '../model/names';
import { stringOf } from '../../../syntax/yaml/values';
import type { KubernetesObject } from '../model/types';
import { defineRule, type RuleContext } from '../../../rule/define-rule';

const prefix = 'pod-security.kubernetes.io/';

/** Sets labels of the modes that have none. */
function setLevels(object: KubernetesObject, levels: Readonly<Record<string, string>>): YamlOperation[] {
  return Object.entries(levels)
    .filter(([mode]) => mode === 'enforce' || !object.labels.has(prefix + mode))
    .map(([mode, value]) => setValue([...object.path, 'metadata', 'labels', prefix + mode], value));
}

/** The label by which a mesh puts sidecars into the pods of a namespace, whose init containers need NET_ADMIN unless Istio's CNI plug-in is there. */
function sidecarMark({ labels }: KubernetesObject, { workspace }: Pick<RuleContext, 'workspace'>): string | null {
  if (labels.get('istio.io/dataplane-mode') || workspace.object('DaemonSet', null, 'istio-cni-node')) return null;
  const isOff = (key: string): boolean => labels.get(key)?.value === 'disabled';
  return ['istio-injection', 'istio.io/rev'].find(key => labels.has(key) && !isOff(key)) ?? null;
}

/** Kinds by which something else installs pods that the workspace does not show. */
const installers = [
  ...['HelmRelease.helm.toolkit.fluxcd.io', 'HelmChart.helm.cattle.io', 'Application.argoproj.io', 'ApplicationSet.argoproj.io'],
  ...['Installation.operator.tigera.io', 'Subscription.operators.coreos.com'],
];

/** Whether all that runs in a namespace is seen to be within baseline: there is something, and nothing installs more. */
function isWithinBaseline({ name }: KubernetesObject, { workspace }: Pick<RuleContext, 'workspace'>): boolean {
  return (
    workspace.isIndexed('workload', name) &&
    // admission would refuse what the folder itself runs there
    !workspace.isIndexed('below-baseline', name) &&
    !installers.some(kind => workspace.isIndexed(kind, null))
  );
}

export const rule = defineRule({
  id: 'kubernetes/namespace-pod-security',
  title: 'Namespace without Pod Security labels',
  severity: 'info',
  category: 'privilege',
  profile: 'recommended',
  references: {
    cisKubernetes: ['5.2.1'],
    nist800190: ['3.4.3', '4.4.3'],
    nsaCisa: ['1.0'],
    mitre: ['T1610'],
    links: ['https://kubernetes.io/docs/concepts/security/pod-security-admission/'],
  },
  peers: {
    kubescape: ['C-0192', 'C-0068'],
    'kyverno-policies': ['add-psa-labels', 'deny-privileged-profile'],
    cnspec: ['namespace-enforces-pod-security'],
  },
  needsWhole: true,
  messages: {
    missing: { text: '{object} admits any pod: no label says which Pod Security level to enforce' },
    privileged: { text: '{object} admits any pod: "privileged" enforces nothing' },
    invalid: { text: '"{value}" is not a Pod Security level (privileged, baseline, restricted)', severity: 'warning' },
    weak: { text: '{object} enforces "baseline", which still admits pods that run as root', severity: 'hint', profile: 'strict' },
    unpinned: { text: "{object} enforces the level as the cluster's current release defines it", severity: 'hint', profile: 'strict' },
  },
  fixes: {
    baseline: { title: 'Enforce "baseline", and warn about pods that are not "restricted"', class: 'review' },
    restricted: { title: 'Enforce "restricted"', class: 'attended' },
  },
  assumptions: {
    baseline: 'No pod in the namespace needs more than baseline allows',
    sidecar: "The sidecars requested by {seen} need no more than baseline allows, as is the case with Istio's CNI plug-in",
    restricted: 'Every pod in the namespace meets the restricted level',
  },
  on: {
    object(object, report, context) {
      const { kubernetesMinor } = context;
      if (object.kind !== 'Namespace' || object.group !== '' || kubernetesMinor < 23 || systemNamespaces.has(object.name ?? '')) return;
      const label = object.labels.get(`${prefix}enforce`);
      const sidecar = sidecarMark(object, context);
      const fixes = () => [
        report.fix('baseline', () => setLevels(object, { enforce: 'baseline', audit: 'restricted', warn: 'restricted' }), {
          assumes: [sidecar === null ? { id: 'baseline' } : { id: 'sidecar', data: { seen: sidecar }, evidence: true }],
          class: isWithinBaseline(object, context) ? undefined : 'attended',
        }),
        report.fix('restricted', () => setLevels(object, { enforce: 'restricted' }), { assumes: [{ id: 'restricted' }] }),
      ];
      const whole =
        object.complete &&
        isFinal(object.document, object.node.get('metadata'), 'labels') &&
        isFinal(object.document, object.node.get('metadata'), 'name');
      if (!label) return whole ? report(object.reportRange, 'missing', {}, ...fixes()) : undefined;
      const { node } = label;
      const value = stringOf(node) ?? '';
      if (isVariable(value)) return;
      if (value === 'privileged') report(node.range, 'privileged', {}, fixes()[1]);
      else if (value === 'baseline') report(node.range, 'weak', {}, fixes()[1]);
      else if (value !== 'restricted') return report(node.range, 'invalid', { value }, ...fixes());
      if (value !== 'privileged' && whole && !object.labels.has(`${prefix}enforce-version`)) report(node.range, 'unpinned');
    },
  },
});
