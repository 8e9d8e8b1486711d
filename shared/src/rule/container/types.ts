import type { NoFix } from '../fix/remedy';
import type { Operation } from '../fix/types';
import type { ImageReference, InvalidImageReference } from '../../syntax/image/reference';
import type { Memo } from '../../base/text/memoize';
import type { Range } from '../../base/text/range';
import type { StageFact, WorkspaceIndex } from '../../workspace/types';

// One view of a container that an engine is told to run: a service of a Compose file, a `docker run` command. A check of it stands once in
// checks/container and serves both families; what only one of them has is in that family's own view, which extends this one.
// All ranges are in the text that the rule reports in: of the file, or of the YAML document.

/** What runs the container. `swarm`: a Compose file that `docker stack deploy` reads, which ignores half of the fields. */
export type Runtime = 'docker' | 'podman' | 'nerdctl' | 'compose' | 'swarm';

/**
 * What a container is for, as far as that decides what is worth saying about it. `service`: it stays, so that hardening that is missing is
 * missing. `one-shot`: a person or a pipeline waits for it to end (`--rm`, `-it`, a step of a workflow, a script that removes it again); only what is written is judged.
 */
export type Purpose = 'service' | 'one-shot';

/** The fields with one value, by their type as the engine reads it. Of a field that is written twice the last counts. */
export interface ScalarFields {
  readonly privileged: boolean;
  /** `user[:group]`, as written. */
  readonly user: string;
  readonly readOnly: boolean;
  readonly init: boolean;
  /** `use_api_socket`. */
  readonly apiSocket: boolean;
  readonly oomKillDisable: boolean;
  readonly oomScoreAdj: number;
  /** Bytes; `-1` and `0` are no limit. Wherever it is written: `mem_limit`, `deploy.resources.limits.memory`, `--memory`. */
  readonly memory: number;
  readonly memoryReservation: number;
  /** Bytes of memory and swap; `-1` is no limit. */
  readonly memorySwap: number;
  /** Number of CPUs, wherever it is written; `0` is no limit. */
  readonly cpus: number;
  /** `cpu_quota`, `cpuset`: limits of another kind. */
  readonly cpuQuota: string;
  readonly cpuset: string;
  readonly cpuShares: number;
  /** `0` and below are no limit. */
  readonly pids: number;
  /** `no`, `always`, `unless-stopped`, `on-failure`, `on-failure:5`. */
  readonly restart: string;
  /** The mode, or the first network of `--network`: `host`, `none`, `bridge`, `container:x`, `service:x`, a name. */
  readonly network: string;
  readonly pid: string;
  readonly ipc: string;
  readonly uts: string;
  readonly userns: string;
  readonly cgroup: string;
  readonly cgroupParent: string;
  readonly logDriver: string;
  /** Whether the image's health check is switched off. */
  readonly noHealthcheck: boolean;
  /** The test of a health check, as text. */
  readonly healthTest: string;
  readonly publishAll: boolean;
  readonly autoRemove: boolean;
  readonly platform: string;
  readonly isolation: string;
  readonly stopSignal: string;
  readonly workingDir: string;
  readonly hostname: string;
}

/** A mount, in any of its spellings; a tmpfs is in the list `tmpfs`, however it is written. */
export interface Mount {
  /** `bind`: of the host. `volume`: named. `anonymous`: a fresh volume. */
  readonly kind: 'bind' | 'volume' | 'anonymous' | 'other';
  /** Path of the host, or name of the volume; `null` where there is none, or it is not known. */
  readonly source: string | null;
  /** Path in the container; `null` where it is not known. */
  readonly target: string | null;
  readonly readOnly: boolean;
  /** `rshared`, `shared`, `rslave`, ...; `null`: the default. */
  readonly propagation: string | null;
  /** Words of the short syntax behind the target, such as `z` and `ro`. */
  readonly options: readonly string[];
  /** Where source and options are written; the whole mount where they have no place of their own. */
  readonly sourceRange: Range;
  readonly optionsRange: Range;
}

/** A tmpfs. */
export interface Tmpfs {
  readonly target: string | null;
  /** As written, `size=64m` and `exec`; of a long form `size=` and `mode=` alone. */
  readonly options: readonly string[];
}

/** An entry of `security_opt`: `seccomp=unconfined` is key and value; `no-new-privileges` a key alone, whose value is `''`. */
export interface SecurityOption {
  readonly key: string;
  readonly value: string;
}

