import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  id: 'dockerfile/invalid-image-reference',
  title: 'Image reference that no registry can resolve',
  severity: 'error',
  category: 'supply-chain',
  profile: 'baseline',
  references: { cisDocker: ['4.2'], nist800190: ['3.1.5', '4.1.5'] },
  messages: {
    empty: { text: 'The image name is empty' },
    scheme: { text: 'An image reference has no scheme: write "registry/name:tag"' },
    registry: { text: 'Registry "{part}" is not a host name with an optional port' },
    uppercase: { text: 'Repository "{part}" has upper-case letters, which no registry accepts' },
    repository: { text: 'Repository "{part}" is not a valid repository name' },
    'image-id': { text: 'An image ID is not a name that a build can pull' },
    'too-long': { text: 'The image name is longer than 255 characters' },
    tag: { text: 'Tag "{part}" is not a valid tag' },
    digest: { text: 'Digest "{part}" is not an algorithm with the right number of hex digits' },
  },
  on: {
    image(image, report) {
      const { reference, text } = image;
      // What is wrong with the defaults of a FROM is the matter of invalid-default-arg-in-from.
      if (image.origin === 'from' && !image.literal) return;
      if (text === '') report(image.range, 'empty');
      if (!reference || reference.invalid === null) return;
      const part = text!.slice(reference.range.start, reference.range.end);
      report(image.sourceOf(reference.range), reference.invalid, { part: part.length > 40 ? `${part.slice(0, 39)}…` : part });
    },
  },
});
