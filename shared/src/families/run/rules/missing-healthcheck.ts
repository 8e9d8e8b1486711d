import { missingHealthcheck } from '../../../rule/checks/container/missing-healthcheck';
import { defineRule } from '../../../rule/define-rule';

export const rule = defineRule({ ...missingHealthcheck, id: 'run/missing-healthcheck' });
