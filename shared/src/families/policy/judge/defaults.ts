import type { Data, DataKey } from '../../../syntax/yaml/data';
import { dig } from './subject';

type Fields = Readonly<Record<string, Data>>;

const empty: Data = new Map();

/** What the API server fills in of pods, containers and what runs them, where a manifest leaves it out (kubernetes/kubernetes, pkg/apis/core/v1/defaults.go and its neighbours). */
const ofPod: Fields = {
  restartPolicy: 'Always',
  dnsPolicy: 'ClusterFirst',
  schedulerName: 'default-scheduler',
  terminationGracePeriodSeconds: 30n,
  securityContext: empty,
  enableServiceLinks: true,
};
const ofContainer: Fields = { terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File', resources: empty };
const ofPort: Fields = { protocol: 'TCP' };
const ofProbe: Fields = { timeoutSeconds: 1n, periodSeconds: 10n, successThreshold: 1n, failureThreshold: 3n };
const ofKind: Readonly<Record<string, Fields>> = {
  Deployment: { replicas: 1n, revisionHistoryLimit: 10n, progressDeadlineSeconds: 600n },
  StatefulSet: { replicas: 1n, revisionHistoryLimit: 10n, podManagementPolicy: 'OrderedReady' },
  ReplicaSet: { replicas: 1n },
  ReplicationController: { replicas: 1n },
  DaemonSet: { revisionHistoryLimit: 10n },
  Job: { completions: 1n, parallelism: 1n, backoffLimit: 6n, suspend: false, completionMode: 'NonIndexed' },
  CronJob: { concurrencyPolicy: 'Allow', suspend: false, successfulJobsHistoryLimit: 3n, failedJobsHistoryLimit: 1n },
  Service: { type: 'ClusterIP', sessionAffinity: 'None', internalTrafficPolicy: 'Cluster' },
};
const templates: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
};

type Fillable = Map<DataKey, Data>;

/** Fills in what is absent; data that is whole numbers is given as the other numbers are. */
function fill(map: unknown, fields: Fields, whole: boolean): void {
  if (!(map instanceof Map)) return;
  for (const [key, value] of Object.entries(fields))
    if (!map.has(key)) (map as Fillable).set(key, typeof value === 'bigint' && !whole ? Number(value) : value);
}

/** Whether an image is named by `latest`, or by no tag and no digest: such are always pulled. */
function isFloating(image: string): boolean {
  const name = image.slice(image.lastIndexOf('/') + 1);
  return name.endsWith(':latest') || !/[:@]/.test(name);
}

const items = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/**
 * Fills in the fields of an object that the API server would, so that policies see what they see in a cluster. The data is the caller's own.
 * @param whole whether whole numbers are `bigint`
 */
export function fillDefaults(data: ReadonlyMap<DataKey, Data>, kind: string, whole: boolean): void {
  const spec = dig(data, 'spec');
  if (Object.hasOwn(ofKind, kind)) fill(spec, ofKind[kind]!, whole);
  if (kind === 'Service') for (const port of items(dig(spec, 'ports'))) fill(port, ofPort, whole);
  const pod = dig(data, ...(templates[kind] ?? ['spec', 'template', 'spec']));
  const containers = ['containers', 'initContainers'].flatMap(list => items(dig(pod, list)));
  if (containers.length === 0) return;
  // a Job has to say it
  fill(pod, ofPod, whole);
  for (const container of containers) {
    fill(container, ofContainer, whole);
    if (!(container instanceof Map)) continue;
    const image = (container as Fillable).get('image');
    if (typeof image === 'string') fill(container, { imagePullPolicy: isFloating(image) ? 'Always' : 'IfNotPresent' }, whole);
    for (const port of items((container as Fillable).get('ports'))) fill(port, ofPort, whole);
    for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) fill((container as Fillable).get(probe), ofProbe, whole);
  }
}
