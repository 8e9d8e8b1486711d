import type { Report, RuleContext, Attachment } from '../../define-rule';
import type { Range } from '../../../base/text/range';
import { isResolvable, type NamedImage } from './named-image';
import { pinFix } from './pin-fix';

/** Whether a tag names a line of development and no release. */
export const isFloating = (tag: string): boolean =>
  /^(?:stable|edge|nightly|dev|develop|beta|alpha|canary|current|lts|main|master|rolling|testing|unstable)$/.test(tag);

/** A tag that is moved on purpose, other than `latest`. */
export interface FloatingTag {
  readonly tag: string;
  /** Where it stands in the reference's text. */
  readonly range: Range;
  fix(report: Pick<Report<never, 'pin'>, 'fix'>, context: RuleContext): Attachment;
}

/** The tag of an image that moves from release to release; `null` for others, and where a digest decides. */
export function findFloatingTag(image: NamedImage): FloatingTag | null {
  if (!isResolvable(image) || !image.settled()) return null;
  const { tag, digest, ranges } = image.reference;
  if (tag === null || digest !== null || !ranges.tag || !isFloating(tag)) return null;
  return { tag, range: ranges.tag, fix: (report, context) => pinFix(image, report, context) };
}
