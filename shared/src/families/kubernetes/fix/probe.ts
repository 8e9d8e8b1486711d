import { setValue } from '../../../yaml/operations';
import { mayChange } from '../../../yaml/certainty';
import type { Proposal } from '../../../fix/remedy';
import type { ContainerView } from '../model/types';

/**
 * A probe that asks for a connection, of a container that declares one port; `null` for any other. The liveness probe is the more patient, so that a pod
 * gets no requests any more before it is started again.
 */
export function tcpProbe(
  container: ContainerView,
  field: 'livenessProbe' | 'readinessProbe',
): (Proposal & { readonly port: number }) | null {
  const [port, ...more] = container.ports;
  if (!port || more.length > 0 || port.containerPort === null || port.protocol !== 'TCP' || mayChange(port.node.get('containerPort')))
    return null;
  const probe = { tcpSocket: { port: port.containerPort }, ...(field === 'livenessProbe' && { failureThreshold: 6 }) };
  return { port: port.containerPort, operations: () => [setValue([...container.path, field], probe)] };
}
