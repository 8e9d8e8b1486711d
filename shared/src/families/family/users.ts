import type { Range } from '../../base/text/range';

/** The user that a stage or a container starts as. */
export interface EffectiveUser {
  /** What is said to run as the user: the FROM of a stage, the image of a container. Offsets in the text of the part, or of the file where a file gives it. */
  readonly range: Range;
  /** As written, a group included, or as it is known of the image: `root`, `app`, `1001`. */
  readonly user: string;
  /** What says so: the file itself, the image, or the Dockerfile that the image is built with. */
  readonly origin: 'file' | 'image' | 'dockerfile';
  /** The image, or the path of the Dockerfile; `null` where the file itself says it. */
  readonly by: string | null;
}
