import type { ImageProblem } from '../../../syntax/image/reference';
import type { Report } from '../../define-rule';
import type { NamedImage } from './named-image';

/** A part of a reference that a person or a tool writes in capitals for what goes there: `PROJECT_ID`, `YOUR-REGISTRY`, `FILLED BY THE OPERATOR`. */
const capitals = /^[A-Z][A-Z0-9]{1,20}(?: [A-Z0-9]{1,20}){1,8}$|(?:^|\/)[A-Z][A-Z0-9]{2,}(?:[_-][A-Z0-9]{1,40}){0,8}(?:$|\/)/;

/** Whether an invalid part of a reference holds a place for what is written there later. */
export function isPlaceholder(part: string): boolean {
  return capitals.test(part) || /\{[\w-]{1,40}\}|\{\{/.test(part);
}

/** `invalid-image-reference` but for what is a family's own. */
export const invalidImageReference = {
  title: 'Image reference that no registry can resolve',
  severity: 'error',
  category: 'supply-chain',
  profile: 'baseline',
  messages: {
    placeholder: { text: '"{part}" looks like a placeholder that was not filled in: no registry accepts it', severity: 'hint' },
    empty: { text: 'The image name is empty' },
    scheme: { text: 'An image reference must not have a URL scheme: write "registry/name:tag"' },
    registry: { text: 'Registry "{part}" is not a host name with an optional port' },
    uppercase: { text: 'Repository "{part}" has uppercase letters, which no registry accepts' },
    repository: { text: '"{part}" is not a valid repository name' },
    'image-id': { text: 'A node cannot pull an image by its image ID' },
    'too-long': { text: 'The image name is longer than 255 characters' },
    tag: { text: '"{part}" is not a valid tag' },
    digest: { text: 'Digest "{part}" is not an algorithm followed by the right number of hex digits' },
  },
  on: {
    image(image: NamedImage, report: Report<ImageProblem | 'placeholder', never>): void {
      const { literal, reference, text } = image;
      if (!literal || text === null || !reference || reference.invalid === null) return;
      const part = text.slice(reference.range.start, reference.range.end);
      report(image.at(reference.range), isPlaceholder(part) ? 'placeholder' : reference.invalid, {
        part: part.length > 40 ? `${part.slice(0, 39)}…` : part,
      });
    },
  },
} as const;
