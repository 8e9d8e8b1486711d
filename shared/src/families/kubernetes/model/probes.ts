import { mayChange } from '../../../syntax/yaml/certainty';
import type { YamlMap, YamlNode, YamlScalar } from '../../../syntax/yaml/types';
import { mapOf, resolve, scalarOf, sequenceOf, stringOf } from '../../../syntax/yaml/values';
import type { ContainerView } from './types';

/** The fields that hold the kinds of probes. */
export const probeFields = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;

/** The kinds of probes, by field. */
export type ProbeField = (typeof probeFields)[number];

/** Kinds whose pods come to an end, so that nobody waits for them to be ready. */
const finishing = /^(?:Cron)?Job$|Job$|Workflow|^(?:Task|Pipeline)/;

/** Whether a container is meant to run until it is stopped: no init or debug container, and not part of a job. */
export function isLongRunning(container: ContainerView): boolean {
  const { kind, pod } = container;
  if ((kind !== 'app' && kind !== 'sidecar') || pod.flavor !== 'core' || finishing.test(pod.object.kind)) return false;
  const policy = stringOf(pod.node.get('restartPolicy'));
  return policy === null || policy === 'Always';
}

/** A probe of a container. `null` where it has none. */
export function probeOf(container: ContainerView, field: ProbeField): YamlMap | null {
  return mapOf(container.node.get(field));
}

/** Whether a field is there, be it empty or filled in later. */
export function hasProbe(container: ContainerView, field: ProbeField): boolean {
  const node = resolve(container.node.get(field));
  return node !== null && !(node.kind === 'scalar' && node.value === null);
}

const handlers = ['httpGet', 'tcpSocket', 'grpc', 'exec'] as const;

/** What a probe does, with the field that says so; `null` where it does nothing. */
export function handlerOf(probe: YamlMap): { readonly field: (typeof handlers)[number]; readonly node: YamlMap } | null {
  for (const field of handlers) {
    const node = mapOf(probe.get(field));
    if (node) return { field, node };
  }
  return null;
}

/** The values of the headers that the probes of a container send. */
export function headersOf(container: ContainerView): readonly YamlScalar[] {
  return probeFields.flatMap(field => {
    const headers = sequenceOf(mapOf(probeOf(container, field)?.get('httpGet'))?.get('httpHeaders'));
    return headers?.items.flatMap(header => scalarOf(mapOf(header)?.get('value')) ?? []) ?? [];
  });
}

/** The port that a probe asks, by number or name; `null` for commands. */
export function portOf(probe: YamlMap): YamlScalar | null {
  const handler = handlerOf(probe);
  return handler && handler.field !== 'exec' ? scalarOf(handler.node.get('port')) : null;
}

/** Whether two values are the same, whatever the order of their keys and the way they are written. */
export function isSameValue(a: YamlNode | null | undefined, b: YamlNode | null | undefined): boolean {
  const [left, right] = [resolve(a), resolve(b)];
  if (!left || !right) return left === right;
  if (left.kind === 'map')
    return (
      right.kind === 'map' &&
      left.entries.length === right.entries.length &&
      left.entries.every(({ name, value }) => right.entry(name) !== undefined && isSameValue(value, right.get(name)))
    );
  if (left.kind === 'sequence')
    return (
      right.kind === 'sequence' &&
      left.items.length === right.items.length &&
      left.items.every((item, index) => isSameValue(item, right.items[index]))
    );
  return right.kind === 'scalar' && left.value === right.value && !mayChange(left);
}
