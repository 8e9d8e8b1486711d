import { missingCpuLimit } from '../../../rule/checks/container/limits';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...missingCpuLimit,
  id: 'compose/missing-cpu-limit',
  peers: { kics: ['cpus_not_limited'] },
});
