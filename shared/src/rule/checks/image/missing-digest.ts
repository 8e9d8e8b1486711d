import { isRolling } from '../../../knowledge/rolling-images';
import type { Report, RuleContext } from '../../define-rule';
import type { MessageData } from '../../../base/terms/types';
import { isResolvable, type NamedImage, type ResolvableImage } from './named-image';
import { pinFix } from './pin-fix';

/** What the message says of an image with a tag. One without is for `latest-tag` to report, but for distributions that have `latest` alone. */
function tagOf({ label, reference }: ResolvableImage): MessageData | null {
  const tag = reference.tag ?? (isRolling(reference) ? 'latest' : null);
  return tag === null ? null : { image: label, tag };
}

/**
 * `missing-digest` but for what is a family's own.
 * @param describe the data of the message; `null` for an image that is not reported
 */
export function missingDigest(describe: (image: ResolvableImage) => MessageData | null = tagOf) {
  return {
    title: 'Image not pinned to a digest',
    severity: 'hint',
    category: 'supply-chain',
    profile: 'recommended',
    messages: { missing: { text: 'Tag "{tag}" of {image} can move; a digest cannot' } },
    fixes: { pin: { title: 'Pin {image} to its digest', class: 'review' } },
    on: {
      image(image: NamedImage, report: Report<'missing', 'pin'>, context: RuleContext): void {
        if (!isResolvable(image) || !image.settled() || image.reference.digest !== null || image.maybeOther) return;
        const data = describe(image);
        if (data) report(image.range, 'missing', data, pinFix(image, report, context));
      },
    },
  } as const;
}
