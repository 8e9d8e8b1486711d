import { oomKillDisabled } from '../../../rule/checks/container/oom-kill-disabled';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...oomKillDisabled,
  id: 'compose/oom-kill-disabled',
});
