import type { FactPlace } from './fact-place';
import type { ProgramFact } from './unkeyed-facts';
import type { Labels, LabelSelector } from './selector';

/** An API object. */
export interface ObjectFact extends FactPlace {
  readonly type: string;
  /** `Deployment`; with the group behind it for kinds that are not part of Kubernetes: `Rollout.argoproj.io`. */
  readonly kind: string;
  /** `null`: the manifest names none, so that it may be any. */
  readonly namespace: string | null;
  readonly name: string;
}

/** An object of which nothing else is kept. */
export interface OtherFact extends ObjectFact {
  readonly type: 'object';
}

/** A container as far as other files ask for it. */
export interface ContainerFact {
  readonly name: string | null;
  /** The image as written; `null` where it is filled in later. */
  readonly image: string | null;
  readonly ports: readonly { readonly name: string | null; readonly port: number; readonly protocol: string }[];
  /** Whether it may have other ports than these: a template, a patch or something that is not known adds or names some. */
  readonly openPorts: boolean;
  /** Whether its manifest has it work as root or on files of its node, whatever its image says. */
  readonly mayNeedRoot: boolean;
}

/** Something that a pod takes values or files from. */
export interface ReferenceFact {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string;
  /** The key; `null` for the object as a whole. */
  readonly key: string | null;
}

/** A workload: one fact for each pod template. */
export interface WorkloadFact extends ObjectFact {
  readonly type: 'workload';
  /** The labels of its pods. */
  readonly labels: Labels;
  readonly replicas: number | null;
  /** `null`: the account `default`. */
  readonly serviceAccount: string | null;
  readonly hostNetwork: boolean;
  /** Whether Pod Security admission lets its pods into a namespace that enforces `baseline`. */
  readonly baseline: boolean;
  readonly containers: readonly ContainerFact[];
  readonly references: readonly ReferenceFact[];
  /** What in the pod shows that it asks a cloud, its account left aside; `null` where nothing does. */
  readonly cloud: string | null;
}

/** What selects pods of its namespace. */
interface Selecting extends ObjectFact {
  /** `null`: selects no pods. */
  readonly selector: LabelSelector | null;
}

/** A Service. */
export interface ServiceFact extends Selecting {
  readonly type: 'service';
  readonly labels: Labels;
  readonly ports: readonly {
    readonly name: string | null;
    readonly port: number | null;
    readonly target: string | null;
    /** Absent: TCP. */
    readonly protocol?: string;
  }[];
}

/** A network policy of Kubernetes, Cilium or Calico, or what an operator makes such of. */
export interface PolicyFact extends Selecting {
  readonly type: 'policy';
  /** `cluster`: for pods of all namespaces that `namespaces` selects. */
  readonly scope: 'namespace' | 'cluster';
  readonly namespaces: LabelSelector | null;
  /** The directions that it isolates. */
  readonly ingress: boolean;
  readonly egress: boolean;
  /** Whether its pods may ask a name server. */
  readonly dns: boolean;
  /** Whether it puts a sidecar of a mesh into its pods. */
  readonly sidecar?: true;
}

/** A PodDisruptionBudget. Counts as written: `2`, `50%`. */
export interface BudgetFact extends Selecting {
  readonly type: 'budget';
  readonly minAvailable: string | null;
  readonly maxUnavailable: string | null;
}

/** A HorizontalPodAutoscaler or KEDA ScaledObject. */
export interface ScalerFact extends ObjectFact {
  readonly type: 'scaler';
  readonly target: { readonly kind: string; readonly name: string };
  readonly min: number | null;
  readonly max: number | null;
}

/** An Ingress. */
export interface IngressFact extends ObjectFact {
  readonly type: 'ingress';
  readonly className: string | null;
  readonly backends: readonly { readonly service: string; readonly port: string | null }[];
}

/** A ConfigMap or Secret, or what makes one in the cluster; `keys` may not be known (`null`). Never a value. */
export interface DataFact extends ObjectFact {
  readonly type: 'data';
  readonly keys: readonly string[] | null;
  /** What those of a ConfigMap's values tell that are programs or configurations, each at its key. */
  readonly programs?: readonly ProgramFact[];
}

/** A Namespace. */
export interface NamespaceFact extends ObjectFact {
  readonly type: 'namespace';
  readonly labels: Labels;
}

/** A ServiceAccount object. */
export interface ServiceAccountFact extends ObjectFact {
  readonly type: 'service-account';
  /** Whether its pods get a token: `false` where a template may decline it, too; `null` where it says nothing. */
  readonly automount: boolean | null;
  /** The annotation or label that gives it an identity of a cloud; `null` where there is none. */
  readonly identity: string | null;
}

/** A Role or ClusterRole. */
export interface RoleFact extends ObjectFact {
  readonly type: 'role';
  readonly rules: readonly {
    readonly groups: readonly string[];
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
    /** Holds for the objects of some names alone. */
    readonly named?: true;
  }[];
  /** Whether the controller fills in rules of other roles. */
  readonly aggregated: boolean;
}

/** A RoleBinding (`namespace` as written) or ClusterRoleBinding (`null`). */
export interface BindingFact extends ObjectFact {
  readonly type: 'binding';
  readonly role: { readonly kind: string; readonly name: string };
  readonly subjects: readonly { readonly kind: string; readonly name: string; readonly namespace: string | null }[];
}
