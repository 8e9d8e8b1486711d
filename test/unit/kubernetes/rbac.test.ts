import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../../shared/src/syntax/yaml/parse';
import { readObjects } from '../../../shared/src/families/kubernetes/model/read';
import { bindingOf, grantsOf, isNarrow, roleOf } from '../../../shared/src/families/kubernetes/model/rbac';

const objectOf = (text: string) => readObjects(parseDocument(text), { templated: false, fragment: false })[0]!;
const head = 'apiVersion: rbac.authorization.k8s.io/v1\n';
const role = (rules: string, name = 'a', kind = 'ClusterRole') =>
  objectOf(`${head}kind: ${kind}\nmetadata: {name: "${name}"}\nrules: ${rules}\n`);

describe('grants', () => {
  it.each([
    ['[{apiGroups: [""], resources: [pods], verbs: [create]}]', '', ['pods: create']],
    ['[{apiGroups: ["*"], resources: [pods, pods/exec], verbs: [get, create]}]', '', ['pods, pods/exec: create']],
    ['[{apiGroups: [apps], resources: [pods], verbs: [create]}]', '', []],
    ['[{apiGroups: [apps], resources: [pods], verbs: ["*"]}]', 'apps', ['pods: *']],
    ['[{apiGroups: [""], resources: ["*"], verbs: [create]}]', '', []],
    ['[{apiGroups: [""], resources: ["pods/*"], verbs: [create]}]', '', []],
    ['[{apiGroups: [""], resources: [Pods], verbs: [Create]}]', '', []],
    ['[{resources: [pods], verbs: [create]}, {apiGroups: [""], verbs: [create]}, null, 1]', '', []],
    [
      '[{apiGroups: [""], resources: [pods], verbs: [create]}, {apiGroups: [""], resources: [pods], verbs: [update]}]',
      '',
      ['pods: create'],
    ],
    ['pods', '', []],
  ])('%s in "%s"', (rules, group, expected) => {
    const grants = grantsOf(roleOf(role(rules))!, group, ['pods', 'pods/exec'], ['create']);
    expect(grants.map(({ resources, verbs }) => `${resources}: ${verbs}`)).toEqual(expected);
  });

  it('stand at the first resource that was asked for, without quotes', () => {
    const object = role('[{apiGroups: [""], resources: [nodes, "pods"], verbs: [create]}]');
    const [grant] = grantsOf(roleOf(object)!, '', ['pods'], ['create']);
    expect(object.document.text.slice(grant!.range.start, grant!.range.end)).toBe('pods');
  });

  it.each([
    ['[]', false],
    ['[a]', true],
    ['["*"]', false],
  ])('names %s narrow a rule: %s', (names, expected) => {
    const view = roleOf(role(`[{apiGroups: [""], resources: [pods], verbs: [get], resourceNames: ${names}}]`))!;
    expect(isNarrow(view.rules[0]!)).toBe(expected);
  });
});

describe('what the cluster makes itself is passed over', () => {
  it.each([
    ['system:node', false],
    ['system:controller:job-controller', false],
    ['system:metrics-server', true],
    ['system', true],
  ])('%s: %s', (name, seen) => expect(roleOf(role('[]', name)) !== null).toBe(seen));

  it('by its label', () => {
    const text = `${head}kind: ClusterRole\nmetadata: {name: admin, labels: {kubernetes.io/bootstrapping: rbac-defaults}}\nrules: []\n`;
    expect(roleOf(objectOf(text))).toBeNull();
  });
});

describe('bindings', () => {
  it('have a role and subjects, whatever else stands there', () => {
    const view = bindingOf(
      objectOf(
        `${head}kind: RoleBinding\nmetadata: {name: b}\nroleRef: {kind: Role, name: 'r'}\nsubjects: [1, {kind: User}, {kind: User, name: u}]\n`,
      ),
    )!;
    expect(view).toMatchObject({ cluster: false, role: { kind: 'Role', name: 'r' } });
    expect(view.subjects.map(({ name, path }) => [name, path])).toEqual([['u', ['subjects', 2]]]);
  });

  it.each(['roleRef: r', 'roleRef: {name: "{{ x }}"}', 'subjects: {}', ''])('without a role that is known: %s', text => {
    expect(bindingOf(objectOf(`${head}kind: ClusterRoleBinding\nmetadata: {name: b}\n${text}\n`))).toMatchObject({
      role: null,
      subjects: [],
    });
  });

  it.each(['kind: Binding', 'kind: Role'])('%s is none', kind =>
    expect(bindingOf(objectOf(`${head}${kind}\nmetadata: {name: b}\n`))).toBeNull(),
  );
});
