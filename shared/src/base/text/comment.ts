import type { Range } from './range';

/** A comment, from `#` to the end of its line. */
export interface Comment {
  readonly range: Range;
  /** Without the `#`, trimmed. */
  readonly text: string;
  /** Whether nothing but blanks stands before it on its line. */
  readonly ownLine: boolean;
}
