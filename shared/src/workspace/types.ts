import type { ImageFacts } from '../knowledge/image-facts';
import type { KnownTrial } from '../knowledge/trials';
import type { AdmissionFact, PolicyTextFact } from './admission-facts';
import type { BuildArguments } from './build-arguments';
import type { BuiltService } from './built-service';
import type { FactPlace } from './fact-place';
import type { FragmentsFact, KustomizationFact } from './kustomize-facts';
import type {
  ComposeSetFact,
  LeftOutFact,
  UnkeyedFact,
  OpenCacheFact,
  PipelineFact,
  OutputFact,
  RescanFact,
  CallFact,
  ProgramFact,
  ScriptFact,
  PeerSettingFact,
} from './unkeyed-facts';
import type { SeccompFact } from './seccomp-profiles';
import type {
  OtherFact,
  WorkloadFact,
  ServiceFact,
  PolicyFact,
  BudgetFact,
  ScalerFact,
  IngressFact,
  DataFact,
  NamespaceFact,
  ServiceAccountFact,
  RoleFact,
  BindingFact,
} from './object-facts';
import type { HealthCheck, StageRun } from './stage-start';
import type { Labels, LabelSelector } from './selector';

/** An image that a Dockerfile can make: its last stage, or a named one. */
export interface StageFact extends FactPlace {
  /** `null`: has no name. */
  readonly name: string | null;
  readonly isFinal: boolean;
  /** The image that it grows on, variables expanded; `null` where that is not known. */
  readonly base: string | null;
  /** The last USER: `value` is `null` where a variable is not known. `range` of the word. `uid`: its number, or that of a name that the file or its base has. */
  readonly user: (FactPlace & { readonly value: string | null; readonly uid: number | null }) | null;
  /** Whether it has a health check: its own, none (`HEALTHCHECK NONE`), or whatever the image has that it grows on. */
  readonly health: 'own' | 'none' | 'base';
  /** What its own health check runs; `null`: it has none, or that is not known. */
  readonly check: HealthCheck | null;
  /** What it starts, as far as that decides who may run it; `null` for Windows, and for a stage before the last that says nothing of it. */
  readonly run: StageRun | null;
  /** Folders that its process writes to; `filled`: the image has files there, or may have, which a mount would hide; `given`: another user than root has it. */
  readonly folders: readonly { readonly path: string; readonly filled: boolean; readonly given: boolean }[];
  readonly ports: readonly (FactPlace & { readonly port: number; readonly to: number; readonly protocol: string })[];
  /** Whether EXPOSE has a variable that is not known. */
  readonly morePorts: boolean;
  readonly volumes: readonly (FactPlace & { readonly target: string })[];
  /** The arguments of the build that the rest depends on. */
  readonly arguments: readonly StageArgument[];
  /** A key of all that builds it, but for what says only how it is started: what is copied into it is in no key. */
  readonly content: string;
}

/** An argument of a build, with a default, that decides where an image keeps something, or who runs it. */
export interface StageArgument {
  readonly name: string;
  /** Its default, for which all that is told of the stage holds. */
  readonly value: string;
  /** Whether it is a path that the Dockerfile writes nowhere else: another value moves what is told to be below it. */
  readonly moves: boolean;
  /** Whether USER is made of it. */
  readonly inUser: boolean;
}

/** A Dockerfile. */
export interface DockerfileFact extends FactPlace {
  readonly type: 'dockerfile';
  readonly stages: readonly StageFact[];
  /** The arguments that its last stage takes, or one that this grows on: their values are in the history of the image. */
  readonly keptArguments: readonly string[];
  /** Those of stages of which nothing but files gets into the last. */
  readonly spentArguments: readonly string[];
}

/** Something that builds an image from a Dockerfile. */
export interface BuildFact extends FactPlace {
  readonly type: 'build';
  /** The repository, without registry host `docker.io`, tag and digest; `''`: it goes by a name that Compose makes. */
  readonly image: string;
  /** Where its Dockerfile may be, relative to the index; the first that is there counts. */
  readonly dockerfiles: readonly string[];
  /** The folders that it is built with, one for each of these; `null`: none is named, or it is outside. */
  readonly contexts: readonly (string | null)[];
  /** `null`: the last stage. */
  readonly target: string | null;
  readonly args: BuildArguments;
  /** The absolute paths at which whoever says so mounts volumes of its own into a container of the image: Compose. */
  readonly mounts: readonly string[];
  /** The service of Compose that starts the image; `null`: it is only built. */
  readonly service: BuiltService | null;
}

