import { markOf } from '../../../rule/fix/places';
import { type Attachment, defineRule, type Report } from '../../../rule/define-rule';
import { forNames, withoutVerbs } from '../fix/rbac';
import { grantsOf, isNarrow, rbacGroup, type Grant, type RoleView } from '../model/rbac';

const rbac = ['roles', 'clusterroles'];
const bindings = ['rolebindings', 'clusterrolebindings'];
const subjects = ['users', 'groups', 'serviceaccounts', 'userextras', 'uids'];
const write = ['create', 'update', 'patch'];
const certificates = 'certificates.k8s.io';

/** What lets a subject get rights beyond its own; of several that one rule allows the first counts. */
const dangers = [
  { message: 'roles', group: rbacGroup, resources: rbac, verbs: ['bind', 'escalate'] },
  { message: 'impersonate', group: '', resources: subjects, verbs: ['impersonate'] },
  { message: 'impersonate', group: 'authentication.k8s.io', resources: subjects, verbs: ['impersonate'] },
  { message: 'write', group: rbacGroup, resources: [...rbac, ...bindings], verbs: write },
  { message: 'token', group: '', resources: ['serviceaccounts/token'], verbs: ['create'] },
  { message: 'approve', group: certificates, resources: ['certificatesigningrequests/approval'], verbs: ['update', 'patch'] },
  { message: 'approve', group: certificates, resources: ['signers'], verbs: ['approve', 'sign'] },
  {
    message: 'webhooks',
    group: 'admissionregistration.k8s.io',
    resources: ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
    verbs: [...write, 'delete', 'deletecollection'],
  },
] as const;

/** Whether a finding of this kind was made for a rule already (by a worse verb, or by another group). */
function isRepeated(seen: Set<string>, message: string, { rule, verbs }: Grant): boolean {
  // `*` on service accounts is more than an impersonation: it reads like any other wildcard
  if (message === 'impersonate' && verbs === '*') return true;
  return seen.size === seen.add(`${rule.node.range.start} ${message === 'write' ? 'roles' : message}`).size;
}

/** Leaves the other verbs and resources, or these verbs on objects that a person names, where each of them asks for a name. */
function narrow(
  role: RoleView,
  { rule, resources, verbs }: Grant,
  danger: { readonly resources: readonly string[]; readonly verbs: readonly string[] },
  report: Pick<Report<never, 'without' | 'other' | 'names'>, 'fix'>,
): readonly (Attachment | null)[] {
  const data = { verbs, resources };
  const left = withoutVerbs(role, rule, danger.resources, danger.verbs);
  // a rule for names allows neither of these, and they would stay
  const isNamed = !rule.verbs.some(({ text }) => text === '*' || (text === 'create' && danger.verbs.includes(text)));
  const named = isNamed ? forNames(role, rule, danger.resources, [markOf(1)]) : null;
  return [
    left &&
      report.fix(left.verbs.length > 0 ? 'without' : 'other', () => left.operations, {
        data: { ...data, left: left.verbs.join(', ') },
        assumes: [{ id: 'unused', data }],
        alone: true,
      }),
    named && report.fix('names', () => named, { data, places: [{ text: '', sample: 'app' }], assumes: [{ id: 'named' }] }),
  ];
}

export const rule = defineRule({
  id: 'kubernetes/rbac-privilege-escalation',
  title: 'RBAC verbs that allow privilege escalation',
  severity: 'error',
  category: 'access',
  profile: 'baseline',
  references: {
    cisKubernetes: ['5.1.8', '5.1.11', '5.1.12', '5.1.13'],
    nist800190: ['3.3.1', '4.3.1'],
    nsaCisa: ['7.1'],
    mitre: ['T1078', 'T1098.006', 'T1528'],
    cwe: ['CWE-269', 'CWE-250'],
  },
  peers: {
    trivy: ['KSV-0050', 'KSV-0051', 'KSV-0052', 'KSV-0055', 'KSV-0043', 'KSV-0114'],
    checkov: ['CKV_K8S_157', 'CKV_K8S_158', 'CKV2_K8S_1', 'CKV2_K8S_3', 'CKV_K8S_156', 'CKV_K8S_155'],
    kubescape: ['C-0191', 'C-0065', 'C-0282', 'C-0280', 'C-0281'],
    kics: ['rbac_roles_allow_privilege_escalation', 'rbac_roles_with_impersonate_permission'],
    'kyverno-policies': [
      'restrict-escalation-verbs-roles',
      'restrict-clusterrole-csr',
      'restrict-clusterrole-mutating-validating-admission-webhooks',
    ],
    cnspec: ['serviceaccount-no-privilege-escalation'],
  },
  messages: {
    roles: { text: '{object} has {verbs} on {resources}: it can grant itself any permission' },
    impersonate: { text: '{object} may act as other {resources}' },
    write: { text: '{object} has {verbs} on {resources}: it can pass on its permissions', severity: 'warning' },
    token: { text: '{object} may create a token for any service account', severity: 'warning' },
    approve: { text: '{object} has {verbs} on {resources}: it can log in as anyone', severity: 'warning' },
    webhooks: { text: '{object} has {verbs} on {resources}: it can see API requests', severity: 'warning' },
  },
  fixes: {
    without: { title: 'Allow only {left} on {resources}', class: 'attended' },
    other: { title: 'Remove access to {resources}', class: 'attended' },
    names: { title: 'Allow {verbs} only on the {resources} that you name', class: 'attended' },
  },
  assumptions: {
    unused: 'No subject bound to the role uses {verbs} on {resources}',
    named: 'Clients list and watch the resources only by name (metadata.name in a field selector), and never delete them all at once',
  },
  on: {
    role(role, report) {
      const seen = new Set<string>();
      for (const danger of dangers) {
        const { message, group, resources, verbs } = danger;
        for (const grant of grantsOf(role, group, resources, verbs)) {
          if (isNarrow(grant.rule) || isRepeated(seen, message, grant)) continue;
          const data = { verbs: grant.verbs, resources: grant.resources };
          report(grant.range, message, data, ...narrow(role, grant, danger, report));
        }
      }
    },
  },
});
