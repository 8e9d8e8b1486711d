import { markOf } from '../../../rule/fix/places';
import { type Attachment, defineRule, type Report } from '../../../rule/define-rule';
import { forNames } from '../fix/rbac';
import { grantsOf, isNarrow, type PolicyRule, type RoleView } from '../model/rbac';

/** Verbs that answer with the Secret: a change does too, an empty one included. */
const reading = ['get', 'list', 'watch', 'update', 'patch', 'deletecollection'];

/** A rule of its own for the Secrets that a person names; what else the old one grants stays as it is. */
function namesFix(role: RoleView, rule: PolicyRule, report: Pick<Report<never, 'names'>, 'fix'>): Attachment | null {
  const operations = forNames(role, rule, ['secrets'], [markOf(1)]);
  return operations && report.fix('names', () => operations, { places: [{ text: '', sample: 'app' }], assumes: [{ id: 'named' }] });
}

export const rule = defineRule({
  id: 'kubernetes/rbac-secrets',
  title: 'RBAC access to Secrets',
  severity: 'warning',
  category: 'access',
  profile: 'recommended',
  references: {
    cisKubernetes: ['5.1.2'],
    nist800190: ['3.3.1', '4.3.1'],
    nsaCisa: ['7.1'],
    mitre: ['T1552.007', 'T1528'],
    cwe: ['CWE-250', 'CWE-522'],
  },
  peers: {
    trivy: ['KSV-0041', 'KSV-0113'],
    checkov: ['CKV2_K8S_5'],
    'kube-linter': ['access-to-secrets'],
    kubescape: ['C-0015', 'C-0186'],
    kics: ['rbac_roles_with_read_secrets_permissions', 'service_account_allows_access_secrets'],
    'kyverno-policies': ['restrict-secret-role-verbs'],
    cnspec: ['rbac-no-cluster-wide-secret-read'],
  },
  messages: {
    cluster: { text: '{object} has {verbs} on every Secret wherever the role is bound' },
    namespace: { text: '{object} has {verbs} on every Secret in its namespace', severity: 'info' },
    create: { text: '{object} may create Secrets, and so get the tokens of other service accounts', severity: 'info' },
  },
  fixes: { names: { title: 'Allow only the Secrets whose names you enter', class: 'attended' } },
  assumptions: {
    named: 'Clients list and watch Secrets only by name (metadata.name in a field selector), and never delete them all at once',
  },
  on: {
    role(role, report) {
      for (const { rule, range, verbs } of grantsOf(role, '', ['secrets'], reading)) {
        if (!isNarrow(rule)) report(range, role.cluster ? 'cluster' : 'namespace', { verbs }, namesFix(role, rule, report));
      }
      for (const { rule, range } of grantsOf(role, '', ['secrets'], ['create'])) {
        if (!rule.verbs.some(({ text }) => text === '*' || reading.includes(text))) report(range, 'create');
      }
    },
  },
});
