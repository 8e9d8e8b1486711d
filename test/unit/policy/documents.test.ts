import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { parseDocument } from '../../../shared/src/syntax/yaml/parse';
import { plainContext } from '../../../tools/lint-context';
import { expectLinear } from '../../support/growth';

const engine = createEngine(rules);

function lint(text: string, path = 'all.yaml'): readonly string[] {
  return engine
    .open({ path, text })
    .lint(plainContext('strict'))
    .findings.map(({ rule, range }) => `${rule}: ${text.slice(range.start, range.end).split('\n', 1)[0]}`);
}

const pod =
  'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  hostPID: true\n  containers:\n    - name: web\n      image: example.com/web:1\n';
const kyverno = (reference: string): string =>
  `apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata:\n  name: signed\nspec:\n  rules:\n    - name: signed\n      match:\n        any:\n          - resources:\n              kinds: [Pod]\n      verifyImages:\n        - imageReferences: [${reference}]\n          failureAction: Enforce\n`;
const vap =
  'apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nmetadata:\n  name: off\nspec:\n  failurePolicyy: Fail\n  failurePolicy: Ignore\n  matchConstraints:\n    resourceRules:\n      - apiGroups: [""]\n        apiVersions: [v1]\n        operations: [CREATE, UPDATE]\n        resources: [pods]\n  validations:\n    - expression: object.spec.hostPID != true\n';

describe('policies among manifests', () => {
  it('are checked by document, each by its own family', () => {
    const found = lint(`${pod}---\n${kyverno('acme/*')}---\n${pod.replace('name: web', 'name: api')}`);
    expect(found.filter(line => line.startsWith('policy/image-pattern'))).toEqual(['policy/image-pattern-never-matches: acme/*']);
    expect(found.filter(line => line.startsWith('kubernetes/host-pid'))).toHaveLength(2);
  });

  it('of Kubernetes itself are checked by both families, and fixed by both', () => {
    expect(lint(vap)).toEqual(
      expect.arrayContaining(['policy/failure-policy-ignore: Ignore', 'kubernetes/misplaced-field: failurePolicyy']),
    );
    const { text } = engine.open({ path: 'vap.yaml', text: vap }).harden(plainContext('strict'), { accept: 'all' });
    expect(text).toContain('  failurePolicy: Fail\n');
  });

  it('in a list are checked, too', () => {
    const list = (text: string): string => `  - ${text.trimEnd().replace(/\n/g, '\n    ')}\n`;
    const text = `apiVersion: v1\nkind: List\nitems:\n${list(kyverno('acme/*'))}${list(pod)}`;
    expect(lint(text).filter(line => /pattern|host-pid/.test(line))).toEqual(
      expect.arrayContaining(['policy/image-pattern-never-matches: acme/*', 'kubernetes/host-pid: true']),
    );
  });

  it('take directives of one document once', () => {
    const text = vap.replace(
      '  failurePolicy: Ignore',
      '  failurePolicy: Ignore # bulkhead-ignore policy/failure-policy-ignore -- for a test',
    );
    const { findings } = engine.open({ path: 'vap.yaml', text }).lint(plainContext('strict'));
    expect(findings.filter(({ rule }) => rule === 'policy/failure-policy-ignore').map(({ suppression }) => suppression !== null)).toEqual([
      true,
    ]);
    expect(findings.filter(({ rule }) => rule.startsWith('bulkhead/'))).toEqual([]);
  });

  it('have no manifests of Kubernetes in their patterns', () => {
    const text = `${kyverno('ghcr.io/acme/*')}      validate:\n        message: no\n        pattern:\n          spec:\n            template:\n              spec:\n                containers:\n                  - image: nginx\n                    securityContext:\n                      privileged: true\n`;
    expect(lint(text).filter(line => line.startsWith('kubernetes/'))).toEqual([]);
  });

  it('are told once of what an alias repeats', () => {
    const text = kyverno('acme/*').replace('    - name: signed\n', '    - &first\n      name: signed\n') + '    - *first\n';
    const found = lint(text).filter(line => !line.startsWith('bulkhead/'));
    expect(found).toContain('policy/image-pattern-never-matches: acme/*');
    expect(found).toContain('policy/invalid-policy: signed');
    expect(new Set(found).size).toBe(found.length);
  });

  it('that are patches lack nothing', () => {
    const text = 'apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata:\n  name: signed\nspec:\n  background: false\n';
    expect(lint(text, 'patch.yaml').filter(line => !line.includes('deprecated'))).toEqual([]);
    expect(lint(text).filter(line => !line.includes('deprecated'))).toEqual(['policy/matches-nothing: signed']);
  });

  it('with variables of Kyverno are no templates, those of Helm are', () => {
    const own = kyverno('acme/*').replace('name: signed\n      match', "name: '{{ request.object.metadata.name }}'\n      match");
    expect(engine.open({ path: 'a.yaml', text: own }).harden(plainContext()).text).toContain('docker.io/acme/*');
    const helm = own.replace('kinds: [Pod]', 'kinds: [{{ .Values.kind }}]');
    expect(engine.open({ path: 'a.yaml', text: helm }).harden(plainContext()).text).toBe(helm);
  });

  it('cost what their length costs, however many variables and mistakes stand in one line', () => {
    const rule = (text: string): string =>
      kyverno('acme/*').replace('name: signed\n      match', `name: signed\n      context: "${text}"\n      match`);
    expectLinear('variables in a line', n => rule('{{ a }} '.repeat(n)), parseDocument, 5000);
    expectLinear('mistakes in a text', n => rule('{{ a b }}'.repeat(n)), lint, 1000);
  });
});
