import { markOf } from '../../../rule/fix/places';
import type { FixExtras, RuleContext, Report } from '../../../rule/define-rule';
import { mayChange } from '../../../syntax/yaml/certainty';
import { setValue, type YamlOperation } from '../../../syntax/yaml/operations';
import { containerName } from '../model/names';
import { toldPorts } from '../model/ports';
import { isLongRunning, hasProbe, portOf, probeFields, probeOf } from '../model/probes';
import type { ContainerView } from '../model/types';
import { onlyWaits } from '../../../evidence/program/started-command';
import { requestOf } from '../../../knowledge/health-checks';
import { knownImage } from './image';

/** The TCP ports at which a container listens, as its manifest says, or else its Dockerfile or image; `null` where a template or variable may say others. */
function listeningPorts(container: ContainerView, context: Workspace): readonly number[] | null {
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
  if (container.command || container.args) return [];
  if (image?.profile?.kind === 'server') return image.profile.exposedPorts.filter(port => typeof port === 'number');
  // to be confirmed at every level
  return (image?.facts?.ports ?? []).flatMap(port => (port.endsWith('/tcp') ? Number.parseInt(port, 10) : []));
}

/** Whether a container waits for nothing but the end, and answers nothing. */
function servesNothing({ ports, command, args }: ContainerView): boolean {
  return ports.length === 0 && command !== null && onlyWaits([...command, ...(args ?? [])].map(({ value }) => String(value)));
}

/** What Docker takes where a health check does not say. */
const usual = { interval: 30, timeout: 30, retries: 3 };

/** The fields that hold the probes that a container should have. */
type ProbeField = 'livenessProbe' | 'readinessProbe';

/** A probe that a click writes. */
interface ProposedProbe {
  /** `check`: the health check of its Dockerfile; `connect`: a connection to the port that is known; `port`: to one that a person names. */
  readonly id: 'check' | 'connect' | 'port';
  readonly operations: () => readonly YamlOperation[];
  readonly extras: FixExtras;
}

type Workspace = Pick<RuleContext, 'workspace'>;

type ProbeReport = Report<'missing', ProposedProbe['id'] | 'write'>;

/**
 * Reports a container that runs on without a probe, with those that it can be given, the one that says most first. The liveness probe is the more patient, so that a
 * pod gets no requests any more before it is started again.
 */
export function checkProbe(container: ContainerView, report: ProbeReport, field: ProbeField, context: Workspace): void {
  if (hasProbe(container, field) || !isLongRunning(container) || servesNothing(container)) return;
  const proposed = [healthProbe(container, field, context), tcpProbe(container, field, context)].flatMap(probe => probe ?? []);
  const fixes = proposed.map(({ id, operations, extras }) => report.fix(id, operations, extras));
  const write = report.fix('write', () => []);
  report(container.reportRange, 'missing', {}, ...fixes, write);
}

/**
 * The health check of the Dockerfile that a container's image is built from, as a probe: Kubernetes itself runs none. A request to a port that the container has
 * is made by the kubelet; anything else is run. `null`: it is not built here, has none, or another command starts.
 */
function healthProbe(container: ContainerView, field: ProbeField, context: Workspace): ProposedProbe | null {
  const stage = knownImage(container, context)?.stage ?? null;
  const check = stage?.check ?? null;
  if (!stage || !check || container.command) return null;
  const request = requestOf(check.command);
  const isServed = request !== null && (listeningPorts(container, context) ?? []).includes(request.port);
  const period = Math.max(1, check.interval ?? usual.interval);
  const isLiveness = field === 'livenessProbe';
  const delay = check.startPeriod ?? 0;
  const probe = {
    ...(isServed ? { httpGet: { path: request.path, port: request.port } } : { exec: { command: [...check.command] } }),
    ...(isLiveness && delay > 0 && { initialDelaySeconds: delay }),
    periodSeconds: period,
    timeoutSeconds: Math.max(1, Math.min(check.timeout ?? usual.timeout, period)),
    failureThreshold: (check.retries ?? usual.retries) * (isLiveness ? 2 : 1),
  };
  const data = { container: containerName(container), path: stage.path };
  return {
    id: 'check',
    operations: () => [setValue([...container.path, field], probe)],
    extras: { data, assumes: [{ id: 'checks', data }] },
  };
}

/** The port that the other probes of a container ask, by number or name; `null` where they ask none, or several. */
function probedPort(container: ContainerView): number | string | null {
  const ports = new Set(
    probeFields.flatMap(field => {
      const probe = probeOf(container, field);
      const port = probe && portOf(probe);
      return port && !mayChange(port) && port.value !== null ? [typeof port.value === 'number' ? port.value : String(port.value)] : [];
    }),
  );
  const [port, ...more] = ports;
  return port === undefined || more.length > 0 ? null : port;
}

/** A probe that asks for a connection, at the port of a container that has one, else at one to fill in; `null` where a template says at which ports it listens. */
function tcpProbe(container: ContainerView, field: ProbeField, context: Workspace): ProposedProbe | null {
  const ports = listeningPorts(container, context);
  if (!ports) return null;
  const probed = probedPort(container);
  const [first] = probed === null ? ports : [probed];
  const isOnly = first !== undefined && (probed !== null || new Set(ports).size === 1);
  const probe = { tcpSocket: { port: isOnly ? first : markOf(1) }, ...(field === 'livenessProbe' && { failureThreshold: 6 }) };
  const data = { container: containerName(container), port: isOnly ? first : 'of your choice' };
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
