/** How far a trial went: it ran on; it answered on its ports and was healthy; a command or a person used it, too. */
export type TrialLevel = 'started' | 'answered' | 'exercised';

/** A restriction that a trial can find to break a service. */
export type TrialRight = 'user' | 'files' | 'capabilities' | 'escalation' | 'pids';

/** A folder that a container needs to write to. */
export interface ProvedFolder {
  readonly path: string;
  /** `volume`: it has content of the image, which an empty folder would hide. */
  readonly kind: 'memory' | 'volume';
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
}
