// What a trial run is about, what it may set, and what it sees: plain data between those who read files, who search, and who run engines.
// Nothing here does I/O. A trial denies and looks: no tracing, no root on the host (../shared/research/prove.md).

/** An environment variable as the container gets it. */
export interface TrialVariable {
  readonly name: string;
  /** What the container gets: the file's own value, or a random one in place of a secret. */
  readonly value: string;
  /** Whether the value replaces a secret of the file, so that it differs in every run and counts in no comparison. */
  readonly isStandIn: boolean;
}

/** A folder that is mounted, always a fresh one: no trial sees a folder of the host or a volume that somebody has. */
export interface TrialMount {
  /** Absolute, without a slash at the end. */
  readonly path: string;
  /** `volume`: a new named one, which an engine fills with what the image has there. `memory`: an empty tmpfs. */
  readonly kind: 'volume' | 'memory';
  readonly readOnly: boolean;
  /** What the file calls the volume: mounts of one name share one fresh volume. Absent: it is for this mount alone. */
  readonly source?: string;
}

/** A build of an image, after everything in it that a trial refuses was refused. */
export interface TrialBuild {
  /** Relative to the folder of the index, with `/`. */
  readonly dockerfile: string;
  readonly context: string;
  /** `null`: the last stage. */
  readonly target: string | null;
  readonly args: readonly { readonly name: string; readonly value: string }[];
  /** The official front end that the Dockerfile asks for: BuildKit would fetch it, so that it is only built with a network there. */
  readonly frontend?: string;
  /** The images that it grows on or copies from: they have to be there, since nothing is pulled. */
  readonly images?: readonly string[];
}

/** A container as a file has it, as far as a trial starts such a thing at all. */
export interface TrialContainer {
  /** As the file calls it: `api`, the name of a container of a pod, of a stage. */
  readonly name: string;
  /** What else others of the trial reach it by. */
  readonly aliases?: readonly string[];
  /** A reference, or what builds the image. */
  readonly image: string | TrialBuild;
  /** `null`: the image's own. */
  readonly entrypoint: readonly string[] | null;
  /** `null`: the image's own, which a written entry point leaves out. */
  readonly command: readonly string[] | null;
  readonly environment: readonly TrialVariable[];
  readonly workdir: string | null;
  /** As written: a number or a name, with a group where there is one. */
  readonly user: string | null;
  readonly groups: readonly string[];
  readonly readOnly: boolean;
  /** `null`: the default set of the engine; else exactly these, all of the default set. */
  readonly capabilities: readonly string[] | null;
  readonly noNewPrivileges: boolean;
  readonly mounts: readonly TrialMount[];
  /** `null`: nothing is written. */
  readonly init: boolean | null;
  readonly stopSignal: string | null;
  /** Seconds; `null`: the engine's ten. */
  readonly stopGrace: number | null;
  /** The words of its health check, as an engine or a kubelet would run them; `null`: the image's own, or none. Empty: it is switched off. */
  readonly health: readonly string[] | null;
  /** Ports that the file or its image declares. */
  readonly ports: readonly number[];
}

/** What a trial is about. */
export interface TrialSubject {
  readonly family: 'dockerfile' | 'kubernetes' | 'compose' | 'run';
  /** The file, relative to the folder of the index. */
  readonly path: string;
  /** `engine`: as Docker and Podman start it. `pod`: imitated as Kubernetes does: tmpfs that hide what the image has, no init, low ports closed. */
  readonly platform: 'engine' | 'pod';
  readonly container: TrialContainer;
  /** Of a pod, the group that its volumes are given to. */
  readonly volumeGroup: number | null;
  /** What it depends on, in the order of starting; started as written, in the same closed network. */
  readonly peers: readonly TrialContainer[];
  /** What of the file is left out of the trial on purpose, for the report: published ports, labels, annotations, logging. */
  readonly leftOut: readonly string[];
}

/** Why something cannot be proved. A closed list, which reports and exit codes are made of. */
export type CannotReason =
  | 'does-not-start'
  | 'needs-host'
  | 'needs-secret'
  | 'needs-network'
  | 'needs-peer'
  | 'not-here'
  | 'refused-build'
  | 'unclear'
  | 'flaky'
  | 'time'
  | 'engine';

