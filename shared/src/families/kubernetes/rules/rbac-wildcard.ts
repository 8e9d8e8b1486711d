import { defineRule, type Attachment, type Report } from '../../../rule/define-rule';
import { spellOut, type Spelling } from '../fix/rbac-wildcards';
import type { PolicyRule, RbacWord } from '../model/rbac';

function isAny({ text }: RbacWord): boolean {
  return text === '*';
}

/** The groups of Kubernetes itself that have a dot in them. */
const builtIn =
  /^(?:admissionregistration|apiextensions|apiregistration|authentication|(?:rbac\.)?authorization|certificates|coordination|discovery|events|(?:flowcontrol|internal)\.apiserver|networking|node|resource|scheduling|storage(?:migration)?)\.k8s\.io$/;

/** Whether all groups of a rule are those of custom resources: an operator's own, in most cases. */
function isForeign({ groups }: PolicyRule): boolean {
  return groups.length > 0 && groups.every(({ text }) => text.includes('.') && !builtIn.test(text));
}

function listFix(spelling: Spelling | null, report: Report<'wildcard' | 'own', 'list' | 'enter'>): Attachment | null {
  if (!spelling) return null;
  const { fields, operations, places } = spelling;
  const assumes = spelling.assumes.map(id => ({ id }));
  return places.length > 0
    ? report.fix('enter', operations, { assumes, places })
    : report.fix('list', operations, { data: { fields: fields.join(', ') }, assumes });
}

export const rule = defineRule({
  id: 'kubernetes/rbac-wildcard',
  title: 'Wildcard in RBAC',
  severity: 'error',
  category: 'access',
  profile: 'baseline',
  supersedes: ['kubernetes/rbac-workloads'],
  references: {
    cisKubernetes: ['5.1.3'],
    nist800190: ['3.3.1', '4.3.1'],
    nsaCisa: ['7.1'],
    mitre: ['T1098.006'],
    cwe: ['CWE-250', 'CWE-732'],
  },
  peers: {
    trivy: ['KSV-0044', 'KSV-0045', 'KSV-0046', 'KSV-0112'],
    checkov: ['CKV_K8S_49'],
    'kube-linter': ['wildcard-in-rules'],
    kubescape: ['C-0187'],
    kics: ['rbac_wildcard_in_rule'],
    'kyverno-policies': ['restrict-wildcard-resources', 'restrict-wildcard-verbs'],
    cnspec: ['rbac-no-wildcard-rules'],
  },
  messages: {
    wildcard: { text: '{object} has a wildcard in {fields}: the wildcard also allows anything added later' },
    own: { text: '{object} has a wildcard in {fields} of the custom API group {group}', severity: 'info' },
  },
  fixes: {
    list: { title: 'Replace the wildcard with a list of {fields}', class: 'attended' },
    enter: { title: 'Replace the wildcard with values that you enter', class: 'attended' },
  },
  assumptions: {
    verbs: 'The verbs bind, escalate, impersonate, approve, sign and use are not needed; remove anything else that is not needed',
    resources: 'Subresources (pods/exec, deployments/scale, nodes/proxy) are not needed; remove anything else that is not needed',
    named: 'Nothing is needed beyond what is listed next to the wildcard',
    apiGroups: "Only Kubernetes' own resources are needed, not custom resources with the same name",
  },
  on: {
    role(role, report, { kubernetesMinor }) {
      for (const rule of role.rules) {
        const resource = rule.resources.find(isAny);
        const verb = rule.verbs.find(isAny);
        const at = resource ?? verb;
        if (!at) continue;
        const fields = [rule.groups.some(isAny) && 'apiGroups', resource && 'resources', verb && 'verbs'].filter(Boolean).join(', ');
        const own = isForeign(rule);
        const data = { fields, ...(own && { group: rule.groups[0]!.text }) };
        report(at.range, own ? 'own' : 'wildcard', data, listFix(spellOut(role, rule, kubernetesMinor), report));
      }
    },
  },
});