/** A port or a range of ports, both ends included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** A published port. */
export interface PublishedPort {
  /** Address of the host without brackets; `null`: none is written, so all interfaces. */
  readonly address: string | null;
  /** `null`: the engine takes a free one, or it is not known. */
  readonly host: PortRange | null;
  /** Whether a port of the host is written, known or not. */
  readonly hasHost: boolean;
  readonly container: PortRange | null;
  readonly protocol: string;
  /** What publishes: address and port of the host where they are written, else the port of the container. */
  readonly hostRange: Range;
}

/** A pair of `environment`, `labels`, `sysctls` or log options. */
export interface NamedValue {
  readonly name: string;
  /** `null`: it comes from elsewhere (`-e NAME`, a variable), so that nothing is written here. */
  readonly value: string | null;
  /** Where the value is written; the name's place where there is none. */
  readonly valueRange: Range;
}

/** A device of the host. */
export interface Device {
  readonly source: string | null;
  readonly target: string | null;
  readonly permissions: string | null;
}

/** The fields with many values. */
export interface ListFields {
  /** A capability without `CAP_`, in upper case; `ALL`. */
  readonly capAdd: string;
  readonly capDrop: string;
  readonly securityOpt: SecurityOption;
  readonly mounts: Mount;
  readonly tmpfs: Tmpfs;
  readonly ports: PublishedPort;
  readonly env: NamedValue;
  readonly envFiles: string;
  readonly labels: NamedValue;
  readonly devices: Device;
  readonly deviceRules: string;
  readonly sysctls: NamedValue;
  readonly ulimits: NamedValue;
  /** `SERVICE[:ro]`, `container:NAME`. */
  readonly volumesFrom: string;
  readonly groupAdd: string;
  readonly logOptions: NamedValue;
  /** Networks by name, without the mode of `network`. */
  readonly networks: string;
  /** What is started instead of the image's entry point. */
  readonly entrypoint: string;
  /** The words behind the image; `command`. */
  readonly args: string;
}

/** Name of a field. */
export type ScalarField = keyof ScalarFields;
/** Name of a field with many values. */
export type ListField = keyof ListFields;
/** Name of any field. */
export type FieldName = ScalarField | ListField;

/** A value that is written, with its place. */
export interface Setting<T> {
  readonly field: FieldName;
  /** As the engine reads it; `null` where a variable decides it, or no engine reads it. */
  readonly value: T | null;
  /** As written, without quotes, variables with defaults expanded; `null` where it is not known. */
  readonly text: string | null;
  /** Where the value stands (of a flag without one, the flag): what a finding is reported at. */
  readonly range: Range;
  /** Whether it is written elsewhere and only comes in here: an anchor, a base. A finding is reported there, once. */
  readonly inherited: boolean;
}

/** The values of a field with many. */
export interface Items<T> {
  /** In order of place. */
  readonly items: readonly Setting<T>[];
  /** Whether something may add items that are not seen. */
  readonly open: boolean;
}

/** The image as the view knows it; the target `image` is what rules about its name look at. */
export interface ContainerImage {
  /** The reference, with variables expanded; `null` where they are not known. */
  readonly text: string | null;
  /** The reference without its tag, where only that is not known. */
  readonly name?: string;
  readonly reference: ImageReference | InvalidImageReference | null;
  readonly range: Range;
}

/** What an edit comes to, once it is asked for; or why there is none. */
export type Edit = (() => readonly Operation[]) | NoFix;

/**
 * How a family writes what a fix wants. A value is in the short syntax that both families share (`/tmp:size=64m`, `ALL`,
 * `no-new-privileges`, `512m`); where it goes, in which spelling, with which quotes, is the family's: a service of Compose may take a memory
 * limit under `deploy`, and a tmpfs as an item or a line.
 */