/** A document of a Compose file: what other files of its project ask of it. */
export interface ComposeFact extends FactPlace {
  readonly type: 'compose';
  /** What it says that decides how its containers are shut off, as YAML: no environment, no commands, no labels. */
  readonly text: string;
  /** The files that it names as Compose files: those that its services extend, and those that it includes. Relative to the index, each once. */
  readonly bases: readonly string[];
}

/** What a file of values of a chart sets, as templates ask for it: `a.b` for `.Values.a.b`. */
export interface ValuesFact extends FactPlace {
  readonly type: 'values';
  /** The values that are not false, empty or nothing, and those that are written down as that. */
  readonly on: readonly string[];
  readonly off: readonly string[];
  /** The texts of values that are words, numbers and the like, but for long ones; what is filled in later has none. */
  readonly texts: Readonly<Record<string, string>>;
}

/** Something of a file was not read: what no other fact says may be there all the same. */
export interface GapFact extends FactPlace {
  readonly type: 'gap';
}

/** One fact of a file. */
export type Fact =
  | GapFact
  | AdmissionFact
  | PolicyTextFact
  | KustomizationFact
  | FragmentsFact
  | ValuesFact
  | OtherFact
  | WorkloadFact
  | ServiceFact
  | PolicyFact
  | BudgetFact
  | ScalerFact
  | IngressFact
  | DataFact
  | NamespaceFact
  | ServiceAccountFact
  | RoleFact
  | BindingFact
  | DockerfileFact
  | ScriptFact
  | UnkeyedFact
  | ComposeFact
  | ComposeSetFact
  | BuildFact;

/** The compact facts of one file. */
export type FileFacts = readonly Fact[];

/** A build by a service of Compose. */
export type ServiceBuild = BuildFact & { readonly service: BuiltService };

/** What selectors are asked about: a pod by its namespace and labels. */
export interface PodKey {
  readonly namespace: string | null;
  readonly labels: Labels;
}

/** What a selector selects. */
export interface Selected {
  /** How many workloads, those included that it may select: more than two are not counted. */
  readonly count: 'none' | 'one' | 'several';
  /** The one, where there are no others. */
  readonly only: WorkloadFact | null;
}

/** A workload that asks a cloud, and what shows it. */
export interface CloudUser {
  readonly workload: WorkloadFact;
  readonly seen: string;
  /** The file that it stands in. */
  readonly path: string;
}

/** What the workspace says of admission. */
export interface Admission {
  readonly policies: readonly AdmissionFact[];
  readonly namespaces: readonly NamespaceFact[];
}

/** A Dockerfile's stage that becomes the image of a name, and what says so. */
export interface ImageBuild {
  readonly build: BuildFact;
  readonly stage: StageFact;
}

/**
 * The facts of all files of a workspace, as rules may ask for them. Whoever hands it over records what was read, so answers are plain data. A namespace that is `null`
 * (not written: kustomize or `kubectl -n` set it) matches any. What depends on text that is filled in later counts as a match.
 */
