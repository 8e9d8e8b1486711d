import type { YamlOperation } from '../types';
import type { ContainerView, PodView } from '../../model/kubernetes/types';
import { setInPodContext } from './pod-level';
import { hasPodLevel, leave, type Outcome } from './settings';
import { runsOnWindows } from './windows';

const profile = { type: 'RuntimeDefault' };

/** How containers without a seccomp profile get that of the runtime: from their pod, or each its own where only some lack one or the pod must not say so. */
export function seccompRemedy(pod: PodView, containers: readonly ContainerView[]): Outcome {
  if (runsOnWindows(pod)) return leave('windows');
  const operations = (): YamlOperation[] =>
    hasPodLevel(pod) && containers.length === pod.containers.length
      ? setInPodContext(pod, ['seccompProfile'], profile)
      : containers.map(({ securityContextPath }) => ({
          type: 'yaml.set',
          path: [...securityContextPath, 'seccompProfile'],
          value: profile,
        }));
  return { fix: { operations }, left: null };
}
