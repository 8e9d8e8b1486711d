import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { createWorkspaceIndex } from '../../../shared/src/workspace/workspace-index';
import { plainContext } from '../../../tools/lint-context';

const engine = createEngine(rules);

const workload = (kind: string, name: string, namespace: string, image: string): string =>
  `apiVersion: apps/v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\nspec:\n  selector:\n    matchLabels: { app: ${name} }\n  template:\n    metadata:\n      labels: { app: ${name} }\n    spec:\n      containers:\n        - name: ${name}\n          image: ${image}\n`;
const manifests = [
  workload('Deployment', 'web', 'shop', 'ghcr.io/acme/web:1'),
  workload('StatefulSet', 'db', 'data', 'postgres:17'),
  workload('DaemonSet', 'agent', 'kube-system', 'ghcr.io/acme/agent:1'),
  'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    policy.sigstore.dev/include: "true"\n',
  'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: kube-system\n',
].join('---\n');

/** What is said at a word of a policy: workloads that it covers, and those that it does not. */
function at(policy: string, word: string): readonly [readonly string[], readonly string[]] | null {
  const facts = createWorkspaceIndex({ complete: true });
  facts.update('all.yaml', engine.open({ path: 'all.yaml', text: manifests }).facts());
  const found = engine
    .open({ path: 'policy.yaml', text: policy })
    .coverage({ ...plainContext(), workspace: facts.index })
    .find(({ places }) => places.some(({ start, end }) => policy.slice(start, end) === word));
  return found ? [found.workloads, found.otherWorkloads] : null;
}

const kyverno = (match: string, body: string, kind = 'ClusterPolicy'): string =>
  `apiVersion: kyverno.io/v1\nkind: ${kind}\nmetadata:\n  name: policy\n  namespace: shop\nspec:\n  rules:\n    - name: first\n${match.replace(/^/gm, '      ')}\n${body.replace(/^/gm, '      ')}\n`;
const pods = 'match:\n  any:\n    - resources:\n        kinds: [Pod]';
const verify = (pattern: string): string => `verifyImages:\n  - imageReferences: ["${pattern}"]`;
const validate = 'validate:\n  pattern:\n    spec:\n      hostPID: false';
const [web, db, agent] = ['Deployment shop/web', 'StatefulSet data/db', 'DaemonSet kube-system/agent'];

describe('the workloads that a policy covers', () => {
  it.each([
    ['a rule for pods covers what creates them', kyverno(pods, validate), [agent, db, web], []],
    ['a verification only those whose images its patterns match', kyverno(pods, verify('ghcr.io/acme/*')), [agent, web], [db]],
    ['a kind others not', kyverno(pods.replace('Pod', 'apps/v1/Deployment'), validate), [web], [agent, db]],
    ['any kind all', kyverno(pods.replace('[Pod]', "['*']"), validate), [agent, db, web], []],
    ['a namespace others not', kyverno(`${pods}\n        namespaces: [sh*, data]`, validate), [db, web], [agent]],
    [
      'what is excluded is not',
      kyverno(`${pods}\nexclude:\n  any:\n    - resources:\n        namespaces: [kube-*]`, validate),
      [db, web],
      [agent],
    ],
    [
      'what is excluded by who asks nobody knows',
      kyverno(`${pods}\nexclude:\n  any:\n    - subjects: [{ kind: User, name: a }]`, validate),
      [],
      [],
    ],
    ['labels of objects nobody knows', kyverno(`${pods}\n        selector: { matchLabels: { a: b } }`, validate), [], []],
    ['a policy of a namespace others not', kyverno(pods, validate, 'Policy'), [web], [agent, db]],
    [
      'all conditions have to hold',
      kyverno(`match:\n  all:\n    - resources:\n        kinds: [Pod]\n    - resources:\n        namespaces: [data]`, validate),
      [db],
      [agent, web],
    ],
    [
      'names of controllers are theirs alone',
      kyverno(`match:\n  any:\n    - resources:\n        kinds: [Deployment]\n        names: [w*]`, validate),
      [web],
      [agent, db],
    ],
  ])('%s', (_, policy, covered, others) => {
    for (const word of ['first', 'policy']) {
      const found = at(policy, word);
      expect(found?.map(each => [...each].sort())).toEqual([[...covered].sort(), [...others].sort()]);
    }
  });

  it('of a policy in CEL are told by its resource rules', () => {
    const policy = (rest: string): string =>
      `apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nmetadata:\n  name: policy\nspec:\n  matchConstraints:\n    resourceRules:\n      - apiGroups: [apps]\n        apiVersions: [v1]\n        operations: [CREATE]\n        resources: [deployments, statefulsets]\n${rest}`;
    expect(at(policy(''), 'policy')).toEqual([[web, db], [agent]]);
    expect(at(policy('    objectSelector:\n      matchLabels:\n        a: b\n'), 'policy')).toEqual([[], [agent]]);
  });

  it('of policy-controller are in namespaces that ask for it', () => {
    const policy =
      'apiVersion: policy.sigstore.dev/v1beta1\nkind: ClusterImagePolicy\nmetadata:\n  name: policy\nspec:\n  images:\n    - glob: ghcr.io/**\n  authorities:\n    - key:\n        kms: hashivault://signing\n';
    for (const word of ['policy', 'ghcr.io/**']) expect(at(policy, word)).toEqual([[web], [db, agent]]);
  });
});
