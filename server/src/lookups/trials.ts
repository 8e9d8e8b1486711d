import type { NamedTrial } from '../../../shared/src/index';
import type { MaskedText } from '../../../shared/src/early';
import type { Cancellation } from '../../../shared/src/base/ports/cancellation';
import type { Candidate } from '../../../shared/src/services/prove/candidate';
import type { Cannot, TrialSubject } from '../../../shared/src/services/prove/contract';
import type { TrialReport } from '../../../shared/src/services/prove/report';
import type { TrialConsent } from '../../../shared/src/output/protocol/trial';

/** A trial that somebody has asked for. */
export interface TrialRequest {
  readonly subject: TrialSubject;
  /** As a report names the file. */
  readonly path: string;
  /** URI of the folder that paths of builds are relative to. */
  readonly base: string;
  /** URIs of folders that somebody else may have filled: no program in them is run. */
  readonly folders: readonly string[];
  readonly candidate: Candidate;
  /** The user that fixes create where none is known: `uid:gid`. */
  readonly usual: string;
  readonly date: string;
  /** Masks what comes from the file, its images and its log. */
  readonly mask: (text: string) => MaskedText;
  readonly cancellation: Cancellation;
  /** Shows what is going to be started. Nothing is without an answer. */
  readonly confirm: (lines: readonly MaskedText[]) => Promise<TrialConsent>;
  /** Asks a person to use what runs, by a shell such as the one that is named. Gives whether it does what it should. */
  readonly use: (shell: string) => Promise<boolean>;
  /** Hears what is tried now. */
  readonly progress: (text: MaskedText) => void;
}

/** What came of it. `isClean`: nothing that it made is left; what is, the next trial removes. */
export type TrialEnd = (
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'declined' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'cannot'; readonly cannots: readonly Cannot[] }
  | { readonly kind: 'done'; readonly report: TrialReport }
) & { readonly isClean: boolean };

/** Runs trials on an engine of this machine. */
export interface Trials {
  /** So many bytes for the substitutes of secrets. */
  random(length: number): Uint8Array;
  /** Never rejects for what engines and containers do. */
  run(request: TrialRequest): Promise<TrialEnd>;
  /** Keeps what was proved of a file for this user. Gives whether it was kept. */
  keep(uri: string, trial: NamedTrial): boolean;
}
