import { missingInit } from '../checks/lifecycle';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...missingInit,
  id: 'compose/missing-init',
});
