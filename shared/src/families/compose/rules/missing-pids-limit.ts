import { missingPidsLimit } from '../../../rule/checks/container/limits';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...missingPidsLimit,
  id: 'compose/missing-pids-limit',
  peers: { kics: ['pids_limit_not_set'] },
});
