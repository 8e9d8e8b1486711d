import { describe, expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { createWorkspaceIndex } from '../../../shared/src/workspace/workspace-index';
import { plainContext } from '../../../tools/lint-context';

/** Policies and manifests that ask for more than is done for them: a bound that is counted, and one finding that says so. */

const engine = createEngine(rules);

/** What is said of a policy and of what it judges, without what else there is to say. */
function said(policy: string, manifest: string): readonly string[] {
  const files = { 'policies/p.yaml': policy, 'deploy/a.yaml': manifest };
  const facts = createWorkspaceIndex({ complete: true });
  for (const [path, text] of Object.entries(files)) facts.update(path, engine.open({ path, text }).facts());
  const context = { ...plainContext(), workspace: facts.index };
  return Object.entries(files).flatMap(([path, text]) =>
    engine
      .open({ path, text })
      .lint(context)
      .findings.filter(({ rule }) => rule === 'policy/violates' || rule.startsWith('bulkhead/'))
      .map(({ rule, messageId, data }) => {
        const missing = data['missing'] ?? '';
        return `${path.split('/')[0]!}: ${rule.split('/')[1]!} ${messageId}${missing === '' ? '' : `, ${String(missing)}`}`;
      }),
  );
}

const pod = (annotation = '', env = 0, name = 'p'): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop, annotations: {a: ${annotation}}}\nspec:\n  containers:\n    - name: a\n      image: nginx:1\n      env: [${Array.from({ length: env }, (_, i) => `{name: E${i}, value: v${i}}`).join(', ')}]\n`;
const kyverno = (validate: string): string =>
  `apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: p}\nspec:\n  rules:\n    - name: r\n      match: {any: [{resources: {kinds: [Pod]}}]}\n      validate: {failureAction: Enforce, ${validate}}\n`;
const denies = (key: string, operator = 'Equals', value = 'x'): string =>
  kyverno(`deny: {conditions: {any: [{key: ${JSON.stringify(key)}, operator: ${operator}, value: ${JSON.stringify(value)}}]}}`);
const bound = (expression: string, variables: readonly string[] = []): string =>
  `apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nmetadata: {name: v}\nspec:\n  matchConstraints: {resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [pods]}]}\n  variables: [${variables.map((text, i) => `{name: v${i}, expression: ${JSON.stringify(text)}}`).join(', ')}]\n  validations: [{expression: ${JSON.stringify(expression)}}]\n---\n${binding('v')}`;
const binding = (policy: string): string =>
  `apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicyBinding\nmetadata: {name: v}\nspec: {policyName: ${policy}, validationActions: [Deny]}\n`;

const env = 'object.spec.containers[0].env';
const note = 'object.metadata.annotations.a';
const list = 'request.object.spec.containers[].env[]';
const letters = (length: number): string => 'a'.repeat(length);
const doubled = (first: string): readonly string[] => [first, ...Array.from({ length: 40 }, (_, i) => `variables.v${i} + variables.v${i}`)];

const work = ['deploy: violates costly, too much work for one check'];
const deep = ['deploy: violates costly, an expression that is long or nests deep'];
const long = ['policies: violates unjudged, a document of more than 256 KB'];

describe('more work than is done', () => {
  test.each<readonly [what: string, policy: string, manifest: string, expected: readonly string[]]>([
    [
      'a foreach over 10,000 elements',
      kyverno(`foreach: [{list: '${list}', deny: {conditions: {any: [{key: '{{ element.value }}', operator: Equals, value: x}]}}}]`),
      pod('', 10_000),
      work,
    ],
    [
      'a foreach in a foreach',
      kyverno(
        `foreach: [{list: '${list}', foreach: [{list: '${list}', deny: {conditions: {any: [{key: '{{ element.value }}', operator: Equals, value: x}]}}}]}]`,
      ),
      pod('', 1000),
      work,
    ],
    ['a pattern of 5 MB', kyverno(`pattern: {metadata: {name: ${letters(5_000_000)}}}`), pod(), ['policies: incomplete too-large']],
    ['a pattern of 300 KB', kyverno(`pattern: {metadata: {name: ${letters(300_000)}}}`), pod(), long],
    ['a pattern within itself', kyverno('pattern: &a {metadata: *a}'), pod(), ['policies: incomplete aliases']],
    [
      'a wildcard that is tried everywhere',
      kyverno(`pattern: {metadata: {annotations: {a: "*${letters(100_000)}b"}}}`),
      pod(letters(100_000)),
      work,
    ],
    ['variables in variables', kyverno(`pattern: {metadata: {name: "${'{{ '.repeat(20_000)}x${' }}'.repeat(20_000)}"}}`), pod(), work],
    ['a regular expression that explodes', denies(`{{ regex_match('(a+)+$', ${'request.' + note}) }}`), pod(`${letters(50_000)}b`), work],
    [
      'a text that grows with each match',
      denies(`{{ regex_replace_all('a', ${'request.' + note}, ${'request.' + note}) }}`),
      pod(letters(5000)),
      work,
    ],
    ['a text between many', denies(`{{ join('${letters(5000)}', ${list}.name) }}`), pod('', 9000), work],
    ['a list in a list', denies(`{{ ${list}.name }}`, 'AllIn', `{{ ${list}.value }}`), pod('', 10_000), work],
    ['an expression with a million nodes', bound(Array(500_000).fill('1').join('+')), pod(), long],
    ['an expression of 200 KB', bound(Array(25_000).fill('true').join(' && ')), pod(), deep],
    ['a long chain', bound(Array(2400).fill('true').join(' && ')), pod(), deep],
    ['brackets in brackets', bound('true ? false : '.repeat(1200) + 'true'), pod(), deep],
    ['a loop in a loop', bound(`${env}.all(a, ${env}.all(b, a.name != b.value))`), pod('', 3000), work],
    ['texts that double', bound('variables.v40.size() > 0', doubled(`'${letters(30)}'`)), pod(), work],
    ['lists that double', bound('variables.v40.size() > 0', doubled('[1, 2, 3, 4]')), pod(), work],
    ['a text in itself', bound(`${note}.replace('', ${note}).size() > 0`), pod(letters(50_000)), work],
    ['texts in pieces', bound(`${note}.split('').all(x, ${note}.split('').size() > 0)`), pod(letters(50_000)), work],
    ['lists that are compared', bound(`${env}.all(x, ${env} == ${env})`), pod('', 3000), work],
    [
      'an object that is written out',
      bound(`'${'%s'.repeat(40)}'.format([${Array(40).fill('object').join(', ')}]) != ''`),
      pod('', 10_000),
      work,
    ],
    ['a regular expression of RE2', bound(`!${note}.matches('(a+)+$')`), pod(`${letters(50_000)}b`), work],
  ])('%s', { timeout: 20_000 }, (_, policy, manifest, expected) => {
    expect(said(policy, manifest)).toEqual(expected);
  });

  test('many objects under one policy: the first that is not judged says it for all behind', { timeout: 20_000 }, () => {
    const cost = `[${'1, '.repeat(9)}1]`;
    const policy = bound(`${cost}.all(a, ${cost}.all(b, ${cost}.all(c, ${cost}.all(d, d > 0))))`);
    const pods = Array.from({ length: 120 }, (_, i) => pod('', 0, `p${i}`)).join('---\n');
    expect(said(policy, pods)).toEqual(work);
  });
});

describe('what is within its bounds', () => {
  test.each<readonly [what: string, policy: string, manifest: string, expected: readonly string[]]>([
    ['a binding of a policy that is not there', binding('gone'), pod(), []],
    ['anchors in anchors', kyverno(`pattern: ${'{=(metadata): '.repeat(150)}x${'}'.repeat(150)}`), pod(), []],
    [
      'a foreach over 200 elements',
      kyverno(`foreach: [{list: '${list}', deny: {conditions: {any: [{key: '{{ element.value }}', operator: Equals, value: v199}]}}}]`),
      pod('', 200),
      ['deploy: violates refused'],
    ],
    ['a loop in a loop', bound(`${env}.all(a, ${env}.all(b, a.name != b.value))`), pod('', 60), []],
    [
      'a regular expression over 1,000 characters',
      bound(`${note}.matches('(a+)+$')`),
      pod(`${letters(1000)}b`),
      ['deploy: violates refused'],
    ],
  ])('%s', (_, policy, manifest, expected) => {
    expect(said(policy, manifest)).toEqual(expected);
  });
});

describe('what no file tells is named at the policy, and refuses nothing', () => {
  test.each<readonly [what: string, policy: string, missing: string]>([
    ['who asks', bound("request.userInfo.username == 'admin'"), 'request.userInfo'],
    ['what the authorizer says', bound("authorizer.group('').resource('pods').check('get').allowed()"), 'authorizer'],
    [
      'parameters of Kubernetes',
      bound('object.metadata.name == params.data.name')
        .replace('  validations', '  paramKind: {apiVersion: v1, kind: ConfigMap}\n  validations')
        .replace('policyName: v', 'policyName: v, paramRef: {name: c, namespace: d}'),
      'params (ConfigMap "c")',
    ],
    [
      'parameters of Kyverno',
      kyverno(
        'cel: {paramKind: {apiVersion: v1, kind: ConfigMap}, paramRef: {name: c, namespace: d}, expressions: [{expression: object.metadata.name == params.data.name}]}',
      ),
      'params (ConfigMap "c")',
    ],
    ['references of patterns', kyverno('pattern: {metadata: {name: $(./../namespace)}}'), '$(...)'],
  ])('%s', (_, policy, missing) => {
    const workload = `${pod()}---\n${pod('', 0, 'q')}`;
    expect(said(policy, workload)).toEqual([`policies: violates unjudged, ${missing}`]);
  });
});
