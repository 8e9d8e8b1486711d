import { emptyFacts } from '../../../shared/src/workspace/fact-kind';
import { describe, expect, it } from 'vitest';
import { collectFacts } from '../../../shared/src/families/kubernetes/facts/facts';
import { createWorkspaceIndex, emptyWorkspace } from '../../../shared/src/workspace/workspace-index';
import { objectsOf } from '../kubernetes/read-yaml';

const rbac = `apiVersion: v1
kind: ServiceAccount
metadata: {name: runner, namespace: a}
automountServiceAccountToken: false
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: bind, namespace: a}
roleRef: {kind: Role, name: reader}
subjects:
- {kind: ServiceAccount, name: runner, namespace: a}
- {kind: User, name: runner}
`;

const group = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: all}
roleRef: {kind: ClusterRole, name: view}
subjects: [{kind: Group, name: "system:serviceaccounts:b"}]
`;

const factsOf = (text: string): ReturnType<typeof collectFacts> => collectFacts(objectsOf(text), 'rbac.yaml', 0);

describe('facts', () => {
  it('are those of accounts and bindings', () => {
    const [account, binding] = factsOf(rbac);
    expect(account).toMatchObject({ type: 'service-account', path: 'rbac.yaml', name: 'runner', namespace: 'a', automount: false });
    expect(binding).toMatchObject({ type: 'binding', name: 'bind', namespace: 'a', role: { kind: 'Role', name: 'reader' } });
    expect(binding).toHaveProperty('subjects.length', 2);
  });

  it('stand at the base of their document', () => {
    const [object] = objectsOf(group);
    const [binding] = collectFacts([object!], 'x.yaml', 100);
    expect(binding!.range).toEqual({ start: object!.reportRange.start + 100, end: object!.reportRange.end + 100 });
  });

  it('are none elsewhere', () => expect(factsOf('apiVersion: v1\nkind: Pod\nmetadata: {}\n')).toBe(emptyFacts));
});

describe('the index', () => {
  const workspace = createWorkspaceIndex({ complete: true });

  it('follows updates and tells whether anything changed', () => {
    expect(workspace.update('rbac.yaml', factsOf(rbac))).toBe(true);
    expect(workspace.update('rbac.yaml', factsOf(rbac))).toBe(false);
    expect(workspace.update('group.yaml', factsOf(group))).toBe(true);
    expect(workspace.remove('nothing.yaml')).toBe(false);
  });

  it.each([
    ['a', 'runner', ['bind']],
    [null, 'runner', ['all', 'bind']],
    ['b', 'runner', ['all']],
    ['b', 'default', ['all']],
    ['c', 'runner', []],
  ])('binds %s/%s by %j', (namespace, name, names) => {
    const found = workspace.index.bindingsOf(namespace, name).map(binding => binding.name);
    expect(found.sort()).toEqual(names);
  });

  it('finds accounts', () => {
    expect(workspace.index.serviceAccount('a', 'runner')?.automount).toBe(false);
    expect(workspace.index.serviceAccount('b', 'runner')).toBeUndefined();
    expect(workspace.index.complete).toBe(true);
  });

  it('forgets a file', () => {
    expect(workspace.remove('group.yaml')).toBe(true);
    expect(workspace.index.bindingsOf('b', 'default')).toEqual([]);
  });
});

it('an empty workspace knows nothing and says so', () => {
  expect(emptyWorkspace.complete).toBe(false);
  expect(emptyWorkspace.bindingsOf('a', 'b')).toEqual([]);
});