/** Why a trial is not made, or came to nothing. */
export interface Cannot {
  readonly reason: CannotReason;
  /** The thing itself, as the file or the engine names it: `privileged`, `/var/run/docker.sock`, `db`. Untrusted text. */
  readonly what: string;
  /** Where the file says so; half-open offsets. `null`: no one place. */
  readonly range: readonly [start: number, end: number] | null;
}

/** A folder that a start may write to besides what the file mounts. */
export interface TrialFolder {
  readonly path: string;
  /** A folder with content of the image becomes a volume, never an empty tmpfs. */
  readonly kind: 'memory' | 'volume';
  /** How it was found: the difference that an engine tells, the text of a failure, what the engine of rules knows already, whose it is in the image. */
  readonly learned: 'diff' | 'log' | 'known' | 'owned';
  /** Whether it is where the program is, or where it works. */
  readonly isProgram?: boolean;
}

/** What one start sets on top of what the file says; nothing here ever grants more than the file does. */
export interface TrialSettings {
  /** `uid:gid`; `null`: as the file and its image have it. */
  readonly user: string | null;
  readonly readOnly: boolean;
  readonly folders: readonly TrialFolder[];
  /** Those that are kept; `null`: as the file has them. */
  readonly capabilities: readonly string[] | null;
  readonly noNewPrivileges: boolean;
  /** At most so many processes and threads; `null`: the limit of every trial. */
  readonly pids: number | null;
  readonly init: boolean;
  /** Whether anybody may listen below 1024, as in the networks of Docker and Podman and under the sysctl that harden writes into pods. */
  readonly lowPorts?: boolean;
}

/** What a port says to a person who asks it. */
export interface TrialAnswer {
  readonly port: number;
  readonly scheme: 'tcp' | 'http' | 'https';
  /** Of HTTP; else `null`. */
  readonly status: number | null;
  /** The media type without its parameters; `null`: none. */
  readonly type: string | null;
  /** Bytes of the body. */
  readonly length: number;
  /** A hash of what it says, without the words that have digits in them: times, counters, names of hosts. */
  readonly text?: string;
}

/** What was seen of one start. */
export interface TrialObservation {
  /** `ready`: it runs, listens and answers as far as it does. `ended`: by itself. `refused`: the engine would not start it. */
  readonly outcome: 'ready' | 'ended' | 'not-ready' | 'refused';
  /** Milliseconds until it was ready. */
  readonly readyMs: number | null;
  readonly exitCode: number | null;
  /** Ports that listen on an address which others reach, and those of loopback alone, sorted: `tcp 80`, `tcp 127.0.0.1:9000`. */
  readonly sockets: readonly string[];
  readonly answers: readonly TrialAnswer[];
  readonly health: 'healthy' | 'unhealthy' | 'none';
  /** Sorted; one for each process. */
  readonly processes: readonly {
    readonly name: string;
    readonly uid: number;
    readonly gid?: number;
    readonly groups?: readonly number[];
  }[];
  /** Threads of all of them together. */
  readonly threads?: number;
  /** At most 64 kB of each stream, its last lines. */
  readonly log: readonly string[];
  /** What the engine says to have changed of the image: added, changed, deleted. */
  readonly changes: readonly { readonly kind: 'A' | 'C' | 'D'; readonly path: string }[];
  /** How it ended when it was asked to; `null`: it was not. */
  readonly stop: { readonly ms: number; readonly exitCode: number; readonly wasKilled: boolean } | null;
  /** Of the command that exercises it; `null`: none was given. */
  readonly exercise: { readonly exitCode: number } | null;
}

/** One start of the search. */
export interface TrialStart {
  /** `null`: as written, the baseline. */
  readonly settings: TrialSettings | null;
  /** Why this start is made, for the progress and the report. */
  readonly purpose: 'baseline' | 'all' | 'read-failure' | 'halves' | 'capabilities' | 'confirm' | 'again';
  readonly observed: TrialObservation;
}
