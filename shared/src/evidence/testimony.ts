import type { Reason } from '../base/terms/evidence';

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
