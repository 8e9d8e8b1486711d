import { describe, expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { createWorkspaceIndex } from '../../../shared/src/workspace/workspace-index';
import { plainContext } from '../../../tools/lint-context';

/** What policies take as `params` is found in the workspace as the API server finds it in the cluster. */

const engine = createEngine(rules);

/** What is said of files: where, the message, and the text under it or what is missing. */
function said(files: Readonly<Record<string, string>>): readonly string[] {
  const facts = createWorkspaceIndex({ complete: true });
  for (const [path, text] of Object.entries(files)) facts.update(path, engine.open({ path, text }).facts());
  const context = { ...plainContext(), workspace: facts.index };
  return Object.entries(files).flatMap(([path, text]) =>
    engine
      .open({ path, text })
      .lint(context)
      .findings.filter(({ rule }) => rule === 'policy/violates')
      .map(({ messageId, range, data }) => `${path} ${messageId}: ${String(data['missing'] ?? text.slice(range.start, range.end))}`),
  );
}

const limits = 'apiVersion: rules.example.com/v1, kind: ReplicaLimit';
const configMap = 'apiVersion: v1, kind: ConfigMap';

function policy(paramKind: string, expression: string, resources = '{apiGroups: [apps], resources: [deployments]'): string {
  return `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: replicas}
spec:
  paramKind: {${paramKind}}
  matchConstraints: {resourceRules: [${resources}, apiVersions: ['*'], operations: [CREATE]}]}
  validations: [{expression: '${expression}'}]
`;
}

const binding = (paramRef: string): string => `---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: replicas}
spec: {policyName: replicas, validationActions: [Deny]${paramRef === '' ? '' : `, paramRef: {${paramRef}}`}}
`;

const deployment = (namespace = 'shop'): string => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web${namespace === '' ? '' : `, namespace: ${namespace}`}}
spec:
  replicas: 5
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: 'registry.example.com/web:1'}]}}
`;

const most = (value: string, metadata: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {${metadata}}\ndata: {most: '${value}'}\n`;
const limit = (value: number, metadata: string): string =>
  `apiVersion: rules.example.com/v1\nkind: ReplicaLimit\nmetadata: {${metadata}}\nmost: ${value}\n`;

const byMap = policy(configMap, 'object.spec.replicas <= int(params.data.most)');
const byLimit = policy(limits, 'object.spec.replicas <= params.most');
const refused = ['web.yaml refused: 5'];
const missing = (what: string): readonly string[] => [`policy.yaml unjudged: ${what}`];

