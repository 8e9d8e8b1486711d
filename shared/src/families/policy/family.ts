import type { Claimable, Claim, YamlFamily } from '../family/types';
import { policyDialect } from '../family/manifest-dialect';
import { groupOf } from '../../workspace/source/document-head';
import { mapOf } from '../../syntax/yaml/values';
import { policyFacts } from './facts';
import { coverageOf } from './model/coverage';
import { policiesOf } from './model/read';
import { holdsPolicies, ownGroups } from './model/objects';
import { targets } from './model/targets';
import { policyPart } from './part';

function claims({ head, path, stem, text }: Claimable): Claim | null {
  if (!ownGroups.has(groupOf(head) ?? '')) return null;
  return { reason: 'the text is an admission policy', dialect: policyDialect({ path, stem, text }) };
}

/** Admission policies: of Kyverno, of Sigstore's policy-controller, and of Kubernetes itself, where they are guests among manifests. */
export const policy: YamlFamily = {
  id: 'policy',
  label: 'admission policies',
  language: 'yaml',
  targets,
  claims,
  isGuest: ({ document }, host) => {
    const root = host === 'kubernetes' ? mapOf(document.root) : null;
    return root !== null && holdsPolicies(root);
  },
  part: policyPart,
  facts: policyFacts,
  images: () => [],
  coverage: ({ document, dialect }, workspace) => policiesOf(document, dialect).flatMap(policy => coverageOf(policy, workspace)),
  scaffold: {
    target: 'policy',
    range: 'policy.reportRange',
    example:
      'apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata:\n  name: signed\nspec:\n  rules:\n    - name: signed\n      match:\n        any:\n          - resources:\n              kinds: [Pod]\n      verifyImages:\n        - imageReferences: [registry.example.com/*]\n',
    fence: 'yaml',
  },
};
