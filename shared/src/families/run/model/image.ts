import type { NamedImage } from '../../../rule/checks/image/named-image';
import type { ImageChange } from '../../../syntax/image/changes';
import type { Operation } from '../../../rule/fix/types';
import type { ImagePlace } from '../../../syntax/image/places';
import type { ImageReference, InvalidImageReference } from '../../../syntax/image/reference';
import { referenceEdits } from '../../../syntax/image/reference-edits';
import { shift, type Range } from '../../../base/text/range';
import type { RunContainer, RunModel } from './types';
import { containersOf } from './view';
import { isExact, valueRange } from './words';

/** The image of a command. */
export interface RunImage extends NamedImage {
  readonly target: 'image';
  readonly container: RunContainer;
}

/** The image of a container as the rules about images see it; `null` where a command has none. */
export function imageOf(container: RunContainer): RunImage | null {
  const { parsed, words, args } = container.command;
  const { image } = container;
  if (!image || parsed.image === null) return null;
  return new ImageWord(container, image.text, image.reference, words[parsed.image]!, args[parsed.image]!.text !== null);
}

class ImageWord implements RunImage {
  readonly target = 'image';

  constructor(
    readonly container: RunContainer,
    readonly text: string | null,
    readonly reference: ImageReference | InvalidImageReference | null,
    private readonly word: RunContainer['command']['words'][number],
    readonly literal: boolean,
  ) {}

  /** Whether the file builds an image of this name: then nothing is pulled. */
  get maybeOther(): boolean {
    return this.text !== null && this.container.isBuilt;
  }

  get range(): Range {
    return this.word.range;
  }

  get label(): string {
    const { reference, text } = this;
    if (text === null) return '';
    return reference?.invalid === null ? text.slice(reference.ranges.name.start, reference.ranges.name.end) : text;
  }

  get exact(): boolean {
    return this.literal && isExact(this.word, this.container.model.text);
  }

  get pinnable(): boolean {
    return this.exact && this.container.command.locked === null;
  }

  /** A short name is of the registry that the machine's own configuration of Podman says, which nobody sees here. */
  settled(part?: Range): boolean {
    const { reference, text } = this;
    const isName = part !== undefined && reference?.invalid === null && part.start === reference.ranges.name.start;
    const isShort = isName && reference.registry === null && this.container.command.program === 'podman';
    return text !== null && !isShort;
  }

  at(part?: Range): Range {
    return part && this.exact && this.text !== '' ? valueRange(this.word, part.start, part.end) : this.range;
  }

  rewrite(changes: readonly ImageChange[]): readonly Operation[] | null {
    if (!this.pinnable) return null;
    return changes.map(({ range, text }) => ({ type: 'command.replace', range: valueRange(this.word, range.start, range.end), text }));
  }

  pin(digest: string): readonly Operation[] {
    const { end } = valueRange(this.word, 0);
    return [{ type: 'command.replace', range: { start: end, end }, text: `@${digest}` }];
  }
}

/** The images of a model's commands, as pinning sees them. */
export function imagePlaces(model: RunModel, base: number): readonly ImagePlace[] {
  return containersOf(model).flatMap(container => {
    const image = imageOf(container);
    if (!image || image.text === null) return [];
    const { reference } = image;
    const known = reference?.invalid === null ? reference : null;
    const refused = !known ? 'invalid' : !image.pinnable ? 'variable' : null;
    return [
      {
        reference: image.text,
        range: shift(image.range, base),
        tag: known?.tag ?? null,
        digest: known?.digest ?? null,
        refused,
        edits: known && refused === null ? referenceEdits(known, part => shift(image.at(part), base)) : () => [],
      },
    ];
  });
}
