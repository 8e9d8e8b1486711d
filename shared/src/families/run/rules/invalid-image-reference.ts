import { invalidImageReference } from '../../../rule/checks/image/invalid-reference';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({ ...invalidImageReference, id: 'run/invalid-image-reference' });
