import type { Range } from '../../base/text/range';

/** Something in a file that people look for by its name. Ranges are in the text of the piece; of an opened file, in the file. */
export interface OutlineItem {
  readonly kind: 'stage' | 'object' | 'container' | 'service';
  readonly name: string;
  /** What it is, in the words of the file: `Deployment`, an image. */
  readonly detail: string;
  readonly range: Range;
  /** Its name, within `range`. */
  readonly named: Range;
  readonly children: readonly OutlineItem[];
}

/** A place that names something that is defined elsewhere. */
export interface NameLink {
  /** In the text of the piece; of an opened file, in the file. */
  readonly range: Range;
  /** Where it is: in the file of `path`, a path in the index, else as `range`. */
  readonly target: Range;
  readonly path?: string;
}

/** What may be written in a place. */
export interface Choice {
  /** What is replaced: in the text of the piece; of an opened file, in the file. */
  readonly range: Range;
  readonly text: string;
  /** What tells it from the others: the name of a user. */
  readonly detail: string;
}
