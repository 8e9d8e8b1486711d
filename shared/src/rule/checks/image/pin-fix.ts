import { noFix, type Attachment, type Report, type RuleContext } from '../../define-rule';
import type { ResolvableImage } from './named-image';

/** The fix that pins an image to the digest of its tag, which a registry is asked for where it is not known; or why there is none. */
export function pinFix(image: ResolvableImage, report: Pick<Report<never, 'pin'>, 'fix'>, { digest }: RuleContext): Attachment {
  if (!image.pinnable) return noFix('variable');
  const { text } = image;
  const known = digest(text);
  const operations = () => (known === null ? [] : image.pin(known));
  return report.fix('pin', operations, { data: { image: text }, needsDigest: known === null ? text : undefined });
}
