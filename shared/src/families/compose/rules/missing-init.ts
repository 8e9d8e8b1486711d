import { missingInit } from '../../../rule/checks/container/missing-init';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...missingInit,
  id: 'compose/missing-init',
});
