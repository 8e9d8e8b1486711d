import { capabilitiesNotDropped } from '../../../rule/checks/container/capabilities-not-dropped';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({ ...capabilitiesNotDropped, id: 'run/capabilities-not-dropped' });
