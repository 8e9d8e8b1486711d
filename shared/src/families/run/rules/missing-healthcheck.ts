import { missingHealthcheck } from '../../../checks/container/missing-healthcheck';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({ ...missingHealthcheck, id: 'run/missing-healthcheck' });
