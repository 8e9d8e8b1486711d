import { defineRule } from '../../../rule/define-rule';
import { fileAssumptions } from '../fix/assumptions';
import { rootFilesystemRemedy } from '../fix/root-filesystem';
import { runsOnWindows } from '../fix/windows';
import { containerFlag } from '../model/security';

export const rule = defineRule({
  id: 'kubernetes/writable-root-filesystem',
  title: 'Writable root filesystem',
  severity: 'warning',
  category: 'privilege',
  profile: 'recommended',
  references: {
    cisKubernetes: ['5.6.3'],
    nist800190: ['3.4.3', '4.4.3'],
    nsaCisa: ['1.1'],
    cwe: ['CWE-732'],
  },
  peers: {
    trivy: ['KSV-0014'],
    checkov: ['CKV_K8S_22'],
    'kube-linter': ['no-read-only-root-fs'],
    'kube-score': ['container-security-context-readonlyrootfilesystem'],
    polaris: ['notReadOnlyRootFilesystem'],
    kubesec: ['ReadOnlyRootFilesystem'],
    kubeaudit: ['ReadOnlyRootFilesystemFalse', 'ReadOnlyRootFilesystemNil'],
    kubescape: ['C-0017'],
    kics: ['root_container_not_mounted_as_read_only'],
    'kyverno-policies': ['require-ro-rootfs'],
    semgrep: ['writable-filesystem-container'],
    cnspec: ['readonlyrootfilesystem'],
  },
  messages: {
    unset: { text: 'Container "{container}" can change the files of its image' },
    writable: { text: 'Container "{container}" requests a writable root filesystem' },
  },
  fixes: {
    'read-only': { title: 'readOnlyRootFilesystem: true, with volumes for the paths that the container writes to', class: 'review' },
  },
  assumptions: fileAssumptions,
  on: {
    container(container, report, context) {
      const setting = containerFlag(container, 'readOnlyRootFilesystem');
      if (setting?.value === true || setting?.unknown || runsOnWindows(container.pod) || (!setting && !container.complete)) return;
      report(
        setting ? setting.node.range : container.reportRange,
        setting ? 'writable' : 'unset',
        {},
        ...report.remedy('read-only', rootFilesystemRemedy(container, context)),
      );
    },
  },
});
