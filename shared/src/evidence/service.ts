import type { Memo } from '../base/text/memoize';
import type { Reason } from '../base/terms/evidence';
import type { NamedValue } from '../knowledge/folders';
import type { ImageParts } from '../syntax/image/reference';
import type { ProgramFact } from '../workspace/unkeyed-facts';
import type { StageFact } from '../workspace/types';
import type { ImageFacts } from '../knowledge/image-facts';
import type { ImageProfile } from '../knowledge/image-profiles';
import type { Right } from './testimony';

// What starts, without the family that says so: a stage of a Dockerfile, a container of a pod, a service of Compose, a `docker run` line. Each
// family turns its own view into it, and nothing behind it knows families.

/** Who starts it. `image`: whoever runs what a Dockerfile builds, which can create users and give folders away. `pod`: volumes and low ports can be given from outside. `engine`: low ports are open to everybody, volumes stay what the image makes of them. */
export type Platform = 'engine' | 'image' | 'pod';

/** An image as it is written. */
export interface ServiceImage {
  /** `null`: part of it is filled in later. */
  readonly text: string | null;
  /** What it is called, where that is known. */
  readonly name: string | null;
  /** `null`: it is no valid reference, or part of it is filled in later. */
  readonly reference: ImageParts | null;
}

/** What is known of an image. */
export interface KnownImage {
  /** What is known of what it runs: the image's own profile, or that of the image that its Dockerfile grows on, as far as that holds. */
  readonly profile: ImageProfile | null;
  /** The stage of a Dockerfile of the workspace that builds it; `null`: none is known. */
  readonly stage: StageFact | null;
  /** What is known of the image at the bottom of that stage. */
  readonly base: ImageProfile | null;
  /** What stands to be confirmed: that it is made from an image by whose name it goes, or that the Dockerfile at a path builds it. */
  readonly likeness: { readonly kind: 'image' | 'dockerfile'; readonly of: string } | null;
  /** Why all of this may be another image's; `null`: something says that it is this one. */
  readonly guess: Reason | null;
  /** What its own configuration says, which the profile is made of then; `null`: it was not read. */
  readonly facts: ImageFacts | null;
}

/** Something that is mounted. */
export interface ServiceMount {
  readonly path: string;
  /** Of the host, or the name of a volume. */
  readonly source: string | null;
  /** `host`: a folder or file of the host. `volume`: one with a name. `memory`: a new tmpfs. `given`: files that are only read, such as settings. */
  readonly kind: 'host' | 'volume' | 'anonymous' | 'other' | 'memory' | 'given';
  readonly readOnly: boolean;
}

/** A program or configuration that comes with the declaration and not with the image: at the key of a ConfigMap. */
export interface BroughtFile {
  readonly source: string;
  /** Where it is found once the container runs. */
  readonly path: string;
  readonly fact: ProgramFact;
}

/** Something that the declaration itself says against fewer rights. */
export interface DeclaredDoubt {
  readonly reason: Reason;
  readonly against: readonly Right[];
}

/** What somebody else starts in place of an image's own command. */
export interface OtherStart {
  readonly service: string;
  readonly words: readonly string[];
  readonly environment: readonly NamedValue[];
}

/** What starts. */
export interface Service extends Memo {
  readonly platform: Platform;
  /** What it is called, where that may tell what it is; `null`: its name tells of something else. */
  readonly name: string | null;
  /** `null`: none is named. */
  readonly image: ServiceImage | null;
  /** What is known of the image. */
  readonly known: KnownImage;
  /** Whether whoever starts it builds its image, so that the image's name says nothing. */
  readonly isBuilt: boolean;
  /** What is started and with what, word for word. */
  readonly words: readonly string[];
  /** Whether the entry point of the image is replaced. */
  readonly replacesEntryPoint: boolean;
  /** Whether what the image starts is replaced. */
  readonly replacesCommand: boolean;
  /** The user that is written for it; `value`: with a group where there is one, `null` where it is not known. */
  readonly user: { readonly value: string | null } | null;
  /** Whether it only prepares what others need, by a command of its own: what its image writes when it starts is not written then. */
  readonly prepares: boolean;
  readonly environment: readonly NamedValue[];
  readonly workdir: string | null;
  readonly mounts: readonly ServiceMount[];
  /** Whether new volumes with names can be its own. */
  readonly hasOwnVolumes: boolean;
  /** Whether something else is mounted, at a place that is not known. */
  readonly hasMoreMounts: boolean;
  /**
   * Whether ports below 1024 ask for a capability: in the network of the host, and of engines other than Docker, which alone sets
   * net.ipv4.ip_unprivileged_port_start (containers.conf(5) has it in no default).
   */
  readonly guardsLowPorts: boolean;
  /** What it does needs root, as the declaration shows, the first reason first. `runs`: by what it starts, which may write anywhere. */
  readonly needsRoot: readonly { readonly reason: Reason; readonly runs: boolean }[];
  /** What else the declaration shows. */
  readonly doubts: readonly DeclaredDoubt[];
  /** A port below 1024 that only root can open; `null`: none. */
  readonly lowPort: number | null;
  /** A volume whose files may belong to somebody already; `null`: none. */
  readonly keptVolume: string | null;
  readonly brought: readonly BroughtFile[];
  /** Folders whose files in the image are hidden by what is brought. */
  readonly hidden: readonly string[];
  /** Of an image, what services start in place of its own command. */
  readonly otherStarts: readonly OtherStart[];
  /** What a trial of it goes by; `null`: it is none that a trial is made of. */
  readonly trial: TrialSource | null;
}

/** What a trial of something goes by besides what evidence asks. */
export interface TrialSource {
  /** What tells it from others of the file. */
  readonly name: string;
  /** The user that is written, with a group where there is one; `null`: none is. */
  readonly user: string | null;
  /** All else that decides how it runs, and that harden does not write; asked where there is a trial. */
  readonly options: () => readonly unknown[];
}

/** What starts where nothing else is said. */
export const plainService: Omit<Service, 'memo' | 'platform' | 'known'> = {
  name: null,
  image: null,
  isBuilt: false,
  words: [],
  replacesEntryPoint: false,
  replacesCommand: false,
  user: null,
  prepares: false,
  environment: [],
  workdir: null,
  mounts: [],
  hasOwnVolumes: false,
  hasMoreMounts: false,
  guardsLowPorts: false,
  needsRoot: [],
  doubts: [],
  lowPort: null,
  keptVolume: null,
  brought: [],
  hidden: [],
  otherStarts: [],
  trial: null,
};

/** Whether the image's own entry point is what starts, so that what is known of the image speaks of it. */
export function keepsEntryPoint({ known: { stage }, platform, replacesEntryPoint }: Service): boolean {
  if (platform === 'image') return stage?.run?.keepsEntryPoint === true;
  if (stage !== null) return stage.run?.keepsStart === true && !replacesEntryPoint;
  return platform === 'pod' || !replacesEntryPoint;
}
