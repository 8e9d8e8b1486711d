import { setValue, type YamlOperation, type YamlValue } from '../../../syntax/yaml/operations';
import { leave, type Remedy } from '../../../rule/fix/remedy';
import type { ContainerView, PodView } from '../model/types';
import { setInPodContext } from './pod-level';
import { containerFlag } from '../model/security';
import { hasPodLevel } from './settings';
import { runsOnWindows } from './windows';

const runtimeDefault = { type: 'RuntimeDefault' };

/** Annotations that said for a whole pod, and for the container whose name follows, what the field `seccompProfile` says. */
export const seccompAnnotations = {
  pod: 'seccomp.security.alpha.kubernetes.io/pod',
  container: 'container.seccomp.security.alpha.kubernetes.io/',
} as const;

/** What a seccomp or AppArmor annotation says, as the field that took its place; `null` for a value that means nothing. */
export function annotatedProfile(value: string): YamlValue | null {
  if (value === 'runtime/default' || value === 'docker/default') return runtimeDefault;
  const local = value.startsWith('localhost/') ? value.slice('localhost/'.length) : '';
  return local === '' ? null : { type: 'Localhost', localhostProfile: local };
}

/** The profile that an annotation wants for a container or pod that has no field; else that of the runtime. */
function wanted(pod: PodView, annotation: string): YamlValue {
  return annotatedProfile(pod.annotations.get(annotation)?.value ?? '') ?? runtimeDefault;
}

/** How containers without a seccomp profile get that of the runtime: from their pod, or each its own where only some lack one or the pod must not say so. */
export function seccompRemedy(pod: PodView, containers: readonly ContainerView[]): Remedy {
  if (containers.every(container => containerFlag(container, 'privileged')?.value === true))
    return leave('no-fix', 'no seccomp profile applies to a privileged container');
  const { fix, noFix } = profileRemedy(pod, containers, 'seccompProfile', wanted(pod, seccompAnnotations.pod));
  // Kubernetes ignores it today, but somebody meant it
  const isOff = (key: string): boolean => pod.annotations.get(key)?.value === 'unconfined';
  return fix && (isOff(seccompAnnotations.pod) || containers.some(({ name }) => isOff(`${seccompAnnotations.container}${name}`)))
    ? { fix: { ...fix, class: 'attended' }, noFix: { reason: 'attended', detail: 'an annotation turns seccomp off' } }
    : { fix, noFix };
}

/** How containers without a profile of one kind get one, as for seccomp. */
export function profileRemedy(
  pod: PodView,
  containers: readonly ContainerView[],
  field: 'seccompProfile' | 'appArmorProfile',
  profile: YamlValue = runtimeDefault,
): Remedy {
  if (runsOnWindows(pod)) return leave('windows');
  const operations = (): YamlOperation[] =>
    hasPodLevel(pod) && containers.length === pod.containers.length
      ? setInPodContext(pod, [field], profile)
      : containers.map(({ securityContextPath }) => setValue([...securityContextPath, field], profile));
  return { fix: { operations }, noFix: null };
}
