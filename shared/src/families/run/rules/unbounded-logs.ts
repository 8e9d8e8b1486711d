import { unboundedLogs } from '../../../rule/checks/container/unbounded-logs';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({ ...unboundedLogs, id: 'run/unbounded-logs' });
