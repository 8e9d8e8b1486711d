import type { Path, YamlMap } from '../../../syntax/yaml/types';
import { mapOf, resolve, sequenceOf } from '../../../syntax/yaml/values';
import type { PodFlavor } from './types';

/** A pod spec that was found in an object. Paths count from the object. */
export interface PodPlace {
  readonly path: Path;
  readonly flavor: PodFlavor;
  /** Path of the metadata that the pod gets. */
  readonly metadata: Path;
  /** Whether the kind is known to use the spec as it stands, so that what is absent really is. */
  readonly whole: boolean;
}

const core = (path: Path): PodPlace => ({ path, flavor: 'core', metadata: [...path.slice(0, -1), 'metadata'], whole: true });

/** Kinds of Kubernetes itself that hold a pod, with the place of its spec. */
const coreKinds: Readonly<Record<string, Path>> = {
  Pod: ['spec'],
  PodTemplate: ['template', 'spec'],
  ReplicationController: ['spec', 'template', 'spec'],
  ReplicaSet: ['spec', 'template', 'spec'],
  Deployment: ['spec', 'template', 'spec'],
  StatefulSet: ['spec', 'template', 'spec'],
  DaemonSet: ['spec', 'template', 'spec'],
  Job: ['spec', 'template', 'spec'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
};

/** Kinds of others that hold one pod in a fixed place, whatever else is written there. */
const otherKinds: Readonly<Record<string, Path>> = {
  'apps.openshift.io/DeploymentConfig': ['spec', 'template', 'spec'],
  'argoproj.io/Rollout': ['spec', 'template', 'spec'],
  'keda.sh/ScaledJob': ['spec', 'jobTargetRef', 'template', 'spec'],
};

/** The API groups of the built-in workloads, of today and of old. */
export const coreGroups: ReadonlySet<string> = new Set(['', 'apps', 'batch', 'extensions']);

/** Groups whose objects carry shapes of pods that nobody runs: schemas, policies, tests, templates of text. */
const shapeless = new Set([
  '',
  'apps',
  'batch',
  'extensions',
  'apiextensions.k8s.io',
  'admissionregistration.k8s.io',
  'rbac.authorization.k8s.io',
  'networking.k8s.io',
  'policy',
  'templates.gatekeeper.sh',
  'mutations.gatekeeper.sh',
  'kyverno.io',
  'policies.kyverno.io',
  'chainsaw.kyverno.io',
  'operators.coreos.com',
  'template.openshift.io',
  'tekton.dev',
]);

/** Groups of controllers that run the template as it is written. Others may merge it with what they bring themselves. */
const faithful = new Set([
  'apps.openshift.io',
  'argoproj.io',
  'serving.knative.dev',
  'sinks.knative.dev',
  'keda.sh',
  'apps.kruise.io',
  'batch.volcano.sh',
  'kubeflow.org',
  'jobset.x-k8s.io',
  'leaderworkerset.x-k8s.io',
  'ray.io',
]);

/** Where the pods of an object are. Kubernetes' own kinds by name, others by the shape `template: { spec: { containers: [...] } }`. */
export function findPods(group: string, kind: string, node: YamlMap, podPaths: Readonly<Record<string, string>> = {}): PodPlace[] {
  const other = `${group}/${kind}`;
  if (Object.hasOwn(podPaths, other)) {
    const configuredPath = podPaths[other]!.split('.');
    return mapAt(node, configuredPath) ? [core(configuredPath)] : [];
  }
  const path =
    coreGroups.has(group) && Object.hasOwn(coreKinds, kind)
      ? coreKinds[kind]
      : Object.hasOwn(otherKinds, other) && mapAt(node, otherKinds[other]!)
        ? otherKinds[other]
        : undefined;
  if (path) return mapAt(node, path) ? [core(path)] : [];
  if (shapeless.has(group)) return [];
  if (group === 'serving.knative.dev') return knative(kind, node);
  if (group === 'argoproj.io') {
    const templates = argoTemplates(kind, node);
    if (templates) return templates;
  }
  const spec = mapOf(node.get('spec'));
  if (!spec) return [];
  const found: PodPlace[] = [];
  const budget = { nodes: 3000 };
  findShapes(spec, ['spec'], faithful.has(group), found, budget, 0);
  return found;
}

function mapAt(node: YamlMap, path: Path): YamlMap | null {
  let at: YamlMap | null = node;
  for (const step of path) at = typeof step === 'string' ? mapOf(at?.get(step)) : mapOf(sequenceOf(at)?.items[step]);
  return at;
}

function knative(kind: string, node: YamlMap): PodPlace[] {
  const path: Path = kind === 'Revision' ? ['spec'] : ['spec', 'template', 'spec'];
  return (kind === 'Service' || kind === 'Configuration' || kind === 'Revision') && mapAt(node, path)
    ? [{ ...core(path), flavor: 'knative' }]
    : [];
}

/** Each template of an Argo Workflow that runs containers is a pod; `null` for kinds that have none. */
function argoTemplates(kind: string, node: YamlMap): PodPlace[] | null {
  const base: Path | null =
    kind === 'CronWorkflow'
      ? ['spec', 'workflowSpec']
      : kind === 'Workflow' || kind === 'WorkflowTemplate' || kind === 'ClusterWorkflowTemplate'
        ? ['spec']
        : null;
  if (!base) return null;
  const found: PodPlace[] = [];
  sequenceOf(mapAt(node, base)?.get('templates'))?.items.forEach((item, index) => {
    const template = mapOf(item);
    if (!template || !['container', 'script', 'containerSet'].some(key => mapOf(template.get(key)))) return;
    const path = [...base, 'templates', index];
    found.push({ path, flavor: 'argo-template', metadata: [...path, 'metadata'], whole: true });
  });
  return found;
}

const deepest = 10;

function findShapes(node: YamlMap, path: Path, whole: boolean, found: PodPlace[], budget: { nodes: number }, depth: number): void {
  if (depth > deepest) return;
  for (const { name, value } of node.members()) {
    if (--budget.nodes < 0) return;
    const child = resolve(value);
    if (child?.kind === 'map') {
      const spec = /template$/i.test(name) ? mapOf(child.get('spec')) : null;
      if (spec && sequenceOf(spec.get('containers'))) found.push({ ...core([...path, name, 'spec']), whole });
      else if (/podSpec$/i.test(name) && sequenceOf(child.get('containers'))) found.push({ ...core([...path, name]), whole });
      else findShapes(child, [...path, name], whole, found, budget, depth + 1);
    } else if (child?.kind === 'sequence') {
      child.items.forEach((item, index) => {
        const map = mapOf(item);
        if (map && --budget.nodes >= 0) findShapes(map, [...path, name, index], whole, found, budget, depth + 1);
      });
    }
  }
}

/** The group of an `apiVersion`: `apps` of `apps/v1`, `''` (the core group) of `v1`. */
export function apiGroup(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}
