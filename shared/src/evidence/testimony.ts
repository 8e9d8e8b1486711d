import type { Reason } from '../base/terms/evidence';
import type { TrialFacts, TrialRight } from '../knowledge/trials';
import type { RunAs } from './user';

/** Who says something. `declared`: the file itself. `image`: the table of images. `program`: sources, scripts and settings that were read. `trial`: it was run. */
export type Witness = 'declared' | 'image' | 'program' | 'trial';

/** What somebody may take away from a container: root, writing outside its mounts, capabilities, those that it has no use for once it starts as another user, what set-user-ID programs gain, what the file of its program carries, and as many processes as it likes. */
export type Right = 'user' | 'files' | 'capabilities' | 'root-capabilities' | 'escalation' | 'file-capabilities' | 'processes';

/** How sure a witness is. `guessed`: by what names suggest; whatever else is known of the same goes before it. `trial`: it ran with that alone. */
export type Level = 'known' | 'guessed' | 'trial';

/** A folder that is written to. */
export interface Place {
  /** Absolute. */
  readonly path: string;
  /** Whether the image has files there, or may have, which a mount would hide. */
  readonly filled: boolean;
  /** Whether another user than root has it already. */
  readonly given: boolean;
  readonly witness: Witness;
  readonly level: Level;
}

/** Something that only a person can settle: why it may not do without some of what it may. */
export interface Doubt {
  readonly reason: Reason;
  readonly against: readonly Right[];
  readonly witness: Witness;
}

/** What a witness has to say. */
export interface Testimony {
  readonly writes: readonly Place[];
  readonly doubts: readonly Doubt[];
}

/** A trial that counts for what is checked. */
export interface Trial {
  readonly facts: TrialFacts;
  /** What it showed, for the person who confirms a fix. */
  readonly shown: Reason;
  /** Whether it is not known which digest the tag has by now. */
  readonly mayHaveMoved: boolean;
  /** Whether it was of a build, so that what was copied into it may have changed. */
  readonly isBuilt: boolean;
  /** What it is believed not to need, each by itself: a fix may be taken without the others. */
  readonly proves: ReadonlySet<TrialRight>;
}

/** What something needs to run. */
export interface Evidence {
  /** As which user it can run. */
  readonly user: RunAs;
  /** What it writes to, mounts left aside; each witness in its turn, the first one first. */
  readonly writes: readonly Place[];
  /** The capabilities that it needs as root; `null`: it is not known. */
  readonly capabilities: readonly string[] | null;
  /** Why it needs root; `null`: nothing is seen. */
  readonly needsRoot: Reason | null;
  /** What is not settled, the first reason to ask a person first. */
  readonly unsettled: readonly Doubt[];
  /** The trial run that tells all this, where one counts; `null`: it was not run, or has changed since. */
  readonly trial: Trial | null;
  /** The same without that trial: what is reported goes by it, so that nothing is found, or not found, because somebody has run something. `null`: there is none. */
  readonly untried: Evidence | null;
}
