import { writableHostMount } from '../checks/mounts';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...writableHostMount,
  id: 'compose/writable-host-mount',
});
