import { setValue } from '../../../syntax/yaml/operations';
import { defineRule, noFix, violates, type Attachment, type RuleContext } from '../../../rule/define-rule';
import { seccompRemedy } from '../fix/seccomp';
import { containerName } from '../model/names';
import { profilePlaces } from '../../../workspace/seccomp-profiles';
import { mapOf, scalarOf, stringOf } from '../../../syntax/yaml/values';
import { isBadProfile, isViolation, profileType, violationsOf } from '../model/pss';
import { ownSetting, podSetting } from '../model/security';
import type { PodView, Setting } from '../model/types';
import type { Range } from '../../../base/text/range';

/** The file of a profile, as a repository keeps it that has the nodes' profiles, where it lets everything through. */
function openFile({ node }: Setting<string>, { path, workspace }: RuleContext): { readonly range: Range; readonly file: string } | null {
  const name = scalarOf(mapOf(node)?.get('localhostProfile'));
  const file = stringOf(name) ?? '';
  return name && profilePlaces(path, file).some(place => workspace.seccompAt(place)?.allowsAll) ? { range: name.range, file } : null;
}

/** A profile that confines nothing: where to report it, and as what. */
function badProfile(
  pod: PodView,
  setting: Setting<string> | null,
): { readonly message: 'unconfined' | 'invalid'; readonly range: Range; readonly type: string } | null {
  if (!setting || !isBadProfile(pod, setting)) return null;
  const range = (scalarOf(mapOf(setting.node)?.get('type')) ?? setting.node).range;
  return { message: setting.value === 'Unconfined' ? 'unconfined' : 'invalid', range, type: setting.value ?? '{}' };
}

export const rule = defineRule({
  id: 'kubernetes/seccomp-profile',
  title: 'seccomp profile missing or unconfined',
  severity: 'warning',
  category: 'privilege',
  profile: 'restricted',
  references: {
    cisKubernetes: ['5.6.2'],
    nist800190: ['3.4.3', '4.4.3'],
    nsaCisa: ['1.10'],
    pss: ['seccomp', 'seccomp-required'],
    mitre: ['T1611'],
    cwe: ['CWE-693'],
  },
  peers: {
    trivy: ['KSV-0104', 'KSV-0030'],
    kubesec: ['SeccompUnconfined', 'SeccompAny'],
    kubeaudit: ['SeccompDisabledPod', 'SeccompDisabledContainer', 'SeccompProfileMissing'],
    'kyverno-policies': ['restrict-seccomp', 'restrict-seccomp-strict'],
    semgrep: ['seccomp-confinement-disabled'],
    checkov: ['CKV_K8S_31'],
    'kube-score': ['container-seccomp-profile'],
    polaris: ['linuxHardening'],
    kubescape: ['C-0055', 'C-0210'],
    kics: ['seccomp_profile_is_not_configured'],
  },
  messages: {
    missing: { text: '{object} runs without a seccomp profile' },
    'container-missing': { text: 'Container "{container}" runs without a seccomp profile' },
    unconfined: { text: '{object} may make any system call', severity: 'error', profile: 'baseline' },
    invalid: { text: '"{type}" is not a seccomp profile type', severity: 'error', profile: 'baseline' },
    'open-file': { text: 'The profile "{file}" allows any system call', severity: 'error', profile: 'baseline' },
    annotation: { text: 'The annotation turns seccomp off', severity: 'error', profile: 'baseline' },
  },
  fixes: {
    'runtime-default': { title: 'seccompProfile: RuntimeDefault', class: 'review' },
    confine: { title: 'seccompProfile: use RuntimeDefault', class: 'attended' },
  },
  assumptions: { 'common-calls': "No process needs system calls that the runtime's profile blocks" },
  on: {
    pod(pod, report, context) {
      const { kubernetesMinor } = context;
      if (kubernetesMinor < 19) {
        for (const { node } of violationsOf(pod, 'seccompProfile_baseline', kubernetesMinor)) {
          if (node) report(node.range, 'annotation', {}, violates('baseline'));
        }
        return;
      }
      const setting = podSetting(pod, ['seccompProfile'], profileType);
      const bad = badProfile(pod, setting);
      if (bad) report(bad.range, bad.message, { type: bad.type }, violates('baseline'), confine(setting!));
      const open = setting && openFile(setting, context);
      if (open) report(open.range, 'open-file', { file: open.file }, noFix('manual'));
      const unset = pod.containers.filter(container => container.complete && !ownSetting(container, ['seccompProfile'], profileType));
      const violation = isViolation(pod, 'seccompProfile_restricted', kubernetesMinor);
      if (setting || unset.length === 0 || !pod.complete || (pod.isWindows && !violation)) return;
      const fix = report.remedy('runtime-default', seccompRemedy(pod, unset));
      if (unset.length === pod.containers.length) {
        report(pod.reportRange, 'missing', {}, violation && violates('restricted'), ...fix);
        return;
      }
      for (const container of unset) {
        const own = report.remedy('runtime-default', seccompRemedy(pod, [container]));
        report(
          container.reportRange,
          'container-missing',
          { container: containerName(container) },
          violation && violates('restricted'),
          ...own,
        );
      }

      function confine({ path }: Setting<string>): Attachment {
        return report.fix('confine', () => [setValue([...path, 'type'], 'RuntimeDefault')], {
          assumes: [{ id: 'common-calls' }],
        });
      }
    },
    container(container, report, context) {
      const { kubernetesMinor } = context;
      const setting = ownSetting(container, ['seccompProfile'], profileType);
      const bad = kubernetesMinor < 19 ? null : badProfile(container.pod, setting);
      const open = setting && openFile(setting, context);
      if (open) report(open.range, 'open-file', { file: open.file }, noFix('manual'));
      if (!bad || !setting) return;
      const path = [...setting.path, 'type'];
      const fix = report.fix('confine', () => [setValue(path, 'RuntimeDefault')], { assumes: [{ id: 'common-calls' }] });
      report(bad.range, bad.message, { object: `container "${containerName(container)}"`, type: bad.type }, violates('baseline'), fix);
    },
  },
});
