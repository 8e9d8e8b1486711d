import { baseAlternatives } from '../../knowledge/base-alternatives';
import { range, type Range } from '../../base/text/range';
import type { ImageReference } from '../../syntax/image/reference';
import type { DockerfileModel, ImageUse } from './model/types';
import type { ImagePlace, PinRefusal } from '../../syntax/image/places';
import { referenceEdits } from '../../syntax/image/reference-edits';
import { isShipped } from './model/chain';

/** The images that a Dockerfile names, each place once: the default of an ARG may serve several FROMs. */
export function dockerfileImages(model: DockerfileModel): readonly ImagePlace[] {
  const places = new Map<number, ImagePlace>();
  for (const image of model.images) {
    const place = placeOf(image);
    if (!place) continue;
    const builder = isBuilder(image);
    const known = places.get(place.at);
    if (!known) places.set(place.at, builder ? { ...place.place, builder } : place.place);
    else if (known.builder && !builder) places.set(place.at, { ...known, builder });
  }
  return [...places.values()];
}

function isBuilder({ origin, stage }: ImageUse): boolean {
  return origin !== 'from' || stage === null || !isShipped(stage);
}

function placeOf(image: ImageUse): { readonly at: number; readonly place: ImagePlace } | null {
  if (image.kind === 'stage' || image.kind === 'scratch') return null;
  const { reference, text } = image;
  const refuse = (
    refused: PinRefusal,
    parts: Pick<ImagePlace, 'tag' | 'digest'> = { tag: null, digest: null },
  ): { at: number; place: ImagePlace } => ({
    at: image.range.start,
    place: { reference: text ?? image.raw, range: image.range, ...parts, refused, edits: () => [] },
  });
  if (text === null || reference === null) return image.raw === '' ? null : refuse('variable');
  if (reference.invalid !== null) return refuse('invalid');
  if (image.maybeOther) return null;
  const source = image.at();
  const { tag, digest } = reference;
  if (!image.pinnable) {
    // an existing digest can be named and updated where it is on its own
    const own = digest === null ? null : digestSource(image, reference, digest);
    if (own === null) return refuse('variable', { tag, digest });
    return {
      at: own.start,
      place: { reference: text, range: image.range, tag, digest, refused: null, edits: pin => [{ range: own, newText: pin.digest }] },
    };
  }
  // What is behind a part that has a place of its own is behind that place.
  const at = (part: Range): Range => (part.start < part.end ? image.at(part) : range(image.at(range(part.start - 1, part.start)).end));
  const alternatives = isBuilder(image) ? [] : baseAlternatives(reference, false).map(other => other.image);
  const place = { reference: text, range: source, tag, digest, refused: null, edits: referenceEdits(reference, at) };
  return { at: source.start, place: alternatives.length === 0 ? place : { ...place, alternatives } };
}

function digestSource(image: ImageUse, reference: ImageReference, digest: string): Range | null {
  const place = image.at(reference.ranges.digest!);
  return image.file.text.slice(place.start, place.end) === digest ? place : null;
}
