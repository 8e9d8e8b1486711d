import { invalidImageReference } from '../../../rule/checks/image/invalid-reference';
import { defineRule } from '../../../rule/define-rule';

// What is wrong with the defaults of a FROM is the matter of invalid-default-arg-in-from: it is not literal.
export const rule = defineRule({
  ...invalidImageReference,
  id: 'dockerfile/invalid-image-reference',
  references: { cisDocker: ['4.2'], nist800190: ['3.1.5', '4.1.5'] },
  messages: { ...invalidImageReference.messages, 'image-id': { text: 'A build cannot pull an image by its image ID' } },
});
