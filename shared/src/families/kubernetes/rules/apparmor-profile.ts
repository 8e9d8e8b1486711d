import { isFinal } from '../../../syntax/yaml/certainty';
import { removeNode, setValue, type YamlOperation } from '../../../syntax/yaml/operations';
import { defineRule, violates, type FixExtras } from '../../../rule/define-rule';
import { annotatedProfile, profileRemedy } from '../fix/seccomp';
import { runsOnWindows } from '../fix/windows';
import { containerName } from '../model/names';
import { mapOf, resolve, scalarOf, stringOf } from '../../../syntax/yaml/values';
import { everyContainer } from '../model/pod';
import { violationsOf } from '../model/pss';
import type { PodView } from '../model/types';

const prefix = 'container.apparmor.security.beta.kubernetes.io/';

/** Whether the names of all containers are known. */
const hasKnownContainers = (pod: PodView): boolean => everyContainer(pod, ({ node }) => isFinal(pod.object.document, node, 'name'));

/** Whether a container or its pod names a profile, by field or by annotation. */
const isUnset = (pod: PodView): boolean =>
  pod.complete &&
  !pod.securityContext?.get('appArmorProfile') &&
  pod.containers.some(
    ({ name, securityContext, complete }) =>
      complete && !securityContext?.get('appArmorProfile') && !pod.annotations.get(`${prefix}${name}`)?.value,
  );

export const rule = defineRule({
  id: 'kubernetes/apparmor-profile',
  title: 'AppArmor unconfined or set by a deprecated annotation',
  severity: 'error',
  category: 'privilege',
  profile: 'baseline',
  references: {
    nist800190: ['3.4.3', '4.4.3'],
    nsaCisa: ['1.9'],
    pss: ['apparmor'],
    mitre: ['T1611'],
    cwe: ['CWE-693'],
  },
  peers: {
    kubesec: ['ApparmorUnconfined', 'ApparmorAny'],
    kubeaudit: ['AppArmorDisabled', 'AppArmorBadValue', 'AppArmorAnnotationMissing', 'AppArmorInvalidAnnotation'],
    trivy: ['KSV-0002'],
    polaris: ['linuxHardening'],
    kics: ['missing_app_armor_config'],
    'kyverno-policies': ['restrict-apparmor-profiles', 'add-apparmor'],
  },
  messages: {
    unconfined: { text: '{object} turns AppArmor off' },
    invalid: { text: '"{value}" is not an AppArmor profile: use RuntimeDefault or Localhost' },
    orphan: {
      text: 'The annotation names container "{container}", which the pod does not have',
      severity: 'warning',
      profile: 'recommended',
    },
    annotation: {
      text: 'The annotation was deprecated in Kubernetes 1.30: use appArmorProfile instead',
      severity: 'info',
      profile: 'recommended',
    },
    missing: { text: '{object} sets no AppArmor profile: the container runtime chooses one', severity: 'hint', profile: 'strict' },
  },
  fixes: {
    confine: { title: "Use the container runtime's AppArmor profile", class: 'review' },
    remove: { title: 'Remove the AppArmor annotation', class: 'review' },
    field: { title: 'Use the appArmorProfile field', class: 'review' },
    add: { title: 'appArmorProfile: RuntimeDefault', class: 'review' },
  },
  assumptions: {
    confined: "No process needs anything that the runtime's AppArmor profile forbids, such as mounting filesystems",
    'has-apparmor': 'The nodes have AppArmor: nodes without it reject the pod',
  },
  on: {
    pod(pod, report, { kubernetesMinor }) {
      const confined = [{ id: 'confined' }];
      for (const { node, path, container } of violationsOf(pod, 'appArmorProfile', kubernetesMinor)) {
        const type = mapOf(node) ? scalarOf(mapOf(node)?.get('type')) : scalarOf(node);
        const value = stringOf(type) ?? '';
        const message = value.toLowerCase() === 'unconfined' ? 'unconfined' : 'invalid';
        const data = message === 'unconfined' ? (container ? { object: `Container "${containerName(container)}"` } : {}) : { value };
        // a profile that is no such thing protects nobody; one that was switched off was so for a reason
        const extras: FixExtras = { assumes: confined, class: message === 'unconfined' ? 'attended' : undefined };
        const fix = mapOf(node)
          ? report.fix('confine', () => [setValue([...path, 'type'], 'RuntimeDefault')], extras)
          : report.fix('remove', () => [removeNode(path, true)], extras);
        report((type ?? node)!.range, message, data, violates('baseline'), fix);
      }
      if (pod.metadata?.get('annotations')) {
        for (const [key, { value, node }] of pod.annotations) {
          if (!key.startsWith(prefix) || !pod.complete) continue;
          const container = pod.containers.find(({ name }) => name === key.slice(prefix.length));
          const path = [...pod.metadataPath, 'annotations', key];
          const remove: YamlOperation = removeNode(path, true);
          const profile = annotatedProfile(value);
          // what is not a profile is reported above
          if (!profile && value !== '') continue;
          if (!container && hasKnownContainers(pod))
            report(
              node.range,
              'orphan',
              { container: key.slice(prefix.length) },
              report.fix('remove', () => [remove]),
            );
          // a template that asks for the release may print it for older ones alone
          else if (container && kubernetesMinor >= 30 && profile && !pod.object.document.versioned) {
            const has = resolve(container.securityContext?.get('appArmorProfile'));
            const field = setValue([...container.securityContextPath, 'appArmorProfile'], profile);
            report(
              node.range,
              'annotation',
              {},
              report.fix('field', () => (has ? [remove] : [remove, field])),
            );
          }
        }
      }
      if (kubernetesMinor < 30 || !isUnset(pod) || runsOnWindows(pod)) return;
      const unset = pod.containers.filter(({ securityContext, complete }) => complete && !securityContext?.get('appArmorProfile'));
      const { fix } = profileRemedy(pod, unset, 'appArmorProfile');
      const outcome = { fix: fix && { ...fix, assumes: [{ id: 'has-apparmor' }] }, noFix: null };
      report(pod.reportRange, 'missing', {}, ...report.remedy('add', outcome));
    },
  },
});
