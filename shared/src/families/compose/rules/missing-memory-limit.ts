import { missingMemoryLimit } from '../../../rule/checks/container/limits';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...missingMemoryLimit,
  id: 'compose/missing-memory-limit',
  peers: { kics: ['memory_not_limited'] },
});
