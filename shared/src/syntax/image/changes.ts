import type { Range } from '../../base/text/range';

/** Other text for a part of an image reference. */
export interface ImageChange {
  /** In the reference's text. */
  readonly range: Range;
  readonly text: string;
}

/** A reference's text after changes, which are in order and do not overlap. */
export function changedText(text: string, changes: readonly ImageChange[]): string {
  return changes.reduceRight((changed, { range, text: other }) => changed.slice(0, range.start) + other + changed.slice(range.end), text);
}