export interface WorkspaceIndex {
  /** Whether the index covers a folder, so that absence means something; false for a lone file or standard input, and where part of a file was not read. */
  readonly complete: boolean;
  /** Whether the index is complete and holds an object of `kind` (or any `workload`, or what makes pods that are `below-baseline`) in the namespace: then others of that kind may be missed. */
  isIndexed(kind: string, namespace: string | null): boolean;
  /** Whether the index is complete and holds more than one object that may be in the namespace, so that it is not kept elsewhere. */
  hasNeighbours(namespace: string | null): boolean;
  /** The object of a kind (as `ObjectFact.kind`) and name. */
  object(kind: string, namespace: string | null, name: string): Fact | undefined;
  /** The ServiceAccount of a name in a namespace. */
  serviceAccount(namespace: string | null, name: string): ServiceAccountFact | undefined;
  /** The bindings that name a ServiceAccount as a subject, groups that hold every account of the namespace included. */
  bindingsOf(namespace: string | null, serviceAccount: string): readonly BindingFact[];
  /** The bindings that give a role. */
  bindingsTo(kind: 'Role' | 'ClusterRole', namespace: string | null, name: string): readonly BindingFact[];
  /** The Role or ClusterRole of a name. */
  role(kind: 'Role' | 'ClusterRole', namespace: string | null, name: string): RoleFact | undefined;
  /** The pods that a selector selects in a namespace. */
  selected(selector: LabelSelector, namespace: string | null): Selected;
  /** Those of them in a file, else those in its folder, where a project keeps related files: mostly no other file is read for this. */
  selectedBeside(path: string, selector: LabelSelector, namespace: string | null): readonly WorkloadFact[];
  /** The first that a selector selects, of whatever namespace. */
  firstSelected(selector: LabelSelector): WorkloadFact | null;
  /** The first of them that asks a cloud. */
  cloudUserAmong(selector: LabelSelector, namespace: string | null): CloudUser | null;
  /** The same of Services, by their own labels. */
  selectedServices(selector: LabelSelector, namespace: string | null): number;
  /** What selects a pod. */
  policiesFor(pod: PodKey): readonly PolicyFact[];
  servicesFor(pod: PodKey): readonly ServiceFact[];
  budgetsFor(pod: PodKey): readonly BudgetFact[];
  /** The autoscalers of a workload. */
  scalersOf(kind: string, namespace: string | null, name: string): readonly ScalerFact[];
  /**
   * Whether a kustomization of the workspace writes labels into the selectors and pod templates of a file (a path in the index); `places`:
   * whether one puts it into a namespace; `changes`: whether one patches or fills in what may be in it; `takes`: whether there is one at all.
   */
  kustomizes(path: string, what?: 'selects' | 'places' | 'changes' | 'takes'): boolean;
  /**
   * Whether every kustomization that a file (a path in the index) ends up in sets the tag or the digest of an image.
   * @param name the image as the file names it, without tag and digest
   */
  kustomizesImage(path: string, name: string): boolean;
  /**
   * Whether every kustomization that a file (a path in the index) ends up in writes a field of an object in it.
   * @param field the keys that lead to it, without those of lists, joined by dots
   * @param isThere whether the object has the field already
   */
  fillsIn(path: string, object: { readonly kind: string; readonly name: string | null }, field: string, isThere: boolean): boolean;
  /**
   * What names a file (a path in the index) as a part of objects, so that what it does not say is not missing; `null`: nothing does, or
   * something takes the file for whole objects, too.
   */
  fragmentOf(path: string): FragmentsFact | null;
  /**
   * Whether a file of values of the chart that a template (a path in the index) belongs to sets a value, and whether one leaves it unset;
   * with a `text`: sets it to that, and to something else. `null`: the chart has no `values.yaml` here, or part of some file was not read.
   */
  valueIn(template: string, value: string, text?: string): { readonly on: boolean; readonly off: boolean } | null;
  /** The text of a value in the `values.yaml` of the chart that a template (a path in the index) belongs to; `null`: none is known. */
  textOfValue(template: string, value: string): string | null;
  /** The Dockerfile stages that become an image of this reference. */
  buildsOf(image: string): readonly ImageBuild[];
  /** The stage of a Dockerfile (a path in the index): the one of a name, or the last with `null`; `null` where there is none. */
  stageOf(dockerfile: string, target: string | null): StageFact | null;
  /**
   * The Dockerfile stage that may become an image although nothing says so: of the one Dockerfile that has the last part of the image's name for
   * its folder's or its own; `null`: none, or several.
   */
  namesakeOf(image: string): StageFact | null;
  /** What is known of an image by its own configuration, from a look-up or a committed file: no other file of the index tells; `null`: nothing is. */
  imageFacts(image: string): ImageFacts | null;
  /** The trial runs of something that the file which is checked calls by this name, the best first: the host keeps them, and no file of the index does. */
  trials(name: string): readonly KnownTrial[];
  /** The last stage of the only Dockerfile of the index; `null`: there are none or several, or not all files are known. */
  onlyImage(): StageFact | null;
  /** Whether the Dockerfiles of the index take an argument of this name in stages of which nothing but files gets into the last, and in no others. */
  isSpent(argument: string): boolean;
  /** The workloads of the index, in order of paths and places, and the images that they name, each once, sorted. */
  workloads(): readonly WorkloadFact[];
  images(): readonly string[];
  /** Admission policies, their bindings, and Namespaces. */
  admission(): Admission;
  /** The texts of admission policies, of their bindings and of exceptions from them, in order of paths and places. */
  policyTexts(): readonly PolicyTextFact[];
  /** The texts of objects of a kind (as `ObjectFact.kind`) that may be parameters of policies, in the same order. */
  parameterTexts(kind: string): readonly PolicyTextFact[];
  /** The folders, each once, that builds of a Dockerfile (a path in the index) name as their context; with `compose`: those by services of Compose. */
  contextsOf(dockerfile: string, by: 'compose' | 'any'): readonly string[];
  /** The stages (in lower case) that builds of a Dockerfile (a path in the index) ask for. */
  targetsOf(dockerfile: string): readonly string[];
  /** What the one script of this name (its last part) in a folder of the index does that another user than root may not be able to; `null`: nothing is seen. */
  scriptIn(folder: string, name: string): ScriptFact | null;
  /** What the program in a file (a path in the index) writes, and what it uses; `null`: nothing is seen, or there is no such file. */
  programAt(path: string): ProgramFact | null;
  /** The profile of seccomp in a file (a path in the index); `null`: there is no such file, or it is none. */
  seccompAt(path: string): SeccompFact | null;
  /** Whether it is known that neither a file nor a folder is at a path of the index. */
  isAbsent(path: string): boolean;
  /** The folders of the index that are kept for what a program fills them with, sorted. */
  keptFolders(): readonly string[];
  /** What the ignore files beside a Dockerfile leave out that its program writes; `null`: nothing is known. */
  leftOutBeside(dockerfile: string): LeftOutFact | null;
  /** Where volumes are mounted into the image of a Dockerfile (a path in the index), as far as its builds tell. */
  mountsOf(dockerfile: string): readonly string[];
  /** The builds of a Dockerfile (a path in the index) by services of Compose, which start what they build. */
  servicesOf(dockerfile: string): readonly ServiceBuild[];
  /** The documents of a Compose file (a path in the index), in order; none where it is no such file, or not known. */
  composeAt(path: string): readonly ComposeFact[];
  /** What loads a Compose file (a path in the index) together with others; of an `.env` what it says itself. */
  composeSetsOf(path: string): readonly ComposeSetFact[];
  /** The documents that include a Compose file (a path in the index), or have services that extend some of it. */
  composeHeirsOf(path: string): readonly ComposeFact[];
  /** The pipelines of GitLab, and parts of them, that may take in a file (a path in the index): they name it, or have globs. */
  pipelinesWith(path: string): readonly PipelineFact[];
  /** The documents of a pipeline of GitLab, or of a part of one, at a path in the index; none where it is no such file, or not known. */
  pipelineAt(path: string): readonly PipelineFact[];
  /** The files of the index that a pipeline takes in by a name or a glob. */
  pipelinesNamed(from: string, name: string): readonly string[];
  /** The steps of workflows that let strangers fill the repository's cache. */
  openCaches(): readonly OpenCacheFact[];
  /** The commands of other files that write a file (a path in the index). */
  writersOf(path: string): readonly OutputFact[];
  /** The calls of a workflow (its path in the index) or an action (its folder) by others of its repository. */
  callsOf(target: string): readonly CallFact[];
  /** The workflows that scan images by the clock. */
  rescans(): readonly RescanFact[];
  /** What other tools are told to leave out of a file (a path in the index); of each tool by the nearest of its files that says something. */
  peerSettings(path: string): readonly PeerSettingFact[];
  /** Runs something while a file has other facts, as after a fix that is being tried. */
  assuming<T>(path: string, facts: FileFacts, run: () => T): T;
}
