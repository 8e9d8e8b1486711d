import { privilegeEscalation } from '../../../rule/checks/container/privilege-escalation';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({
  ...privilegeEscalation,
  id: 'compose/privilege-escalation',
  peers: {
    kics: ['no_new_privileges_not_set', 'security_opt_not_set'],
    semgrep: ['no-new-privileges'],
  },
});
