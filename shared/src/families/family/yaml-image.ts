import { isVariable } from '../../syntax/yaml/certainty';
import { setValue } from '../../syntax/yaml/operations';
import type { NamedImage } from '../../rule/checks/image/named-image';
import { changedText, type ImageChange } from '../../syntax/image/changes';
import type { Operation } from '../../rule/fix/types';
import type { ImagePlace, PinRefusal } from '../../syntax/image/places';
import { parseImageReference, type ImageReference, type InvalidImageReference } from '../../syntax/image/reference';
import { referenceEdits } from '../../syntax/image/reference-edits';
import { range, shift, type Range } from '../../base/text/range';
import { writtenText } from '../../syntax/yaml/mask';
import { textRange } from '../../syntax/yaml/text-range';
import type { Path, YamlDocument, YamlScalar } from '../../syntax/yaml/types';
import { stringOf } from '../../syntax/yaml/values';
import type { YamlPiece } from './types';

/** A scalar that holds a whole reference: the view of the target `image` in a family of YAML. */
export class YamlImage implements NamedImage {
  readonly text: string;
  /** Whether part of the text is filled in later: `${TAG}`, `$(TAG)`, `{{inputs.parameters.tag}}`, `<your-image>`. */
  readonly variable: boolean;
  readonly maybeOther = false;
  readonly pinnable = true;
  private readonly place: ReturnType<typeof textRange>;
  private parsed: ImageReference | InvalidImageReference | undefined;

  /**
   * @param path from the document's root to the scalar
   * @param isFilledInLater whether a text, or a part of one, holds what the family substitutes
   */
  constructor(
    document: YamlDocument,
    readonly node: YamlScalar,
    readonly path: Path,
    private readonly isFilledInLater: (text: string) => boolean,
  ) {
    const text = stringOf(node) ?? '';
    this.text = node.style === 'literal' || node.style === 'folded' ? text.trim() : text;
    this.variable = isFilledInLater(this.text);
    this.place = textRange(document, node);
  }

  get range(): Range {
    return this.place.range;
  }

  /** Whether each character of the text is one of the document, so that parts of it have places of their own. */
  get exact(): boolean {
    return this.place.exact;
  }

  get reference(): ImageReference | InvalidImageReference {
    return (this.parsed ??= parseImageReference(this.text));
  }

  /** What stands in front of the tag. */
  get label(): string {
    const { reference, text } = this;
    return reference.invalid === null ? text.slice(reference.ranges.name.start, reference.ranges.name.end) : text;
  }

  get literal(): boolean {
    return !this.variable;
  }

  settled(part?: Range): boolean {
    return part === undefined ? !this.variable : !this.isFilledInLater(this.text.slice(part.start, part.end));
  }

  /** The whole reference where escapes or line breaks forbid a part of it, and its quotes where nothing is between them. */
  at(part?: Range): Range {
    const whole = this.place.range;
    if (this.text === '') return this.node.range;
    return this.exact && part ? range(whole.start + part.start, whole.start + part.end) : whole;
  }

  rewrite(changes: readonly ImageChange[]): readonly Operation[] | null {
    return this.variable ? null : [setValue(this.path, changedText(this.text, changes))];
  }

  pin(digest: string): readonly Operation[] {
    return [setValue(this.path, `${this.text}@${digest}`)];
  }
}

/** The place of a scalar that holds a whole reference, as pinning sees it. */
export function imageScalar({ document, base }: YamlPiece, node: YamlScalar): ImagePlace {
  const image = new YamlImage(document, node, [], text => isVariable(text) || text.includes('$'));
  const { reference, exact } = image;
  const parts = reference.invalid === null ? { tag: reference.tag, digest: reference.digest } : { tag: null, digest: null };
  const place = (refused: PinRefusal | null): ImagePlace => ({
    reference: writtenText(document, node, image.text),
    range: shift(image.range, base),
    ...parts,
    refused,
    edits: () => [],
  });
  if (document.templated) return place('templated');
  if (image.variable) return place('variable');
  if (reference.invalid !== null) return place('invalid');
  if (node.shared || (node.anchor !== undefined && document.text.includes(`*${node.anchor}`))) return place('shared');
  if (!exact) return place('escaped');
  return { ...place(null), edits: referenceEdits(reference, part => shift(image.at(part), base)) };
}
