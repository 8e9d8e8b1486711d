import { missingPidsLimit } from '../../../rule/checks/container/limits';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({ ...missingPidsLimit, id: 'run/missing-pids-limit' });
