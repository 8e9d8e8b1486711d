import type { KnownImage } from '../../evidence/service';
import type { Range } from '../../base/text/range';
import type { Finding, ObjectRef } from '../finding/types';
import type { MoveId } from './moves';

/** Something that an intruder can do next, and what shows it: a setting of the file, or a fact of another one. */
export interface Move {
  readonly id: MoveId;
  /** In the text of the part; of another file in that file. */
  readonly range: Range;
  /** The other file (a path in the index); absent: this one. */
  readonly path?: string;
  /** The rule of the family that reports it, without the family; absent: none does. */
  readonly rule?: string;
  /** What the words of the move are filled with. */
  readonly data?: Readonly<Record<string, string>>;
}

/** As whom the program of a container runs once it has started: another user cannot do what takes root. */
export type ProgramUser = 'root' | 'other' | 'unknown';

/** A container that somebody may get into, and what is known to be open to them from there. */
export interface Foothold {
  /** The container's own view. */
  readonly ref: ObjectRef | null;
  /** `Deployment "api"`; `null`: nothing around it has a name. */
  readonly object: string | null;
  readonly container: string;
  /** What its machine is called: `node` in a cluster, else `host`. */
  readonly machine: 'node' | 'host';
  /** Where it is named, in the text of the part. */
  readonly range: Range;
  readonly user: ProgramUser;
  readonly moves: readonly Move[];
  /** What a finding of the family about the container, or about what it is in, opens. */
  readonly opens: (finding: Finding) => readonly MoveId[];
}

/**
 * As whom a program runs.
 * @param uid what the file itself says, a number or a name; `null`: nothing
 * @param known what is known of the image, which may be a guess; an entry point that gives root up makes another user of it
 */
export function programUser(uid: string | null, known: Pick<KnownImage, 'profile' | 'stage' | 'base' | 'guess'> | null): ProgramUser {
  if (uid !== null && !/^(?:0+|root)(?::|$)/.test(uid)) return /^[\w.-]+(?::[\w.-]*)?$/.test(uid) ? 'other' : 'unknown';
  const profile = known === null || known.guess !== null ? null : (known.profile ?? known.base);
  if (profile?.privilegeDrop) return 'other';
  if (uid !== null) return 'root';
  if (known === null || known.guess !== null) return 'unknown';
  const stage = known.stage?.user;
  if (stage) return stage.uid === null ? 'unknown' : stage.uid === 0 ? 'root' : 'other';
  const user = profile?.defaultUser;
  if (!user) return 'unknown';
  return user.uid === 0 || user.name === 'root' ? 'root' : user.uid === null && user.name === null ? 'unknown' : 'other';
}

/** Folders of a machine whose programs, jobs or units its root runs by itself: who writes there is root. */
const runByRoot =
  /^\/(?:$|etc(?:$|\/(?:cron\.[a-z.]+|systemd(?:\/.*)?|kubernetes\/manifests|ld\.so\.preload|profile\.d)$)|(?:usr\/)?(?:local\/)?s?bin$|usr$|(?:usr\/)?lib(?:64)?(?:$|\/systemd(?:\/.*)?$)|opt\/cni(?:\/bin)?$|var\/spool\/cron(?:$|\/.*))/;

/** Whether who writes to a path of a machine, in its normal form, is root there. */
export function isRunByRoot(path: string): boolean {
  return runByRoot.test(path);
}
