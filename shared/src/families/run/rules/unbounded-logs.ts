import { unboundedLogs } from '../../../checks/container/opinions';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({ ...unboundedLogs, id: 'run/unbounded-logs' });
