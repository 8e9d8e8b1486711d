import { oomKillDisabled } from '../checks/limits';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...oomKillDisabled,
  id: 'compose/oom-kill-disabled',
});
