import { removeNode, setValue, type YamlOperation, type YamlValue } from '../../../syntax/yaml/operations';
import { defineRule, type FixExtras } from '../../../rule/define-rule';
import { setInPodContext } from '../fix/pod-level';
import { annotatedProfile, seccompAnnotations } from '../fix/seccomp';
import { hasPodLevel } from '../fix/settings';
import { resolve } from '../../../syntax/yaml/values';
import type { PodView } from '../model/types';

/** Sets the field that an annotation stands for, where it is not set; nothing for a container that the pod does not have. */
function setField(pod: PodView, annotation: string, profile: YamlValue): YamlOperation[] {
  if (annotation === seccompAnnotations.pod)
    return hasPodLevel(pod) && !resolve(pod.securityContext?.get('seccompProfile'))
      ? setInPodContext(pod, ['seccompProfile'], profile)
      : [];
  const container = pod.containers.find(({ name }) => annotation === `${seccompAnnotations.container}${name}`);
  if (!container || resolve(container.securityContext?.get('seccompProfile'))) return [];
  return [setValue([...container.securityContextPath, 'seccompProfile'], profile)];
}

export const rule = defineRule({
  id: 'kubernetes/seccomp-annotation',
  title: 'seccomp set by a deprecated annotation',
  severity: 'info',
  category: 'privilege',
  profile: 'recommended',
  references: { cisKubernetes: ['5.6.2'], nist800190: ['3.4.3', '4.4.3'], nsaCisa: ['1.10'], cwe: ['CWE-477', 'CWE-693'] },
  peers: { kubeaudit: ['SeccompDeprecatedAnnotations'] },
  messages: {
    ignored: { text: 'Kubernetes has ignored seccomp annotations since 1.27: use seccompProfile instead' },
    deprecated: { text: 'The annotation is deprecated: use seccompProfile instead' },
  },
  fixes: { field: { title: 'Use the seccompProfile field', class: 'review' } },
  assumptions: { 'common-calls': 'No process needs system calls that the profile blocks; nothing enforces the profile today' },
  on: {
    pod(pod, report, { kubernetesMinor }) {
      if (kubernetesMinor < 19 || !pod.metadata?.get('annotations')) return;
      for (const [key, { value, node }] of pod.annotations) {
        if (key !== seccompAnnotations.pod && !key.startsWith(seccompAnnotations.container)) continue;
        const ignored = kubernetesMinor >= 27;
        const meant = ignored && value === 'unconfined';
        const profile = annotatedProfile(value) ?? (meant || !ignored ? { type: 'Unconfined' } : null);
        const operations = (): YamlOperation[] => [
          removeNode([...pod.metadataPath, 'annotations', key], true),
          ...(profile ? setField(pod, key, profile) : []),
        ];
        // a node may have a profile of its own for pods without the field (`seccompDefault` of the kubelet): this takes it off
        const extras: FixExtras =
          ignored && profile && !meant ? { assumes: [{ id: 'common-calls' }] } : { class: meant ? 'attended' : 'safe' };
        const fix = report.fix('field', operations, extras);
        report(node.range, ignored ? 'ignored' : 'deprecated', {}, fix);
      }
    },
  },
});
