import type { Operation } from '../../fix/types';
import type { ImageChange } from '../../../syntax/image/changes';
import type { ImageReference, InvalidImageReference } from '../../../syntax/image/reference';
import type { Range } from '../../../base/text/range';

/**
 * A place that names an image, as the checks that all families share see it: the view of a family's target `image` is one.
 * Ranges are in the text that the rule reports in: of the file (Dockerfile) or of the document (YAML).
 */
export interface NamedImage {
  /** The reference, with variables expanded; `null` where they are not known. */
  readonly text: string | null;
  /** The parsed text; `null` where that is not known, or not an image's (a stage, `scratch`). */
  readonly reference: ImageReference | InvalidImageReference | null;
  /** Where it is written, without the quotes of YAML. */
  readonly range: Range;
  /** What messages call it: the reference, or what is in front of its tag. */
  readonly label: string;
  /** Whether the text holds no variable: it means what is written there. */
  readonly literal: boolean;
  /** Whether the name may be that of something else, such as a build context that the command line names. */
  readonly maybeOther: boolean;
  /** Whether a digest can be put behind it: not where the reference is composed from several places, since it would bind other images too. */
  readonly pinnable: boolean;
  /** Whether a part of `text` (or all of it) is known: nothing in it is filled in later. */
  settled(part?: Range): boolean;
  /** Where a part of `text` (or all of it) is written; the whole reference where the part has no place of its own. */
  at(part?: Range): Range;
  /** What puts a digest (`sha256:...`) behind the tag; only where it is `pinnable`. */
  pin(digest: string): readonly Operation[];
  /** What changes parts of `text` where they are written; `null` where one of them has no place of its own. `changes` are in order. */
  rewrite(changes: readonly ImageChange[]): readonly Operation[] | null;
}

/** A place that names an image by a reference that registries can resolve. */
export type ResolvableImage = NamedImage & { readonly text: string; readonly reference: ImageReference };

/** Whether a place names an image by a reference that registries can resolve, as far as its text is known. */
export function isResolvable(image: NamedImage): image is ResolvableImage {
  return image.text !== null && image.reference !== null && image.reference.invalid === null;
}
