import { tmpfsOptions } from '../../../rule/checks/container/tmpfs-options';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...tmpfsOptions,
  id: 'compose/tmpfs-options',
});
