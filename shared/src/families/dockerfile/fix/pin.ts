import { range } from '../../../text/range';
import type { ImageUse } from '../model/types';
import type { DockerfileOperation } from '../../../fix/types';

/** Looks a digest up among those that are known. */
type Digests = (reference: string) => string | null;

/**
 * What puts the digest of an image behind its tag: in FROM itself, or in the default of the ARG that holds the whole reference. `null` where
 * the reference is put together from several places, so that the digest would bind other images too.
 */
export function pinOperations(image: ImageUse, digests: Digests): (() => readonly DockerfileOperation[]) | null {
  const { text, file } = image;
  const place = image.sourceOf();
  if (text === null || file.text.slice(place.start, place.end) !== text) return null;
  return () => {
    const digest = digests(text);
    return digest === null ? [] : [{ type: 'dockerfile.replace', range: range(place.end), text: `@${digest}` }];
  };
}

/** Says that the fix must wait for a registry, where it must. */
export function pinExtras(image: ImageUse, digests: Digests): { readonly needsDigest?: string } {
  return digests(image.text!) === null ? { needsDigest: image.text! } : {};
}
