import { markOf } from '../../../fix/places';
import type { FixExtras, RuleContext } from '../../../rule/define-rule';
import { mayChange } from '../../../yaml/certainty';
import { setValue, type YamlOperation } from '../../../yaml/operations';
import { containerName } from '../model/names';
import { toldPorts } from '../model/ports';
import type { ContainerView } from '../model/types';
import { knownImage } from './image';

/** The TCP ports at which a container listens, as its manifest says, or else its Dockerfile or image; `null` where a template or variable may say others. */
function listeningPorts(container: ContainerView, context: Pick<RuleContext, 'workspace'>): readonly number[] | null {
  const { ports } = container;
  if (ports.some(({ node, containerPort }) => containerPort === null || mayChange(node.get('containerPort')))) return null;
  if (ports.length > 0) return ports.flatMap(({ containerPort, protocol }) => (protocol === 'TCP' ? containerPort! : []));
  const told = toldPorts(container);
  if (told.length > 0) return told.map(({ port }) => port);
  const image = knownImage(container, context);
  const { ports: exposed = [], morePorts = false } = image?.stage ?? {};
  if (morePorts) return [];
  // a range is not one server
  if (exposed.length > 0) return exposed.flatMap(({ port, to, protocol }) => (protocol === 'TCP' && port === to ? port : []));
  if (image?.profile?.kind !== 'server' || container.command || container.args) return [];
  return image.profile.exposedPorts.filter(port => typeof port === 'number');
}

/** A probe that asks for a connection. */
interface TcpProbe {
  /** `connect`: at the port that is known; `port`: at one that a person names. */
  readonly id: 'connect' | 'port';
  readonly operations: () => readonly YamlOperation[];
  readonly extras: FixExtras;
}

/**
 * A probe that asks for a connection, at the port of a container that has one, else at one to fill in; `null` where a template says at which ports it listens.
 * The liveness probe is the more patient, so that a pod gets no requests any more before it is started again.
 */
export function tcpProbe(
  container: ContainerView,
  field: 'livenessProbe' | 'readinessProbe',
  context: Pick<RuleContext, 'workspace'>,
): TcpProbe | null {
  const ports = listeningPorts(container, context);
  if (!ports) return null;
  const [first] = ports;
  const isOnly = first !== undefined && new Set(ports).size === 1;
  const probe = { tcpSocket: { port: isOnly ? first : markOf(1) }, ...(field === 'livenessProbe' && { failureThreshold: 6 }) };
  const data = { container: containerName(container), port: isOnly ? first : 'that you fill in' };
  return {
    id: isOnly ? 'connect' : 'port',
    operations: () => [setValue([...container.path, field], probe)],
    extras: {
      data,
      assumes: [{ id: 'listens', data }],
      ...(!isOnly && { places: [{ text: String(first ?? ''), sample: 8080 }] }),
    },
  };
}
