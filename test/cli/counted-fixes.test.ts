import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { manyFiles } from '../../server/src/cli/attempt';
import { addDockerfile, bulkhead, folder, privilegedPod, today } from './cli';

const policy = `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata:
  name: signed
spec:
  rules:
    - name: signed
      match:
        any:
          - resources:
              kinds: [Pod]
      verifyImages:
        - imageReferences: ["myregistry/*"]
          failureAction: Enforce
          attestors:
            - entries:
                - keys:
                    secret: { name: signer, namespace: kyverno }
`;
const pod = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: web\n      image: myapp:v1.0.0\n';

/** How many findings lint says that harden fixes. */
function counted(file: string, cwd: string): number {
  const { stdout } = bulkhead(['lint', ...today, file], { cwd });
  return Number(/(\d+) can be fixed with bulkhead harden/.exec(stdout)?.[1] ?? 0);
}

describe('lint counts what harden fixes', () => {
  test('not what it refuses, and harden names the finding that the changed file would have', () => {
    const { path: cwd, read } = folder({ '.bulkhead.yaml': 'rulesVersion: 0.1.0\n', 'policy.yaml': policy, 'pod.yaml': pod });
    expect(counted('policy.yaml', cwd)).toBe(0);
    const { stderr } = bulkhead(['harden', '--write', ...today, 'policy.yaml'], { cwd });
    expect(stderr).toContain(
      '[policy/image-pattern-never-matches]: the changed file did not pass verification: ClusterPolicy "signed" covers none of the images in the manifests here, such as myapp:v1.0.0',
    );
    expect(read('policy.yaml')).toBe(policy);
  });

  const examples = join(import.meta.dirname, '../../examples');
  test.each([
    'node-service/insecure/Dockerfile',
    'node-service/insecure/deployment.yaml',
    'gate/insecure/policy.yaml',
    'gate/insecure/shop.yaml',
    'go-service/insecure/deployment.yaml',
  ])('%s', file => {
    const { stdout } = bulkhead(['harden', '--format', 'json', ...today, file], { cwd: examples });
    const { summary } = JSON.parse(stdout) as { readonly summary: { readonly applied: number } };
    expect(counted(file, examples)).toBe(summary.applied);
  });

  test('over many files it says what harden would try', () => {
    const names = Array.from({ length: manyFiles + 1 }, (_, i): [string, string] => [`${i}/Dockerfile`, addDockerfile]);
    const { path: cwd } = folder({ ...Object.fromEntries(names), 'a.yaml': privilegedPod });
    const { stdout } = bulkhead(['lint', ...today], { cwd });
    expect(stdout).toMatch(/; \d+ have a fix that bulkhead harden can try$/m);
  });
});
