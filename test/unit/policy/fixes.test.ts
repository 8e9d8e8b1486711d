import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../../shared/src/base/text/edits';
import { defaultConfig } from '../../../shared/src/engine/config/effective';
import { createEngine } from '../../../shared/src/engine/create-engine';
import type { OpenedFile } from '../../../shared/src/engine/engine';
import type { LintContext } from '../../../shared/src/engine/types';
import { rules } from '../../../shared/src/families/generated/index';
import { createWords } from '../../../shared/src/output/report/words';
import type { Finding } from '../../../shared/src/rule/finding/types';
import { createWorkspaceIndex } from '../../../shared/src/workspace/workspace-index';

// What becomes of fixes in a workspace with policies.

const engine = createEngine(rules);
const words = createWords(rules);

const pattern = (name: string, spec: string): string => `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: { name: ${name} }
spec:
  rules:
    - name: ${name}
      match: { any: [{ resources: { kinds: [Pod] } }] }
      validate: { failureAction: Enforce, message: denied, pattern: { spec: ${spec} } }
`;

const pod = (container = ''): string => `apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop }
spec:
  containers:
    - name: web
      image: nginx:1.29.1
${container}`;

function open(text: string, ...policies: readonly string[]): { readonly opened: OpenedFile; readonly context: LintContext } {
  const workspace = createWorkspaceIndex({ complete: true });
  const files = [{ path: 'deploy/web.yaml', text }, ...policies.map((policy, i) => ({ path: `policies/${i}.yaml`, text: policy }))];
  for (const file of files) workspace.update(file.path, engine.open(file).facts());
  return {
    opened: engine.open(files[0]!),
    context: { config: defaultConfig, today: '2026-11-24', workspace: workspace.index, digest: () => null },
  };
}

const violations = (findings: readonly Finding[]): readonly Finding[] => findings.filter(({ rule }) => rule === 'policy/violates');

/** The fixes that somebody may click at the policy's finding, each with the text that it makes. */
function offered(text: string, ...policies: readonly string[]): ReadonlyMap<string, string> {
  const { opened, context } = open(text, ...policies);
  const [finding] = violations(opened.lint(context).findings);
  return new Map(
    (finding?.fixes ?? []).flatMap(fix => {
      const rendered = opened.render(finding!, fix);
      expect(opened.renderAll([finding!]).get(finding!)![finding!.fixes.indexOf(fix)]).toEqual(rendered);
      return rendered.ok ? [[words.fixTitle(finding!.rule, fix), applyEdits(text, rendered.edits)] as const] : [];
    }),
  );
}

describe('a click at what a policy refuses', () => {
  test('offers the fix of another rule, in its words, which the policy then accepts', () => {
    const policy = pattern('closed', "{ containers: [{ securityContext: { allowPrivilegeEscalation: 'false' } }] }");
    const [[title, text]] = [...offered(pod(), policy)] as [[string, string]];
    expect(title).toBe('allowPrivilegeEscalation: false');
    expect(violations(open(text, policy).opened.lint(open(text, policy).context).findings)).toEqual([]);
  });

  test.each([
    ['privileged', '{ containers: [{ securityContext: { privileged: true } }] }'],
    ['a user that is root', '{ securityContext: { runAsUser: 0 } }'],
    ['an image without a tag', '{ containers: [{ image: nginx }] }'],
    ['a host port', '{ containers: [{ ports: { hostPort: 22 } }] }'],
    ['a user that the image cannot run as', '{ securityContext: { runAsNonRoot: true } }'],
  ])('never opens a finding: %s', (_what, spec) => {
    expect([...offered(pod(), pattern('odd', spec)).keys()].filter(title => title.startsWith('Write what'))).toEqual([]);
  });

  test('what satisfies one policy and breaks another is not offered', () => {
    const one = pattern('one', "{ securityContext: { fsGroup: '2000' } }");
    expect(offered(pod(), one).size).toBe(1);
    expect(offered(pod(), one, pattern('two', "{ =(securityContext): { X(fsGroup): 'null' } }")).size).toBe(0);
  });
});

describe('harden', () => {
  const users = pattern('users', '{ =(securityContext): { =(runAsUser): 2000-3000 } }');

  test('writes nothing that a policy refuses, and everything else', () => {
    const { opened, context } = open(pod(), users);
    const free = open(pod());
    const [result, unbound] = [opened.harden(context), free.opened.harden(free.context)];
    expect(unbound.text).toContain('runAsUser: 101');
    expect(result.text).not.toContain('runAsUser');
    expect(result.text).toContain('allowPrivilegeEscalation: false');
    expect(result.text).toContain('readOnlyRootFilesystem: true');
    expect(result.text).toContain('automountServiceAccountToken: false');
    expect(violations(result.left.map(({ finding }) => finding))).toEqual([]);
  });

  test('says which policy refuses what a fix would write', () => {
    const { opened, context } = open(pod(), users);
    const left = opened.harden(context).left.find(({ finding }) => finding.rule === 'kubernetes/run-as-root');
    expect(left?.reason).toBe('unverified');
    expect(left?.brings && words.message(left.brings)).toBe('Pod "web" is rejected by ClusterPolicy "users": denied');
  });

  test('answers a policy that wants several fields, one after the other, where somebody agrees', () => {
    const text = pod('      securityContext: { seccompProfile: { type: Unconfined } }\n');
    const policy = pattern('fields', '{ hostname: web, priorityClassName: high, enableServiceLinks: false }');
    const { opened, context } = open(text, policy);
    const { text: after } = opened.harden(context, { accept: new Set(['policy/violates']) });
    for (const line of ['hostname: web', 'priorityClassName: high', 'enableServiceLinks: false']) expect(after).toContain(line);
  });

  test('never takes for the whole file what is lent for a click', () => {
    const { opened, context } = open(
      pod(),
      pattern('closed', "{ containers: [{ securityContext: { allowPrivilegeEscalation: 'false' } }] }"),
    );
    const plan = opened.plan(context);
    expect(plan.groups.flatMap(({ fixes }) => fixes).filter(({ fix }) => fix.id.includes('/'))).toEqual([]);
  });

  test('finds the one fix of many that a policy refuses, in each object', () => {
    const many = Array.from({ length: 20 }, (_, i) => pod().replace('name: web,', `name: web-${i},`)).join('---\n');
    const { opened, context } = open(many, users);
    const result = opened.harden(context);
    expect(result.text.match(/readOnlyRootFilesystem: true/g)).toHaveLength(20);
    expect(result.text).not.toContain('runAsUser');
  });
});
