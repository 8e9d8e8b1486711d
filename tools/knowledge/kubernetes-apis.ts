import { readFacts, writeData } from './files';

interface RawDeprecation {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly deprecatedIn: string | null;
  readonly removedIn: string | null;
  readonly replacement: string | null;
  readonly replacementAvailableIn?: string;
  readonly component?: string;
}

interface RawFile {
  readonly retrieved: string;
  readonly sources: readonly unknown[];
  readonly deprecated: readonly RawDeprecation[];
  readonly served: readonly {
    readonly group: string;
    readonly kind: string;
    readonly namespaced: boolean;
    readonly versions: readonly { readonly version: string; readonly introduced?: string; readonly removed?: string }[];
  }[];
}

const minor = (version: string | undefined | null): number | null => (version == null ? null : Number(version.split('.')[1]));

/**
 * How a new version's schema relates to the old one's; judged by hand from the types. `same`: nothing changes but the version. `selector`: the
 * same but for the meaning of an empty selector. `defaults`: fields are the same, defaults or required ones differ. Others are `changed`.
 */
const same = new Set([
  'batch/v1beta1 CronJob',
  'apps/v1beta1 ControllerRevision',
  'apps/v1beta2 ControllerRevision',
  'autoscaling/v2beta2 HorizontalPodAutoscaler',
  'authentication.k8s.io/v1beta1 TokenReview',
  'coordination.k8s.io/v1beta1 Lease',
  'apiregistration.k8s.io/v1beta1 APIService',
  'extensions/v1beta1 NetworkPolicy',
  'networking.k8s.io/v1beta1 IngressClass',
  'node.k8s.io/v1beta1 RuntimeClass',
  'scheduling.k8s.io/v1beta1 PriorityClass',
  'scheduling.k8s.io/v1alpha1 PriorityClass',
  'storage.k8s.io/v1beta1 CSIDriver',
  'storage.k8s.io/v1beta1 CSINode',
  'storage.k8s.io/v1beta1 CSIStorageCapacity',
  'storage.k8s.io/v1beta1 StorageClass',
  'storage.k8s.io/v1beta1 VolumeAttachment',
  'storage.k8s.io/v1beta1 VolumeAttributesClass',
  ...['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'].map(kind => `rbac.authorization.k8s.io/v1beta1 ${kind}`),
]);

function schemaOf({ group, version, kind }: RawDeprecation): string {
  const name = `${group}/${version} ${kind}`;
  if (same.has(name)) return 'same';
  if (name === 'policy/v1beta1 PodDisruptionBudget') return 'selector';
  const workload = /^(Deployment|StatefulSet|DaemonSet|ReplicaSet)$/.test(kind) && (group === 'extensions' || group === 'apps');
  return workload || name.startsWith('flowcontrol.apiserver.k8s.io/v1beta3') ? 'defaults' : 'changed';
}

/** Makes `kubernetes-apis.json`. */
export function makeKubernetesApis(): void {
  const raw = readFacts('kubernetes-apis.json') as RawFile;
  const usable = raw.deprecated.filter(
    ({ group, kind }) => kind !== '' && group !== '' && !kind.endsWith('List') && group !== 'audit.k8s.io' && kind !== 'FlowControl',
  );
  writeData('kubernetes-apis.json', {
    retrieved: raw.retrieved,
    sources: raw.sources,
    deprecated: Object.fromEntries(
      [...usable, ...raw.deprecated.filter(({ group, version }) => group === '' && version === 'v1')].map(entry => {
        const { group, version, kind, deprecatedIn, removedIn, replacement, replacementAvailableIn, component } = entry;
        const [apiVersion, newKind] = (replacement ?? '').split(' ');
        const facts = {
          deprecatedIn: component === undefined ? minor(deprecatedIn) : null,
          removedIn: component === undefined ? minor(removedIn) : null,
          replacement: apiVersion === '' ? null : apiVersion,
          ...(newKind !== undefined && { newKind }),
          availableIn: minor(replacementAvailableIn),
          schema: schemaOf(entry),
          ...(component !== undefined && { component, componentVersion: removedIn }),
        };
        return [`${group === '' ? '' : `${group}/`}${version} ${kind}`, facts];
      }),
    ),
    served: Object.fromEntries(
      raw.served.map(({ group, kind, namespaced, versions }) => [
        group === '' ? kind : `${group} ${kind}`,
        { namespaced, versions: versions.map(({ version, introduced, removed }) => [version, minor(introduced), minor(removed)]) },
      ]),
    ),
  });
}