describe('what a binding names', () => {
  test.each<readonly [what: string, policy: string, parameters: string, expected: readonly string[]]>([
    ['a ConfigMap', byMap + binding('name: most, namespace: rules'), most('3', 'name: most, namespace: rules'), refused],
    ['one that lets it through', byMap + binding('name: most, namespace: rules'), most('5', 'name: most, namespace: rules'), []],
    ['a custom resource', byLimit + binding('name: few, namespace: rules'), limit(3, 'name: few, namespace: rules'), refused],
    ['one that is in no namespace', byLimit + binding('name: few'), limit(3, 'name: few'), refused],
    ['in the namespace of the object', byMap + binding('name: most'), most('3', 'name: most, namespace: shop'), refused],
    ['in the namespace of another', byMap + binding('name: most'), most('3', 'name: most, namespace: other'), []],
    [
      'in another namespace than the one that is named',
      byMap + binding('name: most, namespace: rules'),
      most('3', 'name: most, namespace: shop'),
      missing('params (ConfigMap "most")'),
    ],
    ['a manifest without a namespace', byMap + binding('name: most, namespace: rules'), most('3', 'name: most'), refused],
    ['no object that is here', byLimit + binding('name: few, parameterNotFoundAction: Deny'), '', missing('params (ReplicaLimit "few")')],
    [
      'no object, which lets all through',
      byLimit + binding('name: few, parameterNotFoundAction: Allow'),
      '',
      missing('params (ReplicaLimit "few")'),
    ],
    [
      'one that a template fills in',
      byMap + binding('name: most, namespace: rules'),
      most('{{ .Values.most }}', 'name: most, namespace: rules').replace("'{{", '{{').replace("}}'", '}}'),
      missing('params (ConfigMap "most")'),
    ],
    [
      'another kind of that name',
      byLimit + binding('name: few'),
      limit(3, 'name: few').replace('rules.example', 'other.example'),
      missing('params (ReplicaLimit "few")'),
    ],
    ['nothing: params is null', policy(configMap, 'params != null') + binding(''), most('3', 'name: most'), ['web.yaml refused: web']],
    [
      'all that is selected: one refuses',
      byLimit + binding('selector: {matchLabels: {for: web}}'),
      `${limit(9, 'name: a, labels: {for: web}')}---\n${limit(3, 'name: b, labels: {for: web}')}`,
      refused,
    ],
    [
      'all that is selected: not one refuses',
      byLimit + binding('selector: {matchLabels: {for: web}}'),
      `${limit(9, 'name: a, labels: {for: web}')}---\n${limit(3, 'name: b, labels: {for: api}')}`,
      [],
    ],
    [
      'all that is selected: two refuse, which is said once',
      byLimit + binding('selector: {}'),
      `${limit(2, 'name: a')}---\n${limit(3, 'name: b')}`,
      refused,
    ],
    ['nothing that is selected', byLimit + binding('selector: {matchLabels: {for: web}}'), limit(3, 'name: a'), missing('params')],
    [
      'a key that the definition of a custom resource may fill in',
      policy(limits, 'has(params.most)') + binding('name: few'),
      limit(3, 'name: few').replace('most', 'least'),
      [],
    ],
    [
      'a key that a ConfigMap has not',
      policy(configMap, '"most" in params.data') + binding('name: most'),
      most('3', 'name: most').replace('most:', 'least:'),
      ['web.yaml refused: web'],
    ],
  ])('%s', (_, rule, parameters, expected) => {
    expect(said({ 'policy.yaml': rule, 'web.yaml': deployment(), 'parameters.yaml': parameters })).toEqual(expected);
  });

  test('of several with one name the nearest counts, and none where two are as near', () => {
    const files = { 'rules/policy.yaml': byMap + binding('name: most, namespace: rules'), 'prod/web.yaml': deployment() };
    const [three, nine] = ['3', '9'].map(value => most(value, 'name: most, namespace: rules')) as [string, string];
    expect(said({ ...files, 'prod/most.yaml': three, 'dev/most.yaml': nine })).toEqual(['prod/web.yaml refused: 5']);
    expect(said({ ...files, 'prod/most.yaml': nine, 'dev/most.yaml': three })).toEqual([]);
    expect(said({ ...files, 'dev/most.yaml': three, 'stage/most.yaml': three })).toEqual([]);
  });

  test('what a kustomization changes is not known', () => {
    expect(
      said({
        'policy.yaml': byMap + binding('name: most, namespace: rules'),
        'web.yaml': deployment(),
        'base/most.yaml': most('3', 'name: most, namespace: rules'),
        'base/kustomization.yaml': 'resources: [most.yaml]\npatches: [{path: patch.yaml}]\n',
      }),
    ).toEqual(missing('params (ConfigMap "most")'));
  });

  test('objects in no namespace cannot be judged with namespaced parameters: the binding fails', () => {
    const files = {
      'policy.yaml': policy(configMap, 'true', "{apiGroups: [''], resources: [namespaces]") + binding('name: most'),
      'most.yaml': most('3', 'name: most'),
      'namespace.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n---\n' + deployment(),
    };
    expect(said(files)).toEqual(['namespace.yaml failed: shop']);
    const ignoring = files['policy.yaml'].replace('spec:\n', 'spec:\n  failurePolicy: Ignore\n');
    expect(said({ ...files, 'policy.yaml': ignoring })).toEqual([]);
  });
});

test('Kyverno takes parameters in the same way', () => {
  const rule = (reference: string): string => `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: replicas}
spec:
  rules:
    - name: replicas
      match: {any: [{resources: {kinds: [Deployment]}}]}
      validate:
        failureAction: Enforce
        cel:
          paramKind: {${configMap}}
          paramRef: {${reference}}
          expressions: [{expression: 'object.spec.replicas <= int(params.data.most)'}]
`;
  const files = (reference: string): Readonly<Record<string, string>> => ({
    'policy.yaml': rule(reference),
    'web.yaml': deployment(),
    'most.yaml': most('3', 'name: most, namespace: rules'),
  });
  expect(said(files('name: most, namespace: rules'))).toEqual(refused);
  expect(said(files('name: gone, namespace: rules'))).toEqual(missing('params (ConfigMap "gone")'));
});
