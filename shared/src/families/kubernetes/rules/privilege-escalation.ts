import { literalAssumptions, literalFixes, switchOff } from '../fix/literal';
import { setValue } from '../../../syntax/yaml/operations';
import { defineRule, noFix, violates } from '../../../rule/define-rule';
import { provedAssumptions, provedBy } from '../../../rule/fix/proved';
import { doubtAgainst } from '../../../evidence/evidence';
import { escalationEvidence, gainingProgram, portByFile } from '../fix/evidence';
import { evidenceFor } from '../fix/service';
import { runsOnWindows } from '../fix/windows';
import { containerName } from '../model/names';
import { isViolation } from '../model/pss';
import { containerFlag, mayBePrivileged, needsEscalation } from '../model/security';

const refused = 'the API server rejects the value false together with privileged or SYS_ADMIN';

export const rule = defineRule({
  id: 'kubernetes/privilege-escalation',
  title: 'Privilege escalation not forbidden',
  severity: 'warning',
  category: 'privilege',
  profile: 'restricted',
  references: {
    cisKubernetes: ['5.2.6'],
    nist800190: ['3.4.3', '4.4.3'],
    nsaCisa: ['1.7'],
    pss: ['privilege-escalation'],
    mitre: ['T1068'],
    cwe: ['CWE-269'],
  },
  peers: {
    trivy: ['KSV-0001'],
    checkov: ['CKV_K8S_20'],
    'kube-linter': ['privilege-escalation-container'],
    polaris: ['privilegeEscalationAllowed'],
    kubesec: ['AllowPrivilegeEscalation'],
    kubeaudit: ['AllowPrivilegeEscalationNil', 'AllowPrivilegeEscalationTrue'],
    kubescape: ['C-0016', 'C-0197'],
    kics: ['privilege_escalation_allowed'],
    'kyverno-policies': ['disallow-privilege-escalation'],
    semgrep: ['allow-privilege-escalation', 'allow-privilege-escalation-true', 'allow-privilege-escalation-no-securitycontext'],
    cnspec: ['allowprivilegeescalation'],
  },
  messages: {
    unset: { text: 'Processes in container "{container}" may gain more privileges than their parents' },
    allowed: { text: 'Processes in container "{container}" are allowed to gain more privileges than their parents' },
  },
  fixes: { ...literalFixes, forbid: { title: 'allowPrivilegeEscalation: false', class: 'review' } },
  assumptions: {
    ...literalAssumptions,
    ...provedAssumptions,
    'found-set-user-id': 'Nothing in container "{container}" runs sudo or another setuid program, although {seen}',
    'no-set-user-id': 'Nothing in the container runs sudo or another setuid program',
    'file-capability': 'Container "{container}" opens port {port} without a file capability on its program',
    'told-set-user-id': 'Nothing in container "{container}" runs sudo or another setuid program, despite {seen}',
  },
  on: {
    container(container, report, context) {
      const { pod, securityContextPath } = container;
      // it has every privilege already, as is said there, and the API server refuses to forbid it more
      if (mayBePrivileged(container)) return;
      const setting = containerFlag(container, 'allowPrivilegeEscalation');
      if (setting?.value === false || setting?.unknown || (!setting && !container.complete)) return;
      const violation = isViolation(container, 'allowPrivilegeEscalation', context.kubernetesMinor);
      if (pod.isWindows && !violation) return;
      const path = [...securityContextPath, 'allowPrivilegeEscalation'];
      const gaining = gainingProgram(container, context);
      const port = portByFile(container);
      const evidence = evidenceFor(container, context);
      const proved = provedBy(evidence, 'escalation');
      const needed = evidence.trial && doubtAgainst(evidence, 'escalation');
      const literal = setting && switchOff(report, pod.object, setting.node, 'allowPrivilegeEscalation');
      const fix =
        literal ??
        (runsOnWindows(pod)
          ? noFix('windows')
          : needsEscalation(container)
            ? noFix('needs-root', refused)
            : report.fix('forbid', () => [setValue(path, false)], {
                assumes: proved ?? [
                  ...(needed
                    ? [{ id: 'found-set-user-id', data: { container: containerName(container), seen: needed }, evidence: true as const }]
                    : []),
                  escalationEvidence(container, gaining) ?? { id: 'no-set-user-id' },
                  ...(port === null ? [] : [{ id: 'file-capability', data: { port }, evidence: true as const }]),
                ],
                class: (gaining === null && !needed) || proved ? undefined : 'attended',
              }));
      report(
        setting ? setting.node.range : container.reportRange,
        setting ? 'allowed' : 'unset',
        {},
        violation && violates('restricted'),
        fix,
      );
    },
  },
});
