import { matchesImage } from './images';
import type { PatternView, VerificationView } from './types';

/** Whether one of the patterns matches an image, as its engine does it. */
export function matchesOne(patterns: readonly PatternView[], image: string): boolean {
  return patterns.some(({ engine, spot }) => matchesImage(engine, spot.text, image));
}

/** Whether a verification asks for the signature of an image, as it is written in a manifest. */
export function isCovered({ patterns, skips }: VerificationView, image: string): boolean {
  return matchesOne(patterns, image) && !matchesOne(skips, image);
}
