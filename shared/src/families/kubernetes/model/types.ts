import type { Memo } from '../../../base/text/memoize';
import type { StringMap } from '../../../syntax/yaml/values';
import type { Range } from '../../../base/text/range';
import type { YamlImage } from '../../family/yaml-image';
import type { Path, YamlDocument, YamlMap, YamlNode, YamlScalar } from '../../../syntax/yaml/types';

/** A value that was found, and where. `value` is `null` where the node has no value of the wanted type (a quoted `"true"` is not a boolean). */
export interface Setting<T> {
  readonly value: T | null;
  readonly node: YamlNode;
  /** Path of the value from the document's root. */
  readonly path: Path;
  /** Whether the value is filled in later (a template action, `${X}`), so that nothing can be said about it. */
  readonly unknown: boolean;
  /** Which level it was written at. */
  readonly from: 'container' | 'pod';
}

/** One API object of a document. Every range and path of a view counts from the start of its document. */
export interface KubernetesObject extends Memo {
  readonly target: 'object';
  readonly document: YamlDocument;
  /** Where the object stands: `[]`, or `['items', 2]` in a List. */
  readonly path: Path;
  readonly node: YamlMap;
  readonly apiVersion: string;
  /** `''` for the core group. */
  readonly group: string;
  readonly kind: string;
  /** The values of `apiVersion` and `kind`; `null` where an item of a typed list leaves them out. */
  readonly apiVersionNode: YamlScalar | null;
  readonly kindNode: YamlScalar | null;
  readonly metadata: YamlMap | null;
  readonly name: string | null;
  readonly nameNode: YamlScalar | null;
  readonly namespace: string | null;
  readonly labels: StringMap;
  readonly annotations: StringMap;
  /** Where to report what the object lacks: its name, else its kind, else its first key. */
  readonly reportRange: Range;
  /**
   * Whether what is absent here is absent in the cluster: no patch, no overlay, and no template action that may add to the object itself,
   * its metadata or its spec.
   */
  readonly complete: boolean;
  /** Whether the object is a patch or overlay of one that stands elsewhere. */
  readonly fragment: boolean;
  /** Whether the document is a template in a language that the parser does not mask, so that nothing is known to be absent. */
  readonly foreign: boolean;
  readonly pods: readonly PodView[];
}

/**
 * How the pod is written. `core`: a PodSpec. `knative`: a PodSpec whose pod-level securityContext the API refuses by default.
 * `argo-template`: a template of an Argo Workflow, which has `container`, `script`, `containerSet`, `initContainers` and `sidecars`.
 */
export type PodFlavor = 'core' | 'knative' | 'argo-template';

/** A pod spec, wherever its object keeps it. */
export interface PodView extends Memo {
  readonly target: 'pod';
  readonly object: KubernetesObject;
  readonly flavor: PodFlavor;
  /** Path of the map that has `containers`. */
  readonly path: Path;
  readonly node: YamlMap;
  /** Where to report what the pod lacks: the key that holds its spec. */
  readonly reportRange: Range;
  /** The metadata that the pod gets: the template's, or the object's for a bare Pod. */
  readonly metadata: YamlMap | null;
  readonly metadataPath: Path;
  readonly labels: StringMap;
  readonly annotations: StringMap;
  /** The pod-level securityContext in force, and where it is or would be written. */
  readonly securityContext: YamlMap | null;
  readonly securityContextPath: Path;
  /** Whether `spec.os.name` (or a node selector) says Windows. */
  readonly isWindows: boolean;
  /** `spec.hostUsers`; `null` where unset. */
  readonly hostUsers: boolean | null;
  /** `null` where unset or empty: the account `default`. */
  readonly serviceAccountName: string | null;
  readonly serviceAccountNode: YamlScalar | null;
  readonly volumes: readonly VolumeView[];
  /** App containers first, then init, then ephemeral ones. */
  readonly containers: readonly ContainerView[];
  /** As for objects: nothing may add to the pod or its securityContext. */
  readonly complete: boolean;
}

/** A volume of a pod. */
export interface VolumeView {
  readonly pod: PodView;
  readonly path: Path;
  readonly node: YamlMap;
  readonly name: string | null;
  /** The key that says what the volume is (`emptyDir`, `hostPath`, ...); `null`: none, which makes it an emptyDir. */
  readonly type: string | null;
  /** That key, for reporting. */
  readonly typeKey: YamlScalar | null;
  readonly source: YamlNode | null;
  /** Where to report what the volume lacks: its name, else its first key. */
  readonly reportRange: Range;
}

/** `sidecar`: an init container with `restartPolicy: Always`. */
export type ContainerKind = 'app' | 'init' | 'sidecar' | 'ephemeral';

/** One container of a pod. */
export interface ContainerView extends Memo {
  readonly target: 'container';
  readonly pod: PodView;
  readonly kind: ContainerKind;
  readonly path: Path;
  readonly node: YamlMap;
  readonly name: string | null;
  /** Where to report what the container lacks: its name, else its first key. */
  readonly reportRange: Range;
  readonly image: ImageView | null;
  readonly securityContext: YamlMap | null;
  readonly securityContextPath: Path;
  readonly env: readonly EnvView[];
  readonly ports: readonly PortView[];
  readonly mounts: readonly MountView[];
  /** The items of `command` and `args` that are text. */
  readonly command: readonly YamlScalar[] | null;
  readonly args: readonly YamlScalar[] | null;
  /** As for objects: nothing may add to the container, its securityContext or resources, and the pod is complete. */
  readonly complete: boolean;
}

/** The image of a container. */
export interface ImageView extends YamlImage {
  readonly target: 'image';
  readonly container: ContainerView;
  readonly complete: boolean;
}

/** One item of `env`. */
export interface EnvView {
  readonly path: Path;
  readonly node: YamlMap;
  readonly name: string;
  readonly nameNode: YamlScalar;
  /** The literal value; `null` with `valueFrom`, or without any. */
  readonly value: string | null;
  readonly valueNode: YamlScalar | null;
}

/** One item of `ports`. Numbers are `null` where unset or no number. */
export interface PortView {
  readonly path: Path;
  readonly node: YamlMap;
  readonly containerPort: number | null;
  readonly hostPort: number | null;
  readonly hostPortNode: YamlNode | null;
  readonly protocol: string;
}

/** One item of `volumeMounts`. */
export interface MountView {
  readonly path: Path;
  readonly node: YamlMap;
  readonly volume: string | null;
  readonly mountPath: string | null;
  readonly readOnly: boolean;
  readonly subPath: string | null;
}

/** A whole YAML document with its objects. */
export interface DocumentView {
  readonly target: 'document';
  readonly document: YamlDocument;
  readonly objects: readonly KubernetesObject[];
  readonly complete: boolean;
}
