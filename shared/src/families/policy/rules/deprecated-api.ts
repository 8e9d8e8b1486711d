import { defineRule } from '../../../rule/define-rule';
import { setValue } from '../../../syntax/yaml/operations';
import { has, mapAt, mapsAt, textAt, type MapSpot } from '../model/spots';
import type { PolicyView } from '../model/types';

export const rule = defineRule({
  id: 'policy/deprecated-api',
  title: 'Policy API that will be removed',
  severity: 'info',
  category: 'correctness',
  profile: 'recommended',
  references: { cwe: ['CWE-477'], links: ['https://kyverno.io/docs/policy-types/overview/'] },
  messages: {
    kyverno: { text: '{object} uses an API that Kyverno 1.17 deprecated and 1.20 will remove: use {instead}' },
    version: { text: '{object} uses {version}, which is superseded by {instead}' },
  },
  fixes: { version: { title: 'Replace with {instead}', class: 'review' } },
  assumptions: { served: 'The cluster serves {instead}' },
  on: {
    policy(policy, report) {
      const { group, version, is, apiVersionNode, at } = policy;
      const instead = group === 'kyverno.io' ? successor(policy) : newVersion(group, version, is);
      if (!apiVersionNode || instead === null) return;
      if (group === 'kyverno.io') return report(apiVersionNode.range, 'kyverno', { instead });
      const fix = report.fix('version', () => [setValue([...at.path, 'apiVersion'], instead)], {
        data: { instead },
        assumes: [{ id: 'served', data: { instead } }],
        ...(group === 'policies.kyverno.io' && !isForNewer(at) && { class: 'attended' }),
      });
      report(apiVersionNode.range, 'version', { version, instead }, fix);
    },
  },
});

/** What a rule of Kyverno's old policies does, by its key, and the kind that does it now. */
const tasks: Readonly<Record<string, string>> = {
  validate: 'ValidatingPolicy',
  mutate: 'MutatingPolicy',
  generate: 'GeneratingPolicy',
  verifyImages: 'ImageValidatingPolicy',
};

/** What takes the place of a policy of Kyverno's old kinds. */
function successor({ kind, spec }: Pick<PolicyView, 'kind' | 'spec'>): string | null {
  const rules = mapsAt(spec, 'rules');
  const done = Object.entries(tasks).flatMap(([task, name]) => (rules.some(rule => has(rule, task)) ? [name] : []));
  const kinds = /Cleanup/.test(kind) ? ['DeletingPolicy'] : done;
  if (!/^(?:Cluster)?(?:Cleanup)?Policy$/.test(kind)) return null;
  const names = kinds.map(name => (kind.startsWith('Cluster') ? name : `Namespaced${name}`)).join(' and ');
  return `${names === '' ? 'a policy' : names} (policies.kyverno.io)`;
}

/** Whether a policy says that it is for a Kyverno that serves `v1`: from 1.17 on. What else runs it, a CLI in a test, the file does not show. */
function isForNewer(policy: MapSpot): boolean {
  const annotations = mapAt(mapAt(policy, 'metadata'), 'annotations');
  const minors = ['kyverno.io/kyverno-version', 'policies.kyverno.io/minversion'].flatMap(key => {
    const minor = /^v?1\.(\d{1,3})(?:\.|$)/.exec(textAt(annotations, key)?.text ?? '')?.[1];
    return minor === undefined ? [] : [Number(minor)];
  });
  return minors.length > 0 && minors.every(minor => minor >= 17);
}

/** The version to write, where the schema is the same. */
function newVersion(group: string, version: string, is: string): string | null {
  if (group === 'policies.kyverno.io' && /^v1(?:alpha|beta)1$/.test(version)) return 'policies.kyverno.io/v1';
  if (group === 'policy.sigstore.dev' && is === 'ClusterImagePolicy' && version === 'v1alpha1') return 'policy.sigstore.dev/v1beta1';
  // v1alpha1 is removed: kubernetes/deprecated-api
  if (is.startsWith('ValidatingAdmissionPolicy') && version === 'v1beta1') return 'admissionregistration.k8s.io/v1';
  return null;
}
