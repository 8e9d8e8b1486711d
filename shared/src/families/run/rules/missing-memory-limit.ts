import { missingMemoryLimit } from '../../../rule/checks/container/limits';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({ ...missingMemoryLimit, id: 'run/missing-memory-limit' });
