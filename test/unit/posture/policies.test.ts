import { expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { createPosture } from '../../../shared/src/output/posture/collect';
import { postureFileOf } from '../../../shared/src/output/posture/file';
import { postureHtml } from '../../../shared/src/output/posture/html';
import { postureJson } from '../../../shared/src/output/posture/json';
import { postureMarkdown } from '../../../shared/src/output/posture/markdown';
import { mergePostures, readPosture } from '../../../shared/src/output/posture/merge';
import type { Posture } from '../../../shared/src/output/posture/types';
import { createWords } from '../../../shared/src/output/report/words';
import { createWorkspaceIndex } from '../../../shared/src/workspace/workspace-index';
import { plainContext } from '../../../tools/lint-context';

/** How many objects of a workspace each of its policies refuses, before and after hardening. */

const engine = createEngine(rules);
const words = createWords(rules);

const policy = (name: string, action: string, spec: string): string => `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: { name: ${name} }
spec:
  rules:
    - name: ${name}
      match: { any: [{ resources: { kinds: [Pod] } }] }
      validate: { failureAction: ${action}, message: denied, pattern: { spec: ${spec} } }
`;
const exception = `apiVersion: kyverno.io/v2
kind: PolicyException
metadata: { name: old }
spec:
  exceptions: [{ policyName: closed, ruleNames: [closed] }]
  match: { any: [{ resources: { kinds: [Pod], names: [old] } }] }
`;
const pod = (name: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: shop }\nspec:\n  containers:\n    - name: app\n      image: nginx:1.29.1\n`;

const files: Readonly<Record<string, string>> = {
  'policies/closed.yaml': policy('closed', 'Enforce', "{ containers: [{ securityContext: { allowPrivilegeEscalation: 'false' } }] }"),
  'policies/named.yaml': policy('named', 'Audit', "{ schedulerName: 'ours', hostname: '?*' }"),
  'policies/kept.yaml': policy('kept', 'Enforce', '{ containers: [{ name: app }] }'),
  'policies/exception.yaml': exception,
  'policies/test/other.yaml': policy('of-a-test', 'Enforce', '{ hostname: x }'),
  'deploy/web.yaml': `${pod('one')}---\n${pod('two')}---\n${pod('old')}`,
  // what a person silences here, the cluster refuses all the same
  'deploy/silent.yaml': `# bulkhead-ignore-file policy/violates -- later\n${pod('three')}`,
};

function postureOf(): Posture {
  const workspace = createWorkspaceIndex({ complete: true });
  for (const [path, text] of Object.entries(files)) workspace.update(path, engine.open({ path, text }).facts());
  const context = { ...plainContext(), workspace: workspace.index };
  const head = { version: '1.2.3', profile: 'recommended', kubernetesVersion: '1.37', today: '2026-11-24', rules, words } as const;
  const posture = createPosture({ ...head, hasBaseline: false });
  for (const [path, text] of Object.entries(files)) {
    const opened = engine.open({ path, text });
    posture.add(postureFileOf({ path, engine, opened, context, result: opened.lint(context) }));
  }
  return posture.finish();
}

const posture = postureOf();

test('each policy with the objects that break it, before and after hardening, and those that an exception lets through', () => {
  expect(posture.policies).toEqual([
    { policy: 'ClusterPolicy "closed"', action: 'deny', objects: 3, after: 0, excepted: 1 },
    { policy: 'ClusterPolicy "named"', action: 'audit', objects: 4, after: 4, excepted: 0 },
    { policy: 'ClusterPolicy "kept"', action: null, objects: 0, after: 0, excepted: 0 },
  ]);
});

test('every form of the report has the table', () => {
  expect(postureMarkdown(posture)).toContain(
    '| ClusterPolicy "closed" | refuses | 3 | 0 | 1 |\n| ClusterPolicy "named" | reports | 4 | 4 | 0 |\n| ClusterPolicy "kept" |  | 0 | 0 | 0 |',
  );
  expect(postureHtml(posture)).toContain('<h2 id="policies">Policies</h2>');
  expect(postureHtml(posture)).toMatch(/ClusterPolicy &quot;closed&quot;<\/th><td>refuses<\/td><td class="n">3<\/td>/);
  expect(JSON.parse(postureJson(posture))).toMatchObject({ policies: posture.policies });
});

test('reports of several repositories are added up, those without policies among them', () => {
  const read = readPosture(postureJson(posture))!;
  expect(read.policies).toEqual(posture.policies);
  const { policies, ...older } = JSON.parse(postureJson(posture)) as Record<string, unknown>;
  expect(policies).toHaveLength(3);
  const old = readPosture(JSON.stringify(older))!;
  const merged = mergePostures(
    [
      { name: 'a', posture: read },
      { name: 'b', posture: read },
      { name: 'c', posture: old },
    ],
    { version: '1.2.3' },
  );
  expect(merged.policies[0]).toEqual({ policy: 'ClusterPolicy "closed"', action: 'deny', objects: 6, after: 0, excepted: 2 });
});
