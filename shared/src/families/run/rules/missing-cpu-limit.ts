import { missingCpuLimit } from '../../../rule/checks/container/limits';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({ ...missingCpuLimit, id: 'run/missing-cpu-limit' });
