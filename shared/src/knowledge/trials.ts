import type { Range } from '../base/text/range';

/** How far a trial went: it ran on; it answered on its ports and was healthy; a command or a person used it, too. */
export type TrialLevel = 'started' | 'answered' | 'exercised';

/** A restriction that a trial can find to break a service. */
export type TrialRight = 'user' | 'files' | 'capabilities' | 'escalation' | 'pids';

/** A folder that a container needs to write to. */
export interface ProvedFolder {
  readonly path: string;
  /** `volume`: it has content of the image, which an empty folder would hide. */
  readonly kind: 'memory' | 'volume';
  /** Whether the program itself is in there, or where it works: a volume would keep that as it is, whatever later images have. */
  readonly isProgram?: boolean;
}

/**
 * What a container was proved to need by a trial run: it was started with everything else taken away, and it worked. Counts for the very digest, command, environment,
 * mounts and platform that ran.
 */
export interface TrialFacts {
  /** `own`: run here by the person who asks. `claimed`: it came with the repository. */
  readonly origin: 'own' | 'claimed';
  readonly level: TrialLevel;
  /** `2026-12-01`. */
  readonly date: string;
  /** `podman 4.3.1, runc 1.1.5, linux/amd64`. */
  readonly how: string;
  /** Of the image that ran: `sha256:...`. */
  readonly digest: string;
  /** Number of starts. */
  readonly starts: number;
  /** The user that it ran as; `null`: as its image has it. */
  readonly user: { readonly uid: number; readonly gid: number } | null;
  /** Whether it ran with a read-only root file system and these folders alone. */
  readonly readOnly: boolean;
  readonly folders: readonly ProvedFolder[];
  /** Those that it kept, all others dropped; `null`: that did not work. */
  readonly capabilities: readonly string[] | null;
  readonly noNewPrivileges: boolean;
  /** Whether an init reaped and forwarded signals in the run that was proved. */
  readonly init: boolean;
  /** What was found to break it, so that it stays off. */
  readonly needs: readonly TrialRight[];
  /** Whether it writes to nothing else than it had, later either: it ran to its end, or it runs as another user than root as it is written, who may write to no other file of its image. */
  readonly isBounded: boolean;
}

/** What must be as it was for a trial to count, as the file has it. What harden writes itself is in none of it: the proof holds for what follows from it. */
export interface TrialAbout {
  readonly platform: 'engine' | 'image' | 'pod';
  /** The reference without its digest; `null`: none is known. */
  readonly image: string | null;
  /** The digest that is written; `null`: none is. */
  readonly digest: string | null;
  /** Keys of texts, of which secrets were taken out before. `build`: of the instructions that build the image; `null`: it is not built here. */
  readonly build: string | null;
  readonly command: string;
  readonly environment: string;
  readonly options: string;
  /** `volume /data`, `memory /tmp`, `given /etc/app:ro`; sorted. */
  readonly mounts: readonly string[];
  /** As written, with a group where there is one; `null`: nothing is. */
  readonly user: string | null;
}

/** A part of it, as what has changed is called. */
export type TrialChange = 'image' | 'digest' | 'build' | 'command' | 'environment' | 'options' | 'mounts' | 'user';

/** A trial run, and what it was about. */
export interface KnownTrial {
  readonly facts: TrialFacts;
  readonly about: TrialAbout;
}

/** Something of a file that a trial can be about. */
export interface TrialPlace {
  /** Where the file says it, as messages about it do: the name of a service, the image of a command. */
  readonly range: Range;
  /** What tells it from others of the file, as far as its names do: `web`, `Deployment/web/app`. */
  readonly name: string;
  readonly about: TrialAbout;
  /** Where it is known to write besides its mounts, so that a trial gives it that, whatever it sees; `filled`: the image has files there. */
  readonly writes: () => readonly { readonly path: string; readonly filled: boolean }[];
  /** The last trial of it, where it no longer counts, and what has changed since. */
  readonly outdated: { readonly date: string; readonly change: TrialChange } | null;
}
