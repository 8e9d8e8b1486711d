import { unlimitedRestart } from '../../../rule/checks/container/unlimited-restart';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...unlimitedRestart,
  id: 'compose/unlimited-restart',
  peers: { kics: ['restart_policy_on_failure_not_set_to_5'] },
});
