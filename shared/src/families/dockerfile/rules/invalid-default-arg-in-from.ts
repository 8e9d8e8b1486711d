import { defaultImage } from '../model/variables';
import { parseImageReference } from '../../../syntax/image/reference';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  id: 'dockerfile/invalid-default-arg-in-from',
  title: 'FROM is invalid with the default ARG values',
  severity: 'info',
  category: 'correctness',
  profile: 'strict',
  peers: { buildkit: ['InvalidDefaultArgInFrom'] },
  messages: {
    empty: { text: 'Without build arguments, {image} expands to an empty string' },
    incomplete: { text: 'Without build arguments, {image} is "{text}", which is not a valid image name' },
    invalid: {
      text: 'With the default values, {image} is "{text}", which is not a valid image name',
      severity: 'warning',
      profile: 'baseline',
    },
  },
  on: {
    image(image, report) {
      if (image.literal || image.origin !== 'from' || image.kind === 'stage') return;
      const text = defaultImage(image);
      if (text === null || parseImageReference(text).invalid === null) return;
      const shown = text.length > 40 ? `${text.slice(0, 39)}…` : text;
      report(image.range, text === '' ? 'empty' : image.text === null ? 'incomplete' : 'invalid', {
        image: image.raw.slice(0, 60),
        ...(text !== '' && { text: shown }),
      });
    },
  },
});
