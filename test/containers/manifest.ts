/** The fields of Kubernetes that the translator reads. All that a manifest of a service says besides is left alone. */
export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly EnvVar[];
  readonly workingDir?: string;
  readonly restartPolicy?: string;
  readonly securityContext?: ContainerSecurity;
  readonly volumeMounts?: readonly VolumeMount[];
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
}

/** A probe, as far as the tests run it. */
export interface Probe {
  readonly tcpSocket?: { readonly port: number };
  readonly httpGet?: { readonly port: number; readonly path: string };
  readonly exec?: { readonly command: readonly string[] };
}

interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef?: KeyReference; readonly configMapKeyRef?: KeyReference };
}

interface KeyReference {
  readonly name: string;
  readonly key: string;
}

interface ContainerSecurity {
  readonly runAsUser?: number;
  readonly runAsGroup?: number;
  readonly runAsNonRoot?: boolean;
  readonly readOnlyRootFilesystem?: boolean;
  readonly allowPrivilegeEscalation?: boolean;
  readonly privileged?: boolean;
  readonly capabilities?: { readonly add?: readonly string[]; readonly drop?: readonly string[] };
  readonly seccompProfile?: { readonly type: string };
}

interface VolumeMount {
  readonly name: string;
  readonly mountPath: string;
  readonly subPath?: string;
  readonly readOnly?: boolean;
}

/** A volume of a pod. */
export interface Volume {
  readonly name: string;
  readonly emptyDir?: unknown;
  readonly configMap?: { readonly name: string };
  readonly secret?: { readonly secretName: string };
  readonly persistentVolumeClaim?: { readonly claimName: string };
}

/** What a pod template says of a pod. */
export interface PodSpec {
  readonly initContainers?: readonly ContainerSpec[];
  readonly containers: readonly ContainerSpec[];
  readonly volumes?: readonly Volume[];
  readonly securityContext?: ContainerSecurity & {
    readonly fsGroup?: number;
    readonly supplementalGroups?: readonly number[];
    readonly sysctls?: readonly { readonly name: string; readonly value: string }[];
  };
}

interface KubernetesObject {
  readonly kind?: string;
  readonly metadata?: { readonly name?: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly template?: { readonly spec?: PodSpec };
    readonly jobTemplate?: { readonly spec?: { readonly template?: { readonly spec?: PodSpec } } };
    readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
  } & Partial<PodSpec>;
}

/** The pod of a manifest, with what its volumes and variables take from other objects. */
export interface Pod {
  readonly spec: PodSpec;
  /** The entries of a ConfigMap or Secret, by kind and name. */
  readonly entries: (kind: 'ConfigMap' | 'Secret', name: string) => Readonly<Record<string, string>>;
}

/** The first pod that the objects of a manifest describe. Throws where there is none. */
export function podOf(objects: readonly KubernetesObject[]): Pod {
  for (const { kind, spec } of objects) {
    const found = kind === 'Pod' ? (spec as PodSpec) : (spec?.template?.spec ?? spec?.jobTemplate?.spec?.template?.spec);
    if (!found?.containers) continue;
    const claims = (spec?.volumeClaimTemplates ?? []).map(({ metadata }) => ({
      name: metadata.name,
      persistentVolumeClaim: { claimName: metadata.name },
    }));
    return {
      spec: { ...found, volumes: [...(found.volumes ?? []), ...claims] },
      entries: (wanted, name) => {
        const source = objects.find(object => object.kind === wanted && object.metadata?.name === name);
        if (!source) throw new Error(`the manifest names ${wanted} ${name}, which it does not hold`);
        return { ...source.data, ...source.stringData };
      },
    };
  }
  throw new Error('the manifest holds no pod');
}

/** The environment of a container; `$(NAME)` in later values stands for earlier ones. */
export function environmentOf({ env = [] }: ContainerSpec, { entries }: Pod): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { name, value, valueFrom } of env) {
    const { secretKeyRef: secret, configMapKeyRef: map } = valueFrom ?? {};
    const text = secret ? entries('Secret', secret.name)[secret.key] : map ? entries('ConfigMap', map.name)[map.key] : value;
    found[name] = expand(text ?? '', found);
  }
  return found;
}

/** A text with `$(NAME)` replaced, as Kubernetes does in commands, arguments and variables. */
export function expand(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$\((\w+)\)/g, (whole, name: string) => variables[name] ?? whole);
}
