import { findImageProfile } from '../../knowledge/image-profiles';
import type { Report, RuleContext } from '../../rule/define-rule';
import { isResolvable, type NamedImage } from './named-image';
import { pinFix } from './pin-fix';

/**
 * `latest-tag` but for what is a family's own: its messages among it.
 * @param untagged the id of the message that an image has no tag
 */
export function latestTag<M extends string>(untagged: M) {
  return {
    title: 'Image without a fixed tag',
    severity: 'warning',
    category: 'supply-chain',
    profile: 'baseline',
    fixes: { pin: { title: "Pin to the tag's current digest", class: 'review' } },
    on: {
      image(image: NamedImage, report: Report<'latest' | M, 'pin'>, context: RuleContext): void {
        if (!isResolvable(image) || !image.settled()) return;
        const { tag, digest, ranges } = image.reference;
        if (digest !== null || (tag !== null && tag !== 'latest')) return;
        // An image that is known well is meant, whatever else could have its name.
        if (image.maybeOther && !findImageProfile(image.reference)) return;
        report(
          image.at(ranges.tag ?? ranges.name),
          tag === null ? untagged : 'latest',
          { image: image.label },
          pinFix(image, report, context),
        );
      },
    },
  } as const;
}
