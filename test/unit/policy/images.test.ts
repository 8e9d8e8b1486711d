import { expect, test } from 'vitest';
import { policyFacts } from '../../../shared/src/families/policy/facts';
import { judge, readPolicies } from '../../../shared/src/families/policy/judge/policies';
import { dataOf } from '../../../shared/src/syntax/yaml/data';
import { parseDocument } from '../../../shared/src/syntax/yaml/parse';
import type { PolicyTextFact } from '../../../shared/src/workspace/admission-facts';

const document = parseDocument(`apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: { name: registries }
spec:
  rules:
    - name: registries
      match: { any: [{ resources: { kinds: [Pod] } }] }
      preconditions: { all: [{ key: "{{ images.containers.*.registry }}", operator: AnyNotIn, value: [ghcr.io] }] }
      validate: { failureAction: Enforce, message: denied, pattern: { spec: { imagePullSecrets: [{ name: "?*" }] } } }
`);
const [policy] = readPolicies(
  policyFacts({
    document,
    dialect: { templated: false, fragment: false },
    path: 'p.yaml',
    base: 0,
    index: 0,
    fileText: '',
    memo: new Map(),
  }).filter((fact): fact is PolicyTextFact => fact.type === 'policy-text'),
);

function verdict(images: readonly string[]): string {
  const containers = images.map((image, i) => `{ ${image.includes('name:') ? '' : `name: c${i}, `}image: ${image} }`).join(', ');
  const pod = parseDocument(`apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: { containers: [${containers}] }\n`);
  const json = dataOf(pod, pod.root, [], { whole: false }) as ReadonlyMap<string, never>;
  const subject = { group: '', version: 'v1', kind: 'Pod', name: 'web', namespace: 'shop', namespaceLabels: null, json, cel: null };
  return judge(policy!, subject)
    .map(({ is, blocks, message }) => `${is}${blocks ? ' and refused' : ''}${is === 'error' ? `: ${message}` : ''}`)
    .join();
}

// what kubectl-kyverno 1.19.1 says of the same objects, but for what is filled in later
test.each([
  ['another registry', ['nginx:1.29'], 'fail'],
  ['the registry', ['ghcr.io/acme/a'], 'skip'],
  ['no image that can be read', ['"a b"'], "error and refused: invalid image 'a b'"],
  [
    'one that cannot be read beside another',
    ['ghcr.io/acme/a', 'ghcr.io/acme/b@sha256:1'],
    "error and refused: invalid image 'ghcr.io/acme/b@sha256:1'",
  ],
  ['a number, which is no image', ['5'], 'skip'],
  ['a map', ['{}'], 'skip'],
  ['an empty text', ['""'], 'skip'],
  ['a container without a name', ['nginx, name: null'], 'error and refused: a container has no name'],
  ['a name that is filled in later', ['nginx, name: "${NAME}"'], 'unknown'],
  ['an image that is filled in later', ['"${IMAGE}"'], 'unknown'],
  ['a place to fill in', ['YOUR_IMAGE'], 'unknown'],
])('a rule that asks for the images of a pod: %s', (_, images, expected) => expect(verdict(images)).toBe(expected));
