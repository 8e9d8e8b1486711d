import type { NoFix } from '../../../rule/fix/remedy';
import type { Assumption } from '../../../rule/fix/types';
import { setValue, type YamlOperation } from '../../../syntax/yaml/operations';
import { defineRule, type FixExtras, type RuleContext, violates } from '../../../rule/define-rule';
import { userAssumptions } from '../fix/assumptions';
import { unprivilegedVariant } from '../fix/unprivileged-variant';
import { groupRemedy, rootGroups } from '../fix/root-group';
import { podUserRemedy, userRemedy } from '../fix/user';
import { containerName } from '../model/names';
import { booleanOf, numberOf } from '../../../syntax/yaml/values';
import { isRootInside, isViolation } from '../model/pss';
import { ownSetting, podSetting, runAsNonRoot, runAsUser } from '../model/security';
import type { ContainerView, PodView, Setting } from '../model/types';

/** Either of the two controls: a user of 0 also leaves open whether root is forbidden. */
const isAtFault = (view: PodView | ContainerView, minor: number): boolean =>
  isViolation(view, 'runAsUser', minor) || isViolation(view, 'runAsNonRoot', minor);

interface Verdict {
  readonly message: 'user' | 'allowed' | 'unset' | 'unset-with-user';
  readonly setting: Setting<unknown> | null;
}

function judge(container: ContainerView): Verdict | null {
  const flag = ownSetting(container, ['runAsNonRoot'], booleanOf);
  const user = ownSetting(container, ['runAsUser'], numberOf);
  if (user?.value === 0) return { message: 'user', setting: user };
  if (flag) return flag.value === true || flag.unknown ? null : { message: 'allowed', setting: flag };
  const inForce = runAsUser(container);
  // what the pod says for all is reported there
  if (runAsNonRoot(container) || (inForce?.value === 0 && !user) || !container.complete) return null;
  return { message: inForce ? 'unset-with-user' : 'unset', setting: null };
}

/** The user for a person who knows that a container does without root, though it seems not to. */
function anyway(container: ContainerView, { defaults: { uid } }: RuleContext, { detail }: NoFix): [() => YamlOperation[], FixExtras] {
  const path = container.securityContextPath;
  const user = runAsUser(container)?.value || null;
  const data = { container: containerName(container), uid: user ?? uid };
  const operations = (): YamlOperation[] => [
    setValue([...path, 'runAsNonRoot'], true),
    ...(user === null ? [setValue([...path, 'runAsUser'], uid)] : []),
  ];
  const assumes: Assumption[] =
    detail === undefined ? [{ id: 'guessed-user', data }] : [{ id: 'other-user', data: { ...data, seen: detail }, evidence: true }];
  return [operations, { data: { uid: data.uid }, alone: true, assumes }];
}

export const rule = defineRule({
  id: 'kubernetes/run-as-root',
  title: 'Container may run as root',
  severity: 'error',
  category: 'privilege',
  profile: 'restricted',
  references: {
    cisKubernetes: ['5.2.7'],
    nist800190: ['3.4.3', '4.4.3'],
    nsaCisa: ['1.0', '1.6'],
    pss: ['run-as-non-root', 'run-as-non-root-user'],
    mitre: ['T1611'],
    cwe: ['CWE-250'],
  },
  peers: {
    trivy: ['KSV-0012', 'KSV-0105', 'KSV-0116'],
    checkov: ['CKV_K8S_23'],
    'kube-linter': ['run-as-non-root'],
    polaris: ['runAsRootAllowed'],
    kubesec: ['RunAsNonRoot'],
    kubeaudit: ['RunAsNonRootCSCFalse', 'RunAsNonRootPSCNilCSCNil', 'RunAsNonRootPSCFalseCSCNil', 'RunAsUserCSCRoot', 'RunAsUserPSCRoot'],
    kubescape: ['C-0013', 'C-0198'],
    kics: ['containers_running_as_root'],
    'kyverno-policies': [
      'require-run-as-nonroot',
      'require-run-as-non-root-user',
      'require-non-root-groups',
      'check-supplemental-groups',
      'restrict-usergroup-fsgroup-id',
    ],
    semgrep: [
      'run-as-non-root',
      'run-as-non-root-container-level',
      'run-as-non-root-container-level-missing-security-context',
      'run-as-non-root-security-context-pod-level',
      'run-as-non-root-unsafe-value',
    ],
    cnspec: ['runasnonroot'],
  },
  messages: {
    unset: { text: 'Container "{container}" may run as root: runAsNonRoot is not set', severity: 'warning' },
    'unset-with-user': { text: 'Container "{container}" runs as user {user}, but runAsNonRoot does not forbid root', severity: 'info' },
    user: { text: 'Container "{container}" runs as root' },
    allowed: { text: 'Container "{container}" is allowed to run as root' },
    'pod-user': { text: '{object} runs its containers as root' },
    'pod-allowed': { text: '{object} allows its containers to run as root' },
    group: { text: '{field} 0 gives access to files owned by the root group', severity: 'warning', profile: 'recommended' },
  },
  fixes: {
    user: { title: 'Run as a non-root user', class: 'review' },
    anyway: { title: 'Run as user {uid}, if nothing in the container needs root', class: 'attended' },
    twin: { title: 'Use image {image}, which does not need root', class: 'attended' },
    group: { title: 'Change the group from 0 to another group', class: 'review' },
  },
  assumptions: userAssumptions,
  on: {
    pod(pod, report, context) {
      const flag = podSetting(pod, ['runAsNonRoot'], booleanOf);
      const user = podSetting(pod, ['runAsUser'], numberOf);
      const found = { 'pod-allowed': flag?.value === false ? flag : null, 'pod-user': user?.value === 0 ? user : null };
      for (const message of ['pod-allowed', 'pod-user'] as const) {
        const setting = found[message];
        if (!setting || isRootInside(pod, context.kubernetesMinor)) continue;
        const fix = report.remedy('user', podUserRemedy(pod, context));
        const violation = isAtFault(pod, context.kubernetesMinor) && violates('restricted');
        report(setting.node.range, message, {}, violation, ...fix);
      }
      for (const { field, node, remedy } of rootGroups(pod, context)) {
        report(node.range, 'group', { field }, ...report.remedy('group', remedy));
      }
    },
    container(container, report, context) {
      const { kubernetesMinor } = context;
      const verdict = isRootInside(container.pod, kubernetesMinor) ? null : judge(container);
      if (verdict) {
        const { message, setting } = verdict;
        const data = {
          container: containerName(container),
          ...(message === 'unset-with-user' && { user: runAsUser(container)?.value ?? '' }),
        };
        const remedy = userRemedy(container, context);
        const fix = report.remedy('user', remedy);
        const variant = remedy.noFix?.reason === 'needs-root' ? unprivilegedVariant(container, context) : null;
        if (variant) {
          const { image, operations } = variant;
          fix.push(
            report.fix('twin', operations, { data: { image }, assumes: [{ id: 'twin', data: { image, container: data.container } }] }),
          );
        }
        if (remedy.fix === null && remedy.noFix?.reason === 'needs-root')
          fix.push(report.fix('anyway', ...anyway(container, context, remedy.noFix)));
        const violation = isAtFault(container, kubernetesMinor) && violates('restricted');
        report(setting ? setting.node.range : container.reportRange, message, data, violation, ...fix);
      }
      const group = ownSetting(container, ['runAsGroup'], numberOf);
      if (group?.value === 0)
        report(group.node.range, 'group', { field: 'runAsGroup' }, ...report.remedy('group', groupRemedy(container, group, context)));
    },
  },
});
