import type { Coverage } from '../../../family/types';
import { areTooMany } from './globs';
import { matchesImage } from './images';
import type { PatternView, PolicyView, VerificationView } from './types';
import { verificationsOf } from './verifications';

/** Whether one of the patterns matches an image, as its engine does it. */
export function matchesOne(patterns: readonly PatternView[], image: string): boolean {
  return patterns.some(({ engine, spot }) => matchesImage(engine, spot.text, image));
}

/** Whether a verification asks for the signature of an image, as it is written in a manifest. */
export function isCovered({ patterns, skips }: VerificationView, image: string): boolean {
  return matchesOne(patterns, image) && !matchesOne(skips, image);
}

/** Which of the images here the verifications of a policy ask for the signatures of. */
export function coverageOf(policy: PolicyView, images: readonly string[]): readonly Coverage[] {
  return verificationsOf(policy).flatMap(verification => {
    const { patterns, skips, reportRange, rule } = verification;
    if (areTooMany(patterns.length + skips.length, images.length)) return [];
    const places = [rule?.reportRange ?? policy.reportRange, reportRange, ...[...patterns, ...skips].map(({ spot }) => spot.range)];
    const covered = images.filter(image => isCovered(verification, image));
    const known = new Set(covered);
    return [{ places, covered, others: images.filter(image => !known.has(image)) }];
  });
}
