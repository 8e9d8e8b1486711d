import { mayChange } from '../../../syntax/yaml/certainty';
import type { Path, YamlMap, YamlNode, YamlScalar } from '../../../syntax/yaml/types';
import { booleanOf, mapOf, numberOf, scalarOf, sequenceOf, stringOf } from '../../../syntax/yaml/values';
import type { ContainerView, PodView, Setting } from './types';

/** Reads a value of one type from a node; `null` where it has none of that type. */
export type Reader<T> = (node: YamlNode | null | undefined) => T | null;

/** Fields of a securityContext that a container inherits from its pod. */
export type InheritedField =
  'runAsNonRoot' | 'runAsUser' | 'runAsGroup' | 'seccompProfile' | 'seLinuxOptions' | 'appArmorProfile' | 'windowsOptions';

/** Fields that exist at container level only. */
export type ContainerField = 'privileged' | 'allowPrivilegeEscalation' | 'readOnlyRootFilesystem' | 'procMount' | 'capabilities';

function read<T>(
  map: YamlMap | null,
  base: Path,
  names: readonly string[],
  reader: Reader<T>,
  from: 'container' | 'pod',
): Setting<T> | null {
  let at: YamlNode | null | undefined = map;
  for (const name of names) at = mapOf(at)?.get(name);
  if (at === null || at === undefined || (at.kind === 'scalar' && at.value === null)) return null;
  return { value: reader(at), node: at, path: [...base, ...names], unknown: mayChange(at), from };
}

/** A setting that is in the container's own securityContext: `names` leads from there. `null` where unset (or null). */
export function ownSetting<T>(
  container: ContainerView,
  names: readonly [ContainerField | InheritedField, ...string[]],
  reader: Reader<T>,
): Setting<T> | null {
  return read(container.securityContext, container.securityContextPath, names, reader, 'container');
}

/** A setting of the pod's securityContext (fsGroup, sysctls, or what containers inherit). `null` where unset. */
export function podSetting<T>(pod: PodView, names: readonly [string, ...string[]], reader: Reader<T>): Setting<T> | null {
  return read(pod.securityContext, pod.securityContextPath, names, reader, 'pod');
}

/** The setting in force for a container: its own where it has one, else the pod's. The whole field is inherited, not its members. */
export function effectiveSetting<T>(
  container: ContainerView,
  names: readonly [InheritedField, ...string[]],
  reader: Reader<T>,
): Setting<T> | null {
  const own = mapOf(container.securityContext)?.get(names[0]);
  const unset = own === null || own === undefined || (own.kind === 'scalar' && own.value === null);
  return unset ? podSetting(container.pod, names, reader) : ownSetting(container, names, reader);
}

/** `runAsNonRoot` in force. */
export function runAsNonRoot(container: ContainerView): Setting<boolean> | null {
  return effectiveSetting(container, ['runAsNonRoot'], booleanOf);
}

/** `runAsUser` in force. */
export function runAsUser(container: ContainerView): Setting<number> | null {
  return effectiveSetting(container, ['runAsUser'], numberOf);
}

/** `runAsGroup` in force. */
export function runAsGroup(container: ContainerView): Setting<number> | null {
  return effectiveSetting(container, ['runAsGroup'], numberOf);
}

/** `seccompProfile.type` in force. A profile without a type gives a setting whose value is `null`. */
export function seccompType(container: ContainerView): Setting<string> | null {
  return effectiveSetting(container, ['seccompProfile'], node => stringOf(mapOf(node)?.get('type')));
}

/** A flag of the container's own securityContext. */
export function containerFlag(
  container: ContainerView,
  field: 'privileged' | 'allowPrivilegeEscalation' | 'readOnlyRootFilesystem',
): Setting<boolean> | null {
  return ownSetting(container, [field], booleanOf);
}

/** Whether a container is privileged, or comes from a template that may make it so. */
export function mayBePrivileged(container: ContainerView): boolean {
  const setting = containerFlag(container, 'privileged');
  return setting?.value === true || setting?.unknown === true;
}

/** The list `capabilities.add` or `capabilities.drop` of a container. */
export interface CapabilityList {
  /** The sequence; `null` where there is none. */
  readonly node: YamlNode | null;
  readonly path: Path;
  readonly items: readonly { readonly name: string; readonly node: YamlScalar; readonly path: Path }[];
}

/** The added or dropped capabilities of a container, as written: the API server compares names exactly. */
export function capabilities(container: ContainerView, which: 'add' | 'drop'): CapabilityList {
  const path = [...container.securityContextPath, 'capabilities', which];
  const sequence = sequenceOf(mapOf(container.securityContext?.get('capabilities'))?.get(which));
  const items = (sequence?.items ?? []).flatMap((item, index) => {
    const node = scalarOf(item);
    const name = stringOf(node);
    return node && name !== null ? [{ name, node, path: [...path, index] }] : [];
  });
  return { node: sequence, path, items };
}

/** Whether the API refuses `allowPrivilegeEscalation: false` for a container, because it is privileged or has SYS_ADMIN. */
export function needsEscalation(container: ContainerView): boolean {
  if (containerFlag(container, 'privileged')?.value === true) return true;
  return capabilities(container, 'add').items.some(({ name }) => name === 'SYS_ADMIN' || name === 'CAP_SYS_ADMIN' || name === 'ALL');
}

/** A quantity of `resources` of a container, or of its pod where that sets one; `null` where unset. */
export function resource(container: ContainerView, kind: 'limits' | 'requests', name: string): YamlScalar | null {
  for (const owner of [container.node, container.pod.flavor === 'core' ? container.pod.node : null]) {
    const node = scalarOf(mapOf(mapOf(owner?.get('resources'))?.get(kind))?.get(name));
    if (node && node.value !== null) return node;
  }
  return null;
}