export interface ContainerEditor {
  /** Writes a field with one value, in place of what is there. Numbers of bytes as text (`512m`). */
  set(field: ScalarField, value: string | number | boolean): Edit;
  /** Puts values behind those of a list, which begins with them where there is none. */
  append(field: ListField, values: readonly string[]): Edit;
  /**
   * Keeps what is written to folders, each in a new volume with a name: an engine fills it with what the image has there. `null`: no name would be this
   * container's own, or several of it would share the volumes.
   */
  keep(paths: readonly string[]): Edit | null;
  /** Drops every capability, in place of those that are dropped one by one. */
  dropAll(): Edit;
  /** Takes a value out, with its flag or its key where nothing is left; of a scalar every repeat. */
  remove(setting: Setting<unknown>): Edit;
  /** Writes another value in place of one, in short syntax. */
  replace(setting: Setting<unknown>, value: string | number): Edit;
  /** What is written for a setting, variables and all; `null` where it has no one text. */
  textOf(setting: Setting<unknown>): string | null;
  /** Makes a mount read-only, whatever its syntax. */
  makeReadOnly(mount: Setting<Mount>): Edit;
  /** Takes the propagation out of a mount. */
  dropPropagation(mount: Setting<Mount>): Edit;
  /** Publishes a port on one address of the host alone, which is given without brackets. */
  bindTo(port: Setting<PublishedPort>, address: string): Edit;
  /** Puts options behind those of a tmpfs (`size=64m`). */
  addTmpfsOptions(tmpfs: Setting<Tmpfs>, options: readonly string[]): Edit;
  /** Takes options out of a tmpfs, by their whole text. */
  dropTmpfsOptions(tmpfs: Setting<Tmpfs>, options: readonly string[]): Edit;
}

/** Containers that one engine starts. */
export interface EngineContainers extends Memo {
  containers(): readonly ContainerOptions[];
}

/** A container that an engine is told to run. The target `container` of its families hands one over. */
export interface ContainerOptions extends Memo {
  readonly runtime: Runtime;
  readonly purpose: Purpose;
  /** Whether its engine may be one that asks for a capability where ports below 1024 are opened, in any network. */
  readonly guardsLowPorts?: boolean;
  /** Whether a job of a pipeline starts it: on a machine of its own, or within a container that is its host. */
  readonly inJob?: boolean;
  /** What messages call it: the service, the name that it is given, else its image. */
  readonly name: string;
  /** Where what is missing is reported: the service's name, the image of a command. */
  readonly reportRange: Range;
  /** Tells it from others of the file: part of the names of groups of fixes. */
  readonly key: string;
  /** `null`: it is only built, or no image is seen. */
  readonly image: ContainerImage | null;
  /** Whether whoever runs it makes its image as well, so that the image's name says nothing of what is in it. */
  readonly isBuilt: boolean;
  /**
   * Whether all of it is seen: a rule that `needsWhole` does not run where it is not (an override, a base elsewhere, an unquoted variable
   * among the options), and neither on a one-shot.
   */
  readonly complete: boolean;
  /** A field's value; `null`: it is not written where it can be seen. */
  get<F extends ScalarField>(field: F): Setting<ScalarFields[F]> | null;
  list<F extends ListField>(field: F): Items<ListFields[F]>;
  /**
   * Whether a field is certainly not written, and its absence says something: never where `complete` is false. For fixes, ask `get` and `list`
   * what there is.
   */
  lacks(field: FieldName): boolean;
  /** Whether its networks publish ports on this machine alone, whatever a port says. */
  bindsToLoopback(): boolean;
  /** What one engine certainly starts together with it: one view for all of them. */
  readonly engine: EngineContainers;
  /** What is copied into the container when it starts, so that it cannot be read-only, as the end of a sentence; `null`: nothing. */
  writesAtStart(): string | null;
  /** How its image is built, as the text of its declaration; `null`, or absent: nothing says so. */
  buildText?(): string | null;
  /** The stages of Dockerfiles that its image is built from, the likeliest first. Empty: it is not built here, as far as is known. */
  builds(workspace: Pick<WorkspaceIndex, 'buildsOf' | 'stageOf'>): readonly StageFact[];
  readonly edit: ContainerEditor;
}

/** A setting that a finding can be reported at: what it says is known, and written in the container itself. */
export type OwnSetting<T> = Setting<T> & { readonly value: T; readonly inherited: false };

/** What a container itself says of a field; `null` where it says nothing, where a variable decides, or where an anchor or a base says it. */
export function ownSetting<F extends ScalarField>(container: ContainerOptions, field: F): OwnSetting<ScalarFields[F]> | null {
  const setting = container.get(field);
  return setting && isOwn(setting) ? setting : null;
}

/** The items of a list that a container itself writes and whose values are known, in order of place. */
export function ownItems<F extends ListField>(container: ContainerOptions, field: F): readonly OwnSetting<ListFields[F]>[] {
  return container.list(field).items.filter(isOwn);
}

function isOwn<T>(setting: Setting<T>): setting is OwnSetting<T> {
  return setting.value !== null && !setting.inherited;
}
