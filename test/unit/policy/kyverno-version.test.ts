import { expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { createWorkspaceIndex } from '../../../shared/src/workspace/workspace-index';
import { plainContext } from '../../../tools/lint-context';

const engine = createEngine(rules);

const policy = `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: { name: old }
spec:
  failurePolicy: Fail
  rules:
    - name: old
      match: { any: [{ resources: { kinds: [Pod] } }] }
      validate: { failureAction: Enforce, message: refused, deny: {} }
`;

test.each([
  [[], 'attended'],
  [['ghcr.io/kyverno/kyverno:v1.13.2'], 'review'],
  [['ghcr.io/kyverno/kyverno:v1.13.2', 'ghcr.io/kyverno/kyverno:v1.12.6'], 'attended'],
  [['ghcr.io/kyverno/kyverno:latest'], 'attended'],
])('fields move unasked only where all The cluster runs Kyverno 1.13 or later: %j', (images, expected) => {
  const facts = createWorkspaceIndex({ complete: true });
  const pods = images.map(
    image => `apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { containers: [{ name: a, image: '${image}' }] }\n`,
  );
  facts.update('pods.yaml', engine.open({ path: 'pods.yaml', text: pods.join('---\n') }).facts());
  const { findings } = engine.open({ path: 'policy.yaml', text: policy }).lint({ ...plainContext(), workspace: facts.index });
  expect(findings.find(({ rule }) => rule === 'policy/deprecated-field')?.fixes[0]?.class).toBe(expected);
});
