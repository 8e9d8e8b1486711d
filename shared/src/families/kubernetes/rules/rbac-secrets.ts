import { markOf } from '../../../fix/places';
import { appendItem, removeNode, setValue, type YamlOperation } from '../../../yaml/operations';
import type { YamlMap } from '../../../yaml/types';
import { sequenceOf, stringOf } from '../../../yaml/values';
import { type Attachment, defineRule, type Report } from '../../../rule/define-rule';
import { grantsOf, isNarrow, type PolicyRule, type RoleView } from '../model/rbac';

/** Verbs that answer with the Secret: a change does too, an empty one included. */
const reading = ['get', 'list', 'watch', 'update', 'patch', 'deletecollection'];

const itemsIn = (map: YamlMap, field: string): readonly (string | null)[] => (sequenceOf(map.get(field))?.items ?? []).map(stringOf);

/** A rule of its own for the Secrets that a person names; what else the old one grants stays as it is. */
function namesFix({ path }: RoleView, rule: PolicyRule, report: Pick<Report<never, 'names'>, 'fix'>): Attachment | null {
  // neither of these asks for a name, so that a rule with names never allows them
  if (rule.verbs.some(({ text }) => ['*', 'create', 'deletecollection'].includes(text))) return null;
  const items = itemsIn(rule.node, 'resources');
  const place = items.indexOf('secrets');
  if (
    place < 0 ||
    items.lastIndexOf('secrets') !== place ||
    [...rule.groups, ...rule.resources].some(({ text }) => text === '*') ||
    rule.open
  )
    return null;
  const names = [markOf(1)];
  const own = { apiGroups: [''], resources: ['secrets'], resourceNames: names, verbs: rule.verbs.map(({ text }) => text) };
  const operations = (): YamlOperation[] =>
    items.length === 1
      ? [setValue([...rule.path, 'resourceNames'], names)]
      : [removeNode([...rule.path, 'resources', place]), appendItem([...path, 'rules'], own)];
  return report.fix('names', operations, { places: [{ text: '', sample: 'app' }], assumes: [{ id: 'named' }] });
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
    cluster: { text: '{object} has {verbs} on every Secret wherever it is bound' },
    namespace: { text: '{object} has {verbs} on every Secret in its namespace', severity: 'info' },
    create: { text: '{object} may create Secrets, and so get the tokens of other accounts', severity: 'info' },
  },
  fixes: { names: { title: 'Allow the Secrets whose names you enter, and no other', class: 'attended' } },
  assumptions: { named: 'Whoever lists or watches Secrets asks for them by name (metadata.name in a field selector)' },
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
