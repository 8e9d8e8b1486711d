import { baseName } from './source/names';
import { isVariable } from '../syntax/yaml/certainty';
import type { ObjectSketch } from './sketch';

/** Whether a text may have objects that a question is about, by its sketch. */
export type ObjectFilter = (sketch: ObjectSketch) => boolean;

/** Kinds whose facts are found as those of workloads even where they hold no pod. */
export const workloadKinds: ReadonlySet<string> = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'ReplicationController',
  'Job',
  'CronJob',
  'Pod',
]);

/** Kinds whose objects make Secrets in the cluster: their facts are those of Secrets. */
const secretMakers = ['SealedSecret', 'ExternalSecret', 'Certificate', 'OnePasswordItem', 'VaultStaticSecret', 'SecretProviderClass'];

const byTrait =
  (trait: Parameters<ObjectSketch['traits']['has']>[0]): ObjectFilter =>
  ({ traits }) =>
    traits.has(trait) || traits.has('odd');

const ofKinds =
  (...names: readonly string[]): ObjectFilter =>
  ({ kinds, traits }) =>
    traits.has('odd') || names.some(name => kinds.has(name));

const either =
  (...all: readonly ObjectFilter[]): ObjectFilter =>
  sketch =>
    all.some(filter => filter(sketch));

const ofKind =
  (test: (kind: string) => boolean): ObjectFilter =>
  ({ kinds, traits }) => {
    if (traits.has('odd')) return true;
    for (const kind of kinds) if (test(kind)) return true;
    return false;
  };

/** What questions are about. */
export const filters = {
  many: byTrait('many'),
  kustomizations: byTrait('kustomization'),
  fragments: either(byTrait('kustomization'), ofKinds('Test', 'StepTemplate', 'TestStep', 'Suite')),
  objects: either(
    ofKind(() => true),
    byTrait('kustomization'),
  ),
  workloads: either(
    byTrait('pods'),
    ofKind(kind => workloadKinds.has(kind)),
  ),
  accounts: ofKinds('ServiceAccount'),
  bindings: ofKinds('RoleBinding', 'ClusterRoleBinding'),
  services: ofKinds('Service'),
  policies: ofKind(kind => kind.endsWith('NetworkPolicy') || kind === 'Namespace' || kind === 'Package'),
  budgets: ofKinds('PodDisruptionBudget'),
  admission: ofKind(kind => /^(?:Cluster)?Policy$|(?:Admission|Validating)Policy/.test(kind) || kind === 'Namespace'),
  policyTexts: ofKind(kind =>
    /^(?:Cluster)?Policy$|^(?:Namespaced)?ValidatingPolicy$|^ValidatingAdmissionPolicy|^PolicyException$/.test(kind),
  ),
  policyObjects: ofKind(kind => kind.endsWith('Policy') && !kind.endsWith('NetworkPolicy')),
  scalers: ofKinds('HorizontalPodAutoscaler', 'ScaledObject'),
} satisfies Readonly<Record<string, ObjectFilter>>;

const special: ReadonlyMap<string, ObjectFilter> = new Map([
  ['workload', filters.workloads],
  ['below-baseline', either(filters.workloads, ofKinds('Package'))],
  ['Secret', either(ofKinds('Secret', ...secretMakers), filters.kustomizations)],
  ['ConfigMap', either(ofKinds('ConfigMap'), filters.kustomizations)],
]);

/** What a question about objects of a kind is about: a kind as facts call it (`Rollout.argoproj.io`), `workload` or `below-baseline`. */
export function filterOfKind(kind: string): ObjectFilter {
  return special.get(kind) ?? ofKinds(kind.split('.', 1)[0]!);
}

/** Names that a text has as they are, so that one that has them not is not meant. */
const literal = /^[\w.:/-]+$/;

/** Of what is filters, only what has the name in it, or one that passes. */
export function named(wanted: ObjectFilter, name: string, passes: (name: string) => boolean = () => false): ObjectFilter {
  if (!literal.test(name) || isVariable(name)) return wanted;
  return sketch => {
    if (!wanted(sketch)) return false;
    const { names } = sketch;
    if (names === null || names.has(name) || sketch.traits.has('odd')) return true;
    for (const each of names) if (passes(each)) return true;
    return false;
  };
}

/** Names under which bindings speak of every account of a namespace. */
export const ofGroup = (name: string): boolean => name.startsWith('system:');

/** Whether a name is filled in later, so that it may be any. */
export const ofAny = (name: string): boolean => name === '' || isVariable(name);

/** Whether a file may be a Dockerfile by its name. */
export function mayBeDockerfile(kind: string): boolean {
  return kind === 'dockerfile' || kind === 'named-for' || kind === 'unknown';
}

/** Whether a path may be that of a file with values of a chart. */
export function mayBeValues(path: string): boolean {
  return baseName(path).toLowerCase().includes('values');
}

/** Whether a path is a script of this name below a folder. */
export function isScriptIn(folder: string, name: string, path: string): boolean {
  return baseName(path) === name && (folder === '' || path.startsWith(`${folder}/`));
}
