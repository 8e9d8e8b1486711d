import data from './data/kubernetes-apis.json';

/**
 * How the schema of a replacement relates to the old one. `same`: only the version changes. `selector`: the same, but an empty selector means
 * the opposite (PodDisruptionBudget). `defaults`: the fields are the same, defaults or required ones are not. `changed`: fields differ.
 */
export type SchemaChange = 'same' | 'selector' | 'defaults' | 'changed';

/** A deprecated API. Versions are minor releases of Kubernetes (25 for 1.25); `null` means not announced. */
export interface ApiDeprecation {
  readonly deprecatedIn: number | null;
  readonly removedIn: number | null;
  /** The apiVersion to write instead. */
  readonly replacement: string | null;
  /** The kind to write instead, where that changes too. */
  readonly newKind?: string;
  /** The first release that serves the replacement. */
  readonly availableIn: number | null;
  readonly schema: SchemaChange;
  /** The add-on that serves the API, and the version of it that dropped it. */
  readonly component?: string;
  readonly componentVersion?: string | null;
}

type ServedVersion = readonly [version: string, introduced: number | null, removed: number | null];

const deprecated = data.deprecated as Readonly<Record<string, ApiDeprecation>>;
const served = data.served as unknown as Readonly<
  Record<string, { readonly namespaced: boolean; readonly versions: readonly ServedVersion[] }>
>;

const own = <T>(record: Readonly<Record<string, T>>, key: string): T | null => (Object.hasOwn(record, key) ? (record[key] ?? null) : null);

/** What is known of the end of an API, such as `extensions/v1beta1` `Ingress`; `null` where it is not deprecated or not known. */
export function apiDeprecation(apiVersion: string, kind: string): ApiDeprecation | null {
  return own(deprecated, `${apiVersion} ${kind}`);
}

function servedKind(group: string, kind: string): { readonly namespaced: boolean; readonly versions: readonly ServedVersion[] } | null {
  return own(served, group === '' ? kind : `${group} ${kind}`);
}

/** Whether objects of a kind of Kubernetes itself are namespaced; `null` for other kinds. */
export function isNamespaced(group: string, kind: string): boolean | null {
  return servedKind(group, kind)?.namespaced ?? null;
}

/** Whether a cluster of a minor release serves an API of Kubernetes itself; `null` for kinds that are not Kubernetes' own. */
export function isServed(group: string, version: string, kind: string, minor: number): boolean | null {
  const known = servedKind(group, kind);
  if (!known) return null;
  const found = known.versions.find(([name]) => name === version);
  return found ? (found[1] ?? 0) <= minor && (found[2] === null || minor < found[2]) : false;
}

/** The kinds of Kubernetes itself, each with the group that it is of (`''` for the core group), and the name of its resource. */
export function builtInKinds(): readonly { readonly group: string; readonly kind: string; readonly resource: string }[] {
  return Object.keys(served).map(key => {
    const blank = key.indexOf(' ');
    const kind = key.slice(blank + 1);
    return { group: key.slice(0, Math.max(blank, 0)), kind, resource: resourceOf(kind) };
  });
}

/** The plural in small letters by which the API server calls a kind of its own. */
function resourceOf(kind: string): string {
  const word = kind.toLowerCase();
  if (word === 'endpoints') return word;
  if (word.endsWith('y')) return `${word.slice(0, -1)}ies`;
  return word.endsWith('s') ? `${word}es` : `${word}s`;
}

/** A resource of the API, as RBAC names it. */
interface ApiResource {
  readonly group: string;
  readonly name: string;
  readonly namespaced: boolean;
}

/**
 * What servers beside the API server's own tables have: custom resource definitions, the aggregator, and the metrics server.
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/ and https://github.com/kubernetes/metrics
 */
const besides: readonly ApiResource[] = [
  { group: 'apiextensions.k8s.io', name: 'customresourcedefinitions', namespaced: false },
  { group: 'apiregistration.k8s.io', name: 'apiservices', namespaced: false },
  { group: 'metrics.k8s.io', name: 'nodes', namespaced: false },
  { group: 'metrics.k8s.io', name: 'pods', namespaced: true },
];

const known = new Map<number, readonly ApiResource[]>();

/** The resources that a cluster of a minor release serves by default, alpha ones not among them. */
function resourcesAt(minor: number): readonly ApiResource[] {
  let resources = known.get(minor);
  if (!resources) known.set(minor, (resources = readResources(minor)));
  return resources;
}

function readResources(minor: number): readonly ApiResource[] {
  const own = builtInKinds().flatMap(({ group, kind, resource }): ApiResource[] => {
    const { namespaced, versions } = servedKind(group, kind)!;
    const stable = versions.some(([version]) => !version.includes('alpha') && isServed(group, version, kind, minor) === true);
    // what is kept under this kind has no address of its own
    return stable && kind !== 'RangeAllocation' ? [{ group, name: resource, namespaced }] : [];
  });
  return [...own, ...besides];
}

/** The names of the resources of an API group that a cluster of a minor release serves, sorted; none of a group that is not Kubernetes' own. */
export function resourcesIn(group: string, minor: number, onlyNamespaced: boolean): readonly string[] {
  const found = resourcesAt(minor).filter(resource => resource.group === group && (resource.namespaced || !onlyNamespaced));
  return found.map(({ name }) => name).sort();
}

/** The API groups in which a cluster of a minor release serves a resource of this name, `''` for the core group; none of a custom resource. */
export function groupsWith(resource: string, minor: number): readonly string[] {
  return resourcesAt(minor).flatMap(({ group, name }) => (name === resource ? [group] : []));
}
