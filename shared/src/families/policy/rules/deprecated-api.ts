import { defineRule } from '../../../rule/define-rule';
import { setValue } from '../../../syntax/yaml/operations';
import { mapAt, textAt, type MapSpot } from '../model/spots';

export const rule = defineRule({
  id: 'policy/deprecated-api',
  title: 'Policy API that will be removed',
  severity: 'info',
  category: 'correctness',
  profile: 'recommended',
  references: { cwe: ['CWE-477'], links: ['https://kyverno.io/docs/policy-types/overview/'] },
  messages: {
    kyverno: { text: '{object} is of an API that Kyverno 1.17 deprecates and 1.20 is to remove: {instead} takes its place' },
    version: { text: '{object} is of {version}, which gives way to {instead}' },
  },
  fixes: { version: { title: 'Write {instead}', class: 'review' } },
  assumptions: { served: 'The cluster serves {instead}' },
  on: {
    policy({ group, version, kind, is, apiVersionNode, at }, report) {
      if (!apiVersionNode) return;
      const instead = group === 'kyverno.io' ? kyvernoKinds[kind] : newVersion(group, version, is);
      if (instead === undefined || instead === null) return;
      if (group === 'kyverno.io') return report(apiVersionNode.range, 'kyverno', { instead });
      const fix = report.fix('version', () => [setValue([...at.path, 'apiVersion'], instead)], {
        data: { instead },
        assumes: [{ id: 'served', data: { instead } }],
        ...(group === 'policies.kyverno.io' && isForOlder(at) && { class: 'attended' }),
      });
      report(apiVersionNode.range, 'version', { version, instead }, fix);
    },
  },
});

/** What takes the place of Kyverno's old kinds. */
const kyvernoKinds: Readonly<Record<string, string>> = {
  ClusterPolicy: 'ValidatingPolicy or its kin (policies.kyverno.io)',
  Policy: 'NamespacedValidatingPolicy or its kin (policies.kyverno.io)',
  CleanupPolicy: 'NamespacedDeletingPolicy (policies.kyverno.io)',
  ClusterCleanupPolicy: 'DeletingPolicy (policies.kyverno.io)',
};

/** Whether a policy says that it is for a Kyverno that does not serve `v1` yet. */
function isForOlder(policy: MapSpot): boolean {
  const version = textAt(mapAt(mapAt(policy, 'metadata'), 'annotations'), 'kyverno.io/kyverno-version')?.text;
  const minor = /^v?1\.(\d{1,3})(?:\.|$)/.exec(version ?? '')?.[1];
  return minor !== undefined && Number(minor) < 17;
}

/** The version to write, where the schema is the same. */
function newVersion(group: string, version: string, is: string): string | null {
  if (group === 'policies.kyverno.io' && /^v1(?:alpha|beta)1$/.test(version)) return 'policies.kyverno.io/v1';
  if (group === 'policy.sigstore.dev' && is === 'ClusterImagePolicy' && version === 'v1alpha1') return 'policy.sigstore.dev/v1beta1';
  // v1alpha1 is removed: kubernetes/deprecated-api
  if (is.startsWith('ValidatingAdmissionPolicy') && version === 'v1beta1') return 'admissionregistration.k8s.io/v1';
  return null;
}
