import { findImageProfile } from '../../../knowledge/image-profiles';
import { isRolling } from '../../../knowledge/rolling-images';
import { newestRelease } from '../../../knowledge/upgrades';
import type { Attachment, Report, RuleContext } from '../../define-rule';
import { isResolvable, type NamedImage, type ResolvableImage } from './named-image';
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
    fixes: {
      pin: { title: "Pin to the tag's current digest", class: 'review' },
      release: { title: 'Use {to}, the newest known release{until}', class: 'attended' },
    },
    assumptions: { published: '{to} is published and works for everything that {from} is used for' },
    on: {
      image(image: NamedImage, report: Report<'latest' | M, 'pin' | 'release'>, context: RuleContext): void {
        if (!isResolvable(image) || !image.settled()) return;
        const { tag, digest, ranges, registry } = image.reference;
        // made on this machine, by Podman's name for that: no registry has it
        if (registry === 'localhost') return;
        if (digest !== null || (tag !== null && tag !== 'latest')) return;
        // without releases a digest is all there is to pin: `missing-digest` reports that
        if (isRolling(image.reference)) return;
        // An image that is known well is meant, whatever else could have its name.
        if (image.maybeOther && !findImageProfile(image.reference)) return;
        report(
          image.at(ranges.tag ?? ranges.name),
          tag === null ? untagged : 'latest',
          { image: image.label },
          pinFix(image, report, context),
          releaseFix(image, report, context),
        );
      },
    },
  } as const;
}

/** The fix that names the newest release, of products whose releases are known. */
function releaseFix(image: ResolvableImage, report: Pick<Report<never, 'release'>, 'fix'>, { today }: RuleContext): Attachment | null {
  const { text, reference, label } = image;
  const release = newestRelease(reference, text, today);
  const operations = release && image.rewrite(release.changes);
  if (!release || !operations) return null;
  const { text: to, until } = release;
  return report.fix('release', () => operations, {
    // a release is still without a digest, which harden would report
    alone: true,
    data: { to, until: until === null ? '' : `, which gets fixes until ${until}` },
    assumes: [{ id: 'published', data: { from: label, to } }],
  });
}
