import { unboundedLogs } from '../checks/lifecycle';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...unboundedLogs,
  id: 'compose/unbounded-logs',
});
