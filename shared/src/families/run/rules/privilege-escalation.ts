import { privilegeEscalation } from '../../../rule/checks/container/privilege-escalation';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({ ...privilegeEscalation, id: 'run/privilege-escalation' });
