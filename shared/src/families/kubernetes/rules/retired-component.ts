import { defineRule } from '../../../rule/define-rule';
import { stringOf } from '../../../syntax/yaml/values';
import type { ContainerView, PodView } from '../model/types';

type Component = 'ingress' | 'tiller' | 'dashboard';

/** The component that an image is, by its repository, whichever registry it is mirrored to. */
function componentOf({ image }: ContainerView): Component | null {
  if (!image || image.reference.invalid !== null) return null;
  const { repository } = image.reference;
  if (repository.endsWith('tiller') && /(?:^|\/)tiller$/.test(repository)) return 'tiller';
  if (repository.includes('dashboard') && /(?:^|\/)(?:kubernetesui\/dashboard(?:-\w+)?|kubernetes-dashboard(?:-amd64)?)$/.test(repository))
    return 'dashboard';
  return repository.includes('ingress') &&
    /(?:^|\/)(?:ingress-nginx\/controller(?:-chroot)?|nginx-ingress-controller(?:-amd64)?)$/.test(repository)
    ? 'ingress'
    : null;
}

/** The component that a workload calls itself. */
function namedComponent({ object, labels, metadata }: PodView): Component | null {
  if (labels.get('app')?.value === 'helm' || labels.get('name')?.value === 'tiller' || isTiller(object.name)) return 'tiller';
  if (metadata !== null && metadata !== object.metadata && isTiller(stringOf(metadata.get('name')))) return 'tiller';
  return labels.get('k8s-app')?.value === 'kubernetes-dashboard' ? 'dashboard' : null;
}

function isTiller(name: string | null): boolean {
  return name !== null && name.includes('tiller') && /(?:^|-)tiller(?:-|$)/.test(name);
}

export const rule = defineRule({
  id: 'kubernetes/retired-component',
  title: 'Retired or dangerous cluster component',
  severity: 'warning',
  category: 'supply-chain',
  profile: 'recommended',
  references: { nist800190: ['3.3.1', '3.4.1', '4.3.1', '4.4.1'], mitre: ['T1190', 'T1133'], cwe: ['CWE-1104'] },
  supersedes: ['kubernetes/end-of-life-image'],
  peers: {
    kubescape: ['C-0292', 'C-0014'],
    trivy: ['KSV-0102'],
    checkov: ['CKV_K8S_34', 'CKV_K8S_44', 'CKV_K8S_45', 'CKV_K8S_33'],
    kics: [
      'tiller_is_deployed',
      'tiller_service_is_not_deleted',
      'tiller_deployment_is_accessible_from_within_the_cluster',
      'dashboard_is_enabled',
    ],
    'kyverno-policies': ['disallow-helm-tiller'],
    cnspec: ['tiller', 'k8s-dashboard'],
  },
  messages: {
    ingress: { text: 'ingress-nginx was retired in March 2026 and gets no more fixes' },
    tiller: { text: "Helm 2's Tiller lets anyone who can reach it act as cluster admin" },
    dashboard: { text: 'Kubernetes Dashboard gives anyone who can reach it the permissions of its service account' },
  },
  on: {
    image(image, report, { today }) {
      const component = componentOf(image.container);
      if (component === null || (component === 'ingress' && today < '2026-04-01') || image.reference.invalid !== null) return;
      report(image.at(image.reference.ranges.name), component);
    },
    pod(pod, report) {
      const component = namedComponent(pod);
      if (component && !pod.containers.some(container => componentOf(container) !== null)) report(pod.object.reportRange, component);
    },
    service({ object }, report) {
      if (object.name === 'tiller-deploy') report(object.reportRange, 'tiller');
    },
  },
});
